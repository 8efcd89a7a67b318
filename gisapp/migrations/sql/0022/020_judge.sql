-- The judge of an item reads the rows of that item and no others. In the transaction that brings the first thousands of rows the
-- planner has no statistics: it takes "still open" for rare and reads every open row of the register for each item. OFFSET 0 keeps
-- the look-up by item apart from that. The rules are those of before, word for word.
CREATE OR REPLACE FUNCTION land.item_fault(item uuid) RETURNS json LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH step AS MATERIALIZED (
        SELECT taken.step_id, taken.kind, taken.valid_from AS day, taken.agreed_early, taken.version_id
        FROM (SELECT * FROM land.clearance_step WHERE item_id = item OFFSET 0) AS taken WHERE taken.closed_by IS NULL
    ), said AS (
        SELECT amount.* FROM (SELECT * FROM household.amount WHERE item_id = item OFFSET 0) AS amount WHERE amount.closed_by IS NULL
    ), money AS (
        SELECT step.kind, step.day, step.version_id, said.compensation::numeric AS compensation, said.support::numeric AS support,
               said.resettlement::numeric AS resettlement
        FROM step JOIN said USING (step_id)
    ), balance AS (
        SELECT moment.day, granted.*, paid.*
        FROM (SELECT DISTINCT day FROM money WHERE kind IN ('plan_approved', 'paid')) AS moment
        CROSS JOIN LATERAL (SELECT money.compensation AS c, money.support AS s, money.resettlement AS r FROM money
                            WHERE money.kind = 'plan_approved' AND money.day <= moment.day
                            ORDER BY money.day DESC, money.version_id DESC LIMIT 1) AS granted
        CROSS JOIN LATERAL (SELECT coalesce(sum(money.compensation), 0) AS pc, coalesce(sum(money.support), 0) AS ps,
                                   coalesce(sum(money.resettlement), 0) AS pr FROM money
                            WHERE money.kind = 'paid' AND money.day <= moment.day) AS paid
    ), land AS (
        SELECT held.parcel_id, held.valid * daterange(done.day, NULL) AS after, held.valid,
               coalesce((SELECT range_agg(minutes.valid) FROM land.handover_parcel AS minutes
                         WHERE minutes.parcel_id = held.parcel_id AND minutes.closed_by IS NULL), '{}'::datemultirange) AS cleared,
               done.day
        FROM (SELECT * FROM land.clearance_item_parcel WHERE item_id = item OFFSET 0) AS held
        LEFT JOIN (SELECT day FROM step WHERE kind = 'handed_over' LIMIT 1) AS done ON true
        WHERE held.closed_by IS NULL AND NOT isempty(held.valid)
    )
    SELECT fault FROM (
        SELECT 1 AS place, json_build_object('part', 'order', 'item', item, 'step', step.kind, 'day', step.day, 'after', needed.after) AS fault
        FROM step JOIN land.clearance_order AS needed ON needed.step = step.kind
        WHERE NOT EXISTS (SELECT FROM step AS cause WHERE cause.kind = ANY (needed.after) AND cause.day <= step.day)
        UNION ALL
        SELECT 2, json_build_object('part', 'notice', 'item', item, 'step', 'recovered', 'day', step.day, 'why', why)
        FROM step CROSS JOIN land.notice_fault(item, (SELECT held.land_class FROM land.clearance_item_version AS held
            WHERE held.item_id = item AND held.closed_by IS NULL AND held.valid_from <= step.day ORDER BY held.valid_from DESC LIMIT 1),
            step.day, step.agreed_early) AS why
        WHERE step.kind = 'recovered' AND why IS NOT NULL
        UNION ALL
        SELECT 3, json_build_object('part', 'amount', 'item', item, 'step', coalesce(step.kind, '?'), 'day', coalesce(step.day, said.valid_from))
        FROM step FULL JOIN said USING (step_id)
        WHERE (step.kind IN ('plan_approved', 'paid') AND said.item_id IS NULL)
           OR (said.item_id IS NOT NULL AND (step.kind IS NULL OR step.kind NOT IN ('plan_drafted', 'plan_approved', 'paid')
                                             OR step.day <> said.valid_from))
        UNION ALL
        SELECT 4, json_build_object('part', 'payment', 'item', item, 'day', balance.day, 'granted', c + s + r, 'paid', pc + ps + pr)
        FROM balance WHERE pc > c OR ps > s OR pr > r
        UNION ALL
        SELECT 5, json_build_object('part', 'land', 'item', item, 'parcel', land.parcel_id, 'day', land.day)
        FROM land
        WHERE (land.day IS NOT NULL AND NOT land.cleared @> land.after)
           OR NOT isempty(land.cleared * datemultirange(land.valid) - datemultirange(daterange(land.day, NULL))) AND land.day IS NOT NULL
           OR (land.day IS NULL AND NOT isempty(land.cleared * datemultirange(land.valid)))
        UNION ALL
        SELECT 6, json_build_object('part', 'nothing', 'item', item, 'day', step.day)
        FROM step WHERE step.kind = 'handed_over' AND NOT EXISTS (SELECT FROM land WHERE NOT isempty(land.after))
    ) AS faults ORDER BY place LIMIT 1 $$;

-- In PL/pgSQL, so that it is planned once a session and not once an item.
CREATE OR REPLACE FUNCTION land.notice_fault(item uuid, land_class text, recovered_on date, agreed_early boolean) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN (WITH binding AS MATERIALIZED (
        SELECT * FROM land.clearance_terms(true) AS term WHERE term.from_step = 'notice' AND term.until_step = 'recovered'
    ), notice AS (
        SELECT sent.valid_from AS day FROM (SELECT * FROM land.clearance_step WHERE item_id = item AND kind = 'notice' OFFSET 0) AS sent
        WHERE sent.closed_by IS NULL AND sent.valid_from <= recovered_on
    ), alive AS (
        SELECT notice.day FROM notice WHERE NOT EXISTS (
            SELECT FROM binding AS term WHERE term.bound = 'valid_for'
              AND term.valid_from <= notice.day AND (term.valid_to IS NULL OR term.valid_to > notice.day)
              AND recovered_on >= notice.day + make_interval(months => coalesce(term.months, 0), days => coalesce(term.days, 0)))
    ), ripe AS (
        SELECT alive.day FROM alive WHERE agreed_early OR NOT EXISTS (
            SELECT FROM binding AS term WHERE term.bound = 'at_least'
              AND term.valid_from <= alive.day AND (term.valid_to IS NULL OR term.valid_to > alive.day)
              AND (term.land_class IS NULL OR term.land_class = notice_fault.land_class)
              AND recovered_on < alive.day + make_interval(months => coalesce(term.months, 0), days => coalesce(term.days, 0)))
    )
    SELECT CASE WHEN NOT EXISTS (SELECT FROM alive) THEN 'expired' WHEN NOT EXISTS (SELECT FROM ripe) THEN 'early' END);
END $$;

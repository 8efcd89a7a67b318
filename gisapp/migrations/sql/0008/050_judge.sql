-- Rules that several rows share are judged once, at commit, under a lock: whoever writes a step, an amount, a parcel of an
-- item, a hand-over, an assignment or a plot touches the ledger row of what it is about (case, item, plot); a deferred
-- trigger on that row judges and takes the mark off.
CREATE TABLE land.clearance_ledger (
    subject_id uuid PRIMARY KEY,
    subject text NOT NULL CHECK (subject IN ('case', 'item', 'plot')),
    touched_by xid8
);
CREATE TRIGGER a_kept BEFORE DELETE ON land.clearance_ledger FOR EACH ROW EXECUTE FUNCTION land.refuse();
CREATE TRIGGER a_kept_whole BEFORE TRUNCATE ON land.clearance_ledger EXECUTE FUNCTION land.refuse();
INSERT INTO land.clearance_ledger SELECT id, 'plot' FROM land.resettlement_plot;

CREATE FUNCTION land.open_clearance_ledger() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO land.clearance_ledger (subject_id, subject) SELECT id, TG_ARGV[0] FROM new_rows;
    RETURN NULL;
END $$;
CREATE TRIGGER c_ledger AFTER INSERT ON land.clearance_case REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION land.open_clearance_ledger('case');
CREATE TRIGGER c_ledger AFTER INSERT ON land.clearance_item REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION land.open_clearance_ledger('item');
CREATE TRIGGER c_ledger AFTER INSERT ON land.resettlement_plot REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION land.open_clearance_ledger('plot');

CREATE FUNCTION land.touch_clearance_ledger(subjects uuid[]) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM land.clearance_ledger AS ledger
    WHERE ledger.subject_id = ANY (subjects) AND ledger.touched_by IS DISTINCT FROM pg_current_xact_id()
    ORDER BY ledger.subject_id FOR UPDATE;
    UPDATE land.clearance_ledger AS ledger SET touched_by = pg_current_xact_id()
    WHERE ledger.subject_id = ANY (subjects) AND ledger.touched_by IS DISTINCT FROM pg_current_xact_id();
END $$;
REVOKE ALL ON FUNCTION land.touch_clearance_ledger(uuid[]) FROM PUBLIC;

CREATE FUNCTION land.touch_clearance() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    subjects uuid[];
BEGIN
    EXECUTE format('SELECT array_agg(DISTINCT %I) FROM new_rows', TG_ARGV[0]) INTO subjects;
    PERFORM land.touch_clearance_ledger(subjects);
    RETURN NULL;
END $$;

-- A hand-over and an item's parcel are two tables that meet on a parcel nobody may have written about yet: its identity
-- row is the lock, and an old snapshot is refused.
CREATE FUNCTION land.touch_clearance_of_parcels() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    subjects uuid[];
BEGIN
    PERFORM land.read_committed('handover_follows_its_case');
    PERFORM FROM land.parcel WHERE id IN (SELECT parcel_id FROM new_rows) ORDER BY id FOR NO KEY UPDATE;
    SELECT array_agg(DISTINCT held.item_id) INTO subjects FROM land.clearance_item_parcel AS held
    WHERE held.parcel_id IN (SELECT parcel_id FROM new_rows);
    PERFORM land.touch_clearance_ledger(subjects);
    RETURN NULL;
END $$;

DO $$
DECLARE
    written text;
    told text;
BEGIN
    FOR written, told IN VALUES ('land.clearance_step', 'item_id'), ('land.clearance_item_version', 'item_id'),
            ('household.amount', 'item_id'), ('land.clearance_followup', 'case_id'),
            ('land.plot_assignment', 'resettlement_plot_id'), ('land.resettlement_plot_version', 'resettlement_plot_id') LOOP
        EXECUTE format('CREATE TRIGGER c_touch_insert AFTER INSERT ON %s REFERENCING NEW TABLE AS new_rows '
                       'FOR EACH STATEMENT EXECUTE FUNCTION land.touch_clearance(%L)', written, told);
        EXECUTE format('CREATE TRIGGER c_touch_update AFTER UPDATE ON %s REFERENCING NEW TABLE AS new_rows '
                       'FOR EACH STATEMENT EXECUTE FUNCTION land.touch_clearance(%L)', written, told);
    END LOOP;
    FOREACH written IN ARRAY ARRAY['land.clearance_item_parcel', 'land.handover_parcel'] LOOP
        EXECUTE format('CREATE TRIGGER c_touch_insert AFTER INSERT ON %s REFERENCING NEW TABLE AS new_rows '
                       'FOR EACH STATEMENT EXECUTE FUNCTION land.touch_clearance_of_parcels()', written);
        EXECUTE format('CREATE TRIGGER c_touch_update AFTER UPDATE ON %s REFERENCING NEW TABLE AS new_rows '
                       'FOR EACH STATEMENT EXECUTE FUNCTION land.touch_clearance_of_parcels()', written);
    END LOOP;
END $$;

-- The notice's terms: some notice that is still valid on the day of the recovery was sent long enough before it.
CREATE FUNCTION land.notice_fault(item uuid, land_class text, recovered_on date, agreed_early boolean) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH notice AS (
        SELECT sent.valid_from AS day FROM land.clearance_step AS sent
        WHERE sent.item_id = item AND sent.kind = 'notice' AND sent.closed_by IS NULL AND sent.valid_from <= recovered_on
    ), alive AS (
        SELECT notice.day FROM notice WHERE NOT EXISTS (
            SELECT FROM land.clearance_term AS term WHERE term.bound = 'valid_for' AND term.from_step = 'notice'
              AND term.until_step = 'recovered' AND term.verification = 'verified' AND term.valid @> notice.day
              AND recovered_on >= notice.day + make_interval(months => coalesce(term.months, 0), days => coalesce(term.days, 0)))
    ), ripe AS (
        SELECT alive.day FROM alive WHERE agreed_early OR NOT EXISTS (
            SELECT FROM land.clearance_term AS term WHERE term.bound = 'at_least' AND term.from_step = 'notice'
              AND term.until_step = 'recovered' AND term.verification = 'verified' AND term.valid @> alive.day
              AND (term.land_class IS NULL OR term.land_class = notice_fault.land_class)
              AND recovered_on < alive.day + make_interval(months => coalesce(term.months, 0), days => coalesce(term.days, 0)))
    )
    SELECT CASE WHEN NOT EXISTS (SELECT FROM alive) THEN 'expired' WHEN NOT EXISTS (SELECT FROM ripe) THEN 'early' END $$;

CREATE FUNCTION land.item_fault(item uuid) RETURNS json LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH step AS MATERIALIZED (
        SELECT taken.step_id, taken.kind, taken.valid_from AS day, taken.agreed_early, taken.version_id
        FROM land.clearance_step AS taken WHERE taken.item_id = item AND taken.closed_by IS NULL
    ), said AS (
        SELECT amount.* FROM household.amount AS amount WHERE amount.item_id = item AND amount.closed_by IS NULL
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
        FROM land.clearance_item_parcel AS held
        LEFT JOIN (SELECT day FROM step WHERE kind = 'handed_over' LIMIT 1) AS done ON true
        WHERE held.item_id = item AND held.closed_by IS NULL AND NOT isempty(held.valid)
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

CREATE FUNCTION land.judge_clearance() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    fault json;
BEGIN
    IF NEW.subject = 'item' THEN
        fault := land.item_fault(NEW.subject_id);
        IF fault IS NOT NULL THEN
            RAISE EXCEPTION 'clearance-refused' USING ERRCODE = '23514', DETAIL = fault::text,
                CONSTRAINT = CASE fault ->> 'part' WHEN 'order' THEN 'step_follows_its_cause' WHEN 'notice' THEN 'notice_runs_its_time'
                    WHEN 'amount' THEN 'amount_of_a_step' WHEN 'payment' THEN 'payment_within_plan' ELSE 'handover_follows_its_case' END;
        END IF;
    ELSIF NEW.subject = 'case' THEN
        SELECT json_build_object('case', NEW.subject_id, 'step', followed.step, 'day', followed.valid_from) INTO fault
        FROM land.clearance_followup AS followed JOIN land.clearance_order AS needed ON needed.step = followed.step
        WHERE followed.case_id = NEW.subject_id AND followed.closed_by IS NULL AND NOT EXISTS (
            SELECT FROM land.clearance_followup AS cause WHERE cause.case_id = NEW.subject_id AND cause.closed_by IS NULL
              AND cause.step = ANY (needed.after) AND cause.valid_from <= followed.valid_from) LIMIT 1;
        IF fault IS NOT NULL THEN
            RAISE EXCEPTION 'clearance-refused' USING ERRCODE = '23514', DETAIL = fault::text, CONSTRAINT = 'followup_in_order';
        END IF;
    ELSE
        SELECT json_build_object('plot', NEW.subject_id, 'item', promised.item_id, 'day', promised.valid_from) INTO fault
        FROM land.plot_assignment AS promised
        WHERE promised.resettlement_plot_id = NEW.subject_id AND promised.closed_by IS NULL AND NOT isempty(promised.valid)
          AND NOT coalesce((SELECT range_agg(plot.valid) FROM land.resettlement_plot_version AS plot
                            WHERE plot.resettlement_plot_id = NEW.subject_id AND plot.closed_by IS NULL) @> promised.valid, false)
        LIMIT 1;
        IF fault IS NOT NULL THEN
            RAISE EXCEPTION 'clearance-refused' USING ERRCODE = '23514', DETAIL = fault::text, CONSTRAINT = 'plot_exists_when_assigned';
        END IF;
    END IF;
    UPDATE land.clearance_ledger SET touched_by = NULL WHERE subject_id = NEW.subject_id;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER f_judge AFTER UPDATE ON land.clearance_ledger DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.touched_by IS NOT NULL) EXECUTE FUNCTION land.judge_clearance();

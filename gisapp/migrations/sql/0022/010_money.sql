-- Money of the cases asked about, exact, for everybody: the plan in force for each item, and all that was paid. Before, every case
-- of the register was added up to tell of one.
DROP FUNCTION land.clearance_money(date, bigint);
CREATE FUNCTION land.clearance_money(cases uuid[], as_of date, known bigint)
RETURNS TABLE (case_id uuid, kind text, compensation numeric, support numeric, resettlement numeric)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH step AS (
        SELECT item.case_id, step.item_id, step.step_id, step.kind, step.valid_from, step.version_id
        FROM land.clearance_item AS item
        JOIN land.clearance_step AS step ON step.item_id = item.id AND step.kind IN ('plan_approved', 'paid') AND step.valid_from <= as_of
         AND step.opened_by <= known AND (step.closed_by IS NULL OR step.closed_by > known)
        WHERE item.case_id = ANY (cases)
    ), counted AS (
        SELECT case_id, step_id, kind FROM step WHERE kind = 'paid'
        UNION ALL
        (SELECT DISTINCT ON (item_id) case_id, step_id, kind FROM step WHERE kind = 'plan_approved'
         ORDER BY item_id, valid_from DESC, version_id DESC)
    )
    SELECT counted.case_id, counted.kind, sum(amount.compensation::numeric), sum(amount.support::numeric), sum(amount.resettlement::numeric)
    FROM counted
    JOIN household.amount AS amount ON amount.step_id = counted.step_id AND amount.opened_by <= known
     AND (amount.closed_by IS NULL OR amount.closed_by > known)
    GROUP BY counted.case_id, counted.kind $$;
REVOKE ALL ON FUNCTION land.clearance_money(uuid[], date, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION land.clearance_money(uuid[], date, bigint) TO gisapp_read, gisapp_write;

-- Notices of recovery that stop being valid by :until (or have in the last month) before the land was recovered, by case and day.
-- Parameters: as_of, until, known.
WITH sent AS (
    SELECT step.item_id, max(step.valid_from) FILTER (WHERE step.kind = 'notice') AS day
    FROM land.clearance_step AS step
    WHERE step.kind IN ('notice', 'recovered', 'handed_over') AND step.valid_from <= :as_of
      AND step.opened_by <= :known AND (step.closed_by IS NULL OR step.closed_by > :known)
    GROUP BY step.item_id HAVING count(*) FILTER (WHERE step.kind <> 'notice') = 0
)
SELECT held.zone_id, held.code, over.day, count(*)::integer AS items
FROM sent
JOIN land.clearance_item AS item ON item.id = sent.item_id
JOIN land.clearance_case AS held ON held.id = item.case_id
CROSS JOIN LATERAL (
    SELECT (sent.day + make_interval(months => coalesce(term.months, 0), days => coalesce(term.days, 0)))::date AS day
    FROM land.clearance_term AS term
    WHERE term.bound = 'valid_for' AND term.from_step = 'notice' AND term.valid @> sent.day
    ORDER BY 1 LIMIT 1
) AS over
WHERE over.day BETWEEN CAST(:as_of AS date) - 30 AND CAST(:until AS date)
GROUP BY held.zone_id, held.code, over.day ORDER BY over.day, held.code

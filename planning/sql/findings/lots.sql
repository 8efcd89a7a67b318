-- Lots by their versions, with the plan they are of and the decision behind it on the day.
SELECT lot.version_id, plan.code AS plan, issue.number AS plan_version, lot.level, plan.scale_denominator AS scale,
       lot.symbol, lot.category, lot.leasable, paper.number AS decision, paper.issued_on AS decided_on, lot.opened_by,
       ST_AsBinary(lot.geom) AS shape
FROM land.plan_lot AS lot
JOIN land.plan ON plan.id = lot.plan_id
JOIN land.plan_version AS issue ON issue.id = lot.plan_version_id
LEFT JOIN LATERAL (
    SELECT step.decision_id FROM land.plan_status AS step
    WHERE step.plan_version_id = lot.plan_version_id AND step.status IN ('approved', 'published')
      AND step.valid_from <= :as_of AND (step.valid_to IS NULL OR step.valid_to > :as_of)
      AND step.opened_by <= :known AND (step.closed_by IS NULL OR step.closed_by > :known)
    LIMIT 1
) AS approval ON true
LEFT JOIN land.document AS paper ON paper.id = approval.decision_id
WHERE lot.version_id = ANY (CAST(:lots AS bigint[]))

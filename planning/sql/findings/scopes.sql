-- The ground of every plan version in force that meets the boundary of one of the zones.
SELECT step.version_id, plan.code AS plan, issue.number AS plan_version, step.level, plan.scale_denominator AS scale,
       plan.zone_id, step.srid, paper.number AS decision, paper.issued_on AS decided_on, step.opened_by,
       ST_AsBinary(step.geom) AS shape
FROM land.plan_status AS step
JOIN land.plan ON plan.id = step.plan_id
JOIN land.plan_version AS issue ON issue.id = step.plan_version_id
LEFT JOIN land.document AS paper ON paper.id = step.decision_id
WHERE step.status IN ('approved', 'published')
  AND step.valid_from <= :as_of AND (step.valid_to IS NULL OR step.valid_to > :as_of)
  AND step.opened_by <= :known AND (step.closed_by IS NULL OR step.closed_by > :known)
  AND EXISTS (SELECT FROM land.zone_boundary AS edge
              WHERE edge.zone_id = ANY (CAST(:zone_ids AS uuid[])) AND edge.srid = step.srid AND edge.geom && step.geom
                AND edge.valid_from <= :as_of AND (edge.valid_to IS NULL OR edge.valid_to > :as_of)
                AND edge.opened_by <= :known AND (edge.closed_by IS NULL OR edge.closed_by > :known))
ORDER BY step.version_id

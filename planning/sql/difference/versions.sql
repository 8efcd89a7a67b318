-- Plan versions as they stand on :as_of, as known after change :known: the status of that day (else the latest one before
-- it), the period ever in force with its decision, and the day an appraisal began.
-- :versions null = every version. :in_force: the statuses that put a version in force.
SELECT issue.id AS plan_version_id, plan.id AS plan_id, plan.code, issue.number, issue.parent_id, plan.zone_id,
       zone.code AS zone, zone.kind AS zone_kind, plan.srid, plan.level, plan.scale_denominator, plan.name_vi, plan.name_en,
       standing.status, coalesce(standing.status = ANY (CAST(:in_force AS text[])) AND standing.lasts, false) AS in_force,
       law.valid_from AS in_force_from, law.valid_to AS in_force_to, appraisal.valid_from AS appraised_on,
       decision.number AS decision_number, decision.issued_on AS decision_issued_on, decision.issuer AS decision_issuer,
       drafted.actor AS drafted_by
FROM land.plan_version AS issue
JOIN land.plan ON plan.id = issue.plan_id
JOIN land.zone ON zone.id = plan.zone_id
JOIN land.change AS drafted ON drafted.number = issue.opened_by
LEFT JOIN LATERAL (
    SELECT held.status, held.valid_to IS NULL OR held.valid_to > :as_of AS lasts
    FROM land.plan_status AS held
    WHERE held.plan_version_id = issue.id AND held.valid_from <= :as_of
      AND (held.valid_to IS NULL OR held.valid_to > held.valid_from)
      AND held.opened_by <= :known AND (held.closed_by IS NULL OR held.closed_by > :known)
    ORDER BY held.valid_from DESC LIMIT 1
) AS standing ON true
LEFT JOIN LATERAL (
    SELECT min(held.valid_from) AS valid_from,
           CASE WHEN bool_or(held.valid_to IS NULL) THEN NULL ELSE max(held.valid_to) END AS valid_to,
           (array_agg(held.decision_id ORDER BY held.valid_from))[1] AS decision_id
    FROM land.plan_status AS held
    WHERE held.plan_version_id = issue.id AND held.status = ANY (CAST(:in_force AS text[]))
      AND held.opened_by <= :known AND (held.closed_by IS NULL OR held.closed_by > :known)
) AS law ON true
LEFT JOIN LATERAL (
    SELECT min(held.valid_from) AS valid_from
    FROM land.plan_status AS held
    WHERE held.plan_version_id = issue.id AND held.status = 'appraisal'
      AND held.opened_by <= :known AND (held.closed_by IS NULL OR held.closed_by > :known)
) AS appraisal ON true
LEFT JOIN land.document AS decision ON decision.id = law.decision_id
WHERE (CAST(:versions AS uuid[]) IS NULL OR issue.id = ANY (CAST(:versions AS uuid[])))
  AND issue.opened_by <= :known
ORDER BY plan.level, plan.code, issue.number DESC

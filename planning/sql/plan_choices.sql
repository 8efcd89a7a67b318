-- Plan versions of the zones with the days they were ever in force, drafts among them, as known after change :known.
-- status: the step on :as_of, else the first one to come; a version annulled before it was ever in force is left out.
SELECT issue.id AS plan_version_id, plan.code AS plan, plan.name_vi, plan.name_en, plan.level, issue.number,
       held.valid_from AS in_force_from, held.valid_to AS in_force_to,
       coalesce(held.valid_from <= :as_of AND (held.valid_to IS NULL OR held.valid_to > :as_of), false) AS in_force,
       held.valid_from IS NULL AS draft, stands.status,
       decision.number AS decision_number, decision.issued_on AS decision_issued_on
FROM land.plan
JOIN land.plan_version AS issue ON issue.plan_id = plan.id
JOIN LATERAL (
    SELECT step.status FROM land.plan_status AS step
    WHERE step.plan_version_id = issue.id
      AND step.opened_by <= :known AND (step.closed_by IS NULL OR step.closed_by > :known)
    ORDER BY step.valid_from <= :as_of DESC, abs(step.valid_from - CAST(:as_of AS date)), step.version_id DESC
    LIMIT 1
) AS stands ON true
LEFT JOIN LATERAL (
    SELECT min(step.valid_from) AS valid_from,
           CASE WHEN bool_or(step.valid_to IS NULL) THEN NULL ELSE max(step.valid_to) END AS valid_to,
           (array_agg(step.decision_id ORDER BY step.valid_from))[1] AS decision_id
    FROM land.plan_status AS step
    WHERE step.plan_version_id = issue.id AND step.status IN ('approved', 'published')
      AND step.opened_by <= :known AND (step.closed_by IS NULL OR step.closed_by > :known)
) AS held ON true
LEFT JOIN land.document AS decision ON decision.id = held.decision_id
WHERE plan.zone_id = ANY (CAST(:zone_ids AS uuid[])) AND (held.valid_from IS NOT NULL OR stands.status <> 'annulled')
ORDER BY plan.level, plan.code, issue.number DESC

-- Plan versions of the zones with the days they were ever in force, as known after change :known.
SELECT step.plan_version_id, plan.code AS plan, plan.name_vi, plan.name_en, plan.level, issue.number,
       step.valid_from AS in_force_from, step.valid_to AS in_force_to,
       step.valid_from <= :as_of AND (step.valid_to IS NULL OR step.valid_to > :as_of) AS in_force,
       decision.number AS decision_number, decision.issued_on AS decision_issued_on
FROM land.plan
JOIN land.plan_version AS issue ON issue.plan_id = plan.id
JOIN LATERAL (
    SELECT status.plan_version_id, min(status.valid_from) AS valid_from,
           CASE WHEN bool_or(status.valid_to IS NULL) THEN NULL ELSE max(status.valid_to) END AS valid_to,
           (array_agg(status.decision_id ORDER BY status.valid_from))[1] AS decision_id
    FROM land.plan_status AS status
    WHERE status.plan_version_id = issue.id AND status.status IN ('approved', 'published')
      AND status.opened_by <= :known AND (status.closed_by IS NULL OR status.closed_by > :known)
    GROUP BY status.plan_version_id
) AS step ON true
LEFT JOIN land.document AS decision ON decision.id = step.decision_id
WHERE plan.zone_id = ANY (CAST(:zone_ids AS uuid[]))
ORDER BY plan.level, plan.code, issue.number DESC

-- What every version of the plans of some zones is on a day, as known after :known: its step, since when, who it waits for,
-- the deadline of the step (chosen by the day the step began, a row for the level before one for all), its document.
SELECT plan.id AS plan_id, plan.code AS plan, plan.name_vi, plan.name_en, plan.level, plan.scale_denominator,
       zone.code AS zone, issue.id AS plan_version_id, issue.number, step.status, step.valid_from AS since,
       step.area_m2, decision.number AS document_number, decision.issued_on AS document_issued_on,
       decision.issuer AS document_issuer, wait.waits_for, limits.waits_for_vi, limits.waits_for_en,
       limits.least_days, limits.most_days, limits.clause_vi, limits.clause_en, limits.source AS limit_source,
       limits.verification, moved.kind AS adjustment, parent.number AS parent_number,
       land.plan_registered_whole(issue.id) AS registered_whole
FROM land.plan
JOIN land.zone ON zone.id = plan.zone_id
JOIN land.plan_version AS issue ON issue.plan_id = plan.id
JOIN land.plan_status AS step ON step.plan_version_id = issue.id
 AND step.valid_from <= :as_of AND (step.valid_to IS NULL OR step.valid_to > :as_of)
 AND step.opened_by <= :known AND (step.closed_by IS NULL OR step.closed_by > :known)
LEFT JOIN land.document AS decision ON decision.id = step.decision_id
LEFT JOIN land.plan_wait AS wait ON wait.plan_version_id = issue.id
 AND wait.valid_from <= :as_of AND (wait.valid_to IS NULL OR wait.valid_to > :as_of)
 AND wait.opened_by <= :known AND (wait.closed_by IS NULL OR wait.closed_by > :known)
LEFT JOIN land.plan_adjustment AS moved ON moved.plan_version_id = issue.id
 AND moved.opened_by <= :known AND (moved.closed_by IS NULL OR moved.closed_by > :known)
LEFT JOIN land.plan_version AS parent ON parent.id = issue.parent_id
LEFT JOIN LATERAL (
    SELECT row.waits_for_vi, row.waits_for_en, row.least_days, row.most_days, row.clause_vi, row.clause_en, row.source,
           CASE WHEN seen.deadline_id IS NULL THEN row.verification ELSE 'verified' END AS verification
    FROM land.plan_deadline AS row LEFT JOIN land.plan_deadline_confirmation AS seen ON seen.deadline_id = row.id
    WHERE row.step = step.status AND (row.level IS NULL OR row.level = plan.level)
      AND row.valid_from <= step.valid_from AND (row.valid_to IS NULL OR row.valid_to > step.valid_from)
    ORDER BY row.level NULLS LAST, row.valid_from DESC, row.version DESC LIMIT 1
) AS limits ON true
WHERE plan.zone_id = ANY (CAST(:zone_ids AS uuid[]))
ORDER BY plan.level, plan.code, issue.number DESC

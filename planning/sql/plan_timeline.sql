-- Every step of the versions of some plans as known after :known, each with its document and the change that recorded it;
-- `learned` is the change that first said that the version takes this step on that day.
SELECT issue.plan_id, issue.number, step.plan_version_id, step.status, step.valid_from, step.valid_to, step.area_m2,
       decision.id AS document_id, decision.number AS document_number, decision.issued_on AS document_issued_on,
       decision.issuer AS document_issuer, decision.file_sha256 IS NOT NULL AS has_file,
       change.number AS change, change.actor, change.reason, change.committed_at
FROM land.plan_version AS issue
JOIN land.plan_status AS step ON step.plan_version_id = issue.id
 AND step.opened_by <= :known AND (step.closed_by IS NULL OR step.closed_by > :known)
JOIN LATERAL (
    SELECT min(former.opened_by) AS learned FROM land.plan_status AS former
    WHERE former.plan_version_id = step.plan_version_id AND former.status = step.status
      AND former.valid_from = step.valid_from AND former.opened_by <= :known
) AS first ON true
JOIN land.change ON change.number = first.learned
LEFT JOIN land.document AS decision ON decision.id = coalesce(change.document_id, step.decision_id)
WHERE issue.plan_id = ANY (CAST(:plan_ids AS uuid[]))
ORDER BY step.valid_from, step.valid_to NULLS LAST, step.version_id

-- Every change that touched a project, latest knowledge first: what it wrote, on which paper, who, when.
SELECT change.number, change.kind, change.reason, change.actor, change.effective_on, change.committed_at, paper.id AS document_id,
       paper.number AS document, paper.issued_on, paper.issuer, paper.file_sha256 IS NOT NULL AS has_file,
       array_agg(DISTINCT touched.what ORDER BY touched.what) AS what
FROM (
    SELECT opened_by AS number, 'project' AS what FROM land.project WHERE id = :project_id
    UNION ALL SELECT opened_by, 'facts' FROM land.project_version WHERE project_id = :project_id
    UNION ALL SELECT opened_by, 'capital' FROM land.project_capital WHERE project_id = :project_id
    UNION ALL SELECT opened_by, 'land' FROM land.project_parcel WHERE project_id = :project_id
    UNION ALL SELECT opened_by, 'milestone' FROM land.project_milestone WHERE project_id = :project_id
    UNION ALL SELECT opened_by, 'progress' FROM land.project_progress WHERE project_id = :project_id
    UNION ALL SELECT opened_by, 'certificate' FROM land.project_certificate WHERE project_id = :project_id
    UNION ALL SELECT opened_by, 'term' FROM land.project_term WHERE project_id = :project_id
    UNION ALL SELECT opened_by, 'disbursement' FROM land.project_disbursement WHERE project_id = :project_id
    UNION ALL SELECT opened_by, 'workers' FROM land.project_workers WHERE project_id = :project_id
    UNION ALL SELECT opened_by, 'inspection' FROM land.inspection WHERE project_id = :project_id
    UNION ALL SELECT noted.opened_by, 'inspection' FROM land.inspection_version AS noted
              JOIN land.inspection AS visit ON visit.id = noted.inspection_id WHERE visit.project_id = :project_id
    UNION ALL SELECT photo.opened_by, 'photo' FROM land.photo JOIN land.inspection AS visit ON visit.id = photo.inspection_id
              WHERE visit.project_id = :project_id
) AS touched
JOIN land.change ON change.number = touched.number
LEFT JOIN land.document AS paper ON paper.id = change.document_id
WHERE change.number <= :known
GROUP BY change.number, paper.id
ORDER BY change.number DESC LIMIT 500

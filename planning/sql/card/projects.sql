-- Projects on a parcel at the moment, with progress and days behind the worst milestone.
SELECT head.code, project.name_vi, project.name_en, project.kind, project.status,
       CASE WHEN investor.kind <> 'person' THEN named.name_vi END AS investor, project.certificate_no,
       seen.actual_pct, seen.planned_pct, coalesce(behind.days, 0) AS late_days
FROM land.project_parcel AS ground
JOIN land.project AS head ON head.id = ground.project_id
JOIN land.project_version AS project ON project.project_id = head.id
LEFT JOIN land.party AS investor ON investor.id = project.investor_id
LEFT JOIN land.party_version AS named ON named.party_id = investor.id
     AND named.valid_from <= :as_of AND (named.valid_to IS NULL OR named.valid_to > :as_of)
     AND named.opened_by <= :known AND (named.closed_by IS NULL OR named.closed_by > :known)
LEFT JOIN LATERAL (
    SELECT progress.actual_pct, progress.planned_pct FROM land.project_progress AS progress
    WHERE progress.project_id = head.id
      AND progress.valid_from <= :as_of AND (progress.valid_to IS NULL OR progress.valid_to > :as_of)
      AND progress.opened_by <= :known AND (progress.closed_by IS NULL OR progress.closed_by > :known)
    LIMIT 1
) AS seen ON true
CROSS JOIN LATERAL land.days_behind(head.id, project.status, CAST(:as_of AS date), CAST(:known AS bigint)) AS behind
WHERE ground.parcel_id = :parcel_id
  AND ground.valid_from <= :as_of AND (ground.valid_to IS NULL OR ground.valid_to > :as_of)
  AND ground.opened_by <= :known AND (ground.closed_by IS NULL OR ground.closed_by > :known)
  AND project.valid_from <= :as_of AND (project.valid_to IS NULL OR project.valid_to > :as_of)
  AND project.opened_by <= :known AND (project.closed_by IS NULL OR project.closed_by > :known)
ORDER BY head.code

-- Projects in force, on their own drawing or else on their parcels, with progress and days behind the worst milestone.
SELECT project.version_id AS fid, project.project_id::text AS id, head.code, project.name_vi, project.name_en,
       project.kind, project.status, coalesce(seen.actual_pct::double precision, 0) AS progress,
       coalesce(behind.days, 0) AS late_days, coalesce(behind.days, 0) > 0 AS late,
       land.lateness(project.status, behind.days) AS lateness,
       project.srid, coalesce(project.geom, land_held.geom) AS geom,
       coalesce(project.geom_wgs84, land_held.geom_wgs84) AS geom_wgs84
FROM land.project_version AS project
JOIN land.project AS head ON head.id = project.project_id
LEFT JOIN LATERAL (
    SELECT progress.actual_pct FROM land.project_progress AS progress
    WHERE progress.project_id = project.project_id
      AND progress.valid_from <= :as_of AND (progress.valid_to IS NULL OR progress.valid_to > :as_of)
      AND progress.opened_by <= :known AND (progress.closed_by IS NULL OR progress.closed_by > :known)
    LIMIT 1
) AS seen ON true
LEFT JOIN LATERAL (
    SELECT ST_Union(held.geom) AS geom, ST_Union(held.geom_wgs84) AS geom_wgs84
    FROM land.project_parcel AS ground
    JOIN land.parcel_version AS held ON held.parcel_id = ground.parcel_id
    WHERE project.geom IS NULL AND ground.project_id = project.project_id
      AND ground.valid_from <= :as_of AND (ground.valid_to IS NULL OR ground.valid_to > :as_of)
      AND ground.opened_by <= :known AND (ground.closed_by IS NULL OR ground.closed_by > :known)
      AND held.valid_from <= :as_of AND (held.valid_to IS NULL OR held.valid_to > :as_of)
      AND held.opened_by <= :known AND (held.closed_by IS NULL OR held.closed_by > :known)
) AS land_held ON true
-- asked after the shape, so that a tile asks only for what lies in it
LEFT JOIN LATERAL (
    SELECT late.days FROM land.days_behind(project.project_id, project.status, CAST(:as_of AS date), CAST(:known AS bigint)) AS late
    WHERE coalesce(project.geom, land_held.geom) IS NOT NULL
) AS behind ON true
WHERE project.valid_from <= :as_of AND (project.valid_to IS NULL OR project.valid_to > :as_of)
  AND project.opened_by <= :known AND (project.closed_by IS NULL OR project.closed_by > :known)
  AND (CAST(:zone_ids AS uuid[]) IS NULL OR head.zone_id = ANY (CAST(:zone_ids AS uuid[])))

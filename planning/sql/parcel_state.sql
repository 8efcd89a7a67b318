-- Parcels in force on :as_of as known after change :known, each with its state: the furthest step of the pipeline
-- in use > leased > reserved > State-allocated > cleared > not cleared. late: a project on it is behind a milestone.
-- in_clearance: not handed over yet, but an item of a clearance case holds it. :zone_ids null = every zone.
SELECT held.version_id AS fid, held.parcel_id::text AS id, held.parcel_id, held.version_id, held.zone_id,
       zone.code AS zone, held.srid, held.geom, held.geom_wgs84, held.commune_code AS commune,
       held.sheet_no AS sheet, held.parcel_no AS number, held.official_id, held.land_use_code AS land_use,
       held.legal_area_m2, held.area_m2, held.valid_from, held.valid_to,
       coalesce(held.legal_area_m2::double precision, held.area_m2) AS area,
       CASE WHEN built.operating THEN 'in_use'
            WHEN rights.leased THEN 'leased'
            WHEN rights.reserved THEN 'reserved'
            WHEN rights.allocated THEN 'allocated'
            WHEN cleared.handed_over THEN 'cleared'
            ELSE 'not_cleared' END AS state,
       coalesce(built.late, false) AS late,
       cleared.handed_over IS NULL AND EXISTS (
           SELECT FROM land.clearance_item_parcel AS member
           WHERE member.parcel_id = held.parcel_id
             AND member.valid_from <= :as_of AND (member.valid_to IS NULL OR member.valid_to > :as_of)
             AND member.opened_by <= :known AND (member.closed_by IS NULL OR member.closed_by > :known)) AS in_clearance
FROM land.parcel_version AS held
JOIN land.zone ON zone.id = held.zone_id
LEFT JOIN LATERAL (
    SELECT bool_or(ground.tier = 1) AS allocated, bool_or(ground.tier = 2) AS leased, bool_or(ground.tier = 3) AS reserved
    FROM land.land_right_parcel AS ground
    JOIN land.land_right_version AS granted ON granted.land_right_id = ground.land_right_id
    WHERE ground.parcel_id = held.parcel_id
      AND ground.valid_from <= :as_of AND (ground.valid_to IS NULL OR ground.valid_to > :as_of)
      AND ground.opened_by <= :known AND (ground.closed_by IS NULL OR ground.closed_by > :known)
      AND granted.valid_from <= :as_of AND (granted.valid_to IS NULL OR granted.valid_to > :as_of)
      AND granted.opened_by <= :known AND (granted.closed_by IS NULL OR granted.closed_by > :known)
) AS rights ON true
LEFT JOIN LATERAL (
    SELECT true AS handed_over FROM land.handover_parcel AS ground
    WHERE ground.parcel_id = held.parcel_id
      AND ground.valid_from <= :as_of AND (ground.valid_to IS NULL OR ground.valid_to > :as_of)
      AND ground.opened_by <= :known AND (ground.closed_by IS NULL OR ground.closed_by > :known)
    LIMIT 1
) AS cleared ON true
LEFT JOIN LATERAL (
    SELECT bool_or(project.status IN ('operating', 'expanding')) AS operating,
           bool_or(behind.days IS NOT NULL) AS late
    FROM land.project_parcel AS ground
    JOIN land.project_version AS project ON project.project_id = ground.project_id
    CROSS JOIN LATERAL land.days_behind(ground.project_id, project.status, CAST(:as_of AS date), CAST(:known AS bigint)) AS behind
    WHERE ground.parcel_id = held.parcel_id
      AND ground.valid_from <= :as_of AND (ground.valid_to IS NULL OR ground.valid_to > :as_of)
      AND ground.opened_by <= :known AND (ground.closed_by IS NULL OR ground.closed_by > :known)
      AND project.valid_from <= :as_of AND (project.valid_to IS NULL OR project.valid_to > :as_of)
      AND project.opened_by <= :known AND (project.closed_by IS NULL OR project.closed_by > :known)
) AS built ON true
WHERE held.valid_from <= :as_of AND (held.valid_to IS NULL OR held.valid_to > :as_of)
  AND held.opened_by <= :known AND (held.closed_by IS NULL OR held.closed_by > :known)
  AND (CAST(:zone_ids AS uuid[]) IS NULL OR held.zone_id = ANY (CAST(:zone_ids AS uuid[])))

-- Parcels in force with their state, areas and the document that recorded them; one row a parcel, by sets, because a file
-- wants them all (parcel_state.sql answers the same one by one for a window of the map; a test holds the two equal).
WITH held_right AS MATERIALIZED (
    SELECT ground.parcel_id, bool_or(ground.tier = 1) AS allocated, bool_or(ground.tier = 2) AS leased,
           bool_or(ground.tier = 3) AS reserved
    FROM land.land_right_parcel AS ground
    JOIN land.land_right_version AS granted ON granted.land_right_id = ground.land_right_id
    WHERE ground.valid_from <= :as_of AND (ground.valid_to IS NULL OR ground.valid_to > :as_of)
      AND ground.opened_by <= :known AND (ground.closed_by IS NULL OR ground.closed_by > :known)
      AND granted.valid_from <= :as_of AND (granted.valid_to IS NULL OR granted.valid_to > :as_of)
      AND granted.opened_by <= :known AND (granted.closed_by IS NULL OR granted.closed_by > :known)
    GROUP BY ground.parcel_id
), cleared AS MATERIALIZED (
    SELECT DISTINCT ground.parcel_id FROM land.handover_parcel AS ground
    WHERE ground.valid_from <= :as_of AND (ground.valid_to IS NULL OR ground.valid_to > :as_of)
      AND ground.opened_by <= :known AND (ground.closed_by IS NULL OR ground.closed_by > :known)
), project AS MATERIALIZED (
    SELECT version.project_id, version.status IN ('operating', 'expanding') AS operating, behind.days IS NOT NULL AS late
    FROM land.project_version AS version
    CROSS JOIN LATERAL land.days_behind(version.project_id, version.status, CAST(:as_of AS date), CAST(:known AS bigint)) AS behind
    WHERE version.valid_from <= :as_of AND (version.valid_to IS NULL OR version.valid_to > :as_of)
      AND version.opened_by <= :known AND (version.closed_by IS NULL OR version.closed_by > :known)
), built AS MATERIALIZED (
    SELECT ground.parcel_id, bool_or(project.operating) AS operating, bool_or(project.late) AS late
    FROM land.project_parcel AS ground
    JOIN project ON project.project_id = ground.project_id
    WHERE ground.valid_from <= :as_of AND (ground.valid_to IS NULL OR ground.valid_to > :as_of)
      AND ground.opened_by <= :known AND (ground.closed_by IS NULL OR ground.closed_by > :known)
    GROUP BY ground.parcel_id
), paper AS MATERIALIZED (
    SELECT change.number AS opened_by, change.committed_at, document.number, document.issued_on, document.issuer
    FROM land.change LEFT JOIN land.document ON document.id = change.document_id
), ground AS MATERIALIZED (
    SELECT zone.id, zone.code, boundary.certainty
    FROM land.zone
    LEFT JOIN land.zone_boundary AS boundary ON boundary.zone_id = zone.id
      AND boundary.valid_from <= :as_of AND (boundary.valid_to IS NULL OR boundary.valid_to > :as_of)
      AND boundary.opened_by <= :known AND (boundary.closed_by IS NULL OR boundary.closed_by > :known)
)
SELECT held.parcel_id::text AS id, 'parcels' AS layer, ground.code AS zone_code, held.commune_code, held.sheet_no,
       held.parcel_no, held.official_id, held.land_use_code,
       CASE WHEN built.operating THEN 'in_use'
            WHEN held_right.leased THEN 'leased'
            WHEN held_right.reserved THEN 'reserved'
            WHEN held_right.allocated THEN 'allocated'
            WHEN cleared.parcel_id IS NOT NULL THEN 'cleared'
            ELSE 'not_cleared' END AS status,
       coalesce(built.late, false) AS late, held.legal_area_m2, round(held.area_m2::numeric, 1) AS gis_area_m2,
       held.valid_from, held.valid_to, paper.number AS document_no, paper.issued_on AS document_date, paper.issuer,
       'EPSG:' || held.srid AS source_crs, ground.certainty AS geometry_certainty,
       paper.committed_at AS updated_at, 'internal' AS data_class, held.srid, held.geom, held.geom_wgs84
FROM land.parcel_version AS held
JOIN ground ON ground.id = held.zone_id
JOIN paper ON paper.opened_by = held.opened_by
LEFT JOIN held_right ON held_right.parcel_id = held.parcel_id
LEFT JOIN cleared ON cleared.parcel_id = held.parcel_id
LEFT JOIN built ON built.parcel_id = held.parcel_id
WHERE held.valid_from <= :as_of AND (held.valid_to IS NULL OR held.valid_to > :as_of)
  AND held.opened_by <= :known AND (held.closed_by IS NULL OR held.closed_by > :known)
  AND (CAST(:zone_ids AS uuid[]) IS NULL OR held.zone_id = ANY (CAST(:zone_ids AS uuid[])))

-- Zones in being with the boundary in force.
SELECT zone.id::text AS id, 'zones' AS layer, zone.code AS zone_code, parent.code AS parent_code, named.name_vi, named.name_en,
       zone.kind AS category_code, board.code AS board_code, boundary.legal_area_m2,
       round(boundary.area_m2::numeric, 1) AS gis_area_m2, boundary.certainty AS geometry_certainty,
       boundary.valid_from, boundary.valid_to, paper.number AS decision_no, paper.issued_on AS decision_date, paper.issuer,
       format('EPSG:%s', boundary.srid) AS source_crs, change.committed_at AS updated_at, 'public' AS data_class,
       boundary.srid, boundary.geom, boundary.geom_wgs84
FROM land.zone_boundary AS boundary
JOIN land.zone ON zone.id = boundary.zone_id
LEFT JOIN land.zone AS parent ON parent.id = zone.parent_id
JOIN land.zone_version AS named ON named.zone_id = zone.id
JOIN land.board ON board.id = named.board_id
JOIN land.change ON change.number = boundary.opened_by
LEFT JOIN land.document AS paper ON paper.id = change.document_id
WHERE boundary.valid_from <= :as_of AND (boundary.valid_to IS NULL OR boundary.valid_to > :as_of)
  AND boundary.opened_by <= :known AND (boundary.closed_by IS NULL OR boundary.closed_by > :known)
  AND named.valid_from <= :as_of AND (named.valid_to IS NULL OR named.valid_to > :as_of)
  AND named.opened_by <= :known AND (named.closed_by IS NULL OR named.closed_by > :known)
  AND (CAST(:zone_ids AS uuid[]) IS NULL OR zone.id = ANY (CAST(:zone_ids AS uuid[])))
ORDER BY zone.code

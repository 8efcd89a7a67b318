-- Resettlement areas in force with their plots and readiness.
SELECT place.code AS id, 'resettlement' AS layer, zone.code AS zone_code, board.code AS board_code, area.name_vi, area.name_en,
       area.status, area.plots_planned, area.ready_on, NULL::numeric AS legal_area_m2,
       round(area.area_m2::numeric, 1) AS gis_area_m2, paper.number AS decision_no, paper.issued_on AS decision_date,
       paper.issuer, area.valid_from, area.valid_to, format('EPSG:%s', area.srid) AS source_crs,
       change.committed_at AS updated_at, 'internal' AS data_class, area.srid, area.geom, area.geom_wgs84
FROM land.resettlement_area_version AS area
JOIN land.resettlement_area AS place ON place.id = area.resettlement_area_id
JOIN land.board ON board.id = place.board_id
LEFT JOIN land.zone ON zone.id = place.zone_id
JOIN land.change ON change.number = area.opened_by
LEFT JOIN land.document AS paper ON paper.id = coalesce(area.decision_id, change.document_id)
WHERE area.valid_from <= :as_of AND (area.valid_to IS NULL OR area.valid_to > :as_of)
  AND area.opened_by <= :known AND (area.closed_by IS NULL OR area.closed_by > :known)
  AND (CAST(:zone_ids AS uuid[]) IS NULL OR place.zone_id = ANY (CAST(:zone_ids AS uuid[])))
ORDER BY place.code

-- Resettlement areas in force; an area that belongs to no zone is shown with every zone of its board.
SELECT area.version_id AS fid, area.resettlement_area_id::text AS id, place.code, area.name_vi, area.name_en, area.status,
       area.plots_planned, area.srid, area.geom, area.geom_wgs84, area.area_m2 AS area
FROM land.resettlement_area_version AS area
JOIN land.resettlement_area AS place ON place.id = area.resettlement_area_id
WHERE area.valid_from <= :as_of AND (area.valid_to IS NULL OR area.valid_to > :as_of)
  AND area.opened_by <= :known AND (area.closed_by IS NULL OR area.closed_by > :known)
  AND (CAST(:zone_ids AS uuid[]) IS NULL OR place.zone_id = ANY (CAST(:zone_ids AS uuid[]))
       OR (place.zone_id IS NULL AND place.board_id IN (
           SELECT named.board_id FROM land.zone_version AS named
           WHERE named.zone_id = ANY (CAST(:zone_ids AS uuid[])) AND named.closed_by IS NULL)))

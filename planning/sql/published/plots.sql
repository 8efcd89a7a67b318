-- Resettlement plots on the ground: planned, ready, or promised to an item (which household is nobody's to see here).
SELECT shape.version_id AS fid, plot.id::text AS id, place.code AS area_code, plot.number,
       CASE WHEN promised.item IS NOT NULL OR version.status = 'assigned' THEN 'assigned' ELSE version.status END AS status,
       promised.item, shape.srid, shape.geom, shape.geom_wgs84, shape.area_m2 AS area
FROM land.resettlement_plot AS plot
JOIN land.resettlement_area AS place ON place.id = plot.resettlement_area_id
JOIN land.resettlement_plot_version AS version ON version.resettlement_plot_id = plot.id
 AND version.valid_from <= :as_of AND (version.valid_to IS NULL OR version.valid_to > :as_of)
 AND version.opened_by <= :known AND (version.closed_by IS NULL OR version.closed_by > :known)
JOIN land.resettlement_plot_shape AS shape ON shape.resettlement_plot_id = plot.id
 AND shape.valid_from <= :as_of AND (shape.valid_to IS NULL OR shape.valid_to > :as_of)
 AND shape.opened_by <= :known AND (shape.closed_by IS NULL OR shape.closed_by > :known)
LEFT JOIN LATERAL (
    SELECT file.code || ' · ' || item.number AS item
    FROM land.plot_assignment AS home
    JOIN land.clearance_item AS item ON item.id = home.item_id
    JOIN land.clearance_case AS file ON file.id = item.case_id
    WHERE home.resettlement_plot_id = plot.id
      AND home.valid_from <= :as_of AND (home.valid_to IS NULL OR home.valid_to > :as_of)
      AND home.opened_by <= :known AND (home.closed_by IS NULL OR home.closed_by > :known)
    LIMIT 1
) AS promised ON true
WHERE CAST(:zone_ids AS uuid[]) IS NULL OR place.zone_id = ANY (CAST(:zone_ids AS uuid[]))
   OR (place.zone_id IS NULL AND place.board_id IN (
       SELECT named.board_id FROM land.zone_version AS named
       WHERE named.zone_id = ANY (CAST(:zone_ids AS uuid[])) AND named.closed_by IS NULL))

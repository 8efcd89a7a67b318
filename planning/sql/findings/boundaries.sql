-- Boundaries in force of some zones and of every zone around them.
WITH RECURSIVE around AS (
    SELECT zone.id, zone.parent_id FROM land.zone WHERE zone.id = ANY (CAST(:zone_ids AS uuid[]))
    UNION
    SELECT zone.id, zone.parent_id FROM land.zone JOIN around ON around.parent_id = zone.id
)
SELECT edge.version_id, edge.zone_id, zone.code AS zone, zone.parent_id, edge.srid, edge.tolerance_m, edge.opened_by,
       ST_AsBinary(edge.geom) AS shape, ST_AsBinary(edge.ground) AS ground
FROM around
JOIN land.zone ON zone.id = around.id
JOIN land.zone_boundary AS edge ON edge.zone_id = around.id
WHERE edge.valid_from <= :as_of AND (edge.valid_to IS NULL OR edge.valid_to > :as_of)
  AND edge.opened_by <= :known AND (edge.closed_by IS NULL OR edge.closed_by > :known)
ORDER BY edge.version_id

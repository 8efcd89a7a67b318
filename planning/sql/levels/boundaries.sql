-- The boundaries of zones (:zones) in force on :as_of, as known after :known.
SELECT edge.zone_id, edge.srid, ST_AsBinary(edge.geom) AS ground
FROM land.zone_boundary AS edge
WHERE edge.zone_id = ANY (CAST(:zones AS uuid[]))
  AND edge.valid_from <= :as_of AND (edge.valid_to IS NULL OR edge.valid_to > :as_of)
  AND edge.opened_by <= :known AND (edge.closed_by IS NULL OR edge.closed_by > :known)

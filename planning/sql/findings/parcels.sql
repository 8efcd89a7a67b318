-- Parcels in force of some zones, and those of others that lie over the boxes of their boundaries: with them an overlap
-- across a zone's edge is seen. :west null = all; else only what meets the box (metres of plane :box_srid).
SELECT held.version_id, held.parcel_id, held.zone_id, zone.code AS zone, held.srid, held.commune_code AS commune,
       held.sheet_no AS sheet, held.parcel_no AS number, held.area_m2, held.opened_by, ST_AsBinary(held.geom) AS shape
FROM (
    SELECT mine.version_id FROM land.parcel_version AS mine
    WHERE mine.zone_id = ANY (CAST(:zone_ids AS uuid[]))
      AND mine.valid_from <= :as_of AND (mine.valid_to IS NULL OR mine.valid_to > :as_of)
      AND mine.opened_by <= :known AND (mine.closed_by IS NULL OR mine.closed_by > :known)
    UNION
    SELECT near.version_id FROM land.zone_boundary AS edge
    JOIN land.parcel_version AS near ON near.srid = edge.srid AND near.geom && edge.geom
    WHERE edge.zone_id = ANY (CAST(:zone_ids AS uuid[])) AND near.zone_id <> ALL (CAST(:zone_ids AS uuid[]))
      AND edge.valid_from <= :as_of AND (edge.valid_to IS NULL OR edge.valid_to > :as_of)
      AND edge.opened_by <= :known AND (edge.closed_by IS NULL OR edge.closed_by > :known)
      AND near.valid_from <= :as_of AND (near.valid_to IS NULL OR near.valid_to > :as_of)
      AND near.opened_by <= :known AND (near.closed_by IS NULL OR near.closed_by > :known)
) AS seen
JOIN land.parcel_version AS held ON held.version_id = seen.version_id
JOIN land.zone ON zone.id = held.zone_id
WHERE CAST(:west AS double precision) IS NULL
   OR (held.srid = :box_srid AND held.geom && ST_MakeEnvelope(:west, :south, :east, :north, :box_srid))
ORDER BY held.parcel_id

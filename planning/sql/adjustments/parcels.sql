-- Parcels in force on :as_of (known after :known) whose box meets the given one, with their shapes (E, N) of :srid.
-- :zones null = those of every zone.
SELECT held.parcel_id, held.version_id, zone.code AS zone, held.commune_code AS commune, held.sheet_no AS sheet,
       held.parcel_no AS number, held.area_m2, ST_AsBinary(held.geom) AS shape
FROM land.parcel_version AS held
JOIN land.zone ON zone.id = held.zone_id
WHERE held.srid = :srid AND held.geom && ST_MakeEnvelope(:west, :south, :east, :north, :srid)
  AND held.valid_from <= :as_of AND (held.valid_to IS NULL OR held.valid_to > :as_of)
  AND held.opened_by <= :known AND (held.closed_by IS NULL OR held.closed_by > :known)
  AND (CAST(:zones AS uuid[]) IS NULL OR held.zone_id = ANY (CAST(:zones AS uuid[])))
ORDER BY held.version_id

-- Parcels in force on :as_of (known after :known) that share ground with a lot version: the stored m2. :zones null = every zone.
SELECT held.parcel_id, zone.code AS zone, held.commune_code AS commune, held.sheet_no AS sheet, held.parcel_no AS number,
       held.area_m2, shared.area_m2 AS shared_m2
FROM land.conformance AS shared
JOIN land.parcel_version AS held ON held.version_id = shared.parcel_version_id
JOIN land.zone ON zone.id = held.zone_id
WHERE shared.lot_version_id = :lot
  AND held.valid_from <= :as_of AND (held.valid_to IS NULL OR held.valid_to > :as_of)
  AND held.opened_by <= :known AND (held.closed_by IS NULL OR held.closed_by > :known)
  AND (CAST(:zones AS uuid[]) IS NULL OR held.zone_id = ANY (CAST(:zones AS uuid[])))
ORDER BY round(shared.area_m2::numeric, 1) DESC, held.sheet_no, length(held.parcel_no), held.parcel_no, held.version_id

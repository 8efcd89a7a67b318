-- Parcels by id as last known, and whether they are in force at the moment.
SELECT DISTINCT ON (held.parcel_id) held.parcel_id::text AS id, held.zone_id, zone.code AS zone, held.commune_code AS commune,
       held.sheet_no AS sheet, held.parcel_no AS number, held.land_use_code AS land_use,
       coalesce(held.legal_area_m2::double precision, held.area_m2) AS area_m2,
       min(held.valid_from) OVER (PARTITION BY held.parcel_id) AS valid_from, held.valid_to,
       bool_or(held.valid_from <= :as_of AND (held.valid_to IS NULL OR held.valid_to > :as_of)
               AND (held.closed_by IS NULL OR held.closed_by > :known)) OVER (PARTITION BY held.parcel_id) AS in_force,
       held.closed_by IS NOT NULL AND held.closed_by <= :known AS withdrawn
FROM land.parcel_version AS held
JOIN land.zone ON zone.id = held.zone_id
WHERE held.parcel_id = ANY (CAST(:parcel_ids AS uuid[])) AND held.opened_by <= :known
ORDER BY held.parcel_id, held.closed_by IS NULL OR held.closed_by > :known DESC, held.valid_from DESC, held.version_id DESC

-- A parcel as it was last known, whatever the day: for old ids that are asked for after a split or a merge. A parcel that
-- an undo took out of the register altogether answers with what it was (withdrawn).
SELECT held.zone_id, zone.code AS zone, held.srid, held.commune_code AS commune, held.sheet_no AS sheet,
       held.parcel_no AS number, held.valid_from, held.valid_to, held.legal_area_m2, held.area_m2, held.version_id,
       held.closed_by IS NOT NULL AND held.closed_by <= :known AS withdrawn
FROM land.parcel_version AS held
JOIN land.zone ON zone.id = held.zone_id
WHERE held.parcel_id = :parcel_id AND held.opened_by <= :known
ORDER BY held.closed_by IS NULL OR held.closed_by > :known DESC, held.valid_from DESC, held.version_id DESC LIMIT 1

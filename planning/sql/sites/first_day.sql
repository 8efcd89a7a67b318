-- The first day of which the register says anything about parcels of some zones, as known.
SELECT min(mine.valid_from) AS day
FROM land.parcel_version AS mine
WHERE mine.zone_id = ANY (CAST(:zone_ids AS uuid[]))
  AND mine.opened_by <= :known AND (mine.closed_by IS NULL OR mine.closed_by > :known)

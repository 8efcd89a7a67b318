-- Cleared land by zone on several days at once, legal m2 (measured where no paper says): stock at the end of each day.
-- Parameters: zones (uuid[]), days (date[]), known (change number).
SELECT day.day, parcel.zone_id, sum(coalesce(parcel.legal_area_m2, parcel.area_m2::numeric)) AS area_m2, count(*) AS parcels
FROM unnest(CAST(:days AS date[])) AS day (day)
JOIN land.parcel_version AS parcel ON parcel.zone_id = ANY (CAST(:zones AS uuid[]))
 AND parcel.valid_from <= day.day AND (parcel.valid_to IS NULL OR parcel.valid_to > day.day)
 AND parcel.opened_by <= :known AND (parcel.closed_by IS NULL OR parcel.closed_by > :known)
WHERE EXISTS (
    SELECT FROM land.handover_parcel AS minutes
    WHERE minutes.parcel_id = parcel.parcel_id
      AND minutes.valid_from <= day.day AND (minutes.valid_to IS NULL OR minutes.valid_to > day.day)
      AND minutes.opened_by <= :known AND (minutes.closed_by IS NULL OR minutes.closed_by > :known))
GROUP BY day.day, parcel.zone_id

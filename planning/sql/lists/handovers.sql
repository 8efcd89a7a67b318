-- Hand-overs of cleared land up to a day, a row a parcel, as the import of hand-overs names them.
-- Parameters: zones (uuid[]), as_of (date), known (change number).
SELECT minutes.number, minutes.valid_from AS handed_over_on, minutes.stated_area_m2, zone.code AS zone_code,
       parcel.official_id, parcel.commune_code, parcel.sheet_no, parcel.parcel_no
FROM land.handover AS head
JOIN land.zone ON zone.id = head.zone_id
JOIN land.handover_version AS minutes ON minutes.handover_id = head.id AND minutes.valid_from <= :as_of
 AND (minutes.valid_to IS NULL OR minutes.valid_to > :as_of)
 AND minutes.opened_by <= :known AND (minutes.closed_by IS NULL OR minutes.closed_by > :known)
JOIN land.handover_parcel AS ground ON ground.handover_id = head.id
 AND ground.valid_from <= :as_of AND (ground.valid_to IS NULL OR ground.valid_to > :as_of)
 AND ground.opened_by <= :known AND (ground.closed_by IS NULL OR ground.closed_by > :known)
JOIN land.parcel_version AS parcel ON parcel.parcel_id = ground.parcel_id
 AND parcel.valid_from <= :as_of AND (parcel.valid_to IS NULL OR parcel.valid_to > :as_of)
 AND parcel.opened_by <= :known AND (parcel.closed_by IS NULL OR parcel.closed_by > :known)
WHERE head.zone_id = ANY (CAST(:zones AS uuid[]))
ORDER BY minutes.valid_from, minutes.number, head.id, parcel.sheet_no, length(parcel.parcel_no), parcel.parcel_no

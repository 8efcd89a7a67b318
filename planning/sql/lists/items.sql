-- Items of clearance in some zones, a row a parcel, as the list of items names them; nobody is named.
-- Parameters: zones (uuid[]), as_of (date), known (change number).
SELECT folder.code AS case_code, item.number, parcel.sheet_no, parcel.parcel_no, version.holder, version.land_class,
       version.plots_needed, area.code AS resettlement_area, version.handover_planned_on
FROM land.clearance_case AS folder
JOIN land.clearance_item AS item ON item.case_id = folder.id
JOIN land.clearance_item_version AS version ON version.item_id = item.id
 AND version.valid_from <= :as_of AND (version.valid_to IS NULL OR version.valid_to > :as_of)
 AND version.opened_by <= :known AND (version.closed_by IS NULL OR version.closed_by > :known)
JOIN land.clearance_item_parcel AS member ON member.item_id = item.id
 AND member.valid_from <= :as_of AND (member.valid_to IS NULL OR member.valid_to > :as_of)
 AND member.opened_by <= :known AND (member.closed_by IS NULL OR member.closed_by > :known)
JOIN land.parcel_version AS parcel ON parcel.parcel_id = member.parcel_id
 AND parcel.valid_from <= :as_of AND (parcel.valid_to IS NULL OR parcel.valid_to > :as_of)
 AND parcel.opened_by <= :known AND (parcel.closed_by IS NULL OR parcel.closed_by > :known)
LEFT JOIN land.resettlement_area AS area ON area.id = version.resettlement_area_id
WHERE folder.zone_id = ANY (CAST(:zones AS uuid[]))
ORDER BY folder.code, length(item.number), item.number, parcel.sheet_no, length(parcel.parcel_no), parcel.parcel_no

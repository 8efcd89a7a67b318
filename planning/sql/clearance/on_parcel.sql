-- The items that hold a parcel at a moment (one at most on a day), with their case.
-- Parameters: parcel_id (uuid), as_of (date), known (change number).
SELECT file.id AS case_id, file.code AS case_code, member.item_id
FROM land.clearance_item_parcel AS member
JOIN land.clearance_item AS item ON item.id = member.item_id
JOIN land.clearance_case AS file ON file.id = item.case_id
WHERE member.parcel_id = :parcel_id
  AND member.valid_from <= :as_of AND (member.valid_to IS NULL OR member.valid_to > :as_of)
  AND member.opened_by <= :known AND (member.closed_by IS NULL OR member.closed_by > :known)

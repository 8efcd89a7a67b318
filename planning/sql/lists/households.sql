-- Which household stands behind which item in some zones; who it is stands elsewhere.
-- Parameters: zones (uuid[]), as_of (date), known (change number).
SELECT folder.code AS case_code, item.number, version.household_id
FROM land.clearance_case AS folder
JOIN land.clearance_item AS item ON item.case_id = folder.id
JOIN land.clearance_item_version AS version ON version.item_id = item.id
 AND version.valid_from <= :as_of AND (version.valid_to IS NULL OR version.valid_to > :as_of)
 AND version.opened_by <= :known AND (version.closed_by IS NULL OR version.closed_by > :known)
WHERE folder.zone_id = ANY (CAST(:zones AS uuid[])) AND version.household_id IS NOT NULL
ORDER BY folder.code, length(item.number), item.number

, member AS (
    SELECT held.parcel_id, held.item_id FROM land.clearance_item_parcel AS held
    WHERE held.parcel_id = ANY (CAST(:parcels AS uuid[]))
      AND held.valid_from <= :as_of AND (held.valid_to IS NULL OR held.valid_to > :as_of)
      AND held.opened_by <= :known AND (held.closed_by IS NULL OR held.closed_by > :known)
)
SELECT member.parcel_id, folder.code AS case_code, item.id AS item_id, item.number, item.holder, item.state, item.last_on,
       item.handover_planned_on, item.complaint, item.suspension
FROM member
JOIN item ON item.id = member.item_id
JOIN land.clearance_case AS folder ON folder.id = item.case_id

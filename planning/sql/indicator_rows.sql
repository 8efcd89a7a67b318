-- Follows indicator_items.sql: the rows behind a figure with the words people know them by, largest first.
-- Parameters: quantities (text[]), limit (integer).
SELECT item.quantity, zone.code AS zone, item.kind,
       coalesce(parcel.parcel_id, lot.lot_id, granted.land_right_id, project.project_id, mark.zone_mark_id) AS id,
       CASE item.kind
           WHEN 'parcel' THEN concat_ws(' / ', parcel.sheet_no, parcel.parcel_no)
           WHEN 'lot' THEN lot.symbol
           WHEN 'right' THEN granted.number
           WHEN 'project' THEN project.name_vi
           ELSE zone.code END AS label,
       CASE item.kind
           WHEN 'parcel' THEN parcel.commune_code
           WHEN 'lot' THEN plan.code
           WHEN 'right' THEN (SELECT party.name_vi FROM land.party_version AS party
                              WHERE party.party_id = granted.lessee_id
                                AND party.opened_by <= :known AND (party.closed_by IS NULL OR party.closed_by > :known)
                              ORDER BY party.valid_from <= :as_of DESC, party.valid_from DESC LIMIT 1)
           WHEN 'project' THEN project.certificate_no END AS detail,
       round(item.legal, 6) AS legal, round(item.measured::numeric, 6) AS measured, item.missing
FROM item
JOIN land.zone ON zone.id = item.zone_id
LEFT JOIN land.parcel_version AS parcel ON item.kind = 'parcel' AND parcel.version_id = item.ref
LEFT JOIN land.plan_lot AS lot ON item.kind = 'lot' AND lot.version_id = item.ref
LEFT JOIN land.plan ON plan.id = lot.plan_id
LEFT JOIN land.land_right_version AS granted ON item.kind = 'right' AND granted.version_id = item.ref
LEFT JOIN land.project_version AS project ON item.kind = 'project' AND project.version_id = item.ref
LEFT JOIN land.zone_mark_version AS mark ON item.kind = 'mark' AND mark.version_id = item.ref
WHERE item.quantity = ANY (CAST(:quantities AS text[]))
ORDER BY item.legal DESC, item.kind, item.ref
LIMIT :limit

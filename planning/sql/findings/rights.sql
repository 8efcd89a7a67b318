-- Sub-leases and reservations in force on parcels of some zones. A person who leases has no name here.
SELECT granted.version_id, ground.parcel_id, head.kind, granted.number, granted.contract_area_m2, granted.opened_by,
       lessee.name_vi AS lessee
FROM land.parcel_version AS mine
JOIN land.land_right_parcel AS ground ON ground.parcel_id = mine.parcel_id AND ground.tier IN (2, 3)
JOIN land.land_right AS head ON head.id = ground.land_right_id
JOIN land.land_right_version AS granted ON granted.land_right_id = head.id
LEFT JOIN LATERAL (
    SELECT CASE party.kind WHEN 'person' THEN NULL ELSE named.name_vi END AS name_vi
    FROM land.party JOIN land.party_version AS named ON named.party_id = party.id
    WHERE party.id = granted.lessee_id
      AND named.valid_from <= :as_of AND (named.valid_to IS NULL OR named.valid_to > :as_of)
      AND named.opened_by <= :known AND (named.closed_by IS NULL OR named.closed_by > :known)
    LIMIT 1
) AS lessee ON true
WHERE mine.zone_id = ANY (CAST(:zone_ids AS uuid[]))
  AND mine.valid_from <= :as_of AND (mine.valid_to IS NULL OR mine.valid_to > :as_of)
  AND mine.opened_by <= :known AND (mine.closed_by IS NULL OR mine.closed_by > :known)
  AND (CAST(:parcel_id AS uuid) IS NULL OR ground.parcel_id = CAST(:parcel_id AS uuid))
  AND ground.valid_from <= :as_of AND (ground.valid_to IS NULL OR ground.valid_to > :as_of)
  AND ground.opened_by <= :known AND (ground.closed_by IS NULL OR ground.closed_by > :known)
  AND granted.valid_from <= :as_of AND (granted.valid_to IS NULL OR granted.valid_to > :as_of)
  AND granted.opened_by <= :known AND (granted.closed_by IS NULL OR granted.closed_by > :known)
ORDER BY ground.parcel_id, granted.version_id

-- Rights in force on :as_of (known after :known) that hold any of :parcels, one row a right and parcel.
SELECT ground.land_right_id AS id, ground.parcel_id, land_right.kind, land_right.tier, terms.number,
       coalesce(lessee.name_vi, '') AS lessee, terms.contract_area_m2, terms.valid_from, terms.term_ends
FROM land.land_right_parcel AS ground
JOIN land.land_right ON land_right.id = ground.land_right_id
JOIN land.land_right_version AS terms ON terms.land_right_id = ground.land_right_id
 AND terms.valid_from <= :as_of AND (terms.valid_to IS NULL OR terms.valid_to > :as_of)
 AND terms.opened_by <= :known AND (terms.closed_by IS NULL OR terms.closed_by > :known)
LEFT JOIN land.party_version AS lessee ON lessee.party_id = terms.lessee_id
 AND lessee.valid_from <= :as_of AND (lessee.valid_to IS NULL OR lessee.valid_to > :as_of)
 AND lessee.opened_by <= :known AND (lessee.closed_by IS NULL OR lessee.closed_by > :known)
WHERE ground.parcel_id = ANY (CAST(:parcels AS uuid[]))
  AND ground.valid_from <= :as_of AND (ground.valid_to IS NULL OR ground.valid_to > :as_of)
  AND ground.opened_by <= :known AND (ground.closed_by IS NULL OR ground.closed_by > :known)
ORDER BY land_right.tier DESC, terms.number, ground.land_right_id

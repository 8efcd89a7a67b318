-- Rights that hold a parcel at the moment. A natural person's name stays in the register.
SELECT head.id::text AS id, head.kind, granted.number, CASE WHEN lessor.kind <> 'person' THEN giver.name_vi END AS lessor,
       CASE WHEN lessee.kind <> 'person' THEN taker.name_vi END AS lessee, granted.contract_area_m2, granted.payment_mode,
       granted.term_ends, granted.valid_from, granted.valid_to,
       document.number AS document_number, document.issued_on AS document_issued_on,
       document.id::text AS document_id, document.file_sha256 IS NOT NULL AS document_has_file
FROM land.land_right_parcel AS ground
JOIN land.land_right AS head ON head.id = ground.land_right_id
JOIN land.land_right_version AS granted ON granted.land_right_id = head.id
JOIN land.party AS lessor ON lessor.id = granted.lessor_id
JOIN land.party AS lessee ON lessee.id = granted.lessee_id
LEFT JOIN land.party_version AS giver ON giver.party_id = lessor.id
     AND giver.valid_from <= :as_of AND (giver.valid_to IS NULL OR giver.valid_to > :as_of)
     AND giver.opened_by <= :known AND (giver.closed_by IS NULL OR giver.closed_by > :known)
LEFT JOIN land.party_version AS taker ON taker.party_id = lessee.id
     AND taker.valid_from <= :as_of AND (taker.valid_to IS NULL OR taker.valid_to > :as_of)
     AND taker.opened_by <= :known AND (taker.closed_by IS NULL OR taker.closed_by > :known)
LEFT JOIN land.document ON document.id = granted.document_id
WHERE ground.parcel_id = :parcel_id
  AND ground.valid_from <= :as_of AND (ground.valid_to IS NULL OR ground.valid_to > :as_of)
  AND ground.opened_by <= :known AND (ground.closed_by IS NULL OR ground.closed_by > :known)
  AND granted.valid_from <= :as_of AND (granted.valid_to IS NULL OR granted.valid_to > :as_of)
  AND granted.opened_by <= :known AND (granted.closed_by IS NULL OR granted.closed_by > :known)
ORDER BY head.tier, granted.valid_from

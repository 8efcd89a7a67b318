-- Rights in force on a day, a row a parcel they hold, as the import of rights names them: since is the first day of a right.
-- A natural person's name stays in the register.
-- Parameters: zones (uuid[]), as_of (date), known (change number).
WITH called AS MATERIALIZED (
    SELECT party.id, party.tax_code, named.name_vi AS name
    FROM land.party JOIN land.party_version AS named ON named.party_id = party.id
    WHERE party.kind <> 'person' AND named.valid_from <= :as_of AND (named.valid_to IS NULL OR named.valid_to > :as_of)
      AND named.opened_by <= :known AND (named.closed_by IS NULL OR named.closed_by > :known)
)
SELECT head.kind, terms.number, paper.issued_on AS signed_on, lessor.name AS lessor, lessor.tax_code AS lessor_tax_code,
       lessee.name AS lessee, lessee.tax_code AS lessee_tax_code, terms.contract_area_m2,
       (SELECT min(first.valid_from) FROM land.land_right_version AS first
        WHERE first.land_right_id = head.id AND first.opened_by <= :known
          AND (first.closed_by IS NULL OR first.closed_by > :known)) AS valid_from,
       coalesce(terms.term_ends, terms.valid_to - 1) AS term_ends, NULL::integer AS term_years, terms.payment_mode,
       terms.purpose, parent.number AS parent_number, terms.investor_licensed, zone.code AS zone_code,
       parcel.official_id, parcel.commune_code, parcel.sheet_no, parcel.parcel_no
FROM land.land_right AS head
JOIN land.zone ON zone.id = head.zone_id
JOIN land.land_right_version AS terms ON terms.land_right_id = head.id
 AND terms.valid_from <= :as_of AND (terms.valid_to IS NULL OR terms.valid_to > :as_of)
 AND terms.opened_by <= :known AND (terms.closed_by IS NULL OR terms.closed_by > :known)
LEFT JOIN land.document AS paper ON paper.id = terms.document_id
LEFT JOIN called AS lessor ON lessor.id = terms.lessor_id
LEFT JOIN called AS lessee ON lessee.id = terms.lessee_id
LEFT JOIN land.land_right_version AS parent ON parent.land_right_id = head.parent_id
 AND parent.valid_from <= :as_of AND (parent.valid_to IS NULL OR parent.valid_to > :as_of)
 AND parent.opened_by <= :known AND (parent.closed_by IS NULL OR parent.closed_by > :known)
LEFT JOIN land.land_right_parcel AS ground ON ground.land_right_id = head.id
 AND ground.valid_from <= :as_of AND (ground.valid_to IS NULL OR ground.valid_to > :as_of)
 AND ground.opened_by <= :known AND (ground.closed_by IS NULL OR ground.closed_by > :known)
LEFT JOIN land.parcel_version AS parcel ON parcel.parcel_id = ground.parcel_id
 AND parcel.valid_from <= :as_of AND (parcel.valid_to IS NULL OR parcel.valid_to > :as_of)
 AND parcel.opened_by <= :known AND (parcel.closed_by IS NULL OR parcel.closed_by > :known)
WHERE head.zone_id = ANY (CAST(:zones AS uuid[]))
ORDER BY head.tier, terms.number, head.id, parcel.sheet_no, length(parcel.parcel_no), parcel.parcel_no

-- Parties with rights in some zones on a day, by name; natural persons are left out.
-- Parameters: zones (uuid[]), as_of (date), known (change number).
SELECT party.tax_code, named.name_vi, named.name_en, party.kind
FROM land.party
JOIN land.party_version AS named ON named.party_id = party.id
 AND named.valid_from <= :as_of AND (named.valid_to IS NULL OR named.valid_to > :as_of)
 AND named.opened_by <= :known AND (named.closed_by IS NULL OR named.closed_by > :known)
WHERE party.kind <> 'person' AND party.id IN (
    SELECT unnest(ARRAY[terms.lessor_id, terms.lessee_id])
    FROM land.land_right AS head JOIN land.land_right_version AS terms ON terms.land_right_id = head.id
    WHERE head.zone_id = ANY (CAST(:zones AS uuid[]))
      AND terms.valid_from <= :as_of AND (terms.valid_to IS NULL OR terms.valid_to > :as_of)
      AND terms.opened_by <= :known AND (terms.closed_by IS NULL OR terms.closed_by > :known))
ORDER BY named.name_vi, party.tax_code

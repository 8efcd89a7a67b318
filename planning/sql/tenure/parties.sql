-- Parties that hold or grant rights in some zones, or all of them: their name on :as_of, and what they hold there.
-- Natural persons have no name here. Nulls narrow nothing.
WITH called AS MATERIALIZED (
    SELECT party.id, party.kind, party.tax_code, CASE WHEN party.kind <> 'person' THEN named.name_vi END AS name,
           CASE WHEN party.kind <> 'person' THEN named.name_en END AS name_en
    FROM land.party JOIN land.party_version AS named ON named.party_id = party.id
    WHERE named.valid_from <= :as_of AND (named.valid_to IS NULL OR named.valid_to > :as_of)
      AND named.opened_by <= :known AND (named.closed_by IS NULL OR named.closed_by > :known)
), granted AS MATERIALIZED (
    SELECT head.tier, head.zone_id, terms.lessor_id, terms.lessee_id, terms.contract_area_m2
    FROM land.land_right AS head
    JOIN land.land_right_version AS terms ON terms.land_right_id = head.id
     AND terms.valid_from <= :as_of AND (terms.valid_to IS NULL OR terms.valid_to > :as_of)
     AND terms.opened_by <= :known AND (terms.closed_by IS NULL OR terms.closed_by > :known)
    WHERE head.zone_id = ANY (CAST(:zones AS uuid[]))
), held AS MATERIALIZED (
    SELECT lessee_id AS id, count(*) AS rights, count(DISTINCT zone_id) AS zones,
           coalesce(sum(contract_area_m2) FILTER (WHERE tier = 1), 0) AS state_m2,
           coalesce(sum(contract_area_m2) FILTER (WHERE tier = 2), 0) AS leased_m2,
           coalesce(sum(contract_area_m2) FILTER (WHERE tier = 3), 0) AS reserved_m2
    FROM granted GROUP BY lessee_id
), gave AS MATERIALIZED (
    SELECT lessor_id AS id, count(*) AS granted FROM granted GROUP BY lessor_id
)
SELECT called.id, called.kind, called.tax_code, called.name, called.name_en, coalesce(held.rights, 0) AS rights,
       coalesce(held.zones, 0) AS zones, coalesce(held.state_m2, 0) AS state_m2, coalesce(held.leased_m2, 0) AS leased_m2,
       coalesce(held.reserved_m2, 0) AS reserved_m2, coalesce(gave.granted, 0) AS granted
FROM called
LEFT JOIN held ON held.id = called.id
LEFT JOIN gave ON gave.id = called.id
WHERE (CAST(:everybody AS boolean) OR held.id IS NOT NULL OR gave.id IS NOT NULL)
  AND (CAST(:party AS uuid) IS NULL OR called.id = :party)
  AND (CAST(:kind AS text) IS NULL OR called.kind = :kind)
  AND (CAST(:wanted AS text) IS NULL
       OR position(:wanted IN lower(translate(concat_ws(' ', called.name, called.name_en, called.tax_code), :accented, :plain))) > 0)
ORDER BY called.name NULLS LAST, called.id

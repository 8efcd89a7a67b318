-- Companies and bodies by name, with the parcels their rights hold; natural persons are not looked for.
SELECT party.id::text AS id, named.name_vi AS title, party.tax_code AS name_vi, named.name_en, min(zone.code) AS zone,
       min(held.srid) AS srid, ST_Extent(held.geom)::geometry AS shape,
       (array_agg(DISTINCT held.parcel_id::text))[1:500] AS parcels,
       min(CASE WHEN folded.name = :q THEN 0 WHEN starts_with(folded.name, :q) THEN 1 ELSE 2 END) AS rank
FROM land.party
JOIN land.party_version AS named ON named.party_id = party.id
     AND named.opened_by <= :known AND (named.closed_by IS NULL OR named.closed_by > :known)
CROSS JOIN LATERAL (SELECT lower(translate(concat_ws(' ', named.name_vi, named.name_en, party.tax_code), :accented, :plain))
                           AS name) AS folded
JOIN land.land_right_version AS granted ON granted.lessee_id = party.id
     AND granted.valid_from <= :as_of AND (granted.valid_to IS NULL OR granted.valid_to > :as_of)
     AND granted.opened_by <= :known AND (granted.closed_by IS NULL OR granted.closed_by > :known)
JOIN land.land_right_parcel AS ground ON ground.land_right_id = granted.land_right_id
     AND ground.valid_from <= :as_of AND (ground.valid_to IS NULL OR ground.valid_to > :as_of)
     AND ground.opened_by <= :known AND (ground.closed_by IS NULL OR ground.closed_by > :known)
JOIN land.parcel_version AS held ON held.parcel_id = ground.parcel_id
     AND held.valid_from <= :as_of AND (held.valid_to IS NULL OR held.valid_to > :as_of)
     AND held.opened_by <= :known AND (held.closed_by IS NULL OR held.closed_by > :known)
JOIN land.zone ON zone.id = held.zone_id
WHERE party.kind <> 'person' AND position(:q IN folded.name) > 0
  AND (CAST(:id AS uuid) IS NULL OR party.id = CAST(:id AS uuid))
  AND (CAST(:zone_ids AS uuid[]) IS NULL OR held.zone_id = ANY (CAST(:zone_ids AS uuid[])))
GROUP BY party.id, named.version_id, held.srid
ORDER BY rank, named.name_vi LIMIT :most

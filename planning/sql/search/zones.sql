-- Zones by code or name.
SELECT zone.id::text AS id, zone.code AS title, named.name_vi, named.name_en, zone.code AS zone, zone.srid,
       ST_Extent(boundary.geom)::geometry AS shape, NULL::text[] AS parcels,
       min(CASE WHEN folded.code = :q OR folded.name = :q THEN 0
                WHEN starts_with(folded.code, :q) OR starts_with(folded.name, :q) THEN 1 ELSE 2 END) AS rank
FROM land.zone
JOIN land.zone_version AS named ON named.zone_id = zone.id
     AND named.valid_from <= :as_of AND (named.valid_to IS NULL OR named.valid_to > :as_of)
     AND named.opened_by <= :known AND (named.closed_by IS NULL OR named.closed_by > :known)
LEFT JOIN land.zone_boundary AS boundary ON boundary.zone_id = zone.id
     AND boundary.valid_from <= :as_of AND (boundary.valid_to IS NULL OR boundary.valid_to > :as_of)
     AND boundary.opened_by <= :known AND (boundary.closed_by IS NULL OR boundary.closed_by > :known)
CROSS JOIN LATERAL (SELECT lower(translate(zone.code, :accented, :plain)) AS code,
                           lower(translate(concat_ws(' ', named.name_vi, named.name_en), :accented, :plain)) AS name) AS folded
WHERE (position(:q IN folded.code) > 0 OR position(:q IN folded.name) > 0)
  AND (CAST(:id AS uuid) IS NULL OR zone.id = CAST(:id AS uuid))
  AND (CAST(:zone_ids AS uuid[]) IS NULL OR zone.id = ANY (CAST(:zone_ids AS uuid[])))
GROUP BY zone.id, named.version_id
ORDER BY rank, zone.code LIMIT :most

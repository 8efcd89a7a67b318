-- Documents by number or title, with the parcels that rest on them.
SELECT document.id::text AS id, document.number AS title, document.title AS name_vi, NULL::text AS name_en,
       min(zone.code) AS zone, min(held.srid) AS srid, ST_Extent(held.geom)::geometry AS shape,
       array_remove((array_agg(DISTINCT held.parcel_id::text))[1:500], NULL) AS parcels,
       min(CASE WHEN folded.number = :q THEN 0 WHEN starts_with(folded.number, :q) THEN 1 ELSE 2 END) AS rank
FROM land.document
CROSS JOIN LATERAL (SELECT lower(translate(document.number, :accented, :plain)) AS number,
                           lower(translate(document.title, :accented, :plain)) AS title) AS folded
CROSS JOIN LATERAL (
    SELECT version.parcel_id FROM land.parcel_version AS version JOIN land.change ON change.number = version.opened_by
    WHERE change.document_id = document.id AND version.opened_by <= :known
    UNION
    SELECT ground.parcel_id FROM land.land_right_version AS granted
    JOIN land.land_right_parcel AS ground ON ground.land_right_id = granted.land_right_id
    WHERE granted.document_id = document.id AND granted.opened_by <= :known AND ground.opened_by <= :known
    UNION
    SELECT ground.parcel_id FROM land.handover_version AS made
    JOIN land.handover_parcel AS ground ON ground.handover_id = made.handover_id
    WHERE made.document_id = document.id AND made.opened_by <= :known AND ground.opened_by <= :known
) AS named
JOIN land.parcel_version AS held ON held.parcel_id = named.parcel_id
     AND held.valid_from <= :as_of AND (held.valid_to IS NULL OR held.valid_to > :as_of)
     AND held.opened_by <= :known AND (held.closed_by IS NULL OR held.closed_by > :known)
JOIN land.zone ON zone.id = held.zone_id
WHERE (position(:q IN folded.number) > 0 OR position(:q IN folded.title) > 0)
  AND (CAST(:id AS uuid) IS NULL OR document.id = CAST(:id AS uuid))
  AND (CAST(:zone_ids AS uuid[]) IS NULL OR held.zone_id = ANY (CAST(:zone_ids AS uuid[])))
GROUP BY document.id, folded.number, held.srid
ORDER BY rank, document.number LIMIT :most

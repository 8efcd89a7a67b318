-- Projects by code or name, with their parcels.
SELECT head.id::text AS id, head.code AS title, project.name_vi, project.name_en, zone.code AS zone,
       coalesce(project.srid, zone.srid) AS srid,
       coalesce(ST_Extent(project.geom)::geometry, ST_Extent(held.geom)::geometry) AS shape,
       array_remove((array_agg(DISTINCT held.parcel_id::text))[1:500], NULL) AS parcels,
       min(CASE WHEN folded.code = :q OR folded.name = :q THEN 0
                WHEN starts_with(folded.code, :q) OR starts_with(folded.name, :q) THEN 1 ELSE 2 END) AS rank
FROM land.project AS head
JOIN land.zone ON zone.id = head.zone_id
JOIN land.project_version AS project ON project.project_id = head.id
     AND project.valid_from <= :as_of AND (project.valid_to IS NULL OR project.valid_to > :as_of)
     AND project.opened_by <= :known AND (project.closed_by IS NULL OR project.closed_by > :known)
CROSS JOIN LATERAL (SELECT lower(translate(head.code, :accented, :plain)) AS code,
                           lower(translate(concat_ws(' ', project.name_vi, project.name_en), :accented, :plain)) AS name)
           AS folded
LEFT JOIN land.project_parcel AS ground ON ground.project_id = head.id
     AND ground.valid_from <= :as_of AND (ground.valid_to IS NULL OR ground.valid_to > :as_of)
     AND ground.opened_by <= :known AND (ground.closed_by IS NULL OR ground.closed_by > :known)
LEFT JOIN land.parcel_version AS held ON held.parcel_id = ground.parcel_id
     AND held.valid_from <= :as_of AND (held.valid_to IS NULL OR held.valid_to > :as_of)
     AND held.opened_by <= :known AND (held.closed_by IS NULL OR held.closed_by > :known)
WHERE (position(:q IN folded.code) > 0 OR position(:q IN folded.name) > 0)
  AND (CAST(:id AS uuid) IS NULL OR head.id = CAST(:id AS uuid))
  AND (CAST(:zone_ids AS uuid[]) IS NULL OR head.zone_id = ANY (CAST(:zone_ids AS uuid[])))
GROUP BY head.id, project.version_id, zone.code, zone.srid
ORDER BY rank, head.code LIMIT :most

-- Zone boundaries in force.
SELECT boundary.version_id AS fid, boundary.zone_id::text AS id, zone.code, named.name_vi, named.name_en, zone.kind,
       zone.parent_id IS NOT NULL AS inner_zone, boundary.certainty, boundary.srid, boundary.geom, boundary.geom_wgs84,
       coalesce(boundary.legal_area_m2::double precision, boundary.area_m2) AS area
FROM land.zone_boundary AS boundary
JOIN land.zone ON zone.id = boundary.zone_id
JOIN land.zone_version AS named ON named.zone_id = zone.id
WHERE boundary.valid_from <= :as_of AND (boundary.valid_to IS NULL OR boundary.valid_to > :as_of)
  AND boundary.opened_by <= :known AND (boundary.closed_by IS NULL OR boundary.closed_by > :known)
  AND named.valid_from <= :as_of AND (named.valid_to IS NULL OR named.valid_to > :as_of)
  AND named.opened_by <= :known AND (named.closed_by IS NULL OR named.closed_by > :known)
  AND (CAST(:zone_ids AS uuid[]) IS NULL OR zone.id = ANY (CAST(:zone_ids AS uuid[])))

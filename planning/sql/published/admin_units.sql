-- Provinces and communes in force.
SELECT unit.version_id AS fid, unit.admin_unit_id::text AS id, place.level, place.code, unit.name_vi, unit.name_en,
       unit.srid, unit.geom, unit.geom_wgs84
FROM land.admin_unit_version AS unit
JOIN land.admin_unit AS place ON place.id = unit.admin_unit_id
WHERE unit.valid_from <= :as_of AND (unit.valid_to IS NULL OR unit.valid_to > :as_of)
  AND unit.opened_by <= :known AND (unit.closed_by IS NULL OR unit.closed_by > :known)

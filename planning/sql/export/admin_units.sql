-- Provinces and communes in force; of some zones: those that share ground with them.
SELECT place.code AS id, 'admin-units' AS layer, place.level, place.code, unit.name_vi, unit.name_en, unit.parent_code,
       NULL::numeric AS legal_area_m2, round(unit.area_m2::numeric, 1) AS gis_area_m2, unit.valid_from, unit.valid_to,
       paper.number AS document_no, paper.issued_on AS document_date, paper.issuer,
       format('EPSG:%s', unit.srid) AS source_crs, change.committed_at AS updated_at, 'public' AS data_class,
       unit.srid, unit.geom, unit.geom_wgs84
FROM land.admin_unit_version AS unit
JOIN land.admin_unit AS place ON place.id = unit.admin_unit_id
JOIN land.change ON change.number = unit.opened_by
LEFT JOIN land.document AS paper ON paper.id = change.document_id
WHERE unit.valid_from <= :as_of AND (unit.valid_to IS NULL OR unit.valid_to > :as_of)
  AND unit.opened_by <= :known AND (unit.closed_by IS NULL OR unit.closed_by > :known)
  AND (CAST(:zone_ids AS uuid[]) IS NULL OR EXISTS (
      SELECT FROM land.zone_boundary AS limits
      WHERE limits.zone_id = ANY (CAST(:zone_ids AS uuid[])) AND limits.geom_wgs84 && unit.geom_wgs84
        AND ST_Relate(limits.geom_wgs84, unit.geom_wgs84, 'T********')
        AND limits.valid_from <= :as_of AND (limits.valid_to IS NULL OR limits.valid_to > :as_of)
        AND limits.opened_by <= :known AND (limits.closed_by IS NULL OR limits.closed_by > :known)))
ORDER BY place.level DESC, place.code

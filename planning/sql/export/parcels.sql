-- Parcels in force with their state, areas and the document that recorded them; one row a parcel.
SELECT held.parcel_id::text AS id, 'parcels' AS layer, held.zone AS zone_code, held.commune AS commune_code,
       held.sheet AS sheet_no, held.number AS parcel_no, held.official_id, held.land_use AS land_use_code,
       held.state AS status, held.late, held.legal_area_m2, round(held.area_m2::numeric, 1) AS gis_area_m2,
       held.valid_from, held.valid_to, paper.number AS document_no, paper.issued_on AS document_date, paper.issuer,
       format('EPSG:%s', held.srid) AS source_crs, boundary.certainty AS geometry_certainty,
       change.committed_at AS updated_at, 'internal' AS data_class, held.srid, held.geom, held.geom_wgs84
FROM (/*parcel_state*/) AS held
JOIN land.parcel_version AS row ON row.version_id = held.version_id
JOIN land.change ON change.number = row.opened_by
LEFT JOIN land.document AS paper ON paper.id = change.document_id
LEFT JOIN land.zone_boundary AS boundary ON boundary.zone_id = held.zone_id
  AND boundary.valid_from <= :as_of AND (boundary.valid_to IS NULL OR boundary.valid_to > :as_of)
  AND boundary.opened_by <= :known AND (boundary.closed_by IS NULL OR boundary.closed_by > :known)
ORDER BY held.version_id

-- Every parcel that ever covered a place of a plane, as known at the moment, latest first; numbers and area of the last
-- version that covered it. Versions that only gained a neighbour's vertex are not counted.
WITH covering AS (
    SELECT held.* FROM land.parcel_version AS held
    WHERE held.srid = :srid AND ST_Intersects(held.geom, ST_SetSRID(ST_MakePoint(:east, :north), :srid))
      AND (CAST(:zone_ids AS uuid[]) IS NULL OR held.zone_id = ANY (CAST(:zone_ids AS uuid[])))
      AND held.opened_by <= :known AND (held.closed_by IS NULL OR held.closed_by > :known)
), last AS (
    SELECT DISTINCT ON (parcel_id) * FROM covering ORDER BY parcel_id, valid_from DESC, version_id DESC
), spans AS (
    SELECT parcel_id, min(valid_from) AS valid_from, count(*) FILTER (WHERE NOT noded) AS versions,
           bool_or(valid_from <= :as_of AND (valid_to IS NULL OR valid_to > :as_of)) AS in_force
    FROM covering GROUP BY parcel_id
)
SELECT last.parcel_id::text AS parcel_id, zone.code AS zone, last.commune_code AS commune, last.sheet_no AS sheet,
       last.parcel_no AS number, last.land_use_code AS land_use, last.legal_area_m2, last.area_m2,
       spans.valid_from, last.valid_to, spans.versions, spans.in_force
FROM last
JOIN spans ON spans.parcel_id = last.parcel_id
JOIN land.zone ON zone.id = last.zone_id
ORDER BY spans.valid_from DESC, last.valid_to DESC NULLS FIRST, last.parcel_no, last.parcel_id
LIMIT 200

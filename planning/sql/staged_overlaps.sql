-- Staged shapes that overlap registered parcels, by the rule of the no-overlap constraint: same plane, both recorded,
-- valid on a common day, shared ground beyond a sliver.
SELECT staged.position,
       held.parcel_id,
       concat_ws('/', held.sheet_no, held.parcel_no) AS label,
       ST_Area(shared.ground) AS area_m2,
       held.valid_from,
       ST_AsBinary(shared.ground) AS ground
FROM staging.shape AS staged
JOIN land.parcel_version AS held
  ON held.srid = staged.srid AND held.geom && staged.geom AND held.closed_by IS NULL
 AND held.valid && daterange(:day, NULL) AND spatial.overlaps_for_real(held.geom, staged.geom)
CROSS JOIN LATERAL (SELECT ST_Intersection(held.geom, staged.geom) AS ground) AS shared
WHERE staged.batch = :batch
ORDER BY staged.position, held.parcel_id

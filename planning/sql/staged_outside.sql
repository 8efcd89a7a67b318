-- Staged shapes that are not inside every boundary version their zone has from a day on, or that outlive the boundaries.
SELECT staged.position,
       coalesce(ST_Area(ST_Difference(staged.geom, ground.common)), ST_Area(staged.geom)) AS outside_m2
FROM staging.shape AS staged
LEFT JOIN LATERAL (
    SELECT bool_and(ST_Covers(boundary.ground, staged.geom)) AS inside,
           range_agg(boundary.valid) AS covered,
           (array_agg(boundary.geom ORDER BY boundary.valid_from))[1] AS common
    FROM land.zone_boundary AS boundary
    WHERE boundary.zone_id = staged.zone_id AND boundary.closed_by IS NULL
      AND boundary.valid && daterange(:day, NULL)
) AS ground ON true
WHERE staged.batch = :batch
  AND (ground.inside IS NOT TRUE OR NOT ground.covered @> daterange(:day, NULL))
ORDER BY staged.position

-- Findings worked out by the rules, handed in as arrays: as rows of a map layer.
SELECT made.fid, made.id, made.number, made.kind, made.severity, made.open, made.area, made.srid, made.geom,
       spatial.to_wgs84(made.geom) AS geom_wgs84
FROM (
    SELECT given.fid, given.id, given.number, given.kind, given.severity, given.open, given.area, given.srid,
           ST_SetSRID(ST_GeomFromWKB(given.shape), given.srid) AS geom
    FROM unnest(CAST(:fids AS bigint[]), CAST(:ids AS text[]), CAST(:numbers AS integer[]), CAST(:kinds AS text[]),
                CAST(:severities AS text[]), CAST(:opens AS boolean[]), CAST(:areas AS double precision[]),
                CAST(:srids AS integer[]), CAST(:shapes AS bytea[]))
         AS given (fid, id, number, kind, severity, open, area, srid, shape)
) AS made

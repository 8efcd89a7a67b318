-- Findings worked out by the rules, handed in as arrays: as rows of a file. Waived ones say who let them stand, and why.
-- A sliver thinner than the seven decimals of a degree can say is widened by 3 cm in WGS 84, to stay a shape; the plane
-- keeps it exact.
SELECT given.id, 'conflicts' AS layer, given.zone AS zone_code, given.kind AS category_code, given.severity,
       CASE WHEN given.open THEN 'open' ELSE 'waived' END AS status, given.parcel, given.other, given.contract_no,
       round(given.area::numeric, 3) AS gis_area_m2, round(given.share::numeric, 2) AS share_pct, given.waived_by,
       given.waiver_reason, given.waived_on AS valid_from, given.waived_until AS valid_to,
       format('EPSG:%s', given.srid) AS source_crs, change.committed_at AS updated_at,
       'internal' AS data_class, given.srid, made.geom, spatial.to_wgs84(made.seen) AS geom_wgs84
FROM unnest(CAST(:ids AS text[]), CAST(:zones AS text[]), CAST(:kinds AS text[]), CAST(:severities AS text[]),
            CAST(:opens AS boolean[]), CAST(:parcels AS text[]), CAST(:others AS text[]), CAST(:contracts AS text[]),
            CAST(:areas AS double precision[]), CAST(:shares AS double precision[]), CAST(:waivers AS text[]),
            CAST(:reasons AS text[]), CAST(:starts AS date[]), CAST(:ends AS date[]), CAST(:changes AS bigint[]),
            CAST(:srids AS integer[]), CAST(:shapes AS bytea[]))
     AS given (id, zone, kind, severity, open, parcel, other, contract_no, area, share, waived_by, waiver_reason, waived_on,
               waived_until, change, srid, shape)
JOIN land.change ON change.number = given.change
CROSS JOIN LATERAL (SELECT ST_SetSRID(ST_Multi(ST_GeomFromWKB(given.shape)), given.srid) AS exact) AS read
CROSS JOIN LATERAL (
    SELECT read.exact AS geom,
           CASE WHEN 2 * ST_Area(read.exact) < 0.05 * ST_Perimeter(read.exact)
                THEN ST_Multi(ST_Buffer(read.exact, 0.03, 'quad_segs=2')) ELSE read.exact END AS seen
) AS made

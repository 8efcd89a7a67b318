-- Projects in force with progress and days behind the worst milestone, on their drawing or else on their parcels.
SELECT seen.code AS id, 'projects' AS layer, zone.code AS zone_code, seen.name_vi, seen.name_en, seen.kind AS category_code,
       seen.status, seen.progress AS progress_pct, seen.late_days, NULL::numeric AS legal_area_m2,
       round(ST_Area(seen.geom)::numeric, 1) AS gis_area_m2, project.certificate_no, project.valid_from, project.valid_to,
       paper.number AS document_no, paper.issued_on AS document_date, paper.issuer,
       format('EPSG:%s', seen.srid) AS source_crs, change.committed_at AS updated_at, 'internal' AS data_class,
       seen.srid, seen.geom, seen.geom_wgs84
FROM (/*published/projects*/) AS seen
JOIN land.project_version AS project ON project.version_id = seen.fid
JOIN land.project AS head ON head.id = project.project_id
JOIN land.zone ON zone.id = head.zone_id
JOIN land.change ON change.number = project.opened_by
LEFT JOIN land.document AS paper ON paper.id = change.document_id
WHERE seen.geom IS NOT NULL
ORDER BY seen.code

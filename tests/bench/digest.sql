-- On the board of board.sql: 2,000 projects of five parcels with a schedule each, some stopped, and 20,000 items of clearance with
-- their notices. Every row goes through the register's own triggers and constraints.
CREATE TEMPORARY TABLE made ON COMMIT DROP AS
WITH opened AS (
    INSERT INTO land.change (kind, document_id, reason, actor, effective_on, number)
    SELECT 'act', id, 'bench', 'bench', '2020-01-01', 0 FROM land.document WHERE number = 'BENCH' RETURNING number, document_id
)
SELECT number AS change, document_id AS document FROM opened;
CREATE TEMPORARY TABLE held ON COMMIT DROP AS
SELECT parcel.parcel_id, parcel.zone_id, (row_number() OVER (ORDER BY parcel.zone_id, parcel.parcel_no) - 1) / 5 AS n
FROM land.parcel_version AS parcel WHERE parcel.closed_by IS NULL;
CREATE TEMPORARY TABLE project ON COMMIT DROP AS
SELECT n, gen_random_uuid() AS id, (array_agg(zone_id))[1] AS zone, date '2021-01-01' + (n % 1800)::integer AS since
FROM held WHERE n < 2000 GROUP BY n;
INSERT INTO land.project (id, code, zone_id, opened_by) SELECT project.id, 'DA-' || n, zone, change FROM project, made;
INSERT INTO land.project_version (project_id, name_vi, kind, status, srid, valid_from, opened_by)
SELECT id, 'Dự án ' || n, CASE WHEN n % 2 = 0 THEN 'fdi' ELSE 'ddi' END, 'land_secured', 5899, since, change FROM project, made;
INSERT INTO land.project_parcel (project_id, parcel_id, valid_from, opened_by)
SELECT project.id, held.parcel_id, since, change FROM project JOIN held USING (n), made;
INSERT INTO land.project_milestone (project_id, step, planned_on, actual_on, valid_from, opened_by)
SELECT id, step, since + later, CASE WHEN step = 'construction' AND n % 3 = 0 THEN since + later + 60 END, since, change
FROM project, made, (VALUES ('land', 30), ('construction', 200), ('installation', 400), ('operation', 700)) AS plan (step, later);
INSERT INTO land.clearance_case (id, code, zone_id, opened_by)
SELECT gen_random_uuid(), 'GPMB-' || code, zone.id, change FROM land.zone, made;
INSERT INTO land.clearance_case_version (case_id, name_vi, valid_from, opened_by)
SELECT id, code, '2025-01-01', change FROM land.clearance_case, made;
INSERT INTO land.clearance_item (case_id, number, opened_by)
SELECT id, n::text, change FROM land.clearance_case, made, generate_series(1, 20000 / (SELECT count(*)::integer FROM land.zone)) AS n;
INSERT INTO land.clearance_item_version (item_id, holder, land_class, plots_needed, handover_planned_on, valid_from, opened_by)
SELECT id, 'organisation', 'agricultural', 1, date '2026-06-01' + number::integer % 300, '2025-01-01', change FROM land.clearance_item, made;
INSERT INTO land.clearance_step (item_id, kind, document_id, valid_from, opened_by)
SELECT id, 'notice', document, date '2025-06-01' + number::integer % 365, change FROM land.clearance_item, made;

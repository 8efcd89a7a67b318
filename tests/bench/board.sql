-- A board of :zones zones with 2,000 parcels each on a grid, three versions of each zone's 1/2000 plan, hand-overs, State
-- leases, sub-leases and reservations. Every row goes through the register's own triggers and constraints.
-- Parameter: zones (integer; 50 gives 100,000 parcels).
CREATE TEMPORARY TABLE made ON COMMIT DROP AS
WITH paper AS (
    INSERT INTO land.document (number, issued_on, issuer, created_by)
    VALUES ('BENCH', '2020-01-01', 'bench', 'bench') RETURNING id
)
SELECT id AS document, 0::bigint AS change, gen_random_uuid() AS board, gen_random_uuid() AS state, gen_random_uuid() AS developer,
       gen_random_uuid() AS investor FROM paper;
WITH opened AS (
    INSERT INTO land.change (kind, document_id, reason, actor, effective_on, number)
    SELECT 'act', document, 'bench', 'bench', '2020-01-01', 0 FROM made RETURNING number
)
UPDATE made SET change = opened.number FROM opened;

INSERT INTO land.board (id, code, opened_by) SELECT board, 'BENCH', change FROM made;
INSERT INTO land.board_version (board_id, name_vi, province_name, valid_from, opened_by)
SELECT board, 'Ban đo tốc độ', 'Bench', '2020-01-01', change FROM made;
INSERT INTO land.party (id, kind, opened_by)
SELECT id, kind, change FROM made, LATERAL (VALUES (state, 'authority'), (developer, 'company'), (investor, 'company')) AS p (id, kind);
INSERT INTO land.party_version (party_id, name_vi, valid_from, opened_by)
SELECT id, name, '2020-01-01', change
FROM made, LATERAL (VALUES (state, 'UBND'), (developer, 'Hạ tầng'), (investor, 'Nhà đầu tư')) AS p (id, name);

CREATE TEMPORARY TABLE site ON COMMIT DROP AS
SELECT n, gen_random_uuid() AS id, gen_random_uuid() AS plan, gen_random_uuid() AS lease, gen_random_uuid() AS reservation,
       400000 + n % 20 * 3000 AS east, 2200000 + n / 20 * 2000 AS north
FROM generate_series(0, :zones - 1) AS n;
INSERT INTO land.zone (id, code, kind, srid, opened_by)
SELECT site.id, 'BENCH-' || n, 'industrial_park', 5899, change FROM site, made;
INSERT INTO land.zone_version (zone_id, board_id, name_vi, valid_from, opened_by)
SELECT site.id, board, 'KCN ' || n, '2020-01-01', change FROM site, made;
INSERT INTO land.zone_boundary (zone_id, srid, certainty, legal_area_m2, geom, valid_from, opened_by)
SELECT site.id, 5899, 'surveyed', 4000000, ST_Multi(ST_MakeEnvelope(east, north, east + 2500, north + 1600, 5899)),
       '2020-01-01', change FROM site, made;
INSERT INTO land.plan (id, code, zone_id, srid, level, scale_denominator, name_vi, opened_by)
SELECT plan, 'BENCH-' || n, site.id, 5899, 'subdivision', 2000, 'QHPK ' || n, change FROM site, made;

CREATE TEMPORARY TABLE edition ON COMMIT DROP AS
SELECT gen_random_uuid() AS id, plan, east, north, number, days[number] AS starts, days[number + 1] AS ends
FROM site, generate_series(1, 3) AS number, (VALUES (ARRAY['2020-01-01', '2021-07-01', '2024-01-01', NULL]::date[])) AS d (days);
INSERT INTO land.plan_version (id, plan_id, number, opened_by) SELECT edition.id, plan, number, change FROM edition, made;
INSERT INTO land.plan_status (plan_version_id, plan_id, srid, level, status, decision_id, geom, valid_from, valid_to, opened_by)
SELECT edition.id, plan, 5899, 'subdivision', 'approved', document,
       ST_Multi(ST_MakeEnvelope(east, north, east + 2500, north + 1600, 5899)), starts, ends, change FROM edition, made;
-- Lots of 100 m x 80 m; the second version lies a quarter of a lot aside, so that parcels cross its edges.
INSERT INTO land.plan_lot (plan_version_id, plan_id, srid, level, symbol, category, leasable, legal_area_m2, geom, opened_by)
SELECT edition.id, plan, 5899, 'subdivision', 'CN' || x || '.' || y, 'industrial',
       (ARRAY['industrial', 'industrial', 'industrial', 'service', 'none'])[1 + (x + 3 * y) % 5],
       CASE WHEN (x + y) % 10 > 0 THEN 8000 END,
       ST_Intersection(ST_MakeEnvelope(east + x * 100 + off, north + y * 80, east + x * 100 + 100 + off, north + y * 80 + 80, 5899),
                       ST_MakeEnvelope(east, north, east + 2500, north + 1600, 5899)), change
FROM edition, made, generate_series(0, 24) AS x, generate_series(0, 19) AS y, LATERAL (VALUES (CASE number WHEN 2 THEN 25 ELSE 0 END)) AS o (off);

ANALYZE land.plan_lot, land.zone_boundary, land.plan_status;

CREATE TEMPORARY TABLE piece ON COMMIT DROP AS
SELECT gen_random_uuid() AS id, site.id AS zone, site.n, x, y, site.lease, site.reservation,
       ST_MakeEnvelope(east + x * 50, north + y * 40, east + x * 50 + 50, north + y * 40 + 40, 5899) AS geom
FROM site, generate_series(0, 49) AS x, generate_series(0, 39) AS y;
INSERT INTO land.parcel (id, opened_by) SELECT piece.id, change FROM piece, made;
INSERT INTO land.parcel_version (parcel_id, zone_id, srid, commune_code, sheet_no, parcel_no, legal_area_m2, geom, valid_from, opened_by)
SELECT piece.id, zone, 5899, '00001', n::text, (x * 40 + y)::text, CASE WHEN x % 10 > 0 THEN 2000 END, geom, '2020-01-01', change
FROM piece, made ORDER BY zone, x, y;

CREATE TEMPORARY TABLE delivery ON COMMIT DROP AS
SELECT gen_random_uuid() AS id, zone, y FROM piece WHERE y < 34 GROUP BY zone, y;
INSERT INTO land.handover (id, zone_id, opened_by) SELECT delivery.id, zone, change FROM delivery, made;
INSERT INTO land.handover_version (handover_id, number, document_id, valid_from, opened_by)
SELECT delivery.id, 'BG-' || y, document, date '2020-06-01' + y * 30, change FROM delivery, made;
INSERT INTO land.handover_parcel (handover_id, parcel_id, valid_from, opened_by)
SELECT delivery.id, piece.id, date '2020-06-01' + piece.y * 30, change FROM delivery JOIN piece USING (zone, y), made;

INSERT INTO land.land_right (id, kind, zone_id, opened_by) SELECT lease, 'state_lease', site.id, change FROM site, made;
INSERT INTO land.land_right (id, kind, zone_id, opened_by) SELECT reservation, 'reservation', site.id, change FROM site, made;
INSERT INTO land.land_right_version (land_right_id, number, lessor_id, lessee_id, contract_area_m2, document_id, valid_from, opened_by)
SELECT lease, 'NN-' || n, state, developer, 2900000, document, '2020-03-01', change FROM site, made;
INSERT INTO land.land_right_version (land_right_id, number, lessor_id, lessee_id, contract_area_m2, valid_from, valid_to, opened_by)
SELECT reservation, 'GC-' || n, developer, investor, 80000, '2023-03-01', '2027-03-01', change FROM site, made;
INSERT INTO land.land_right_parcel (land_right_id, tier, parcel_id, valid_from, opened_by)
SELECT lease, 1, id, '2020-03-01', change FROM piece, made WHERE y < 28;
INSERT INTO land.land_right_parcel (land_right_id, tier, parcel_id, valid_from, valid_to, opened_by)
SELECT reservation, 3, id, '2023-03-01', '2027-03-01', change FROM piece, made WHERE y = 27;
CREATE TEMPORARY TABLE contract ON COMMIT DROP AS
SELECT gen_random_uuid() AS id, zone, lease, y, x / 10 AS block FROM piece WHERE y < 16 GROUP BY zone, lease, y, x / 10;
INSERT INTO land.land_right (id, kind, parent_id, zone_id, opened_by)
SELECT contract.id, 'sub_lease', lease, zone, change FROM contract, made;
INSERT INTO land.land_right_version (land_right_id, number, lessor_id, lessee_id, contract_area_m2, investor_licensed, valid_from, opened_by)
SELECT contract.id, 'TL-' || y || '.' || block, developer, investor, 19990.5, block < 4, date '2021-01-01' + y * 60, change
FROM contract, made;
INSERT INTO land.land_right_parcel (land_right_id, tier, parcel_id, valid_from, opened_by)
SELECT contract.id, 2, piece.id, date '2021-01-01' + piece.y * 60, change
FROM contract JOIN piece ON piece.zone = contract.zone AND piece.y = contract.y AND piece.x / 10 = contract.block, made;

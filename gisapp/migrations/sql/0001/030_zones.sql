-- Boards, administrative units, zones and their boundary versions.
CREATE TABLE land.board (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    code text NOT NULL UNIQUE CHECK (code ~ '^[A-Z0-9][A-Z0-9._-]{0,31}$'),
    opened_by bigint NOT NULL
);
CREATE TABLE land.board_version (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    board_id uuid NOT NULL REFERENCES land.board,
    name_vi text NOT NULL CHECK (btrim(name_vi) <> ''),
    name_en text,
    province_name text NOT NULL,
    LIKE land.clocked INCLUDING ALL
);
SELECT land.keep_clocks('land.board', NULL, 'setup'), land.keep_clocks('land.board_version', 'board_id', 'setup');

CREATE TABLE land.admin_unit (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    level text NOT NULL CHECK (level IN ('province', 'commune')),
    code text NOT NULL CHECK (btrim(code) <> ''),
    opened_by bigint NOT NULL,
    CONSTRAINT admin_unit_key UNIQUE (level, code)
);
CREATE TABLE land.admin_unit_version (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    admin_unit_id uuid NOT NULL REFERENCES land.admin_unit,
    name_vi text NOT NULL,
    name_en text,
    parent_code text,
    srid land.plane NOT NULL,
    geom geometry(MultiPolygon) NOT NULL,
    geom_wgs84 geometry(MultiPolygon, 4326) GENERATED ALWAYS AS (spatial.to_wgs84(geom)) STORED,
    area_m2 double precision GENERATED ALWAYS AS (ST_Area(geom)) STORED,
    LIKE land.clocked INCLUDING ALL,
    CONSTRAINT admin_unit_srid CHECK (ST_SRID(geom) = srid),
    CONSTRAINT admin_unit_valid CHECK (ST_IsValid(geom) AND NOT ST_IsEmpty(geom))
);
CREATE INDEX admin_unit_version_geom ON land.admin_unit_version USING gist (geom);
CREATE INDEX admin_unit_version_wgs84 ON land.admin_unit_version USING gist (geom_wgs84);
SELECT land.keep_clocks('land.admin_unit'), land.keep_clocks('land.admin_unit_version', 'admin_unit_id');

CREATE TABLE land.zone (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    code text NOT NULL UNIQUE CHECK (code ~ '^[A-Z0-9][A-Z0-9._-]{0,31}$'),
    kind text NOT NULL CHECK (kind IN ('economic_zone', 'border_gate_economic_zone', 'coastal_economic_zone',
        'industrial_park', 'export_processing_zone', 'high_tech_park')),
    srid land.plane NOT NULL,
    parent_id uuid,
    opened_by bigint NOT NULL,
    CONSTRAINT zone_plane UNIQUE (id, srid),
    CONSTRAINT zone_shares_its_parents_plane FOREIGN KEY (parent_id, srid) REFERENCES land.zone (id, srid),
    CONSTRAINT zone_not_its_own_parent CHECK (parent_id <> id)
);
CREATE INDEX zone_parent ON land.zone (parent_id);
CREATE TABLE land.zone_version (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    zone_id uuid NOT NULL REFERENCES land.zone,
    board_id uuid NOT NULL REFERENCES land.board,
    name_vi text NOT NULL CHECK (btrim(name_vi) <> ''),
    name_en text,
    LIKE land.clocked INCLUDING ALL
);
CREATE INDEX zone_version_board ON land.zone_version (board_id);
SELECT land.keep_clocks('land.zone', NULL, 'setup'), land.keep_clocks('land.zone_version', 'zone_id', 'setup');

-- One row a plane. Parcels are written under a share lock on it; boundaries and lots count it up, so that a stale
-- snapshot (REPEATABLE READ) is refused by PostgreSQL itself instead of missing what the other side wrote.
CREATE TABLE land.plane_revision (srid land.plane PRIMARY KEY, revision bigint NOT NULL DEFAULT 0);
INSERT INTO land.plane_revision (srid)
SELECT unnest(ARRAY[3405, 3406, 5896, 5897, 5898, 5899, 9205, 9206, 9207, 9208, 9209, 9210, 9211, 9212, 9213, 9214,
                    9215, 9216, 9217, 9218]);
CREATE TRIGGER a_kept BEFORE DELETE ON land.plane_revision FOR EACH ROW EXECUTE FUNCTION land.refuse();
CREATE TRIGGER a_kept_whole BEFORE TRUNCATE ON land.plane_revision EXECUTE FUNCTION land.refuse();

-- Tolerance by certainty: 0.10 m surveyed, 0.4 m = 0.2 mm at 1/2000, 1 m digitised from a scan, 25 m schematic (4326 input).
CREATE TABLE land.zone_boundary (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    zone_id uuid NOT NULL,
    srid land.plane NOT NULL,
    certainty text NOT NULL CHECK (certainty IN ('surveyed', 'from_approved_drawing', 'digitised_raster', 'schematic')),
    legal_area_m2 land.area_m2,
    geom geometry(MultiPolygon) NOT NULL,
    geom_wgs84 geometry(MultiPolygon, 4326) GENERATED ALWAYS AS (spatial.to_wgs84(geom)) STORED,
    area_m2 double precision GENERATED ALWAYS AS (ST_Area(geom)) STORED,
    tolerance_m double precision GENERATED ALWAYS AS (CASE certainty WHEN 'surveyed' THEN 0.10
        WHEN 'from_approved_drawing' THEN 0.4 WHEN 'digitised_raster' THEN 1.0 ELSE 25.0 END) STORED,
    ground geometry GENERATED ALWAYS AS (ST_Buffer(geom, CASE certainty WHEN 'surveyed' THEN 0.10
        WHEN 'from_approved_drawing' THEN 0.4 WHEN 'digitised_raster' THEN 1.0 ELSE 25.0 END, 'join=mitre')) STORED,
    LIKE land.clocked INCLUDING ALL,
    CONSTRAINT zone_boundary_plane FOREIGN KEY (zone_id, srid) REFERENCES land.zone (id, srid),
    CONSTRAINT zone_boundary_srid CHECK (ST_SRID(geom) = srid),
    CONSTRAINT zone_boundary_valid CHECK (ST_IsValid(geom) AND NOT ST_IsEmpty(geom))
);
CREATE INDEX zone_boundary_geom ON land.zone_boundary USING gist (geom);
CREATE INDEX zone_boundary_zone ON land.zone_boundary (zone_id) WHERE closed_by IS NULL;
SELECT land.keep_clocks('land.zone_boundary', 'zone_id');

-- Land inside a zone that is not to be cleared (already State-managed, enclaves kept, water).
CREATE TABLE land.zone_mark (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    opened_by bigint NOT NULL
);
CREATE TABLE land.zone_mark_version (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    zone_mark_id uuid NOT NULL REFERENCES land.zone_mark,
    zone_id uuid NOT NULL,
    srid land.plane NOT NULL,
    kind text NOT NULL CHECK (kind IN ('not_to_clear')),
    legal_area_m2 land.area_m2,
    geom geometry(MultiPolygon) NOT NULL,
    area_m2 double precision GENERATED ALWAYS AS (ST_Area(geom)) STORED,
    LIKE land.clocked INCLUDING ALL,
    CONSTRAINT zone_mark_plane FOREIGN KEY (zone_id, srid) REFERENCES land.zone (id, srid),
    CONSTRAINT zone_mark_srid CHECK (ST_SRID(geom) = srid),
    CONSTRAINT zone_mark_valid CHECK (ST_IsValid(geom) AND NOT ST_IsEmpty(geom))
);
CREATE INDEX zone_mark_version_zone ON land.zone_mark_version (zone_id);
SELECT land.keep_clocks('land.zone_mark'), land.keep_clocks('land.zone_mark_version', 'zone_mark_id');

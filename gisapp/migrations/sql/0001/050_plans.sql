-- Plans: versions in force on ground and days, and their lots.
CREATE TABLE land.plan (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    code text NOT NULL UNIQUE CHECK (code ~ '^[A-Z0-9][A-Z0-9._-]{0,47}$'),
    zone_id uuid NOT NULL,
    srid land.plane NOT NULL,
    level text NOT NULL CHECK (level IN ('general', 'subdivision', 'detailed')),
    scale_denominator integer NOT NULL CHECK (scale_denominator BETWEEN 100 AND 100000),
    name_vi text NOT NULL CHECK (btrim(name_vi) <> ''),
    name_en text,
    opened_by bigint NOT NULL,
    CONSTRAINT plan_plane FOREIGN KEY (zone_id, srid) REFERENCES land.zone (id, srid),
    CONSTRAINT plan_ground UNIQUE (id, srid, level)
);
CREATE INDEX plan_zone ON land.plan (zone_id);

CREATE TABLE land.plan_version (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    plan_id uuid NOT NULL REFERENCES land.plan,
    number integer NOT NULL CHECK (number > 0),
    parent_id uuid REFERENCES land.plan_version,
    opened_by bigint NOT NULL,
    CONSTRAINT plan_version_number UNIQUE (plan_id, number),
    CONSTRAINT plan_version_of_plan UNIQUE (id, plan_id),
    CONSTRAINT plan_version_parent FOREIGN KEY (parent_id, plan_id) REFERENCES land.plan_version (id, plan_id)
);

-- What a version is on which days: valid = the period in force for approved and published versions, else the step's own.
CREATE TABLE land.plan_status (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    plan_version_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    srid land.plane NOT NULL,
    level text NOT NULL,
    status text NOT NULL CHECK (status IN ('proposed', 'task', 'drafting', 'consultation', 'appraisal', 'approved',
                                           'published', 'superseded', 'annulled')),
    decision_id uuid REFERENCES land.document,
    geom geometry(MultiPolygon) NOT NULL,
    area_m2 double precision GENERATED ALWAYS AS (ST_Area(geom)) STORED,
    LIKE land.clocked INCLUDING ALL,
    CONSTRAINT plan_status_version FOREIGN KEY (plan_version_id, plan_id) REFERENCES land.plan_version (id, plan_id),
    CONSTRAINT plan_status_ground FOREIGN KEY (plan_id, srid, level) REFERENCES land.plan (id, srid, level),
    CONSTRAINT plan_status_srid CHECK (ST_SRID(geom) = srid),
    CONSTRAINT plan_status_valid CHECK (ST_IsValid(geom) AND NOT ST_IsEmpty(geom)),
    CONSTRAINT plan_approved_by_decision CHECK (status NOT IN ('approved', 'published') OR decision_id IS NOT NULL)
);
CREATE INDEX plan_status_geom ON land.plan_status USING gist (geom);
CREATE INDEX plan_status_plan ON land.plan_status (plan_id);
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_opclass c JOIN pg_namespace n ON n.oid = c.opcnamespace
               WHERE n.nspname = 'spatial' AND c.opcname = 'gist_ground_ops') THEN
        ALTER TABLE land.plan_status ADD CONSTRAINT plan_one_in_force EXCLUDE USING gist (
            srid WITH =, level WITH =, ST_Force2D(geom) spatial.gist_ground_ops WITH OPERATOR(spatial.&#&), valid WITH &&,
            (circle '<(0,0),1>') WITH &&, plan_version_id WITH <>) WHERE (closed_by IS NULL AND status IN ('approved', 'published'));
    END IF;
END $$;

-- Fallback without the operator class: the plane's row is the lock, stale snapshots are refused.
CREATE FUNCTION land.plan_alone_in_force() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    hit record;
BEGIN
    PERFORM land.read_committed('plan_one_in_force');
    UPDATE land.plane_revision SET revision = revision + 1 WHERE srid = NEW.srid;
    SELECT other.plan_version_id, ST_Area(ST_Intersection(other.geom, NEW.geom)) AS shared INTO hit FROM land.plan_status AS other
    WHERE other.srid = NEW.srid AND other.level = NEW.level AND other.closed_by IS NULL AND other.valid && NEW.valid
      AND other.status IN ('approved', 'published') AND other.version_id <> NEW.version_id AND other.geom && NEW.geom
      AND spatial.overlaps_for_real(other.geom, NEW.geom) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'plan-two-in-force' USING ERRCODE = '23P01', CONSTRAINT = 'plan_one_in_force',
            DETAIL = json_build_object('plan_versions', json_build_array(NEW.plan_version_id, hit.plan_version_id),
                                       'area_m2', hit.shared)::text;
    END IF;
    RETURN NULL;
END $$;
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = 'plan_one_in_force') THEN
        CREATE TRIGGER d_one_in_force AFTER INSERT ON land.plan_status FOR EACH ROW
            WHEN (NEW.status IN ('approved', 'published')) EXECUTE FUNCTION land.plan_alone_in_force();
    END IF;
END $$;

CREATE TABLE land.plan_lot (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    lot_id uuid NOT NULL DEFAULT gen_random_uuid(),
    plan_version_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    srid land.plane NOT NULL,
    level text NOT NULL,
    symbol text NOT NULL CHECK (btrim(symbol) <> ''),
    category text NOT NULL,
    leasable text NOT NULL CHECK (leasable IN ('industrial', 'service', 'none')),
    legal_area_m2 land.area_m2,
    density_pct numeric CHECK (density_pct BETWEEN 0 AND 100),
    storeys_max integer CHECK (storeys_max BETWEEN 0 AND 200),
    floor_area_ratio numeric CHECK (floor_area_ratio BETWEEN 0 AND 100),
    geom geometry(Polygon) NOT NULL,
    geom_wgs84 geometry(Polygon, 4326) GENERATED ALWAYS AS (spatial.to_wgs84(geom)) STORED,
    area_m2 double precision GENERATED ALWAYS AS (ST_Area(geom)) STORED,
    LIKE land.recorded INCLUDING ALL,
    CONSTRAINT plan_lot_version FOREIGN KEY (plan_version_id, plan_id) REFERENCES land.plan_version (id, plan_id),
    CONSTRAINT plan_lot_ground FOREIGN KEY (plan_id, srid, level) REFERENCES land.plan (id, srid, level),
    CONSTRAINT plan_lot_srid CHECK (ST_SRID(geom) = srid),
    CONSTRAINT plan_lot_valid CHECK (ST_IsValid(geom) AND NOT ST_IsEmpty(geom) AND ST_NDims(geom) = 2),
    CONSTRAINT plan_lot_on_grid CHECK (spatial.on_millimetre_grid(geom))
);
CREATE UNIQUE INDEX plan_lot_one_row ON land.plan_lot (lot_id) WHERE closed_by IS NULL;
CREATE INDEX plan_lot_geom ON land.plan_lot USING gist (geom);
CREATE INDEX plan_lot_wgs84 ON land.plan_lot USING gist (geom_wgs84);
CREATE INDEX plan_lot_plan_version ON land.plan_lot (plan_version_id) INCLUDE (leasable, legal_area_m2, area_m2);
SELECT land.keep_clocks('land.plan', NULL, 'setup'), land.keep_clocks('land.plan_version', NULL, 'setup'),
       land.keep_clocks('land.plan_status', 'plan_version_id'), land.keep_clocks('land.plan_lot');

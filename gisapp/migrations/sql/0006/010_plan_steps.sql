-- The pipeline of plans: which step may follow which, who a version waits for, what an adjustment replaces, what its
-- decision states, and who signed for what is wrong with it.

-- '' = a version enters the register. It may be met at any step before approval; a version that enters in force was
-- registered whole, with its lots, by one change: its own steps were taken before the register knew it.
CREATE TABLE land.plan_transition (
    from_status text NOT NULL,
    to_status text NOT NULL,
    PRIMARY KEY (from_status, to_status)
);
INSERT INTO land.plan_transition VALUES
    ('', 'proposed'), ('', 'task'), ('', 'drafting'), ('', 'consultation'), ('', 'appraisal'), ('', 'approved'), ('', 'published'),
    ('proposed', 'task'), ('proposed', 'drafting'), ('proposed', 'annulled'),
    ('task', 'drafting'), ('task', 'proposed'), ('task', 'annulled'),
    ('drafting', 'consultation'), ('drafting', 'annulled'),
    ('consultation', 'appraisal'), ('consultation', 'drafting'), ('consultation', 'annulled'),
    ('appraisal', 'approved'), ('appraisal', 'consultation'), ('appraisal', 'drafting'), ('appraisal', 'annulled'),
    ('approved', 'published'), ('approved', 'superseded'), ('approved', 'annulled'),
    ('published', 'superseded'), ('published', 'annulled'),
    ('superseded', 'annulled'), ('superseded', 'approved'), ('superseded', 'published');
COMMENT ON TABLE land.plan_transition IS
    'superseded -> approved or published: the plan revives where the one that replaced it was annulled.';

-- How long a step may take and who acts in it by default: dated data, never code. The row is chosen by the day the step began.
CREATE TABLE land.plan_deadline (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    step text NOT NULL CHECK (step IN ('proposed', 'task', 'drafting', 'consultation', 'appraisal', 'approved')),
    level text CHECK (level IN ('general', 'subdivision', 'detailed')),
    version integer NOT NULL DEFAULT 1 CHECK (version > 0),
    valid_from date NOT NULL,
    valid_to date,
    least_days integer CHECK (least_days > 0),
    most_days integer CHECK (most_days > 0),
    waits_for_vi text NOT NULL CHECK (btrim(waits_for_vi) <> ''),
    waits_for_en text NOT NULL CHECK (btrim(waits_for_en) <> ''),
    clause_vi text NOT NULL CHECK (btrim(clause_vi) <> ''),
    clause_en text NOT NULL CHECK (btrim(clause_en) <> ''),
    source text NOT NULL CHECK (btrim(source) <> ''),
    verification text NOT NULL CHECK (verification IN ('verified', 'unverified')),
    recorded_by text NOT NULL DEFAULT current_user,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT deadline_forward CHECK (valid_to > valid_from),
    CONSTRAINT deadline_least_before_most CHECK (least_days <= most_days),
    CONSTRAINT deadline_version UNIQUE NULLS NOT DISTINCT (step, level, valid_from, version)
);
SELECT land.keep('land.plan_transition'), land.keep('land.plan_deadline');
GRANT SELECT ON land.plan_transition, land.plan_deadline TO gisapp_read, gisapp_write;

-- Who a version waits for, from which day on; without a row the deadline table names the one who acts by default.
CREATE TABLE land.plan_wait (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    plan_version_id uuid NOT NULL REFERENCES land.plan_version,
    waits_for text NOT NULL CHECK (btrim(waits_for) <> '' AND length(waits_for) <= 200),
    note text NOT NULL DEFAULT '',
    LIKE land.clocked INCLUDING ALL
);
SELECT land.keep_clocks('land.plan_wait', 'plan_version_id');

-- An adjustment is a complete new version; here is what kind it is and, if local, the ground whose lots it replaces.
CREATE TABLE land.plan_adjustment (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    plan_version_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    srid land.plane NOT NULL,
    kind text NOT NULL CHECK (kind IN ('local', 'overall')),
    geom geometry(MultiPolygon),
    LIKE land.recorded INCLUDING ALL,
    CONSTRAINT plan_adjustment_version FOREIGN KEY (plan_version_id, plan_id) REFERENCES land.plan_version (id, plan_id),
    CONSTRAINT plan_adjustment_srid CHECK (ST_SRID(geom) = srid),
    CONSTRAINT plan_adjustment_valid CHECK (ST_IsValid(geom) AND NOT ST_IsEmpty(geom)),
    CONSTRAINT plan_adjustment_local_has_ground CHECK ((kind = 'local') = (geom IS NOT NULL)),
    CONSTRAINT plan_adjustment_one_row EXCLUDE (plan_version_id WITH =) WHERE (closed_by IS NULL)
);
SELECT land.keep_clocks('land.plan_adjustment');

-- The land balance as the decision prints it; the row without a category is its own total.
CREATE TABLE land.plan_stated_area (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    plan_version_id uuid NOT NULL REFERENCES land.plan_version,
    position integer NOT NULL CHECK (position > 0),
    label text NOT NULL CHECK (btrim(label) <> ''),
    category text CHECK (btrim(category) <> ''),
    area_m2 land.area_m2 NOT NULL,
    LIKE land.recorded INCLUDING ALL,
    CONSTRAINT plan_stated_area_one_row EXCLUDE (plan_version_id WITH =, position WITH =) WHERE (closed_by IS NULL)
);
SELECT land.keep_clocks('land.plan_stated_area');

-- Somebody signs for a fault of a draft so that it may be approved with it. lots_known: the change that last touched the
-- lots when it was signed; it holds no longer than they stay as they were.
CREATE TABLE land.plan_waiver (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    plan_version_id uuid NOT NULL REFERENCES land.plan_version,
    fault text NOT NULL CHECK (fault IN ('gap', 'overlap', 'outside', 'sum')),
    area_m2 double precision NOT NULL CHECK (area_m2 >= 0),
    reason text NOT NULL CHECK (btrim(reason) <> ''),
    lots_known bigint NOT NULL,
    LIKE land.recorded INCLUDING ALL,
    CONSTRAINT plan_waiver_one_row EXCLUDE (plan_version_id WITH =, fault WITH =) WHERE (closed_by IS NULL)
);
SELECT land.keep_clocks('land.plan_waiver');

DO $$
DECLARE
    kept text;
BEGIN
    FOREACH kept IN ARRAY ARRAY['land.plan_wait', 'land.plan_adjustment', 'land.plan_stated_area', 'land.plan_waiver'] LOOP
        EXECUTE format('GRANT SELECT ON %s TO gisapp_read, gisapp_write', kept);
        EXECUTE format('GRANT INSERT, UPDATE (closed_by) ON %s TO gisapp_write', kept);
    END LOOP;
    EXECUTE 'GRANT USAGE ON ALL SEQUENCES IN SCHEMA land TO gisapp_write';
END $$;

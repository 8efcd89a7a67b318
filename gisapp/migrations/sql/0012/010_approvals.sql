-- A version is approved with its faults signed for, or not at all: the database measures what the pages show. Numbers of
-- changes rise within one version in the order in which they are written, so "since it was signed" can be counted in them.

-- The change that last brought or took a lot of a version; 0 when none ever did.
CREATE FUNCTION land.plan_lots_known(version uuid) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce(max(greatest(opened_by, closed_by)), 0) FROM land.plan_lot WHERE plan_version_id = version $$;

-- What is wrong with a version's lots and table, m² by fault; pieces no wider than a sliver of drawing do not count. A
-- hair more lenient than the balance that is shown, so that rounding of two measures never refuses what was signed for.
CREATE FUNCTION land.plan_faults(version uuid) RETURNS TABLE (fault text, area_m2 double precision) LANGUAGE sql STABLE AS $$
    WITH lot AS MATERIALIZED (
        SELECT version_id, geom FROM land.plan_lot WHERE plan_version_id = version AND closed_by IS NULL
    ), claimed AS MATERIALIZED (
        SELECT coalesce(ST_Union(geom), 'POLYGON EMPTY') AS geom FROM lot
    ), ground AS (
        SELECT step.geom FROM land.plan_status AS step WHERE step.plan_version_id = version AND step.closed_by IS NULL
        ORDER BY step.valid_from DESC, step.version_id DESC LIMIT 1
    ), piece AS (
        SELECT 'gap' AS fault, (ST_Dump(ST_Difference(ground.geom, ST_SetSRID(claimed.geom, ST_SRID(ground.geom))))).geom
        FROM ground, claimed
        UNION ALL
        SELECT 'outside', (ST_Dump(ST_Difference(ST_SetSRID(claimed.geom, ST_SRID(ground.geom)), ground.geom))).geom
        FROM ground, claimed
        UNION ALL
        SELECT 'overlap', (ST_Dump(ST_Union(ST_CollectionExtract(ST_Intersection(one.geom, other.geom), 3)))).geom
        FROM lot AS one JOIN lot AS other ON other.version_id > one.version_id AND other.geom && one.geom
         AND ST_Relate(one.geom, other.geom, 'T********')
    )
    SELECT piece.fault, sum(ST_Area(piece.geom)) FROM piece
    WHERE ST_Dimension(piece.geom) = 2 AND ST_Area(piece.geom) > 0.0101 + 0.000505 * ST_Perimeter(piece.geom)
    GROUP BY piece.fault
    UNION ALL
    SELECT 'sum', missed FROM (
        SELECT abs(sum(stated.area_m2) FILTER (WHERE category IS NOT NULL)
                   - (array_agg(stated.area_m2 ORDER BY position) FILTER (WHERE category IS NULL))[1])::double precision AS missed,
               count(DISTINCT category) AS categories
        FROM land.plan_stated_area AS stated WHERE plan_version_id = version AND closed_by IS NULL) AS stated
    WHERE missed > 50 * (categories + 1) $$;
REVOKE ALL ON FUNCTION land.plan_faults(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION land.plan_faults(uuid) TO gisapp_read, gisapp_write;

-- Which faults nobody signed for, as they are now: a signature falls when the lots change and when the fault has grown.
CREATE FUNCTION land.plan_faults_unsigned(version uuid) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT coalesce(array_agg(found.fault ORDER BY found.fault), '{}') FROM land.plan_faults(version) AS found
    WHERE NOT EXISTS (SELECT FROM land.plan_waiver AS signed
                      WHERE signed.plan_version_id = version AND signed.fault = found.fault AND signed.closed_by IS NULL
                        AND signed.lots_known = land.plan_lots_known(version)
                        AND found.area_m2 <= signed.area_m2 * 1.00001 + 0.02) $$;
REVOKE ALL ON FUNCTION land.plan_faults_unsigned(uuid) FROM PUBLIC;

-- Whether this transaction brings a version into force: no transaction before it did, or what it did is no longer believed.
CREATE FUNCTION land.plan_comes_into_force(version uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM land.plan_status WHERE plan_version_id = version AND status IN ('approved', 'published')
                   AND closed_by IS NULL)
       AND NOT EXISTS (SELECT FROM land.plan_status AS step JOIN land.change AS bringing ON bringing.number = step.opened_by
                       LEFT JOIN land.change AS ending ON ending.number = step.closed_by
                       WHERE step.plan_version_id = version AND step.status IN ('approved', 'published')
                         AND bringing.transaction <> pg_current_xact_id()
                         AND (step.closed_by IS NULL OR ending.transaction = pg_current_xact_id())) $$;

-- Registered whole: what is wrong with it was decided elsewhere and is shown, not judged.
CREATE FUNCTION land.judge_plan_faults() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    unsigned text[];
BEGIN
    PERFORM land.read_committed('plan_faults_signed');
    PERFORM FROM land.plan_version WHERE id = NEW.plan_version_id FOR NO KEY UPDATE;
    IF land.plan_registered_whole(NEW.plan_version_id) OR NOT land.plan_comes_into_force(NEW.plan_version_id) THEN
        RETURN NULL;
    END IF;
    IF NOT EXISTS (SELECT FROM land.plan_lot WHERE plan_version_id = NEW.plan_version_id AND closed_by IS NULL) THEN
        RAISE EXCEPTION 'plan-without-lots' USING ERRCODE = '23514', CONSTRAINT = 'plan_has_lots',
            DETAIL = json_build_object('plan_version', NEW.plan_version_id)::text;
    END IF;
    unsigned := land.plan_faults_unsigned(NEW.plan_version_id);
    IF unsigned <> '{}' THEN
        RAISE EXCEPTION 'plan-faults-open' USING ERRCODE = '23514', CONSTRAINT = 'plan_faults_signed',
            DETAIL = json_build_object('plan_version', NEW.plan_version_id, 'faults', unsigned)::text;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER f_faults_signed AFTER INSERT ON land.plan_status DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.status IN ('approved', 'published')) EXECUTE FUNCTION land.judge_plan_faults();

-- A change that drew its number before another wrote lots of the version comes too late: it is tried again with a new number.
CREATE FUNCTION land.plan_lots_in_order(version uuid, present bigint) RETURNS void LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF land.plan_lots_known(version) > present THEN
        RAISE EXCEPTION 'plan-lots-in-order' USING ERRCODE = '40001', CONSTRAINT = 'plan_lots_in_order';
    END IF;
END $$;

-- Lots of a version that is or was in force neither come nor go, whatever the number of the change: but for the change that
-- registers it whole, and the one that takes that very change back.
CREATE OR REPLACE FUNCTION land.approved_lots_stay() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    version uuid;
BEGIN
    PERFORM FROM land.plan_version WHERE id IN (SELECT plan_version_id FROM moved_rows) ORDER BY id FOR NO KEY UPDATE;
    SELECT moved.plan_version_id INTO version
    FROM (SELECT DISTINCT plan_version_id, coalesce(closed_by, opened_by) AS present FROM moved_rows) AS moved
    JOIN land.plan_status AS step ON step.plan_version_id = moved.plan_version_id AND step.status IN ('approved', 'published')
     AND (step.closed_by IS NULL OR step.closed_by = moved.present)
    JOIN land.plan_version ON plan_version.id = moved.plan_version_id
    JOIN land.change ON change.number = moved.present
    WHERE plan_version.opened_by <> moved.present
      AND (TG_OP = 'INSERT' OR change.undoes IS DISTINCT FROM step.opened_by OR plan_version.opened_by <> step.opened_by)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'plan-version-kept' USING ERRCODE = '42501', CONSTRAINT = 'plan_version_kept',
            DETAIL = json_build_object('plan_version', version, 'what', 'lots')::text;
    END IF;
    PERFORM land.plan_lots_in_order(moved.plan_version_id, moved.present)
    FROM (SELECT plan_version_id, min(coalesce(closed_by, opened_by)) AS present FROM moved_rows GROUP BY 1) AS moved;
    RETURN NULL;
END $$;

-- A signature names the lots as they are when it is given, and holds them until its transaction ends.
CREATE FUNCTION land.plan_waiver_on_present_lots() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM land.read_committed('plan_waiver_on_lots_as_they_stand');
    PERFORM FROM land.plan_version WHERE id = NEW.plan_version_id FOR NO KEY UPDATE;
    IF NEW.lots_known <> land.plan_lots_known(NEW.plan_version_id) THEN
        RAISE EXCEPTION 'plan-moved-meanwhile' USING ERRCODE = '23514', CONSTRAINT = 'plan_waiver_on_lots_as_they_stand',
            DETAIL = json_build_object('plan_version', NEW.plan_version_id)::text;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER d_on_present_lots AFTER INSERT ON land.plan_waiver FOR EACH ROW EXECUTE FUNCTION land.plan_waiver_on_present_lots();

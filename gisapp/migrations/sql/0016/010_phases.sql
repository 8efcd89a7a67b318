-- Zones by phase: a park operates here and clears there at once. A phase has its ground (drawn, or hectares of a decision)
-- and its state, each dated on a document; what a zone is doing is derived from its phases, never stored.
CREATE TABLE land.zone_phase (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    zone_id uuid NOT NULL,
    srid land.plane NOT NULL,
    number text NOT NULL CHECK (number ~ '^[0-9A-Za-z][0-9A-Za-z./-]{0,23}$'),
    opened_by bigint NOT NULL,
    CONSTRAINT zone_phase_key UNIQUE (zone_id, number),
    CONSTRAINT zone_phase_place UNIQUE (id, zone_id, srid),
    CONSTRAINT zone_phase_plane FOREIGN KEY (zone_id, srid) REFERENCES land.zone (id, srid)
);
CREATE TABLE land.zone_phase_version (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    phase_id uuid NOT NULL,
    zone_id uuid NOT NULL,
    srid land.plane NOT NULL,
    name_vi text NOT NULL CHECK (btrim(name_vi) <> '' AND length(name_vi) <= 300),
    name_en text CHECK (btrim(name_en) <> '' AND length(name_en) <= 300),
    legal_area_m2 land.area_m2,
    decision_id uuid NOT NULL REFERENCES land.document,
    geom geometry(MultiPolygon),
    geom_wgs84 geometry(MultiPolygon, 4326) GENERATED ALWAYS AS (spatial.to_wgs84(geom)) STORED,
    area_m2 double precision GENERATED ALWAYS AS (ST_Area(geom)) STORED,
    LIKE land.clocked INCLUDING ALL,
    CONSTRAINT zone_phase_of_its_zone FOREIGN KEY (phase_id, zone_id, srid) REFERENCES land.zone_phase (id, zone_id, srid),
    CONSTRAINT zone_phase_has_area CHECK (geom IS NOT NULL OR legal_area_m2 IS NOT NULL),
    CONSTRAINT zone_phase_srid CHECK (geom IS NULL OR ST_SRID(geom) = srid),
    CONSTRAINT zone_phase_valid CHECK (geom IS NULL OR (ST_IsValid(geom) AND NOT ST_IsEmpty(geom)))
);
CREATE INDEX zone_phase_version_zone ON land.zone_phase_version (zone_id) WHERE closed_by IS NULL;
CREATE INDEX zone_phase_version_geom ON land.zone_phase_version USING gist (geom);
CREATE TABLE land.zone_phase_state (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    phase_id uuid NOT NULL REFERENCES land.zone_phase,
    state text NOT NULL CHECK (state IN ('planned', 'established', 'clearing', 'building', 'operating')),
    document_id uuid NOT NULL REFERENCES land.document,
    LIKE land.clocked INCLUDING ALL
);
SELECT land.keep_clocks('land.zone_phase'), land.keep_clocks('land.zone_phase_version', 'phase_id'),
       land.keep_clocks('land.zone_phase_state', 'phase_id');

-- What the phases of a zone break, null when nothing: two on one ground, outside the boundary, together more than the zone.
-- A phase drawn without hectares of its own counts for its share of the zone's hectares.
CREATE FUNCTION land.zone_phase_fault(asked uuid) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    fault jsonb;
BEGIN
    SELECT jsonb_build_object('rule', 'zone_phases_apart', 'phases', jsonb_build_array(one.phase_id, other.phase_id)) INTO fault
    FROM land.zone_phase_version AS one
    JOIN land.zone_phase_version AS other
      ON other.zone_id = one.zone_id AND other.phase_id > one.phase_id AND other.closed_by IS NULL
     AND other.valid && one.valid AND other.geom && one.geom AND spatial.overlaps_for_real(other.geom, one.geom)
    WHERE one.zone_id = asked AND one.closed_by IS NULL LIMIT 1;
    IF FOUND THEN
        RETURN fault;
    END IF;
    SELECT jsonb_build_object('rule', 'zone_phase_inside_boundary', 'phases', jsonb_build_array(held.phase_id),
                              'outside_m2', ground.outside_m2, 'from', held.valid_from, 'boundary_from', ground.since) INTO fault
    FROM land.zone_phase_version AS held
    LEFT JOIN LATERAL (
        SELECT bool_and(ST_Covers(boundary.ground, held.geom)) AS inside, range_agg(boundary.valid) AS covered,
               max(CASE WHEN NOT ST_Covers(boundary.ground, held.geom)
                        THEN ST_Area(ST_Difference(held.geom, boundary.geom)) END) AS outside_m2,
               min(boundary.valid_from) AS since
        FROM land.zone_boundary AS boundary
        WHERE boundary.zone_id = held.zone_id AND boundary.closed_by IS NULL AND boundary.valid && held.valid
    ) AS ground ON true
    WHERE held.zone_id = asked AND held.closed_by IS NULL AND held.geom IS NOT NULL AND NOT isempty(held.valid)
      AND (ground.inside IS NOT TRUE OR NOT ground.covered @> held.valid) LIMIT 1;
    IF FOUND THEN
        RETURN fault;
    END IF;
    SELECT jsonb_build_object('rule', 'zone_phases_within_zone', 'phases', jsonb_agg(held.phase_id),
                              'phases_m2', round(sum(share.area_m2), 2), 'zone_m2', round(whole.area_m2, 2),
                              'from', starts.day) INTO fault
    FROM (SELECT DISTINCT valid_from AS day FROM land.zone_phase_version WHERE zone_id = asked AND closed_by IS NULL
          UNION SELECT valid_from FROM land.zone_boundary WHERE zone_id = asked AND closed_by IS NULL) AS starts
    JOIN land.zone_boundary AS boundary
      ON boundary.zone_id = asked AND boundary.closed_by IS NULL AND boundary.valid @> starts.day
    JOIN land.zone_phase_version AS held
      ON held.zone_id = asked AND held.closed_by IS NULL AND held.valid @> starts.day
    CROSS JOIN LATERAL (SELECT coalesce(boundary.legal_area_m2, boundary.area_m2::numeric) AS area_m2) AS whole
    CROSS JOIN LATERAL (SELECT coalesce(held.legal_area_m2,
                                        held.area_m2::numeric / boundary.area_m2::numeric * whole.area_m2) AS area_m2) AS share
    GROUP BY starts.day, whole.area_m2, boundary.tolerance_m, boundary.geom
    HAVING sum(share.area_m2) > whole.area_m2 + 1 + (boundary.tolerance_m * ST_Perimeter(boundary.geom))::numeric
    ORDER BY starts.day LIMIT 1;
    RETURN fault;
END $$;

-- Everybody who writes phases or a boundary of a plane takes the plane's row first; what they leave is judged at commit,
-- because a boundary and its phases may move in one change.
CREATE FUNCTION land.phases_count_plane() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM land.read_committed('plane_written_read_committed');
    UPDATE land.plane_revision SET revision = revision + 1 WHERE srid = NEW.srid;
    RETURN NEW;
END $$;
CREATE TRIGGER c_counts_plane BEFORE INSERT OR UPDATE ON land.zone_phase_version
    FOR EACH ROW EXECUTE FUNCTION land.phases_count_plane();

CREATE FUNCTION land.judge_phases() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    fault jsonb := land.zone_phase_fault(NEW.zone_id);
BEGIN
    IF fault IS NOT NULL THEN
        RAISE EXCEPTION 'zone-phase-refused' USING CONSTRAINT = fault ->> 'rule', DETAIL = (fault - 'rule')::text,
            ERRCODE = CASE fault ->> 'rule' WHEN 'zone_phases_apart' THEN '23P01' ELSE '23514' END,
            TABLE = 'zone_phase_version';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER f_judge_phases AFTER INSERT OR UPDATE ON land.zone_phase_version DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION land.judge_phases();
CREATE CONSTRAINT TRIGGER f_keeps_phases AFTER INSERT OR UPDATE ON land.zone_boundary DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION land.judge_phases();

-- From what size on a zone is to be phased, and how large one phase may be: dated, with the clause and whether anybody
-- compared it with the text.
CREATE TABLE land.zone_phase_limit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    zone_kinds text[] NOT NULL CHECK (cardinality(zone_kinds) > 0),
    area_m2 land.area_m2 NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    valid daterange GENERATED ALWAYS AS (daterange(valid_from, valid_to)) STORED,
    clause text NOT NULL CHECK (btrim(clause) <> ''),
    source text NOT NULL CHECK (btrim(source) <> ''),
    verification text NOT NULL CHECK (verification IN ('verified', 'unverified')),
    CONSTRAINT zone_phase_limit_forward CHECK (valid_to > valid_from),
    CONSTRAINT zone_phase_limit_one_a_day EXCLUDE USING gist (valid WITH &&)
);
INSERT INTO land.zone_phase_limit (zone_kinds, area_m2, valid_from, clause, source, verification) VALUES
    ('{industrial_park,export_processing_zone}', 5000000, '2022-07-15', 'Nghị định 35/2022/NĐ-CP (chưa ghi điều, khoản)',
     'Báo chí dẫn lại; chưa đối chiếu nguyên văn', 'unverified');
SELECT land.keep('land.zone_phase_limit');

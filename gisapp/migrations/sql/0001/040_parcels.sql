-- Parcels: a coverage the database keeps whole.
CREATE TABLE land.parcel (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), opened_by bigint NOT NULL);

CREATE TABLE land.parcel_version (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    parcel_id uuid NOT NULL REFERENCES land.parcel,
    zone_id uuid NOT NULL,
    srid land.plane NOT NULL,
    commune_code text,
    sheet_no text,
    parcel_no text,
    official_id text,
    land_use_code text,
    legal_area_m2 land.area_m2,
    noded boolean NOT NULL DEFAULT false,
    geom geometry(Polygon) NOT NULL,
    geom_wgs84 geometry(Polygon, 4326) GENERATED ALWAYS AS (spatial.to_wgs84(geom)) STORED,
    area_m2 double precision GENERATED ALWAYS AS (ST_Area(geom)) STORED,
    LIKE land.clocked INCLUDING ALL,
    CONSTRAINT parcel_plane FOREIGN KEY (zone_id, srid) REFERENCES land.zone (id, srid),
    CONSTRAINT parcel_srid CHECK (ST_SRID(geom) = srid),
    CONSTRAINT parcel_valid CHECK (ST_IsValid(geom) AND NOT ST_IsEmpty(geom)),
    CONSTRAINT parcel_flat CHECK (ST_NDims(geom) = 2),
    CONSTRAINT parcel_has_area CHECK (ST_Area(geom) >= 0.01),
    CONSTRAINT parcel_vertices CHECK (ST_NPoints(geom) <= 20000),
    CONSTRAINT parcel_on_grid CHECK (spatial.on_millimetre_grid(geom))
);
CREATE INDEX parcel_version_geom ON land.parcel_version USING gist (geom);
CREATE INDEX parcel_version_wgs84 ON land.parcel_version USING gist (geom_wgs84);
CREATE INDEX parcel_version_zone ON land.parcel_version (zone_id, valid_from);
CREATE INDEX parcel_version_key ON land.parcel_version (commune_code, sheet_no, parcel_no);
CREATE INDEX parcel_version_parcel ON land.parcel_version (parcel_id);

-- No two parcels of one plane overlap while both are valid and recorded. With a superuser's operator class this is an
-- exclusion constraint, which also names both parcels (their own rows are kept apart by parcel_version_one_row_a_day);
-- without one, a trigger under advisory locks on a 100 m grid (`gisapp db check` tells which).
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_opclass c JOIN pg_namespace n ON n.oid = c.opcnamespace
               WHERE n.nspname = 'spatial' AND c.opcname = 'gist_ground_ops') THEN
        ALTER TABLE land.parcel_version ADD CONSTRAINT parcel_no_overlap EXCLUDE USING gist (
            srid WITH =, ST_Force2D(geom) spatial.gist_ground_ops WITH OPERATOR(spatial.&#&), valid WITH &&,
            (circle '<(0,0),1>') WITH &&, parcel_id WITH <>) WHERE (closed_by IS NULL);
    END IF;
END $$;

-- Everybody shares the plane's lock and takes the cells touched, in order; ground of over 1,000 cells takes the plane.
CREATE FUNCTION land.no_overlap_by_grid_locks() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    plane integer;
    cells bigint[];
    cell bigint;
    hit record;
BEGIN
    PERFORM land.read_committed('parcel_no_overlap');
    FOR plane IN SELECT DISTINCT srid FROM new_rows ORDER BY 1 LOOP
        SELECT array_agg(DISTINCT hashtextextended(format('%s/%s/%s', plane, x, y), 4756)
                         ORDER BY hashtextextended(format('%s/%s/%s', plane, x, y), 4756)) INTO cells
        FROM new_rows AS fresh,
             generate_series(floor((ST_XMin(fresh.geom) - 1) / 100)::int, floor((ST_XMax(fresh.geom) + 1) / 100)::int) AS x,
             generate_series(floor((ST_YMin(fresh.geom) - 1) / 100)::int, floor((ST_YMax(fresh.geom) + 1) / 100)::int) AS y
        WHERE fresh.srid = plane;
        IF cardinality(cells) > 1000 THEN
            PERFORM pg_advisory_xact_lock(4758, plane);
        ELSE
            PERFORM pg_advisory_xact_lock_shared(4758, plane);
            FOREACH cell IN ARRAY cells LOOP
                PERFORM pg_advisory_xact_lock(cell);
            END LOOP;
        END IF;
    END LOOP;
    SELECT fresh.parcel_id AS mine, other.parcel_id AS theirs, ST_Area(ST_Intersection(fresh.geom, other.geom)) AS shared
    INTO hit
    FROM new_rows AS fresh
    JOIN land.parcel_version AS other
      ON other.srid = fresh.srid AND other.geom && fresh.geom AND other.valid && fresh.valid AND other.closed_by IS NULL
     AND other.version_id <> fresh.version_id AND spatial.overlaps_for_real(other.geom, fresh.geom)
    WHERE fresh.closed_by IS NULL LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'parcel-overlap' USING ERRCODE = '23P01', CONSTRAINT = 'parcel_no_overlap',
            DETAIL = json_build_object('parcels', json_build_array(hit.mine, hit.theirs), 'area_m2', hit.shared)::text;
    END IF;
    RETURN NULL;
END $$;
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = 'parcel_no_overlap') THEN
        CREATE TRIGGER d_no_overlap AFTER INSERT ON land.parcel_version REFERENCING NEW TABLE AS new_rows
            FOR EACH STATEMENT EXECUTE FUNCTION land.no_overlap_by_grid_locks();
    END IF;
END $$;

SELECT land.keep_clocks('land.parcel'), land.keep_clocks('land.parcel_version', 'parcel_id');

-- Inside the zone: against every boundary version valid in the parcel's period, within the boundary's own tolerance.
CREATE FUNCTION land.parcels_inside_boundary() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    outside record;
BEGIN
    PERFORM FROM land.plane_revision WHERE srid IN (SELECT srid FROM new_rows) ORDER BY srid FOR SHARE;
    SELECT fresh.parcel_id, fresh.zone_id, fresh.valid_from, ground.outside_m2, ground.since INTO outside
    FROM new_rows AS fresh
    LEFT JOIN LATERAL (
        SELECT bool_and(ST_Covers(boundary.ground, fresh.geom)) AS inside, range_agg(boundary.valid) AS covered,
               max(CASE WHEN NOT ST_Covers(boundary.ground, fresh.geom)
                        THEN ST_Area(ST_Difference(fresh.geom, boundary.geom)) END) AS outside_m2,
               min(boundary.valid_from) AS since
        FROM land.zone_boundary AS boundary
        WHERE boundary.zone_id = fresh.zone_id AND boundary.closed_by IS NULL AND boundary.valid && fresh.valid
    ) AS ground ON true
    WHERE fresh.closed_by IS NULL AND NOT isempty(fresh.valid)
      AND (ground.inside IS NOT TRUE OR NOT ground.covered @> fresh.valid)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'parcel-outside-boundary' USING ERRCODE = '23514', CONSTRAINT = 'parcel_inside_boundary',
            DETAIL = json_build_object('parcel', outside.parcel_id, 'zone', outside.zone_id, 'outside_m2', outside.outside_m2,
                                       'from', outside.valid_from, 'boundary_from', outside.since)::text;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER e_inside_boundary AFTER INSERT ON land.parcel_version REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION land.parcels_inside_boundary();

-- The reverse: a boundary moves or ends only together with its parcels. Judged at commit, because closing the old
-- boundary and opening the new one are two statements.
CREATE FUNCTION land.boundary_counts_plane() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM land.read_committed('plane_written_read_committed');
    UPDATE land.plane_revision SET revision = revision + 1 WHERE srid = NEW.srid;
    RETURN NEW;
END $$;
CREATE TRIGGER c_counts_plane BEFORE INSERT OR UPDATE ON land.zone_boundary
    FOR EACH ROW EXECUTE FUNCTION land.boundary_counts_plane();

CREATE FUNCTION land.boundary_keeps_parcels() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    outside record;
BEGIN
    SELECT held.parcel_id, held.valid_from, ground.outside_m2, ground.since INTO outside
    FROM land.parcel_version AS held
    LEFT JOIN LATERAL (
        SELECT bool_and(ST_Covers(boundary.ground, held.geom)) AS inside, range_agg(boundary.valid) AS covered,
               max(CASE WHEN NOT ST_Covers(boundary.ground, held.geom)
                        THEN ST_Area(ST_Difference(held.geom, boundary.geom)) END) AS outside_m2,
               min(boundary.valid_from) AS since
        FROM land.zone_boundary AS boundary
        WHERE boundary.zone_id = held.zone_id AND boundary.closed_by IS NULL AND boundary.valid && held.valid
    ) AS ground ON true
    WHERE held.zone_id = NEW.zone_id AND held.closed_by IS NULL AND NOT isempty(held.valid)
      AND (ground.inside IS NOT TRUE OR NOT ground.covered @> held.valid)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'boundary-leaves-parcel' USING ERRCODE = '23514', CONSTRAINT = 'parcel_inside_boundary',
            DETAIL = json_build_object('parcel', outside.parcel_id, 'zone', NEW.zone_id, 'outside_m2', outside.outside_m2,
                                       'from', outside.valid_from, 'boundary_from', outside.since)::text;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER f_keeps_parcels AFTER INSERT OR UPDATE ON land.zone_boundary
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION land.boundary_keeps_parcels();

CREATE TABLE land.parcel_alias (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    parcel_id uuid NOT NULL REFERENCES land.parcel,
    commune_code text,
    sheet_no text,
    parcel_no text,
    note text NOT NULL DEFAULT '',
    opened_by bigint NOT NULL
);
CREATE INDEX parcel_alias_parcel ON land.parcel_alias (parcel_id);
CREATE INDEX parcel_alias_key ON land.parcel_alias (commune_code, sheet_no, parcel_no);

-- Lineage: which parcel came from which, with the ground they share. Written by the change that made it.
CREATE TABLE land.parcel_lineage (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    parent_id uuid NOT NULL REFERENCES land.parcel,
    child_id uuid NOT NULL REFERENCES land.parcel,
    kind text NOT NULL CHECK (kind IN ('split', 'merge', 'reshape', 'renumber', 'recover', 'corridor')),
    area_m2 double precision NOT NULL CHECK (area_m2 >= 0),
    opened_by bigint NOT NULL,
    CONSTRAINT lineage_once UNIQUE (parent_id, child_id, opened_by),
    CONSTRAINT lineage_not_itself CHECK (parent_id <> child_id)
);
CREATE INDEX parcel_lineage_child ON land.parcel_lineage (child_id);
SELECT land.keep_clocks('land.parcel_alias'), land.keep_clocks('land.parcel_lineage');

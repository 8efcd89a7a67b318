-- Conformance: the ground each parcel version shares with each plan lot, in m2. No clocks of its own: both sides are
-- immutable and carry theirs. Kept by the database, so that indicators are sums whatever path wrote the rows.
CREATE TABLE land.conformance (
    parcel_version_id bigint NOT NULL REFERENCES land.parcel_version,
    lot_version_id bigint NOT NULL REFERENCES land.plan_lot,
    plan_version_id uuid NOT NULL,
    leasable text NOT NULL,
    area_m2 double precision NOT NULL CHECK (area_m2 > 0),
    PRIMARY KEY (parcel_version_id, lot_version_id)
);
CREATE INDEX conformance_lot ON land.conformance (lot_version_id);
CREATE INDEX conformance_parcel ON land.conformance (parcel_version_id) INCLUDE (plan_version_id, leasable, area_m2);

-- Containment first: half of all pairs need no intersection.
CREATE FUNCTION land.shared_area_m2(a geometry, a_m2 double precision, b geometry, b_m2 double precision)
RETURNS double precision LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    IF NOT ST_Intersects(b, a) THEN
        RETURN 0;
    ELSIF ST_CoveredBy(a, b) THEN
        RETURN a_m2;
    ELSIF ST_CoveredBy(b, a) THEN
        RETURN b_m2;
    END IF;
    RETURN ST_Area(ST_Intersection(a, b));
END $$;

CREATE FUNCTION land.parcels_meet_lots() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM land.plane_revision WHERE srid IN (SELECT srid FROM new_rows) ORDER BY srid FOR SHARE;
    INSERT INTO land.conformance
    SELECT pair.parcel, pair.lot, pair.plan_version_id, pair.leasable, pair.shared
    FROM (SELECT fresh.version_id AS parcel, lot.version_id AS lot, lot.plan_version_id, lot.leasable,
                 land.shared_area_m2(fresh.geom, fresh.area_m2, lot.geom, lot.area_m2) AS shared
          FROM new_rows AS fresh
          JOIN land.plan_lot AS lot ON lot.srid = fresh.srid AND lot.closed_by IS NULL AND lot.geom && fresh.geom
          OFFSET 0) AS pair
    WHERE pair.shared > 0.0001;
    RETURN NULL;
END $$;
CREATE TRIGGER g_meets_lots AFTER INSERT ON land.parcel_version REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION land.parcels_meet_lots();

CREATE FUNCTION land.lots_meet_parcels() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM land.read_committed('plane_written_read_committed');
    UPDATE land.plane_revision SET revision = revision + 1 WHERE srid IN (SELECT srid FROM new_rows);
    INSERT INTO land.conformance
    SELECT pair.parcel, pair.lot, pair.plan_version_id, pair.leasable, pair.shared
    FROM (SELECT held.version_id AS parcel, fresh.version_id AS lot, fresh.plan_version_id, fresh.leasable,
                 land.shared_area_m2(held.geom, held.area_m2, fresh.geom, fresh.area_m2) AS shared
          FROM new_rows AS fresh
          JOIN land.parcel_version AS held ON held.srid = fresh.srid AND held.closed_by IS NULL AND held.geom && fresh.geom
          OFFSET 0) AS pair
    WHERE pair.shared > 0.0001;
    IF (SELECT count(*) FROM new_rows) >= 100 THEN
        -- Parcels that follow at once would be joined to a table the planner believes to be empty.
        ANALYZE land.plan_lot;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER g_meets_parcels AFTER INSERT ON land.plan_lot REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION land.lots_meet_parcels();
SELECT land.keep('land.conformance');

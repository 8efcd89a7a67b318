-- Resettlement plots on the ground, and who is promised which.
CREATE TABLE land.resettlement_plot_shape (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    resettlement_plot_id uuid NOT NULL REFERENCES land.resettlement_plot,
    srid land.plane NOT NULL,
    geom geometry(Polygon) NOT NULL,
    geom_wgs84 geometry(Polygon, 4326) GENERATED ALWAYS AS (spatial.to_wgs84(geom)) STORED,
    area_m2 double precision GENERATED ALWAYS AS (ST_Area(geom)) STORED,
    LIKE land.clocked INCLUDING ALL,
    CONSTRAINT resettlement_plot_srid CHECK (ST_SRID(geom) = srid),
    CONSTRAINT resettlement_plot_valid CHECK (ST_IsValid(geom) AND NOT ST_IsEmpty(geom))
);
CREATE INDEX resettlement_plot_shape_geom ON land.resettlement_plot_shape USING gist (geom);

CREATE FUNCTION land.plots_stay_apart() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    hit record;
BEGIN
    PERFORM land.read_committed('plots_apart');
    UPDATE land.plane_revision SET revision = revision + 1 WHERE srid IN (SELECT srid FROM new_rows);
    SELECT fresh.resettlement_plot_id AS mine, other.resettlement_plot_id AS theirs INTO hit
    FROM new_rows AS fresh
    JOIN land.resettlement_plot_shape AS other
      ON other.srid = fresh.srid AND other.geom && fresh.geom AND other.closed_by IS NULL AND other.valid && fresh.valid
     AND other.resettlement_plot_id <> fresh.resettlement_plot_id AND spatial.overlaps_for_real(other.geom, fresh.geom)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'plots-overlap' USING ERRCODE = '23P01', CONSTRAINT = 'plots_apart',
            DETAIL = json_build_object('plots', json_build_array(hit.mine, hit.theirs))::text;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER d_plots_apart AFTER INSERT ON land.resettlement_plot_shape REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION land.plots_stay_apart();

-- valid_from = the day of the decision that assigns the plot.
CREATE TABLE land.plot_assignment (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    resettlement_plot_id uuid NOT NULL REFERENCES land.resettlement_plot,
    item_id uuid NOT NULL REFERENCES land.clearance_item,
    document_id uuid NOT NULL REFERENCES land.document,
    LIKE land.clocked INCLUDING ALL,
    CONSTRAINT plot_for_one_household EXCLUDE USING gist (resettlement_plot_id WITH =, valid WITH &&) WHERE (closed_by IS NULL)
);
CREATE INDEX plot_assignment_item ON land.plot_assignment (item_id);
SELECT land.keep_clocks('land.resettlement_plot_shape', 'resettlement_plot_id'), land.keep_clocks('land.plot_assignment');

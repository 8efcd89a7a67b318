-- Read by everybody signed in; written by the writing login, which moves nothing but the end of knowledge.
DO $$
DECLARE
    kept record;
BEGIN
    FOR kept IN SELECT * FROM land.register_table WHERE name ~ '^land[.](zone_phase|recorded_figure)' LOOP
        EXECUTE format('GRANT SELECT ON %s TO gisapp_read, gisapp_write', kept.name);
        EXECUTE format('GRANT INSERT ON %s TO gisapp_write', kept.name);
        IF kept.closes THEN
            EXECUTE format('GRANT UPDATE (closed_by) ON %s TO gisapp_write', kept.name);
        END IF;
    END LOOP;
END $$;
GRANT SELECT ON land.zone_phase_limit, land.figure_unit, land.figure_identity, land.figure_counterpart TO gisapp_read, gisapp_write;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA land TO gisapp_write;

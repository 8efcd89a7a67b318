-- Two working logins: one reads, one writes; neither owns anything, neither deletes, and of the register only the end
-- of `recorded` may be updated.
DO $$
DECLARE
    kept record;
BEGIN
    EXECUTE 'GRANT USAGE ON SCHEMA land TO gisapp_read, gisapp_write';
    EXECUTE 'GRANT SELECT ON ALL TABLES IN SCHEMA land TO gisapp_read, gisapp_write';
    EXECUTE 'GRANT USAGE ON ALL SEQUENCES IN SCHEMA land TO gisapp_write';
    FOR kept IN SELECT * FROM land.register_table LOOP
        EXECUTE format('GRANT INSERT ON %s TO gisapp_write', kept.name);
        IF kept.closes THEN
            EXECUTE format('GRANT UPDATE (closed_by) ON %s TO gisapp_write', kept.name);
        END IF;
    END LOOP;
    EXECUTE 'GRANT INSERT ON land.document, land.change, land.audit_event TO gisapp_write';
END $$;

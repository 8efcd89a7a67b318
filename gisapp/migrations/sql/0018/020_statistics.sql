-- Every table of the register is told to the planner, those of later revisions too: the list is the register's own.
CREATE OR REPLACE FUNCTION app.gather_statistics() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    EXECUTE (SELECT 'ANALYZE ' || string_agg(name, ', ' ORDER BY name) FROM land.register_table);
END $$;

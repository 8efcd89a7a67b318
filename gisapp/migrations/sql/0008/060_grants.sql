-- Registers are read by everybody signed in; schema household by nobody but its own login, names and amounts only through
-- the functions that note the reading.
DO $$
DECLARE
    kept record;
BEGIN
    FOR kept IN SELECT * FROM land.register_table
                WHERE name IN ('land.clearance_case', 'land.clearance_case_version', 'land.clearance_followup', 'land.clearance_item',
                    'land.clearance_item_version', 'land.clearance_item_parcel', 'land.clearance_step', 'land.clearance_flag',
                    'land.clearance_target', 'land.resettlement_plot_shape', 'land.plot_assignment') LOOP
        EXECUTE format('GRANT SELECT ON %s TO gisapp_read, gisapp_write', kept.name);
        EXECUTE format('GRANT INSERT ON %s TO gisapp_write', kept.name);
        IF kept.closes THEN
            EXECUTE format('GRANT UPDATE (closed_by) ON %s TO gisapp_write', kept.name);
        END IF;
    END LOOP;
END $$;
GRANT SELECT ON land.clearance_term, land.clearance_order, land.reporting_scheme, land.clearance_ledger TO gisapp_read, gisapp_write;
GRANT EXECUTE ON FUNCTION land.clearance_money(date, bigint) TO gisapp_read, gisapp_write;

GRANT USAGE ON SCHEMA household TO gisapp_household;
GRANT SELECT (id, opened_by), INSERT ON household.household TO gisapp_household;
GRANT SELECT (version_id, household_id, valid_from, valid_to, opened_by, closed_by), INSERT, UPDATE (closed_by)
    ON household.household_version TO gisapp_household;
GRANT SELECT (version_id, step_id, item_id, valid_from, valid_to, opened_by, closed_by), INSERT, UPDATE (closed_by)
    ON household.amount TO gisapp_household;
GRANT EXECUTE ON FUNCTION household.persons(text, text, uuid[], date, bigint), household.amounts(text, text, uuid[], date, bigint)
    TO gisapp_household;

-- Undo and the verification of seals walk every table of the register, schema household too: they run as the owner, and
-- tell numbers, never what a row says.
ALTER FUNCTION land.changes_built_upon(bigint) SECURITY DEFINER SET search_path = public, pg_temp;
ALTER FUNCTION land.reverse_change(bigint, bigint) SECURITY DEFINER SET search_path = public, pg_temp;
ALTER FUNCTION land.broken_seals() SECURITY DEFINER SET search_path = public, pg_temp;
REVOKE ALL ON FUNCTION land.reverse_change(bigint, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION land.reverse_change(bigint, bigint) TO gisapp_write;
ALTER FUNCTION land.orphans() SECURITY DEFINER SET search_path = public, pg_temp;

-- After a file of thousands of rows the planner still believes the tables to be empty, and the first question anybody asks
-- takes minutes instead of milliseconds. Only the owner may ANALYZE; the writing login asks through this door.
CREATE FUNCTION app.gather_statistics() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    ANALYZE land.parcel, land.parcel_version, land.plan_lot, land.conformance, land.party, land.party_version,
        land.land_right, land.land_right_version, land.land_right_parcel, land.handover, land.handover_version,
        land.handover_parcel, land.admin_unit, land.admin_unit_version, land.project, land.project_version;
END $$;
REVOKE ALL ON FUNCTION app.gather_statistics() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.gather_statistics() TO gisapp_write;

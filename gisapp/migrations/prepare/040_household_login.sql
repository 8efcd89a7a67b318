-- The login for people's personal data: whatever the writing login may do, and, granted by the migrations, schema
-- household. Nothing else reaches that schema. Asked first: on a managed server who prepares may not hand out roles.
DO $$
BEGIN
    IF NOT (SELECT rolinherit FROM pg_roles WHERE rolname = 'gisapp_household') THEN
        ALTER ROLE gisapp_household INHERIT;
    END IF;
    IF NOT pg_has_role('gisapp_household', 'gisapp_write', 'MEMBER') THEN
        GRANT gisapp_write TO gisapp_household;
    END IF;
END $$;

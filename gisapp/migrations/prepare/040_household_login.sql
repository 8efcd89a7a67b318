-- The login for people's personal data: whatever the writing login may do, and, granted by the migrations, schema
-- household. Nothing else reaches that schema.
ALTER ROLE gisapp_household INHERIT;
GRANT gisapp_write TO gisapp_household;

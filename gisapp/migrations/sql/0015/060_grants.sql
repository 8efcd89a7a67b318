GRANT SELECT ON land.clock_threshold, land.project_suspension, land.project_extension, land.reminder_draft, land.reminder_letter
    TO gisapp_read, gisapp_write;
GRANT INSERT ON land.clock_threshold, land.reminder_draft TO gisapp_write;
GRANT INSERT, UPDATE (closed_by) ON land.project_suspension, land.project_extension, land.reminder_letter TO gisapp_write;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA land TO gisapp_write;
GRANT SELECT ON app.digest_rule, app.digest_run TO gisapp_read;
GRANT SELECT, UPDATE (enabled, lead_days, changed_by, changed_at) ON app.digest_rule TO gisapp_write;
GRANT SELECT, INSERT ON app.digest_run TO gisapp_write;
GRANT SELECT, INSERT, UPDATE ON app.digest_choice, app.digest_message TO gisapp_write;

GRANT SELECT ON land.currency, land.exchange_rate, land.project_certificate, land.project_term, land.project_disbursement,
    land.project_workers, land.inspection, land.inspection_version, land.photo TO gisapp_read, gisapp_write;
GRANT INSERT ON land.inspection TO gisapp_write;
GRANT INSERT, UPDATE (closed_by) ON land.exchange_rate, land.project_certificate, land.project_term, land.project_disbursement,
    land.project_workers, land.inspection_version, land.photo TO gisapp_write;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA land TO gisapp_write;

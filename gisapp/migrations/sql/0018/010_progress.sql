-- How far the infrastructure of a resettlement area is, in percent, as reported for a day; it holds until the next report.
CREATE TABLE land.resettlement_progress (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    resettlement_area_id uuid NOT NULL REFERENCES land.resettlement_area,
    percent numeric NOT NULL CHECK (percent = round(percent, 2) AND percent BETWEEN 0 AND 100),
    note text CHECK (btrim(note) <> '' AND length(note) <= 2000),
    document_id uuid NOT NULL REFERENCES land.document,
    LIKE land.clocked INCLUDING ALL
);
SELECT land.keep_clocks('land.resettlement_progress', 'resettlement_area_id');
GRANT SELECT ON land.resettlement_progress TO gisapp_read, gisapp_write;
GRANT INSERT, UPDATE (closed_by) ON land.resettlement_progress TO gisapp_write;

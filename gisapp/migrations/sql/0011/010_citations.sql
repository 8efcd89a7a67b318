-- On which page of its document a change stands, when somebody said so: one row a change, sealed with it.
CREATE TABLE land.citation (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    page integer NOT NULL CHECK (page BETWEEN 1 AND 9999),
    opened_by bigint NOT NULL,
    CONSTRAINT citation_once UNIQUE (opened_by)
);
SELECT land.keep_clocks('land.citation');
GRANT SELECT ON land.citation TO gisapp_read, gisapp_write;
GRANT INSERT ON land.citation TO gisapp_write;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA land TO gisapp_write;

ALTER TABLE app.draft ADD COLUMN document_page integer CHECK (document_page BETWEEN 1 AND 9999);

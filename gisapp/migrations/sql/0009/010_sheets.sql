-- Scanned sheets and elevation models. What a file is never changes; what people say of it and how it is placed are facts
-- that a later change may supersede, never erase. Files lie outside the database, named by their content.

CREATE TABLE land.sheet (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    zone_id uuid NOT NULL,
    srid land.plane NOT NULL,
    kind text NOT NULL CHECK (kind IN ('sheet', 'dem')),
    file_sha256 text NOT NULL CHECK (file_sha256 ~ '^[0-9a-f]{64}$'),
    file_name text NOT NULL CHECK (btrim(file_name) <> ''),
    file_size bigint NOT NULL CHECK (file_size > 0),
    facts jsonb NOT NULL CHECK (jsonb_typeof(facts) = 'object'),
    page integer NOT NULL CHECK (page > 0),
    width integer NOT NULL CHECK (width > 0),
    height integer NOT NULL CHECK (height > 0),
    opened_by bigint NOT NULL,
    FOREIGN KEY (zone_id, srid) REFERENCES land.zone (id, srid)
);
CREATE INDEX sheet_zone ON land.sheet (zone_id);
COMMENT ON COLUMN land.sheet.facts IS 'What the file is as its reader in the sandbox found it: format, bands, resolution, what was converted.';

-- What a sheet is called, at which scale it is drawn and which plan version or document it belongs to. A sheet without a row
-- that stands was withdrawn.
CREATE TABLE land.sheet_version (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sheet_id uuid NOT NULL REFERENCES land.sheet,
    title text NOT NULL CHECK (btrim(title) <> '' AND length(title) <= 300),
    scale_denominator integer NOT NULL CHECK (scale_denominator BETWEEN 100 AND 1000000),
    plan_version_id uuid REFERENCES land.plan_version,
    document_id uuid REFERENCES land.document,
    LIKE land.recorded INCLUDING ALL
);
CREATE UNIQUE INDEX sheet_version_one_row ON land.sheet_version (sheet_id) WHERE closed_by IS NULL;
CREATE INDEX sheet_version_plan ON land.sheet_version (plan_version_id) WHERE plan_version_id IS NOT NULL;

-- How a sheet is placed: the control points (col, row in pixels from the top left; E, N in metres of its plane) and the
-- transformation by least squares. rms null: just enough points, nothing is proven. origin file: the file stated its place.
CREATE TABLE land.sheet_reference (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sheet_id uuid NOT NULL REFERENCES land.sheet,
    origin text NOT NULL CHECK (origin IN ('points', 'file')),
    kind text NOT NULL CHECK (kind IN ('helmert', 'affine', 'polynomial')),
    points jsonb NOT NULL CHECK (jsonb_typeof(points) = 'array' AND jsonb_array_length(points) BETWEEN 2 AND 200),
    placement jsonb NOT NULL CHECK (jsonb_typeof(placement) = 'object'),
    rms_m double precision CHECK (rms_m >= 0),
    rms_mm double precision CHECK (rms_mm >= 0),
    alone_rms_m double precision CHECK (alone_rms_m >= 0),
    LIKE land.recorded INCLUDING ALL
);
CREATE UNIQUE INDEX sheet_reference_one_row ON land.sheet_reference (sheet_id) WHERE closed_by IS NULL;

SELECT land.keep_clocks('land.sheet', NULL, 'setup'), land.keep_clocks('land.sheet_version', NULL, 'setup'),
       land.keep_clocks('land.sheet_reference', NULL, 'setup');
GRANT SELECT ON land.sheet, land.sheet_version, land.sheet_reference TO gisapp_read, gisapp_write;
GRANT INSERT ON land.sheet TO gisapp_write;
GRANT INSERT, UPDATE (closed_by) ON land.sheet_version, land.sheet_reference TO gisapp_write;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA land TO gisapp_write;

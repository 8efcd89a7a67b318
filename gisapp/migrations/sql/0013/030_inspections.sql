-- What somebody saw on the ground: a note about a project or a parcel, with photos. Files lie outside the database, named by
-- their content, re-encoded: of a camera's notes only time and place are kept.
CREATE TABLE land.inspection (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    project_id uuid REFERENCES land.project,
    parcel_id uuid REFERENCES land.parcel,
    opened_by bigint NOT NULL,
    CONSTRAINT inspection_subject_check CHECK (num_nonnulls(project_id, parcel_id) > 0)
);
CREATE INDEX inspection_project ON land.inspection (project_id);
CREATE INDEX inspection_parcel ON land.inspection (parcel_id);
-- valid_from = the day of the visit. personal: it names or shows people; only those who edit the register read it. An
-- inspection without a row that stands was withdrawn.
CREATE TABLE land.inspection_version (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    inspection_id uuid NOT NULL REFERENCES land.inspection,
    body text NOT NULL CHECK (btrim(body) <> '' AND length(body) <= 5000),
    personal boolean NOT NULL DEFAULT false,
    document_id uuid REFERENCES land.document,
    LIKE land.clocked INCLUDING ALL
);
CREATE TABLE land.photo (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    inspection_id uuid NOT NULL REFERENCES land.inspection,
    sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    thumbnail_sha256 text NOT NULL CHECK (thumbnail_sha256 ~ '^[0-9a-f]{64}$'),
    original_sha256 text NOT NULL CHECK (original_sha256 ~ '^[0-9a-f]{64}$'),
    file_size bigint NOT NULL CHECK (file_size > 0),
    width integer NOT NULL CHECK (width > 0),
    height integer NOT NULL CHECK (height > 0),
    caption text CHECK (btrim(caption) <> '' AND length(caption) <= 300),
    taken_at timestamptz CHECK (taken_at >= '1970-01-01 00:00+07' AND taken_at < '2200-01-01 00:00+07'),
    place_wgs84 geometry(Point, 4326),
    LIKE land.recorded INCLUDING ALL,
    CONSTRAINT photo_place_check CHECK (NOT ST_IsEmpty(place_wgs84) AND ST_X(place_wgs84) BETWEEN 101 AND 118
                                        AND ST_Y(place_wgs84) BETWEEN 6 AND 24.5)
);
COMMENT ON COLUMN land.photo.taken_at IS 'As the camera says; its clock is read in Vietnam''s time unless it states another.';
CREATE INDEX photo_inspection ON land.photo (inspection_id);
CREATE INDEX photo_place ON land.photo USING gist (place_wgs84);
SELECT land.keep_clocks('land.inspection', NULL, 'setup'), land.keep_clocks('land.inspection_version', 'inspection_id', 'setup'),
       land.keep_clocks('land.photo', NULL, 'setup');

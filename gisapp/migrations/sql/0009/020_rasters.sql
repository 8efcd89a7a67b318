-- What the machine makes of sheets; all of it can be made again from the original and the control points.

-- Work on a sheet: the row is the queue's entry, the progress and the outcome. read: the original into a picture in image
-- space; lay: that picture onto the grid of its plane.
CREATE TABLE app.sheet_job (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    sheet_id uuid NOT NULL REFERENCES land.sheet,
    task text NOT NULL CHECK (task IN ('read', 'lay')),
    reference_id bigint REFERENCES land.sheet_reference,
    status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'running', 'done', 'refused', 'failed')),
    step text NOT NULL DEFAULT '',
    done bigint NOT NULL DEFAULT 0 CHECK (done >= 0),
    total bigint CHECK (total >= 0),
    error jsonb CHECK (jsonb_typeof(error) = 'object'),
    attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    actor text NOT NULL CHECK (btrim(actor) <> ''),
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    started_at timestamptz,
    finished_at timestamptz,
    CHECK ((task = 'lay') = (reference_id IS NOT NULL))
);
CREATE INDEX sheet_job_waiting ON app.sheet_job (created_at) WHERE status IN ('waiting', 'running');
CREATE UNIQUE INDEX sheet_job_one_at_a_time ON app.sheet_job (sheet_id) WHERE status IN ('waiting', 'running');
CREATE INDEX sheet_job_of_sheet ON app.sheet_job (sheet_id, created_at DESC);

-- picture: the sheet in image space. map: the sheet on the grid of its plane, with where it lies (laid) and its outline.
CREATE TABLE app.sheet_raster (
    sheet_id uuid NOT NULL REFERENCES land.sheet,
    kind text NOT NULL CHECK (kind IN ('picture', 'map')),
    reference_id bigint REFERENCES land.sheet_reference,
    sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    size bigint NOT NULL CHECK (size > 0),
    srid land.plane,
    laid jsonb CHECK (jsonb_typeof(laid) = 'object'),
    outline geometry(Polygon),
    made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (sheet_id, kind),
    CHECK ((kind = 'map') = (reference_id IS NOT NULL AND laid IS NOT NULL AND outline IS NOT NULL AND srid IS NOT NULL)),
    CHECK (ST_SRID(outline) = srid)
);
CREATE INDEX sheet_raster_outline ON app.sheet_raster USING gist (outline);

GRANT SELECT ON app.sheet_job, app.sheet_raster TO gisapp_read, gisapp_write;
GRANT INSERT, UPDATE, DELETE ON app.sheet_job, app.sheet_raster TO gisapp_write;

-- The application's own tables: files on their way into the register, what was found in them, keys of repeated requests.

-- One row a file somebody brought. The row is the job (a worker takes it under its advisory lock) and the receipt.
CREATE TABLE app.import_job (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    layer text NOT NULL CHECK (layer IN ('boundary', 'admin-units', 'parcels', 'plan-lots', 'land-rights', 'handovers',
                                         'resettlement', 'projects')),
    zone_code text NOT NULL REFERENCES land.zone (code),
    status text NOT NULL CHECK (status IN ('uploaded', 'checking', 'checked', 'approved', 'writing', 'done', 'refused',
                                           'failed', 'discarded')),
    file_name text NOT NULL CHECK (btrim(file_name) <> ''),
    file_sha256 text NOT NULL CHECK (file_sha256 ~ '^[0-9a-f]{64}$'),
    file_size bigint NOT NULL CHECK (file_size > 0),
    options jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(options) = 'object'),
    step text NOT NULL DEFAULT '',
    done bigint NOT NULL DEFAULT 0 CHECK (done >= 0),
    total bigint CHECK (total >= 0),
    report jsonb,
    change_number bigint REFERENCES land.change,
    attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    actor text NOT NULL CHECK (btrim(actor) <> ''),
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    started_at timestamptz,
    finished_at timestamptz,
    CONSTRAINT done_has_a_change CHECK ((status = 'done') = (change_number IS NOT NULL))
);
CREATE INDEX import_job_by_age ON app.import_job (created_at DESC);
CREATE INDEX import_job_waiting ON app.import_job (created_at) WHERE status IN ('uploaded', 'checking', 'approved', 'writing');
COMMENT ON TABLE app.import_job IS 'Files on their way into the register: the queue, the progress and the receipt in one row.';

-- What became of each row of the file in the last run; places are (E, N) in metres of the zone's plane.
CREATE TABLE app.import_row (
    job_id uuid NOT NULL REFERENCES app.import_job ON DELETE CASCADE,
    row_no bigint NOT NULL,
    part integer NOT NULL DEFAULT 0,
    outcome text NOT NULL CHECK (outcome IN ('accepted', 'repaired', 'refused')),
    label text NOT NULL DEFAULT '',
    area_before_m2 double precision,
    area_m2 double precision,
    bbox double precision[] CHECK (cardinality(bbox) = 4),
    findings jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(findings) = 'array'),
    PRIMARY KEY (job_id, row_no, part)
);
CREATE INDEX import_row_outcome ON app.import_row (job_id, outcome, row_no);

-- Requests that may be sent twice: the key, what was asked, what was answered.
CREATE TABLE app.idempotency_key (
    actor text NOT NULL CHECK (btrim(actor) <> ''),
    key text NOT NULL CHECK (length(key) BETWEEN 1 AND 200),
    fingerprint text NOT NULL CHECK (fingerprint ~ '^[0-9a-f]{64}$'),
    outcome jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (actor, key)
);
CREATE INDEX idempotency_key_by_age ON app.idempotency_key (created_at);

-- Shapes judged by the database before they become rows of the register; emptied by the transaction that filled it.
CREATE SCHEMA staging;
CREATE UNLOGGED TABLE staging.shape (
    batch uuid NOT NULL,
    position integer NOT NULL,
    zone_id uuid NOT NULL,
    srid integer NOT NULL,
    geom geometry NOT NULL,
    PRIMARY KEY (batch, position)
);

GRANT USAGE ON SCHEMA app TO gisapp_read, gisapp_write;
GRANT SELECT ON app.import_job, app.import_row TO gisapp_read;
GRANT SELECT, INSERT, UPDATE, DELETE ON app.import_job TO gisapp_write;
GRANT SELECT, INSERT, DELETE ON app.import_row TO gisapp_write;
GRANT SELECT, INSERT, DELETE ON app.idempotency_key TO gisapp_write;
GRANT USAGE ON SCHEMA staging TO gisapp_write;
GRANT SELECT, INSERT, DELETE ON staging.shape TO gisapp_write;

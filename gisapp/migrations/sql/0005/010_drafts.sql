-- Open changes: who, on which document, for which day; and the operations with what they were made on and what they do.
-- Nothing of it is in the register until the change is committed: then the operations are done again on the ground as it
-- is, in one transaction.
CREATE TABLE app.draft (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    kind text NOT NULL CHECK (kind IN ('act', 'correction')),
    document_id uuid NOT NULL REFERENCES land.document,
    reason text NOT NULL CHECK (btrim(reason) <> ''),
    effective_on date NOT NULL,
    actor text NOT NULL CHECK (btrim(actor) <> ''),
    status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'committed', 'discarded')),
    change_number bigint UNIQUE REFERENCES land.change,
    outcome jsonb,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    finished_at timestamptz,
    CONSTRAINT draft_committed_has_number CHECK ((status = 'committed') = (change_number IS NOT NULL)),
    CONSTRAINT draft_finished_has_time CHECK ((status = 'open') = (finished_at IS NULL))
);
CREATE INDEX draft_of_actor ON app.draft (actor, created_at DESC);

-- base: version of every parcel the operation really changes, as it stood in the register (noded neighbours are not in it).
CREATE TABLE app.draft_operation (
    draft_id uuid NOT NULL REFERENCES app.draft,
    step integer NOT NULL CHECK (step > 0),
    operation text NOT NULL,
    parameters jsonb NOT NULL CHECK (jsonb_typeof(parameters) = 'object'),
    base jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(base) = 'object'),
    effect jsonb NOT NULL CHECK (jsonb_typeof(effect) = 'object'),
    taken_back boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (draft_id, step)
);

GRANT SELECT ON app.draft, app.draft_operation TO gisapp_read, gisapp_write;
GRANT INSERT, UPDATE ON app.draft TO gisapp_write;
GRANT INSERT, UPDATE, DELETE ON app.draft_operation TO gisapp_write;

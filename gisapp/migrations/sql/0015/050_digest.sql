-- The weekly digest: rules somebody switches on, what each reader chose, what was said in a week, and the letters on their way.

CREATE TABLE app.digest_rule (
    code text PRIMARY KEY CHECK (code IN ('clocks', 'rights', 'notices', 'plan_steps', 'plots', 'imports')),
    position smallint NOT NULL UNIQUE,
    enabled boolean NOT NULL DEFAULT false,
    lead_days smallint CHECK (lead_days BETWEEN 1 AND 730),
    changed_by text NOT NULL DEFAULT '-',
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
INSERT INTO app.digest_rule (code, position, lead_days) VALUES
    ('clocks', 1, NULL), ('notices', 2, 60), ('plots', 3, 90), ('plan_steps', 4, NULL), ('rights', 5, 180), ('imports', 6, NULL);
COMMENT ON COLUMN app.digest_rule.lead_days IS 'How far ahead the rule looks; null: it has lead times of its own, or none.';

-- No row: the digest comes to whoever has an address.
CREATE TABLE app.digest_choice (
    user_id uuid PRIMARY KEY REFERENCES account."user" (id) ON DELETE CASCADE,
    wanted boolean NOT NULL DEFAULT true,
    muted text[] NOT NULL DEFAULT '{}' CHECK (muted <@ '{clocks,rights,notices,plan_steps,plots,imports}'),
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- What a week's digest said, from the facts of one moment; it is never written again.
CREATE TABLE app.digest_run (
    week text PRIMARY KEY CHECK (week ~ '^[0-9]{4}-W(0[1-9]|[1-4][0-9]|5[0-3])$'),
    as_of date NOT NULL,
    known bigint NOT NULL,
    rules text[] NOT NULL,
    lines jsonb NOT NULL CHECK (jsonb_typeof(lines) = 'array'),
    made_by text NOT NULL CHECK (btrim(made_by) <> ''),
    made_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
SELECT land.keep('app.digest_run');

-- One letter a week and reader. sending: from that instant on a mail server has it, or a worker died with it.
CREATE TABLE app.digest_message (
    week text NOT NULL REFERENCES app.digest_run,
    user_id uuid NOT NULL REFERENCES account."user" (id) ON DELETE CASCADE,
    message_id text NOT NULL UNIQUE,
    lines integer NOT NULL CHECK (lines > 0),
    status text NOT NULL DEFAULT 'spooled' CHECK (status IN ('spooled', 'sent', 'given_up')),
    attempts smallint NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    next_try_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    fault text CHECK (length(fault) <= 300),
    made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    sent_at timestamptz,
    PRIMARY KEY (week, user_id),
    CONSTRAINT digest_sent_check CHECK ((status = 'sent') = (sent_at IS NOT NULL))
);
CREATE INDEX digest_message_waiting ON app.digest_message (next_try_at) WHERE status = 'spooled';

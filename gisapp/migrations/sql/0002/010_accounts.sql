-- People who sign in, what they may do and what happened at the door.
-- Used by the writing login only: the reading login of map and tables sees names, never a password record.

CREATE SCHEMA account;

CREATE TABLE account.role (
    name text PRIMARY KEY,
    rank smallint NOT NULL UNIQUE
);
INSERT INTO account.role (name, rank) VALUES
    ('viewer', 1), ('leader', 2), ('planner', 3), ('officer', 4), ('auditor', 5), ('admin', 6);

CREATE TABLE account."user" (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    username text NOT NULL UNIQUE
        CONSTRAINT username_form CHECK (username ~ '^[a-z][a-z0-9._-]{1,39}$'),
    full_name text CONSTRAINT full_name_length CHECK (length(full_name) BETWEEN 1 AND 120),
    email text CONSTRAINT email_length CHECK (length(email) <= 254),
    password text NOT NULL CONSTRAINT password_is_argon2id CHECK (password LIKE '$argon2id$%'),
    fs_uniquifier text NOT NULL UNIQUE,
    role_name text NOT NULL REFERENCES account.role (name),
    active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    password_changed_at timestamptz NOT NULL DEFAULT now(),
    tf_primary_method text,
    tf_totp_secret text,
    tf_last_counter bigint
);
COMMENT ON TABLE account."user" IS 'One person who signs in by user name; exactly one role.';
COMMENT ON COLUMN account."user".fs_uniquifier IS 'Changes with the password: every older session and cookie dies.';

CREATE TABLE account.user_scope (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES account."user" (id) ON DELETE CASCADE,
    board_code text REFERENCES land.board (code),
    zone_code text REFERENCES land.zone (code),
    CONSTRAINT one_place CHECK (num_nonnulls(board_code, zone_code) = 1),
    UNIQUE NULLS NOT DISTINCT (user_id, board_code, zone_code)
);
COMMENT ON TABLE account.user_scope IS 'Boards and zones a user is limited to; no row means all of them.';

CREATE TABLE account.session (
    token_sha256 bytea PRIMARY KEY CONSTRAINT token_is_hashed CHECK (octet_length(token_sha256) = 32),
    user_id uuid NOT NULL REFERENCES account."user" (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    seen_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz,
    ip inet,
    user_agent text CONSTRAINT user_agent_length CHECK (length(user_agent) <= 200)
);
CREATE INDEX session_of_user ON account.session (user_id) WHERE ended_at IS NULL;
CREATE INDEX session_by_age ON account.session (created_at);
COMMENT ON TABLE account.session IS 'Signed-in browsers; a cookie without a living row here opens nothing.';

CREATE TABLE account.api_token (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL REFERENCES account."user" (id) ON DELETE CASCADE,
    name text NOT NULL CONSTRAINT name_length CHECK (length(name) BETWEEN 1 AND 80),
    token_sha256 bytea NOT NULL UNIQUE CONSTRAINT token_is_hashed CHECK (octet_length(token_sha256) = 32),
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    last_used_at timestamptz,
    revoked_at timestamptz,
    CONSTRAINT expires_after_creation CHECK (expires_at > created_at)
);
CREATE INDEX api_token_of_user ON account.api_token (user_id);

CREATE TABLE account.login_throttle (
    kind text NOT NULL CONSTRAINT kind_known CHECK (kind IN ('address', 'user', 'global')),
    key_sha256 bytea NOT NULL CONSTRAINT key_is_hashed CHECK (octet_length(key_sha256) = 32),
    failures integer NOT NULL CONSTRAINT failures_counted CHECK (failures >= 0),
    last_attempt_at timestamptz NOT NULL,
    PRIMARY KEY (kind, key_sha256)
);
COMMENT ON TABLE account.login_throttle IS 'Recent failed logins by address, by name and in all; keys are hashed because people type passwords into the wrong field.';

CREATE TABLE account.known_address (
    user_id uuid NOT NULL REFERENCES account."user" (id) ON DELETE CASCADE,
    ip inet NOT NULL,
    last_login_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, ip)
);
COMMENT ON TABLE account.known_address IS 'Addresses a user has signed in from: somebody else guessing the name elsewhere does not slow them down.';

CREATE TABLE account.event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    kind text NOT NULL CONSTRAINT kind_form CHECK (kind ~ '^[a-z]+(-[a-z]+)*$'),
    user_id uuid,
    actor_id uuid,
    ip inet,
    request_id text,
    detail jsonb NOT NULL DEFAULT '{}' CONSTRAINT detail_is_object CHECK (jsonb_typeof(detail) = 'object')
);
CREATE INDEX event_of_user ON account.event (user_id, at);
COMMENT ON TABLE account.event IS 'What happened at the door: logins, refusals, changes of users; rows are only ever added.';

CREATE FUNCTION account.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog
AS $$
BEGIN
    RAISE EXCEPTION 'security events are only added, never changed' USING ERRCODE = '42501';
END;
$$;
CREATE TRIGGER event_is_insert_only BEFORE UPDATE OR DELETE ON account.event
    FOR EACH ROW EXECUTE FUNCTION account.refuse_change();
CREATE TRIGGER event_is_never_emptied BEFORE TRUNCATE ON account.event
    FOR EACH STATEMENT EXECUTE FUNCTION account.refuse_change();

CREATE VIEW account.directory AS
    SELECT id, username, full_name, role_name, active FROM account."user";
COMMENT ON VIEW account.directory IS 'Names for showing who recorded what; nothing secret.';

GRANT USAGE ON SCHEMA account TO gisapp_write, gisapp_read;
GRANT SELECT ON account.directory TO gisapp_read, gisapp_write;
GRANT SELECT ON account.role TO gisapp_write, gisapp_read;
GRANT SELECT, INSERT, UPDATE ON account."user", account.session, account.api_token, account.known_address TO gisapp_write;
GRANT SELECT, INSERT, DELETE ON account.user_scope TO gisapp_write;
GRANT SELECT, INSERT, UPDATE, DELETE ON account.login_throttle TO gisapp_write;
GRANT DELETE ON account.session TO gisapp_write;
GRANT SELECT, INSERT ON account.event TO gisapp_write;

-- readiness compares the schema's revision with the program's
GRANT USAGE ON SCHEMA app TO gisapp_read, gisapp_write;
GRANT SELECT ON app.alembic_version TO gisapp_read, gisapp_write;

-- Records: the instance, documents, changes, and what watches over both clocks.
CREATE SCHEMA land;

CREATE DOMAIN land.area_m2 AS numeric CHECK (VALUE > 0 AND VALUE = round(VALUE, 2) AND VALUE < 1e12);
CREATE DOMAIN land.vnd AS numeric CHECK (VALUE = trunc(VALUE) AND VALUE BETWEEN 0 AND 999999999999999999);
CREATE DOMAIN land.money AS numeric CHECK (VALUE = round(VALUE, 2) AND VALUE BETWEEN 0 AND 999999999999999999);
CREATE DOMAIN land.plane AS integer CHECK (VALUE IN (3405, 3406, 5896, 5897, 5898, 5899, 9205, 9206, 9207, 9208, 9209,
                                                     9210, 9211, 9212, 9213, 9214, 9215, 9216, 9217, 9218));

-- One row: what this database is. Only a database marked demo accepts knowledge dated back.
CREATE TABLE land.instance (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    is_demo boolean NOT NULL DEFAULT false,
    data_notice text,
    created_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO land.instance DEFAULT VALUES;

CREATE TABLE land.document (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    kind text NOT NULL DEFAULT 'decision'
        CHECK (kind IN ('decision', 'minutes', 'contract', 'certificate', 'notice', 'survey', 'correction', 'other')),
    number text NOT NULL CHECK (btrim(number) <> ''),
    issued_on date NOT NULL,
    issuer text NOT NULL CHECK (btrim(issuer) <> ''),
    title text NOT NULL DEFAULT '',
    file_sha256 text CHECK (file_sha256 ~ '^[0-9a-f]{64}$'),
    file_name text,
    media_type text,
    file_size bigint CHECK (file_size >= 0),
    created_by text NOT NULL CHECK (btrim(created_by) <> ''),
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT document_key UNIQUE (number, issued_on, issuer)
);

-- A change: the unit in which knowledge is counted. Its number is drawn under a shared lock, so whoever holds the lock
-- exclusively for an instant knows that no smaller number can still appear (sealing).
CREATE SEQUENCE land.change_number;
CREATE TABLE land.change (
    number bigint PRIMARY KEY,
    id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    kind text NOT NULL CHECK (kind IN ('act', 'correction', 'setup')),
    document_id uuid REFERENCES land.document,
    reason text NOT NULL CHECK (btrim(reason) <> ''),
    actor text NOT NULL CHECK (btrim(actor) <> ''),
    effective_on date NOT NULL,
    undoes bigint REFERENCES land.change,
    dated_back_to timestamptz,
    committed_at timestamptz,
    transaction xid8 NOT NULL DEFAULT pg_current_xact_id(),
    CONSTRAINT change_hangs_on_a_document CHECK (kind = 'setup' OR document_id IS NOT NULL)
);
CREATE INDEX change_committed_at ON land.change (committed_at);
CREATE INDEX change_document ON land.change (document_id);

CREATE FUNCTION land.number_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(4756001);
    NEW.number := nextval('land.change_number');
    NEW.transaction := pg_current_xact_id();
    NEW.committed_at := NULL;
    IF NEW.dated_back_to IS NOT NULL THEN
        IF NOT (SELECT is_demo FROM land.instance) THEN
            RAISE EXCEPTION 'knowledge-dated-back' USING ERRCODE = '23514', CONSTRAINT = 'change_not_dated_back';
        END IF;
        IF NEW.dated_back_to > clock_timestamp()
           OR NEW.dated_back_to < (SELECT max(committed_at) FROM land.change) THEN
            RAISE EXCEPTION 'knowledge-out-of-order' USING ERRCODE = '23514', CONSTRAINT = 'change_dated_in_order';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER change_10_number BEFORE INSERT ON land.change FOR EACH ROW EXECUTE FUNCTION land.number_change();

CREATE FUNCTION land.stamp_change() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE land.change SET committed_at = coalesce(dated_back_to, clock_timestamp()) WHERE number = NEW.number;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER change_90_stamp AFTER INSERT ON land.change DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION land.stamp_change();

CREATE FUNCTION land.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'history-is-kept' USING ERRCODE = '42501', CONSTRAINT = 'history_is_kept',
        DETAIL = format('%s on %s', TG_OP, TG_TABLE_NAME);
END $$;

CREATE FUNCTION land.only_the_stamp_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.committed_at IS NULL AND NEW.committed_at IS NOT NULL AND OLD.transaction = pg_current_xact_id() THEN
        OLD.committed_at := NEW.committed_at;
    END IF;
    IF OLD *<> NEW THEN
        RAISE EXCEPTION 'history-is-kept' USING ERRCODE = '42501', CONSTRAINT = 'history_is_kept';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER change_50_kept AFTER UPDATE ON land.change FOR EACH ROW EXECUTE FUNCTION land.only_the_stamp_moves();

-- The highest change number with every change up to it committed by the instant; null when none was.
CREATE FUNCTION land.known_at(instant timestamptz) RETURNS bigint LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE WHEN later.number IS NULL THEN (SELECT max(number) FROM land.change WHERE committed_at <= instant)
                ELSE (SELECT max(number) FROM land.change WHERE number < later.number AND committed_at <= instant) END
    FROM (SELECT min(number) AS number FROM land.change WHERE committed_at > instant) AS later $$;

-- The highest number below which nothing can appear later: waits for the changes under way, for an instant.
CREATE FUNCTION land.settled_change() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(4756001);
    RETURN (SELECT max(number) FROM land.change);
END $$;

-- Insert-only tables without clocks of their own.
CREATE FUNCTION land.keep(kept regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER a_kept BEFORE UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION land.refuse()', kept);
    EXECUTE format('CREATE TRIGGER a_kept_whole BEFORE TRUNCATE ON %s EXECUTE FUNCTION land.refuse()', kept);
END $$;
SELECT land.keep('land.document');
CREATE TRIGGER a_kept BEFORE DELETE ON land.change FOR EACH ROW EXECUTE FUNCTION land.refuse();
CREATE TRIGGER a_kept_whole BEFORE TRUNCATE ON land.change EXECUTE FUNCTION land.refuse();

-- What people did that is not a change of the register: logins, exports, uploads, readings.
CREATE TABLE land.audit_event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor text NOT NULL CHECK (btrim(actor) <> ''),
    action text NOT NULL CHECK (btrim(action) <> ''),
    subject text NOT NULL DEFAULT '',
    detail jsonb NOT NULL DEFAULT '{}'
);
SELECT land.keep('land.audit_event');

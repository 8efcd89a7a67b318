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

-- A change: the unit in which knowledge is counted. Before its number is drawn its transaction takes a lock that everybody
-- can see, and it notes who else holds one: so it is known, for ever and from one snapshot, which smaller numbers could
-- still appear after it, and nobody has to stop the others to find out.
CREATE FUNCTION land.read_committed(rule text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'isolation-must-be-read-committed' USING ERRCODE = '25001', CONSTRAINT = rule;
    END IF;
END $$;

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
    in_flight xid8[] NOT NULL DEFAULT '{}',
    CONSTRAINT change_hangs_on_a_document CHECK (kind = 'setup' OR document_id IS NOT NULL)
);
CREATE INDEX change_committed_at ON land.change (committed_at);
CREATE INDEX change_document ON land.change (document_id);

-- Transactions of this database with an open change; 64 bits are rebuilt around the present from the 32 of the lock.
CREATE FUNCTION land.changes_under_way() RETURNS xid8[] LANGUAGE sql VOLATILE AS $$
    SELECT coalesce(array_agg((present + (held.objid::bigint - present % 4294967296 + 6442450944) % 4294967296
                               - 2147483648)::text::xid8), '{}')
    FROM pg_locks AS held, (SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS present) AS clock
    WHERE held.locktype = 'advisory' AND held.classid = 4756 AND held.objsubid = 2 AND held.granted
      AND held.mode = 'ExclusiveLock' AND held.pid <> pg_backend_pid()
      AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database()) $$;

CREATE FUNCTION land.number_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.transaction := pg_current_xact_id();
    PERFORM pg_advisory_xact_lock(4756, ((NEW.transaction::text::bigint + 2147483648) % 4294967296 - 2147483648)::integer);
    NEW.number := nextval('land.change_number');
    NEW.in_flight := land.changes_under_way();
    NEW.committed_at := NULL;
    IF NEW.dated_back_to IS NOT NULL THEN
        IF NOT (SELECT is_demo FROM land.instance) THEN
            RAISE EXCEPTION 'knowledge-dated-back' USING ERRCODE = '23514', CONSTRAINT = 'change_not_dated_back';
        END IF;
        PERFORM land.read_committed('change_dated_in_order');
        PERFORM pg_advisory_xact_lock(4757, 2);
        IF NEW.dated_back_to > clock_timestamp()
           OR NEW.dated_back_to < (SELECT max(committed_at) FROM land.change)
           OR NEW.dated_back_to < (SELECT max(coalesce(dated_back_to, clock_timestamp())) FROM land.change
                                   WHERE committed_at IS NULL) THEN
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

-- True when, in this snapshot, no smaller number can appear any more. A row whose xmin is not its own transaction came
-- out of a backup: what was under way then is over.
CREATE FUNCTION land.is_settled(change land.change, written_by xid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT written_by <> change.transaction::xid
        OR NOT EXISTS (SELECT FROM unnest(change.in_flight) AS other WHERE NOT pg_visible_in_snapshot(other, pg_current_snapshot())) $$;

-- The highest change number with every change up to it committed by the instant; null when none was. A change is stamped
-- as it commits: until the commit is through, an instant within those milliseconds may still gain it.
CREATE FUNCTION land.known_at(instant timestamptz) RETURNS bigint LANGUAGE sql STABLE STRICT AS $$
    SELECT number FROM land.change
    WHERE committed_at <= instant AND land.is_settled(change, change.xmin)
      AND number < coalesce((SELECT min(number) FROM land.change AS later WHERE later.committed_at > instant),
                            9223372036854775807)
    ORDER BY number DESC LIMIT 1 $$;

-- The highest number below which nothing can appear later, as this snapshot has it: waits for nobody.
CREATE FUNCTION land.settled_by_now() RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT number FROM land.change WHERE committed_at IS NOT NULL AND land.is_settled(change, change.xmin)
    ORDER BY number DESC LIMIT 1 $$;

-- The newest number there is, once nothing below it can appear any more: waits for the changes under way, stops no new one.
CREATE FUNCTION land.settled_change() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    newest bigint;
    other xid8;
BEGIN
    PERFORM land.read_committed('knowledge_settled_read_committed');
    newest := (SELECT max(number) FROM land.change WHERE committed_at IS NOT NULL);
    FOREACH other IN ARRAY land.changes_under_way() LOOP
        PERFORM pg_advisory_xact_lock_shared(4756, ((other::text::bigint + 2147483648) % 4294967296 - 2147483648)::integer);
    END LOOP;
    RETURN newest;
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

-- A database is marked demo before its first change, or never: nobody turns a register into one that accepts knowledge
-- dated back, or a demo into a register.
CREATE FUNCTION land.marked_before_use() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.is_demo <> NEW.is_demo THEN
        PERFORM land.read_committed('demo_marked_before_use');
        LOCK TABLE land.change IN SHARE MODE;
        IF EXISTS (SELECT FROM land.change) THEN
            RAISE EXCEPTION 'demo-marked-too-late' USING ERRCODE = '23514', CONSTRAINT = 'demo_marked_before_use';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER b_marked_before_use BEFORE UPDATE ON land.instance FOR EACH ROW EXECUTE FUNCTION land.marked_before_use();
CREATE TRIGGER a_kept BEFORE DELETE ON land.instance FOR EACH ROW EXECUTE FUNCTION land.refuse();
CREATE TRIGGER a_kept_whole BEFORE TRUNCATE ON land.instance EXECUTE FUNCTION land.refuse();

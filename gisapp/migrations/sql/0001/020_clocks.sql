-- Two clocks on every fact, defined once. A clocked table says LIKE land.clocked INCLUDING ALL and calls land.keep_clocks.
-- valid: days, valid_to exclusive, open = null; equal dates = lived less than a day, in the history and in no as_of.
-- recorded: numbers of changes, [opened_by, closed_by).
CREATE TABLE land.clocked (
    valid_from date NOT NULL,
    valid_to date,
    valid daterange GENERATED ALWAYS AS (daterange(valid_from, valid_to)) STORED,
    opened_by bigint NOT NULL,
    closed_by bigint,
    recorded int8range GENERATED ALWAYS AS (int8range(opened_by, closed_by)) STORED,
    CONSTRAINT valid_forward CHECK (valid_to >= valid_from),
    CONSTRAINT valid_plausible CHECK (valid_from >= '1945-09-02' AND valid_from < '2200-01-01' AND valid_to < '2200-01-01'),
    CONSTRAINT recorded_forward CHECK (closed_by >= opened_by)
);
CREATE TRIGGER a_pattern_only BEFORE INSERT ON land.clocked EXECUTE FUNCTION land.refuse();

-- Facts that have no legal period of their own (lots live as long as their plan version is in force).
CREATE TABLE land.recorded (
    opened_by bigint NOT NULL,
    closed_by bigint,
    recorded int8range GENERATED ALWAYS AS (int8range(opened_by, closed_by)) STORED,
    CONSTRAINT recorded_forward CHECK (closed_by >= opened_by)
);
CREATE TRIGGER a_pattern_only BEFORE INSERT ON land.recorded EXECUTE FUNCTION land.refuse();

-- Which tables carry knowledge, and the columns that make up a row's payload (for seals and their verification).
CREATE TABLE land.register_table (
    name text PRIMARY KEY,
    key_column text NOT NULL,
    closes boolean NOT NULL,
    payload text NOT NULL
);

CREATE FUNCTION land.opened_by_this_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    setup_allowed boolean := TG_ARGV[0] = 'setup';
BEGIN
    IF EXISTS (SELECT FROM (SELECT DISTINCT opened_by FROM new_rows) AS fresh
               LEFT JOIN land.change ON change.number = fresh.opened_by AND change.transaction = pg_current_xact_id()
                                    AND change.committed_at IS NULL AND (change.kind <> 'setup' OR setup_allowed)
               WHERE change.number IS NULL) THEN
        RAISE EXCEPTION 'write-without-change' USING ERRCODE = '42501', CONSTRAINT = 'write_has_a_change',
            DETAIL = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION land.born_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM new_rows WHERE closed_by IS NOT NULL) THEN
        RAISE EXCEPTION 'row-born-closed' USING ERRCODE = '42501', CONSTRAINT = 'recorded_opens_first';
    END IF;
    RETURN NULL;
END $$;

-- The one thing that ever moves: recorded's end, open -> this change, once, on a document where the fact needs one. AFTER, because generated columns are still
-- null in a BEFORE trigger; *<> compares every column's bytes.
CREATE FUNCTION land.only_recorded_ends() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    setup_allowed boolean := TG_ARGV[0] = 'setup';
BEGIN
    IF OLD.closed_by IS NULL AND NEW.closed_by IS NOT NULL
       AND EXISTS (SELECT FROM land.change WHERE number = NEW.closed_by AND transaction = pg_current_xact_id()
                                             AND committed_at IS NULL AND (kind <> 'setup' OR setup_allowed)) THEN
        OLD.closed_by := NEW.closed_by;
        OLD.recorded := NEW.recorded;
        IF OLD *= NEW THEN
            RETURN NULL;
        END IF;
    END IF;
    RAISE EXCEPTION 'history-is-kept' USING ERRCODE = '42501', CONSTRAINT = 'history_is_kept',
        DETAIL = format('UPDATE on %s', TG_TABLE_NAME);
END $$;

-- A row's payload for its seal: every written column but the end of knowledge, and the text of the documents it names.
CREATE FUNCTION land.payload_columns(kept regclass) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT string_agg(CASE WHEN attname IN ('document_id', 'decision_id')
                           THEN format('%1$I, (SELECT document::text FROM land.document WHERE document.id = %1$I)', attname)
                           ELSE quote_ident(attname) END, ', ' ORDER BY attnum) FROM pg_attribute
    WHERE attrelid = kept AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attname <> 'closed_by' $$;

-- Puts a table under the rules. entity: column of which there is one row per day and knowledge (null: other rule).
CREATE FUNCTION land.keep_clocks(kept regclass, entity text DEFAULT NULL, setup text DEFAULT 'document') RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    short text := split_part(kept::text, '.', 2);
    closes boolean := EXISTS (SELECT FROM pg_attribute WHERE attrelid = kept AND attname = 'closed_by');
    key_column text := (SELECT attname FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]
                        WHERE indrelid = kept AND indisprimary);
BEGIN
    EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I FOREIGN KEY (opened_by) REFERENCES land.change', kept, short || '_opened_by');
    EXECUTE format('CREATE INDEX %I ON %s (opened_by)', short || '_opened', kept);
    EXECUTE format('CREATE TRIGGER b_has_change AFTER INSERT ON %s REFERENCING NEW TABLE AS new_rows '
                   'FOR EACH STATEMENT EXECUTE FUNCTION land.opened_by_this_change(%L)', kept, setup);
    EXECUTE format('CREATE TRIGGER a_kept_whole BEFORE TRUNCATE ON %s EXECUTE FUNCTION land.refuse()', kept);
    IF closes THEN
        EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I FOREIGN KEY (closed_by) REFERENCES land.change', kept, short || '_closed_by');
        EXECUTE format('CREATE INDEX %I ON %s (closed_by) WHERE closed_by IS NOT NULL', short || '_closed', kept);
        EXECUTE format('CREATE TRIGGER b_born_open AFTER INSERT ON %s REFERENCING NEW TABLE AS new_rows '
                       'FOR EACH STATEMENT EXECUTE FUNCTION land.born_open()', kept);
        EXECUTE format('CREATE TRIGGER a_kept BEFORE DELETE ON %s FOR EACH ROW EXECUTE FUNCTION land.refuse()', kept);
        EXECUTE format('CREATE TRIGGER b_only_recorded_ends AFTER UPDATE ON %s FOR EACH ROW '
                       'EXECUTE FUNCTION land.only_recorded_ends(%L)', kept, setup);
    ELSE
        EXECUTE format('CREATE TRIGGER a_kept BEFORE UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION land.refuse()', kept);
    END IF;
    IF entity IS NOT NULL THEN
        EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I EXCLUDE USING gist (%I WITH =, valid WITH &&) '
                       'WHERE (closed_by IS NULL)', kept, short || '_one_row_a_day', entity);
    END IF;
    INSERT INTO land.register_table VALUES (kept::text, key_column, closes, land.payload_columns(kept));
END $$;

-- Thresholds of the legal clocks are entered and confirmed by people, by name, as the other terms of law are (0017): nothing is
-- overwritten, a row with the same first day corrects the former, one with a later first day follows it. A day of breach is what
-- letters to investors say, so what somebody entered counts from the moment another person compared it with the text; until then
-- the rows before it count. The rows the register was founded with count as they are, and say whether they are verified.

ALTER TABLE land.clock_threshold DROP CONSTRAINT one_threshold_a_day,
    ADD COLUMN version integer NOT NULL DEFAULT 1 CHECK (version > 0),
    ADD COLUMN founding boolean NOT NULL DEFAULT true,
    ADD CONSTRAINT clock_threshold_version UNIQUE (code, valid_from, version),
    ADD CONSTRAINT clock_threshold_plausible_check CHECK (valid_from >= '1945-09-02' AND valid_from < '2200-01-01' AND valid_to < '2200-01-01'),
    ADD CONSTRAINT clock_threshold_by_check CHECK (btrim(recorded_by) <> '');
ALTER TABLE land.clock_threshold ALTER COLUMN founding SET DEFAULT false;

-- The next version of its row, no other: so two who write at once cannot both be the next. Never confirmed by its own words.
CREATE FUNCTION land.next_threshold_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.version <> 1 + coalesce((SELECT max(version) FROM land.clock_threshold WHERE code = NEW.code AND valid_from = NEW.valid_from), 0) THEN
        RAISE EXCEPTION 'term-moved' USING ERRCODE = '23505', CONSTRAINT = 'clock_threshold_version';
    ELSIF NEW.verification <> 'unverified' OR NEW.founding THEN
        RAISE EXCEPTION 'term-confirmed-by-self' USING ERRCODE = '42501', CONSTRAINT = 'term_confirmed_by_another';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER c_next_version BEFORE INSERT ON land.clock_threshold FOR EACH ROW EXECUTE FUNCTION land.next_threshold_version();

CREATE TABLE land.clock_threshold_confirmation (
    threshold_id bigint PRIMARY KEY REFERENCES land.clock_threshold,
    seen_in text NOT NULL CHECK (length(btrim(seen_in)) BETWEEN 3 AND 500),
    confirmed_by text NOT NULL CHECK (btrim(confirmed_by) <> ''),
    confirmed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE FUNCTION land.threshold_confirmed_by_another() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM land.clock_threshold AS entered WHERE entered.id = NEW.threshold_id
               AND lower(btrim(entered.recorded_by)) = lower(btrim(NEW.confirmed_by))) THEN
        RAISE EXCEPTION 'term-confirmed-by-self' USING ERRCODE = '42501', CONSTRAINT = 'term_confirmed_by_another';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER c_by_another BEFORE INSERT ON land.clock_threshold_confirmation
    FOR EACH ROW EXECUTE FUNCTION land.threshold_confirmed_by_another();
SELECT land.keep('land.clock_threshold_confirmation');

-- The thresholds as they count: of one first day the newest that counts, each until the next of its code begins.
CREATE FUNCTION land.clock_thresholds()
RETURNS TABLE (id bigint, code text, months smallint, days smallint, counts_from text, project_kinds text[], valid_from date,
               valid_to date, clause text, source text, verification text)
LANGUAGE sql STABLE AS $$
    WITH newest AS (
        SELECT DISTINCT ON (term.code, term.valid_from) term.*,
               CASE WHEN seen.threshold_id IS NULL THEN term.verification ELSE 'verified' END AS standing
        FROM land.clock_threshold AS term LEFT JOIN land.clock_threshold_confirmation AS seen ON seen.threshold_id = term.id
        WHERE term.founding OR seen.threshold_id IS NOT NULL
        ORDER BY term.code, term.valid_from, term.version DESC
    )
    SELECT newest.id, newest.code, newest.months, newest.days, newest.counts_from, newest.project_kinds, newest.valid_from,
           least(newest.valid_to, lead(newest.valid_from) OVER (PARTITION BY newest.code ORDER BY newest.valid_from)),
           newest.clause, newest.source, newest.standing
    FROM newest $$;

GRANT SELECT ON land.clock_threshold_confirmation TO gisapp_read, gisapp_write;
GRANT INSERT ON land.clock_threshold_confirmation TO gisapp_write;

-- Terms of law are entered and confirmed by people, by name: whoever enters a row does not confirm it, and no row says of
-- itself that it was compared with the text. Nothing is overwritten: a row with the same first day corrects the former, one
-- with a later first day follows it.

ALTER TABLE land.clearance_term ADD COLUMN version integer NOT NULL DEFAULT 1 CHECK (version > 0),
    DROP CONSTRAINT clearance_term_key,
    ADD CONSTRAINT clearance_term_version UNIQUE (code, valid_from, version),
    ADD CONSTRAINT clearance_term_plausible_check CHECK (valid_from >= '1945-09-02' AND valid_from < '2200-01-01' AND valid_to < '2200-01-01'),
    ADD CONSTRAINT clearance_term_texts_check CHECK (length(clause) <= 200 AND btrim(recorded_by) <> '');
ALTER TABLE land.plan_deadline
    ADD CONSTRAINT deadline_plausible CHECK (valid_from >= '1945-09-02' AND valid_from < '2200-01-01' AND valid_to < '2200-01-01'),
    ADD CONSTRAINT deadline_within_ten_years CHECK (least_days <= 3660 AND most_days <= 3660),
    ADD CONSTRAINT deadline_texts CHECK (length(waits_for_vi) <= 200 AND length(waits_for_en) <= 200 AND length(clause_vi) <= 300
                                         AND length(clause_en) <= 300 AND length(source) <= 500 AND btrim(recorded_by) <> '');

-- The next version of its row, no other: so two who write at once cannot both be the next. Never confirmed by its own words.
CREATE FUNCTION land.next_deadline_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.version <> 1 + coalesce((SELECT max(version) FROM land.plan_deadline WHERE step = NEW.step
                                    AND level IS NOT DISTINCT FROM NEW.level AND valid_from = NEW.valid_from), 0) THEN
        RAISE EXCEPTION 'term-moved' USING ERRCODE = '23505', CONSTRAINT = 'deadline_version';
    ELSIF NEW.verification <> 'unverified' THEN
        RAISE EXCEPTION 'term-confirmed-by-self' USING ERRCODE = '42501', CONSTRAINT = 'term_confirmed_by_another';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER c_next_version BEFORE INSERT ON land.plan_deadline FOR EACH ROW EXECUTE FUNCTION land.next_deadline_version();

-- A term keeps for ever what it is about: its code says which steps it binds, on which land and in which way.
CREATE FUNCTION land.next_term_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.version <> 1 + coalesce((SELECT max(version) FROM land.clearance_term WHERE code = NEW.code AND valid_from = NEW.valid_from), 0) THEN
        RAISE EXCEPTION 'term-moved' USING ERRCODE = '23505', CONSTRAINT = 'clearance_term_version';
    ELSIF NEW.verification <> 'unverified' THEN
        RAISE EXCEPTION 'term-confirmed-by-self' USING ERRCODE = '42501', CONSTRAINT = 'term_confirmed_by_another';
    ELSIF NOT EXISTS (SELECT FROM land.clearance_term AS first WHERE first.code = NEW.code AND first.bound = NEW.bound
                      AND first.until_step = NEW.until_step AND first.land_class IS NOT DISTINCT FROM NEW.land_class)
       OR NEW.from_step NOT IN (SELECT from_step FROM land.clearance_term) THEN
        RAISE EXCEPTION 'term-of-another-kind' USING ERRCODE = '23514', CONSTRAINT = 'clearance_term_keeps_its_kind';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER c_next_version BEFORE INSERT ON land.clearance_term FOR EACH ROW EXECUTE FUNCTION land.next_term_version();

CREATE TABLE land.plan_deadline_confirmation (
    deadline_id bigint PRIMARY KEY REFERENCES land.plan_deadline,
    seen_in text NOT NULL CHECK (length(btrim(seen_in)) BETWEEN 3 AND 500),
    confirmed_by text NOT NULL CHECK (btrim(confirmed_by) <> ''),
    confirmed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TABLE land.clearance_term_confirmation (
    term_id bigint PRIMARY KEY REFERENCES land.clearance_term,
    seen_in text NOT NULL CHECK (length(btrim(seen_in)) BETWEEN 3 AND 500),
    confirmed_by text NOT NULL CHECK (btrim(confirmed_by) <> ''),
    confirmed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE FUNCTION land.deadline_confirmed_by_another() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM land.plan_deadline AS entered WHERE entered.id = NEW.deadline_id
               AND lower(btrim(entered.recorded_by)) = lower(btrim(NEW.confirmed_by))) THEN
        RAISE EXCEPTION 'term-confirmed-by-self' USING ERRCODE = '42501', CONSTRAINT = 'term_confirmed_by_another';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER c_by_another BEFORE INSERT ON land.plan_deadline_confirmation
    FOR EACH ROW EXECUTE FUNCTION land.deadline_confirmed_by_another();
CREATE FUNCTION land.term_confirmed_by_another() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM land.clearance_term AS entered WHERE entered.id = NEW.term_id
               AND lower(btrim(entered.recorded_by)) = lower(btrim(NEW.confirmed_by))) THEN
        RAISE EXCEPTION 'term-confirmed-by-self' USING ERRCODE = '42501', CONSTRAINT = 'term_confirmed_by_another';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER c_by_another BEFORE INSERT ON land.clearance_term_confirmation
    FOR EACH ROW EXECUTE FUNCTION land.term_confirmed_by_another();
SELECT land.keep('land.plan_deadline_confirmation'), land.keep('land.clearance_term_confirmation');

-- The terms as they count: of one first day the newest version, each until the next of its code begins. only_verified:
-- among the rows somebody compared with the text, as the database itself does when it refuses.
CREATE FUNCTION land.clearance_terms(only_verified boolean DEFAULT false)
RETURNS TABLE (id bigint, code text, bound text, from_step text, until_step text, land_class text, days smallint, months smallint,
               valid_from date, valid_to date, clause text, verification text, version integer)
LANGUAGE sql STABLE AS $$
    WITH told AS (
        SELECT term.*, CASE WHEN seen.term_id IS NULL THEN term.verification ELSE 'verified' END AS standing
        FROM land.clearance_term AS term LEFT JOIN land.clearance_term_confirmation AS seen ON seen.term_id = term.id
    ), newest AS (
        SELECT DISTINCT ON (told.code, told.valid_from) told.* FROM told WHERE NOT only_verified OR told.standing = 'verified'
        ORDER BY told.code, told.valid_from, told.version DESC
    )
    SELECT newest.id, newest.code, newest.bound, newest.from_step, newest.until_step, newest.land_class, newest.days, newest.months,
           newest.valid_from, least(newest.valid_to, lead(newest.valid_from) OVER (PARTITION BY newest.code ORDER BY newest.valid_from)),
           newest.clause, newest.standing, newest.version
    FROM newest $$;

-- The notice's terms: some notice that is still valid on the day of the recovery was sent long enough before it.
CREATE OR REPLACE FUNCTION land.notice_fault(item uuid, land_class text, recovered_on date, agreed_early boolean) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH binding AS MATERIALIZED (
        SELECT * FROM land.clearance_terms(true) AS term WHERE term.from_step = 'notice' AND term.until_step = 'recovered'
    ), notice AS (
        SELECT sent.valid_from AS day FROM land.clearance_step AS sent
        WHERE sent.item_id = item AND sent.kind = 'notice' AND sent.closed_by IS NULL AND sent.valid_from <= recovered_on
    ), alive AS (
        SELECT notice.day FROM notice WHERE NOT EXISTS (
            SELECT FROM binding AS term WHERE term.bound = 'valid_for'
              AND term.valid_from <= notice.day AND (term.valid_to IS NULL OR term.valid_to > notice.day)
              AND recovered_on >= notice.day + make_interval(months => coalesce(term.months, 0), days => coalesce(term.days, 0)))
    ), ripe AS (
        SELECT alive.day FROM alive WHERE agreed_early OR NOT EXISTS (
            SELECT FROM binding AS term WHERE term.bound = 'at_least'
              AND term.valid_from <= alive.day AND (term.valid_to IS NULL OR term.valid_to > alive.day)
              AND (term.land_class IS NULL OR term.land_class = notice_fault.land_class)
              AND recovered_on < alive.day + make_interval(months => coalesce(term.months, 0), days => coalesce(term.days, 0)))
    )
    SELECT CASE WHEN NOT EXISTS (SELECT FROM alive) THEN 'expired' WHEN NOT EXISTS (SELECT FROM ripe) THEN 'early' END $$;

GRANT SELECT ON land.plan_deadline_confirmation, land.clearance_term_confirmation TO gisapp_read, gisapp_write;
GRANT INSERT ON land.plan_deadline, land.clearance_term, land.plan_deadline_confirmation, land.clearance_term_confirmation TO gisapp_write;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA land TO gisapp_write;

-- The rulebook of planning norms: dated rows, never code. A norm keeps its code for ever; what it asks is a rule. A later
-- version with the same first day corrects the former; one with a later first day follows it, for the plans it reaches.
CREATE TABLE land.norm (
    code text PRIMARY KEY CHECK (code ~ '^[a-z][a-z0-9_]{1,47}$'),
    position integer GENERATED ALWAYS AS IDENTITY UNIQUE
);
CREATE TABLE land.norm_rule (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code text NOT NULL REFERENCES land.norm,
    version integer NOT NULL CHECK (version > 0),
    regulation text NOT NULL CHECK (btrim(regulation) <> '' AND length(regulation) <= 200),
    clause text NOT NULL CHECK (btrim(clause) <> '' AND length(clause) <= 200),
    quote_vi text NOT NULL CHECK (btrim(quote_vi) <> '' AND length(quote_vi) <= 2000),
    quote_en text NOT NULL CHECK (btrim(quote_en) <> '' AND length(quote_en) <= 2000),
    source text NOT NULL CHECK (btrim(source) <> '' AND length(source) <= 500),
    valid_from date NOT NULL,
    valid_to date,
    reaches_by text NOT NULL CHECK (reaches_by IN ('approval', 'appraisal')),
    zone_kinds text[] CHECK (cardinality(zone_kinds) > 0),
    plan_levels text[] CHECK (cardinality(plan_levels) > 0 AND plan_levels <@ ARRAY['general', 'subdivision', 'detailed']),
    measure text NOT NULL CHECK (measure IN ('share', 'area', 'per_person', 'density', 'storeys', 'floor_area_ratio', 'width')),
    categories text[] CHECK (cardinality(categories) > 0),
    people text CHECK (people IN ('workers', 'residents')),
    above_storeys integer CHECK (above_storeys BETWEEN 0 AND 200),
    comparison text NOT NULL CHECK (comparison IN ('at_least', 'at_most')),
    threshold numeric CHECK (threshold >= 0 AND threshold < 1e9 AND threshold = round(threshold, 4)),
    name_vi text NOT NULL CHECK (btrim(name_vi) <> '' AND length(name_vi) <= 200),
    name_en text NOT NULL CHECK (btrim(name_en) <> '' AND length(name_en) <= 200),
    recorded_by text NOT NULL CHECK (btrim(recorded_by) <> ''),
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT norm_rule_version UNIQUE (code, version),
    CONSTRAINT norm_rule_forward CHECK (valid_to > valid_from),
    CONSTRAINT norm_rule_plausible CHECK (valid_from >= '1945-09-02' AND valid_from < '2200-01-01' AND valid_to < '2200-01-01'),
    CONSTRAINT norm_rule_per_whom CHECK ((measure = 'per_person') = (people IS NOT NULL)),
    CONSTRAINT norm_rule_of_what CHECK (measure NOT IN ('share', 'area', 'per_person', 'width') OR categories IS NOT NULL),
    CONSTRAINT norm_rule_share_is_percent CHECK (measure NOT IN ('share', 'density') OR threshold <= 100)
);
COMMENT ON COLUMN land.norm_rule.threshold IS 'in the unit of the measure: %, ha, m2 a person, storeys, times, m; null: not known, nothing is checked';
COMMENT ON COLUMN land.norm_rule.reaches_by IS 'transition: a plan falls under this rule when its approval, or its appraisal, lies on or after valid_from';
COMMENT ON COLUMN land.norm_rule.above_storeys IS 'the rule is for lots of more storeys than this';

-- The next version of its norm, no other: so two who write at once cannot both be the next.
CREATE FUNCTION land.next_rule_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.version <> 1 + coalesce((SELECT max(version) FROM land.norm_rule WHERE code = NEW.code), 0) THEN
        RAISE EXCEPTION 'norm-rule-moved' USING ERRCODE = '23505', CONSTRAINT = 'norm_rule_version';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER c_next_version BEFORE INSERT ON land.norm_rule FOR EACH ROW EXECUTE FUNCTION land.next_rule_version();

-- Until somebody else than who entered it has compared a rule with the text, it is unverified, and screens say so.
CREATE TABLE land.norm_confirmation (
    rule_id bigint PRIMARY KEY REFERENCES land.norm_rule,
    seen_in text NOT NULL CHECK (btrim(seen_in) <> '' AND length(seen_in) <= 500),
    confirmed_by text NOT NULL CHECK (btrim(confirmed_by) <> ''),
    confirmed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE FUNCTION land.confirmed_by_another() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    rule land.norm_rule := (SELECT held FROM land.norm_rule AS held WHERE held.id = NEW.rule_id);
BEGIN
    IF lower(btrim(rule.recorded_by)) = lower(btrim(NEW.confirmed_by)) THEN
        RAISE EXCEPTION 'norm-confirmed-by-self' USING ERRCODE = '42501', CONSTRAINT = 'norm_confirmed_by_another';
    ELSIF rule.threshold IS NULL THEN
        RAISE EXCEPTION 'norm-without-value' USING ERRCODE = '23514', CONSTRAINT = 'norm_confirmed_with_value';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER c_by_another BEFORE INSERT ON land.norm_confirmation FOR EACH ROW EXECUTE FUNCTION land.confirmed_by_another();

-- How many workers or residents a version plans for, as its papers say; the newest row counts.
CREATE TABLE land.norm_people (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    plan_version_id uuid NOT NULL REFERENCES land.plan_version,
    kind text NOT NULL CHECK (kind IN ('workers', 'residents')),
    people integer NOT NULL CHECK (people BETWEEN 1 AND 100000000),
    source text NOT NULL CHECK (btrim(source) <> '' AND length(source) <= 500),
    recorded_by text NOT NULL CHECK (btrim(recorded_by) <> ''),
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX norm_people_version ON land.norm_people (plan_version_id, kind, id);
SELECT land.keep('land.norm'), land.keep('land.norm_rule'), land.keep('land.norm_confirmation'), land.keep('land.norm_people');

-- The lots of a version as they stand: another text when any of them comes, goes or is corrected.
CREATE FUNCTION land.lots_state(version uuid) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT md5(coalesce(string_agg(version_id::text, ',' ORDER BY version_id), '')) FROM land.plan_lot
    WHERE plan_version_id = version AND closed_by IS NULL $$;

-- Somebody signs that a version may fail a rule: by name, for a reason, perhaps until a day, and no longer than the lots
-- stay as they were.
CREATE TABLE land.norm_waiver (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    waiver_id uuid NOT NULL DEFAULT gen_random_uuid(),
    plan_version_id uuid NOT NULL REFERENCES land.plan_version,
    rule_id bigint NOT NULL REFERENCES land.norm_rule,
    lots_state text NOT NULL,
    reason text NOT NULL CHECK (length(btrim(reason)) BETWEEN 1 AND 2000),
    signed_by text NOT NULL,
    document_id uuid REFERENCES land.document,
    withdrawn_by text,
    withdrawal_reason text CHECK (length(btrim(withdrawal_reason)) BETWEEN 1 AND 2000),
    LIKE land.clocked INCLUDING ALL,
    CONSTRAINT norm_waiver_withdrawn_for_a_reason CHECK ((withdrawn_by IS NULL) = (withdrawal_reason IS NULL)
        AND (withdrawn_by IS NULL OR valid_to IS NOT NULL)),
    CONSTRAINT norm_waived_once EXCLUDE USING gist (plan_version_id WITH =, rule_id WITH =, lots_state WITH =, valid WITH &&)
        WHERE (closed_by IS NULL)
);
CREATE INDEX norm_waiver_version ON land.norm_waiver (plan_version_id);
SELECT land.keep_clocks('land.norm_waiver', 'waiver_id', 'setup');

-- Signed by the actor of its change, on the lots as they stand, never by who drew them. A waiver is only ever shortened.
CREATE FUNCTION land.norm_waiver_is_fit() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    signer text := (SELECT actor FROM land.change WHERE number = NEW.opened_by);
BEGIN
    PERFORM land.read_committed('norm_waiver_is_fit');
    PERFORM FROM land.plan_version WHERE id = NEW.plan_version_id FOR NO KEY UPDATE;
    IF EXISTS (SELECT FROM land.norm_waiver AS former
               WHERE former.waiver_id = NEW.waiver_id AND former.closed_by = NEW.opened_by
                 AND former.plan_version_id = NEW.plan_version_id AND former.rule_id = NEW.rule_id
                 AND former.lots_state = NEW.lots_state AND former.signed_by = NEW.signed_by
                 AND former.reason = NEW.reason AND NEW.valid <@ former.valid) THEN
        IF NEW.withdrawn_by IS DISTINCT FROM signer THEN
            RAISE EXCEPTION 'norm-waiver-of-another' USING ERRCODE = '42501', CONSTRAINT = 'norm_waiver_signed_by_actor';
        END IF;
        RETURN NULL;
    END IF;
    IF NEW.signed_by IS DISTINCT FROM signer OR NEW.withdrawn_by IS NOT NULL THEN
        RAISE EXCEPTION 'norm-waiver-of-another' USING ERRCODE = '42501', CONSTRAINT = 'norm_waiver_signed_by_actor';
    ELSIF NEW.lots_state IS DISTINCT FROM land.lots_state(NEW.plan_version_id) THEN
        RAISE EXCEPTION 'norm-lots-moved' USING ERRCODE = '23514', CONSTRAINT = 'norm_waiver_on_lots_as_they_stand';
    ELSIF lower(btrim(signer)) IN (SELECT lower(btrim(author)) FROM land.plan_authors(NEW.plan_version_id) AS author) THEN
        RAISE EXCEPTION 'norm-waiver-own-work' USING ERRCODE = '42501', CONSTRAINT = 'norm_waiver_not_own_work',
            DETAIL = json_build_object('plan_version', NEW.plan_version_id, 'actor', signer)::text;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER g_is_fit AFTER INSERT ON land.norm_waiver FOR EACH ROW EXECUTE FUNCTION land.norm_waiver_is_fit();
CREATE TRIGGER g_not_undone AFTER UPDATE ON land.norm_waiver FOR EACH ROW EXECUTE FUNCTION land.waiver_not_undone();

GRANT SELECT ON land.norm, land.norm_rule, land.norm_confirmation, land.norm_people, land.norm_waiver TO gisapp_read, gisapp_write;
GRANT INSERT ON land.norm, land.norm_rule, land.norm_confirmation, land.norm_people, land.norm_waiver TO gisapp_write;
GRANT UPDATE (closed_by) ON land.norm_waiver TO gisapp_write;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA land TO gisapp_write;

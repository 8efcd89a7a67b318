-- Waivers: a leader lets a finding of the living conformance stand, by name, for a reason, perhaps until a day. A waiver
-- names the versions of both sides: when either changes there is another finding, and the waiver no longer speaks of it.
CREATE TABLE land.waiver (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    waiver_id uuid NOT NULL DEFAULT gen_random_uuid(),
    zone_id uuid NOT NULL REFERENCES land.zone,
    kind text NOT NULL CHECK (kind IN ('overlap', 'gap', 'outside', 'across_uses', 'lease_on_green', 'outside_plan')),
    parcel_version_id bigint NOT NULL REFERENCES land.parcel_version,
    other_parcel_version_id bigint REFERENCES land.parcel_version,
    lot_version_id bigint REFERENCES land.plan_lot,
    boundary_version_id bigint REFERENCES land.zone_boundary,
    plan_status_id bigint REFERENCES land.plan_status,
    right_version_id bigint REFERENCES land.land_right_version,
    place_e_mm bigint,
    place_n_mm bigint,
    area_m2 double precision NOT NULL CHECK (area_m2 > 0),
    reason text NOT NULL CHECK (length(btrim(reason)) BETWEEN 1 AND 2000),
    granted_by text NOT NULL,
    document_id uuid REFERENCES land.document,
    withdrawn_by text,
    withdrawal_reason text,
    subject text GENERATED ALWAYS AS (kind || '-' || parcel_version_id
        || coalesce('-p' || other_parcel_version_id, '') || coalesce('-l' || lot_version_id, '')
        || coalesce('-b' || boundary_version_id, '') || coalesce('-s' || plan_status_id, '')
        || coalesce('-r' || right_version_id, '')
        || coalesce('-' || place_e_mm || '-' || place_n_mm, '')) STORED,
    LIKE land.clocked INCLUDING ALL,
    CONSTRAINT waiver_names_both_sides CHECK (
        num_nonnulls(other_parcel_version_id, lot_version_id, boundary_version_id, plan_status_id) = 1
        AND CASE kind WHEN 'overlap' THEN other_parcel_version_id
                      WHEN 'gap' THEN coalesce(other_parcel_version_id, boundary_version_id)
                      WHEN 'outside' THEN boundary_version_id
                      WHEN 'outside_plan' THEN plan_status_id
                      ELSE lot_version_id END IS NOT NULL
        AND (kind = 'lease_on_green') = (right_version_id IS NOT NULL)
        AND (kind = 'gap') = (place_e_mm IS NOT NULL) AND (kind = 'gap') = (place_n_mm IS NOT NULL)),
    CONSTRAINT waiver_withdrawn_for_a_reason CHECK ((withdrawn_by IS NULL) = (withdrawal_reason IS NULL)
        AND (withdrawn_by IS NULL OR valid_to IS NOT NULL)),
    CONSTRAINT waiver_once EXCLUDE USING gist (subject WITH =, valid WITH &&) WHERE (closed_by IS NULL)
);
COMMENT ON COLUMN land.waiver.subject IS 'the finding: its kind and the versions of both sides; a gap also its place (E, N in mm)';
CREATE INDEX waiver_zone ON land.waiver (zone_id);
CREATE INDEX waiver_parcel ON land.waiver (parcel_version_id);
SELECT land.keep_clocks('land.waiver', 'waiver_id', 'setup');
GRANT SELECT ON land.waiver TO gisapp_read, gisapp_write;
GRANT INSERT, UPDATE (closed_by) ON land.waiver TO gisapp_write;

-- Who ever wrote one side of a finding: any version of its parcels, the lot, the plan version, the boundary, the right.
CREATE FUNCTION land.authors_of(asked land.waiver) RETURNS TABLE (number bigint) LANGUAGE sql STABLE AS $$
    SELECT version.opened_by FROM land.parcel_version AS named
    JOIN land.parcel_version AS version ON version.parcel_id = named.parcel_id
    WHERE named.version_id IN (asked.parcel_version_id, asked.other_parcel_version_id)
    UNION SELECT lot.opened_by FROM land.plan_lot AS lot WHERE lot.version_id = asked.lot_version_id
    UNION SELECT edition.opened_by FROM land.plan_status AS step
    JOIN land.plan_version AS edition ON edition.id = step.plan_version_id WHERE step.version_id = asked.plan_status_id
    UNION SELECT edge.opened_by FROM land.zone_boundary AS edge WHERE edge.version_id = asked.boundary_version_id
    UNION SELECT granted.opened_by FROM land.land_right_version AS granted WHERE granted.version_id = asked.right_version_id $$;

-- Fit: given by the actor of its change, on sides that stand and were there before this transaction, never on one's own
-- work. The sides are locked against being closed meanwhile. Shortening a waiver (its withdrawal) is not judged again.
CREATE FUNCTION land.waiver_is_fit() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    giver text := (SELECT actor FROM land.change WHERE number = NEW.opened_by);
    own bigint;
BEGIN
    IF EXISTS (SELECT FROM land.waiver AS former
               WHERE former.waiver_id = NEW.waiver_id AND former.closed_by = NEW.opened_by AND former.subject = NEW.subject
                 AND former.granted_by = NEW.granted_by AND former.reason = NEW.reason AND NEW.valid <@ former.valid) THEN
        IF NEW.withdrawn_by IS DISTINCT FROM giver THEN
            RAISE EXCEPTION 'waiver-of-another' USING ERRCODE = '42501', CONSTRAINT = 'waiver_granted_by_actor';
        END IF;
        RETURN NULL;
    END IF;
    IF NEW.granted_by IS DISTINCT FROM giver OR NEW.withdrawn_by IS NOT NULL THEN
        RAISE EXCEPTION 'waiver-of-another' USING ERRCODE = '42501', CONSTRAINT = 'waiver_granted_by_actor';
    END IF;
    PERFORM FROM land.parcel_version WHERE version_id IN (NEW.parcel_version_id, NEW.other_parcel_version_id)
        ORDER BY version_id FOR SHARE;
    PERFORM FROM land.plan_lot WHERE version_id = NEW.lot_version_id FOR SHARE;
    PERFORM FROM land.zone_boundary WHERE version_id = NEW.boundary_version_id FOR SHARE;
    PERFORM FROM land.plan_status WHERE version_id = NEW.plan_status_id FOR SHARE;
    PERFORM FROM land.land_right_version WHERE version_id = NEW.right_version_id FOR SHARE;
    IF EXISTS (SELECT FROM (
                   SELECT closed_by, opened_by FROM land.parcel_version
                   WHERE version_id IN (NEW.parcel_version_id, NEW.other_parcel_version_id)
                   UNION ALL SELECT closed_by, opened_by FROM land.plan_lot WHERE version_id = NEW.lot_version_id
                   UNION ALL SELECT closed_by, opened_by FROM land.zone_boundary WHERE version_id = NEW.boundary_version_id
                   UNION ALL SELECT closed_by, opened_by FROM land.plan_status WHERE version_id = NEW.plan_status_id
                   UNION ALL SELECT closed_by, opened_by FROM land.land_right_version WHERE version_id = NEW.right_version_id
               ) AS side JOIN land.change ON change.number = side.opened_by
               WHERE side.closed_by IS NOT NULL OR change.transaction = pg_current_xact_id()) THEN
        RAISE EXCEPTION 'waiver-side-moved' USING ERRCODE = '23514', CONSTRAINT = 'waiver_names_what_stands';
    END IF;
    own := (SELECT max(change.number) FROM land.authors_of(NEW) AS author JOIN land.change ON change.number = author.number
            WHERE lower(btrim(change.actor)) = lower(btrim(giver)));
    IF own IS NOT NULL THEN
        RAISE EXCEPTION 'waiver-own-work' USING ERRCODE = '42501', CONSTRAINT = 'waiver_not_own_work',
            DETAIL = json_build_object('change', own)::text;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER g_is_fit AFTER INSERT ON land.waiver FOR EACH ROW EXECUTE FUNCTION land.waiver_is_fit();

-- A waiver ends by being withdrawn for a reason, not by somebody undoing the change that carries it.
CREATE FUNCTION land.waiver_not_undone() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM land.change WHERE number = NEW.closed_by AND undoes IS NOT NULL) THEN
        RAISE EXCEPTION 'waiver-not-undone' USING ERRCODE = '42501', CONSTRAINT = 'waiver_not_undone';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER g_not_undone AFTER UPDATE ON land.waiver FOR EACH ROW EXECUTE FUNCTION land.waiver_not_undone();

-- Steps follow the table of transitions, who drew a version neither approves nor annuls it, and what was approved stays.
-- Whoever writes lots or steps of a version holds its row until the end of the transaction, so two writers see each other.

-- Who drew a version: opened it, or recorded or took away lots of it.
CREATE FUNCTION land.plan_authors(version uuid) RETURNS SETOF text LANGUAGE sql STABLE AS $$
    SELECT DISTINCT change.actor FROM land.change
    WHERE number IN (SELECT opened_by FROM land.plan_version WHERE id = version
                     UNION SELECT opened_by FROM land.plan_lot WHERE plan_version_id = version
                     UNION SELECT closed_by FROM land.plan_lot WHERE plan_version_id = version AND closed_by IS NOT NULL) $$;

-- Registered whole: the change that opened the version also brought it into force. Its approval was given before the
-- register knew it, so nobody's work is approved here.
CREATE FUNCTION land.plan_registered_whole(version uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM land.plan_version JOIN land.plan_status AS step ON step.plan_version_id = plan_version.id
                   WHERE plan_version.id = version AND step.status IN ('approved', 'published')
                     AND step.opened_by = plan_version.opened_by) $$;

-- Lots and steps of a version stand still until the end of the transaction: for who looks before approving. The working
-- login may not lock rows of identities itself.
CREATE FUNCTION land.hold_plan_version(version uuid) RETURNS void LANGUAGE sql VOLATILE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT FROM land.plan_version WHERE id = version FOR NO KEY UPDATE $$;
REVOKE ALL ON FUNCTION land.hold_plan_version(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION land.hold_plan_version(uuid) TO gisapp_write;

CREATE FUNCTION land.judge_plan_steps() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    present bigint := coalesce(NEW.closed_by, NEW.opened_by);
    fault record;
    was_in_force boolean;
    is_in_force boolean;
    annulled boolean;
    who text := (SELECT actor FROM land.change WHERE number = present);
BEGIN
    PERFORM land.read_committed('plan_steps_in_order');
    PERFORM FROM land.plan_version WHERE id = NEW.plan_version_id FOR NO KEY UPDATE;
    SELECT step.before, step.status, step.valid_from INTO fault
    FROM (SELECT status, valid_from, opened_by,
                 coalesce(lag(status) OVER (ORDER BY valid_from, valid_to NULLS LAST, version_id), '') AS before
          FROM land.plan_status WHERE plan_version_id = NEW.plan_version_id AND closed_by IS NULL) AS step
    WHERE step.before <> step.status
      AND (NOT EXISTS (SELECT FROM land.plan_transition WHERE from_status = step.before AND to_status = step.status)
           OR step.before = '' AND step.status IN ('approved', 'published') AND NOT land.plan_registered_whole(NEW.plan_version_id))
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'plan-step-illegal' USING ERRCODE = '23514', CONSTRAINT = 'plan_steps_in_order',
            DETAIL = json_build_object('plan_version', NEW.plan_version_id, 'before', fault.before, 'step', fault.status,
                                       'day', fault.valid_from)::text;
    END IF;
    SELECT coalesce(bool_or(opened_by < present AND (closed_by IS NULL OR closed_by >= present)), false),
           coalesce(bool_or(opened_by <= present AND (closed_by IS NULL OR closed_by > present)), false)
    INTO was_in_force, is_in_force
    FROM land.plan_status WHERE plan_version_id = NEW.plan_version_id AND status IN ('approved', 'published');
    annulled := NEW.status = 'annulled' AND NEW.closed_by IS NULL
                AND NOT EXISTS (SELECT FROM land.plan_status WHERE plan_version_id = NEW.plan_version_id
                                AND status = 'annulled' AND opened_by < present AND (closed_by IS NULL OR closed_by >= present));
    IF (was_in_force <> is_in_force OR annulled) AND who IN (SELECT land.plan_authors(NEW.plan_version_id))
       AND NOT land.plan_registered_whole(NEW.plan_version_id) THEN
        RAISE EXCEPTION 'plan-approver-is-author' USING ERRCODE = '42501', CONSTRAINT = 'plan_approver_not_author',
            DETAIL = json_build_object('plan_version', NEW.plan_version_id, 'actor', who)::text;
    END IF;
    IF EXISTS (SELECT FROM land.plan_status AS step
               WHERE step.plan_version_id = NEW.plan_version_id AND step.closed_by IS NULL
                 AND step.status IN ('approved', 'published') AND ST_AsEWKB(step.geom) <> (
                     SELECT ST_AsEWKB(first.geom) FROM land.plan_status AS first
                     WHERE first.plan_version_id = NEW.plan_version_id AND first.status IN ('approved', 'published')
                       AND (first.closed_by IS NULL OR first.closed_by >= present)
                     ORDER BY first.version_id LIMIT 1)) THEN
        RAISE EXCEPTION 'plan-version-kept' USING ERRCODE = '42501', CONSTRAINT = 'plan_version_kept',
            DETAIL = json_build_object('plan_version', NEW.plan_version_id, 'what', 'scope')::text;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER e_steps_in_order AFTER INSERT OR UPDATE ON land.plan_status DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION land.judge_plan_steps();

-- Lots of a version that is or was in force neither come nor go, but for the change that takes back the very change that
-- registered them in force.
CREATE FUNCTION land.approved_lots_stay() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    version uuid;
BEGIN
    PERFORM FROM land.plan_version WHERE id IN (SELECT plan_version_id FROM moved_rows) ORDER BY id FOR NO KEY UPDATE;
    SELECT moved.plan_version_id INTO version
    FROM (SELECT DISTINCT plan_version_id, coalesce(closed_by, opened_by) AS present FROM moved_rows) AS moved
    JOIN land.plan_status AS step ON step.plan_version_id = moved.plan_version_id AND step.status IN ('approved', 'published')
     AND step.opened_by < moved.present AND (step.closed_by IS NULL OR step.closed_by = moved.present)
    JOIN land.change ON change.number = moved.present
    WHERE change.undoes IS DISTINCT FROM step.opened_by
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'plan-version-kept' USING ERRCODE = '42501', CONSTRAINT = 'plan_version_kept',
            DETAIL = json_build_object('plan_version', version, 'what', 'lots')::text;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER c_approved_lots_stay_in AFTER INSERT ON land.plan_lot REFERENCING NEW TABLE AS moved_rows
    FOR EACH STATEMENT EXECUTE FUNCTION land.approved_lots_stay();
CREATE TRIGGER c_approved_lots_stay_out AFTER UPDATE ON land.plan_lot REFERENCING NEW TABLE AS moved_rows
    FOR EACH STATEMENT EXECUTE FUNCTION land.approved_lots_stay();

-- Who drew a version does not sign for its faults.
CREATE FUNCTION land.judge_plan_waiver() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    who text := (SELECT actor FROM land.change WHERE number = NEW.opened_by);
BEGIN
    PERFORM land.read_committed('plan_waiver_not_author');
    PERFORM FROM land.plan_version WHERE id = NEW.plan_version_id FOR NO KEY UPDATE;
    IF who IN (SELECT land.plan_authors(NEW.plan_version_id)) THEN
        RAISE EXCEPTION 'plan-waiver-by-author' USING ERRCODE = '42501', CONSTRAINT = 'plan_waiver_not_author',
            DETAIL = json_build_object('plan_version', NEW.plan_version_id, 'actor', who)::text;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER e_not_by_author AFTER INSERT ON land.plan_waiver DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION land.judge_plan_waiver();

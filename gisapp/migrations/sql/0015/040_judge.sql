-- A clock is not stopped, nor a term extended, before there is land; an extension is as long as the law of its day allows. Judged
-- at commit under a lock on the project; who moves a hand-over or takes land from a project judges it too.
CREATE FUNCTION land.clock_fault(project uuid) RETURNS json LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH said AS (
        SELECT 'suspension' AS fact, pause.valid_from AS day, NULL::smallint AS months FROM land.project_suspension AS pause
        WHERE pause.project_id = project AND pause.closed_by IS NULL AND NOT isempty(pause.valid)
        UNION ALL
        SELECT 'extension', given.valid_from, given.months FROM land.project_extension AS given
        WHERE given.project_id = project AND given.closed_by IS NULL AND NOT isempty(given.valid)
    )
    SELECT fault FROM (
        SELECT 1 AS place, json_build_object('part', 'land', 'project', project, 'fact', said.fact, 'day', said.day) AS fault
        FROM said WHERE NOT EXISTS (SELECT FROM land.project_land(project, said.day, 9223372036854775806) AS part
                                    WHERE part.handed_on IS NOT NULL AND greatest(part.handed_on, part.attached_on) <= said.day)
        UNION ALL
        SELECT 2, json_build_object('part', 'length', 'project', project, 'day', said.day, 'months', said.months,
                                    'most', (SELECT law.months FROM land.clock_threshold AS law WHERE law.code = 'extension' AND law.valid @> said.day))
        FROM said WHERE said.fact = 'extension' AND NOT EXISTS (SELECT FROM land.clock_threshold AS law
            WHERE law.code = 'extension' AND law.valid @> said.day AND said.months <= law.months)
    ) AS faults ORDER BY place LIMIT 1 $$;

CREATE FUNCTION land.judge_clock(subject uuid) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    fault json;
BEGIN
    PERFORM FROM land.project WHERE id = subject FOR NO KEY UPDATE;
    IF NOT EXISTS (SELECT FROM land.project_suspension WHERE project_id = subject AND closed_by IS NULL)
       AND NOT EXISTS (SELECT FROM land.project_extension WHERE project_id = subject AND closed_by IS NULL) THEN
        RETURN;
    END IF;
    PERFORM FROM land.parcel WHERE id IN (SELECT parcel_id FROM land.project_parcel WHERE project_id = subject AND closed_by IS NULL)
    ORDER BY id FOR SHARE;
    fault := land.clock_fault(subject);
    IF fault IS NOT NULL THEN
        RAISE EXCEPTION 'clock-refused' USING ERRCODE = '23514', DETAIL = fault::text,
            CONSTRAINT = CASE fault ->> 'part' WHEN 'land' THEN 'clock_needs_land' ELSE 'extension_within_law' END;
    END IF;
END $$;
REVOKE ALL ON FUNCTION land.judge_clock(uuid) FROM PUBLIC;

CREATE FUNCTION land.judge_clock_of_project() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM land.read_committed('clock_needs_land');
    PERFORM land.judge_clock(NEW.project_id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER f_judge AFTER INSERT ON land.project_suspension DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION land.judge_clock_of_project();
CREATE CONSTRAINT TRIGGER f_judge AFTER INSERT ON land.project_extension DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION land.judge_clock_of_project();
CREATE CONSTRAINT TRIGGER g_clock_needs_land AFTER UPDATE ON land.project_parcel DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION land.judge_clock_of_project();
CREATE CONSTRAINT TRIGGER g_clock_needs_land AFTER UPDATE ON land.project_milestone DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.step = 'land') EXECUTE FUNCTION land.judge_clock_of_project();

CREATE FUNCTION land.judge_clock_of_handover() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    grounds uuid[];
    touched uuid;
BEGIN
    PERFORM land.read_committed('clock_needs_land');
    IF TG_TABLE_NAME = 'handover_parcel' THEN
        grounds := ARRAY[(to_jsonb(NEW) ->> 'parcel_id')::uuid];
    ELSE
        grounds := ARRAY(SELECT parcel_id FROM land.handover_parcel WHERE handover_id = NEW.handover_id);
    END IF;
    PERFORM FROM land.parcel WHERE id = ANY (grounds) ORDER BY id FOR NO KEY UPDATE;
    FOR touched IN SELECT DISTINCT project_id FROM land.project_parcel WHERE parcel_id = ANY (grounds) AND closed_by IS NULL ORDER BY 1 LOOP
        PERFORM land.judge_clock(touched);
    END LOOP;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER g_clock_needs_land AFTER UPDATE ON land.handover_parcel DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION land.judge_clock_of_handover();
CREATE CONSTRAINT TRIGGER g_clock_needs_land AFTER UPDATE ON land.handover_version DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION land.judge_clock_of_handover();

-- A letter is issued on or after the day of the facts it was drafted from.
CREATE FUNCTION land.letter_after_its_draft() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.valid_from < (SELECT as_of FROM land.reminder_draft WHERE id = NEW.draft_id) THEN
        RAISE EXCEPTION 'letter-before-draft' USING ERRCODE = '23514', CONSTRAINT = 'letter_after_its_draft';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER c_after_draft BEFORE INSERT ON land.reminder_letter FOR EACH ROW EXECUTE FUNCTION land.letter_after_its_draft();

-- Rules that several rows of a project share are judged once, at commit, under a lock on the project: its schedule lies within
-- its life and term and keeps its order, and an amendment follows what it amends.
CREATE FUNCTION land.touch_projects() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM land.read_committed('milestones_within_project');
    PERFORM FROM land.project WHERE id IN (SELECT project_id FROM new_rows) ORDER BY id FOR NO KEY UPDATE;
    RETURN NULL;
END $$;

-- Days between which a schedule may lie on a legal day: from the first day anything permits or knows the project, to the end
-- of its term or, when the project is over, of its life.
CREATE FUNCTION land.project_starts_on(project uuid) RETURNS date LANGUAGE sql STABLE AS $$
    SELECT least((SELECT min(valid_from) FROM land.project_version WHERE project_id = project AND closed_by IS NULL),
                 (SELECT min(starts_on) FROM land.project_term WHERE project_id = project AND closed_by IS NULL),
                 (SELECT min(paper.issued_on) FROM land.project_certificate AS held JOIN land.document AS paper ON paper.id = held.document_id
                  WHERE held.project_id = project AND held.closed_by IS NULL)) $$;
CREATE FUNCTION land.project_ends_on(project uuid, days daterange) RETURNS date LANGUAGE sql STABLE AS $$
    SELECT least((SELECT min(ends_on) FROM land.project_term WHERE project_id = project AND closed_by IS NULL AND valid && days),
                 (SELECT CASE WHEN upper_inf(days) OR upper(days) > max(valid_to) THEN max(valid_to) END FROM land.project_version
                  WHERE project_id = project AND closed_by IS NULL HAVING bool_and(valid_to IS NOT NULL))) $$;

CREATE FUNCTION land.milestone_rank(step text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
    SELECT array_position('{land,permit,construction,installation,operation}'::text[], step) $$;

CREATE FUNCTION land.judge_project() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    fault record;
    starts date;
BEGIN
    starts := land.project_starts_on(NEW.project_id);
    SELECT step.step, step.planned_on, step.actual_on, ends.ends_on INTO fault
    FROM land.project_milestone AS step
    CROSS JOIN LATERAL (SELECT land.project_ends_on(NEW.project_id, step.valid) AS ends_on) AS ends
    WHERE step.project_id = NEW.project_id AND step.closed_by IS NULL AND NOT isempty(step.valid)
      AND (step.planned_on < starts OR step.actual_on < starts OR step.planned_on > ends.ends_on OR step.actual_on > ends.ends_on)
    ORDER BY step.planned_on LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'milestone-outside-project' USING ERRCODE = '23514', CONSTRAINT = 'milestones_within_project',
            DETAIL = json_build_object('project', NEW.project_id, 'step', fault.step, 'day', fault.planned_on,
                'reached', fault.actual_on, 'starts', starts, 'ends', fault.ends_on);
    END IF;
    SELECT earlier.step AS before, earlier.planned_on AS first, later.step, later.planned_on INTO fault
    FROM land.project_milestone AS earlier JOIN land.project_milestone AS later
      ON later.project_id = earlier.project_id AND later.valid && earlier.valid
     AND land.milestone_rank(later.step) > land.milestone_rank(earlier.step) AND later.planned_on < earlier.planned_on
    WHERE earlier.project_id = NEW.project_id AND earlier.closed_by IS NULL AND later.closed_by IS NULL LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'milestones-out-of-order' USING ERRCODE = '23514', CONSTRAINT = 'milestones_in_order',
            DETAIL = json_build_object('project', NEW.project_id, 'before', fault.before, 'first', fault.first,
                'step', fault.step, 'day', fault.planned_on);
    END IF;
    SELECT held.certificate, held.amendment, paper.issued_on INTO fault
    FROM land.project_certificate AS held JOIN land.document AS paper ON paper.id = held.document_id
    WHERE held.project_id = NEW.project_id AND held.closed_by IS NULL AND held.amendment > 0
      AND (held.valid_from < paper.issued_on
           OR NOT EXISTS (SELECT FROM land.project_certificate AS base JOIN land.document AS first ON first.id = base.document_id
                          WHERE base.project_id = held.project_id AND base.certificate = held.certificate AND base.amendment = 0
                            AND base.closed_by IS NULL AND first.issued_on <= paper.issued_on)
           OR EXISTS (SELECT FROM land.project_certificate AS lower JOIN land.document AS first ON first.id = lower.document_id
                      WHERE lower.project_id = held.project_id AND lower.certificate = held.certificate
                        AND lower.amendment < held.amendment AND lower.closed_by IS NULL AND first.issued_on > paper.issued_on))
    ORDER BY held.amendment LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'amendment-before-base' USING ERRCODE = '23514', CONSTRAINT = 'amendment_follows_base',
            DETAIL = json_build_object('project', NEW.project_id, 'certificate', fault.certificate,
                'amendment', fault.amendment, 'day', fault.issued_on);
    END IF;
    RETURN NULL;
END $$;

DO $$
DECLARE
    kept text;
BEGIN
    FOREACH kept IN ARRAY '{project_version,project_milestone,project_term,project_certificate}'::text[] LOOP
        EXECUTE format('CREATE TRIGGER c_touch_insert AFTER INSERT ON land.%I REFERENCING NEW TABLE AS new_rows '
                       'FOR EACH STATEMENT EXECUTE FUNCTION land.touch_projects()', kept);
        EXECUTE format('CREATE TRIGGER c_touch_update AFTER UPDATE ON land.%I REFERENCING NEW TABLE AS new_rows '
                       'FOR EACH STATEMENT EXECUTE FUNCTION land.touch_projects()', kept);
        EXECUTE format('CREATE CONSTRAINT TRIGGER f_judge AFTER INSERT OR UPDATE ON land.%I DEFERRABLE INITIALLY DEFERRED '
                       'FOR EACH ROW EXECUTE FUNCTION land.judge_project()', kept);
    END LOOP;
END $$;

-- How late a project counts, in words of the map and of lists: by the days it is behind (days_behind) and what it has become.
CREATE FUNCTION land.lateness(status text, days_behind integer) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN status IN ('terminated', 'land_recovered') THEN 'over'
                WHEN days_behind > 365 THEN 'overdue'
                WHEN days_behind > 90 THEN 'late'
                WHEN days_behind > 0 THEN 'behind'
                WHEN status IN ('operating', 'expanding') THEN 'done'
                ELSE 'on_time' END $$;

-- The clocks themselves.

-- The day at whose end terms of so many months, one after the other, have run from a day on. A term ends on the day of the
-- month's same number, or on the month's last. Where the clock stands still the end moves by as many days; `stops` lie apart.
CREATE FUNCTION land.run_out(anchor date, terms integer[], stops datemultirange) RETURNS date LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
    pauses daterange[] := ARRAY(SELECT pause FROM unnest(stops) AS pause ORDER BY pause);
    place integer := 1;
    term integer;
BEGIN
    FOREACH term IN ARRAY (ARRAY[0] || terms) LOOP
        anchor := (anchor + make_interval(months => term))::date;
        WHILE place <= cardinality(pauses) AND lower(pauses[place]) <= anchor LOOP
            anchor := anchor + (upper(pauses[place]) - lower(pauses[place]));
            place := place + 1;
        END LOOP;
    END LOOP;
    RETURN anchor;
END $$;

-- Both clocks of projects (null: of all) at the end of a day as known after a change. idle: no use since the land was handed over.
-- schedule: behind the step that is due first, counted from its planned day moved by the board's days. The law of the day judges: a
-- term counts when it has run while its row is in force. breach_on is a forecast as long as it lies ahead: with what is known, and
-- with a stop that has no end taken to end that day.
CREATE FUNCTION land.project_clocks(projects uuid[], day date, known bigint)
RETURNS TABLE (project_id uuid, clock text, state text, severity smallint, step text, planned_on date, anchor_on date, first_on date,
               last_on date, parts_missing integer, limit_months smallint, threshold_id bigint, base_on date, breach_on date,
               extended_months smallint, ended_on date, running_days integer, stopped_days integer, board_days integer)
LANGUAGE sql STABLE AS $$
    WITH lead AS MATERIALIZED (
        SELECT max(term.days) FILTER (WHERE term.code = 'warning') AS warning, max(term.days) FILTER (WHERE term.code = 'urgent') AS urgent
        FROM land.clock_threshold AS term WHERE term.valid @> day
    ), start AS MATERIALIZED (
        SELECT DISTINCT ON (term.code) term.code, term.counts_from FROM land.clock_threshold AS term
        WHERE term.counts_from IS NOT NULL AND term.valid_from <= day ORDER BY term.code, term.valid_from DESC
    ), project AS MATERIALIZED (
        SELECT version.project_id, version.kind, version.status FROM land.project_version AS version
        WHERE (projects IS NULL OR version.project_id = ANY (projects))
          AND version.valid_from <= day AND (version.valid_to IS NULL OR version.valid_to > day)
          AND version.opened_by <= known AND (version.closed_by IS NULL OR version.closed_by > known)
          AND EXISTS (SELECT FROM land.clock_threshold AS term WHERE term.counts_from IS NOT NULL AND version.kind = ANY (term.project_kinds))
    ), ground AS MATERIALIZED (
        SELECT project.project_id, array_agg(part.handed_on) AS handed, array_agg(part.promised_on) AS promised,
               min(greatest(part.handed_on, part.attached_on)) FILTER (WHERE part.handed_on IS NOT NULL) AS first_on,
               max(greatest(part.handed_on, part.attached_on)) FILTER (WHERE part.handed_on IS NOT NULL) AS last_on,
               count(*) FILTER (WHERE part.handed_on IS NULL AND part.promised_on IS NOT NULL)::integer AS missing
        FROM project CROSS JOIN LATERAL land.project_land(project.project_id, day, known) AS part GROUP BY project.project_id
    ), life AS MATERIALIZED (
        SELECT version.project_id, min(version.valid_from) FILTER (WHERE version.status IN ('under_construction', 'operating', 'expanding')) AS used_on,
               min(version.valid_from) FILTER (WHERE version.status IN ('terminated', 'land_recovered')) AS over_on
        FROM land.project_version AS version JOIN project ON project.project_id = version.project_id
        WHERE version.valid_from <= day AND version.opened_by <= known AND (version.closed_by IS NULL OR version.closed_by > known)
        GROUP BY version.project_id
    ), milestone AS MATERIALIZED (
        SELECT step.project_id, step.step, step.planned_on, CASE WHEN step.actual_on <= day THEN step.actual_on END AS actual_on
        FROM land.project_milestone AS step JOIN project ON project.project_id = step.project_id
        WHERE step.step <> 'land' AND step.valid_from <= day AND (step.valid_to IS NULL OR step.valid_to > day)
          AND step.opened_by <= known AND (step.closed_by IS NULL OR step.closed_by > known)
    ), reached AS MATERIALIZED (
        SELECT milestone.project_id, min(actual_on) FILTER (WHERE milestone.step <> 'permit') AS used_on, max(actual_on) AS last_on,
               count(*) FILTER (WHERE actual_on IS NULL) AS left_over
        FROM milestone GROUP BY milestone.project_id
    ), due AS MATERIALIZED (
        SELECT DISTINCT ON (milestone.project_id) milestone.project_id, milestone.step, milestone.planned_on,
               coalesce(wait.days, 0) AS days, wait.from_on, wait.to_on
        FROM milestone LEFT JOIN ground ON ground.project_id = milestone.project_id
        LEFT JOIN LATERAL land.longest_wait(ground.handed, ground.promised, milestone.planned_on, day) AS wait ON true
        WHERE milestone.actual_on IS NULL
        ORDER BY milestone.project_id, milestone.planned_on + coalesce(wait.days, 0), milestone.step
    ), pause AS MATERIALIZED (
        SELECT held.project_id, range_agg(daterange(held.valid_from, coalesce(held.valid_to, day + 1))) AS stops, bool_or(held.valid @> day) AS now
        FROM land.project_suspension AS held JOIN project ON project.project_id = held.project_id
        WHERE held.valid_from <= day AND held.opened_by <= known AND (held.closed_by IS NULL OR held.closed_by > known)
        GROUP BY held.project_id
    ), subject AS (
        SELECT project.*, 'idle' AS clock, NULL::text AS step, NULL::date AS planned_on,
               CASE WHEN start.counts_from = 'first_part' THEN ground.first_on WHEN ground.missing = 0 THEN ground.last_on END AS anchor_on,
               least(life.used_on, reached.used_on) AS done_on, coalesce(wait.days, 0) AS board_days,
               NULL::date AS board_from, NULL::date AS board_to
        FROM project JOIN start ON start.code = 'idle'
        LEFT JOIN ground ON ground.project_id = project.project_id
        LEFT JOIN life ON life.project_id = project.project_id
        LEFT JOIN reached ON reached.project_id = project.project_id
        LEFT JOIN LATERAL land.longest_wait(ground.handed, ground.promised, day, day) AS wait ON true
        UNION ALL
        SELECT project.*, 'schedule', due.step, due.planned_on,
               CASE WHEN ground.missing = 0 OR (start.counts_from = 'first_part' AND ground.first_on IS NOT NULL) THEN due.planned_on + due.days END,
               CASE WHEN reached.left_over = 0 THEN reached.last_on END, coalesce(due.days, 0), due.from_on, due.to_on
        FROM project JOIN start ON start.code = 'schedule'
        JOIN reached ON reached.project_id = project.project_id
        LEFT JOIN due ON due.project_id = project.project_id
        LEFT JOIN ground ON ground.project_id = project.project_id
    ), run AS (
        SELECT subject.*, least(subject.done_on, CASE WHEN subject.status IN ('terminated', 'land_recovered') THEN life.over_on END) AS ended_on,
               coalesce(CASE subject.clock
                   WHEN 'idle' THEN pause.stops * datemultirange(daterange(subject.anchor_on + 1, NULL))
                   ELSE pause.stops - datemultirange(CASE WHEN subject.board_from IS NULL THEN 'empty'::daterange
                                                          ELSE daterange(subject.board_from + 1, subject.board_to + 1) END) END, '{}') AS stops,
               coalesce(pause.now, false) AS stands
        FROM subject
        LEFT JOIN life ON life.project_id = subject.project_id
        LEFT JOIN pause ON pause.project_id = subject.project_id
    ), judged AS (
        SELECT run.*, law.id AS threshold_id, law.months AS limit_months, law.ends_on AS base_on, given.months AS extended_months,
               CASE WHEN given.months IS NULL THEN law.ends_on
                    ELSE greatest(land.run_out(run.anchor_on, ARRAY[law.months::integer, given.months::integer], run.stops),
                                  (law.ends_on + make_interval(months => given.months))::date) END AS breach_on
        FROM run
        LEFT JOIN LATERAL (
            SELECT term.id, term.months, out.ends_on FROM land.clock_threshold AS term
            CROSS JOIN LATERAL (SELECT greatest(land.run_out(run.anchor_on, ARRAY[term.months::integer], run.stops), term.valid_from) AS ends_on) AS out
            WHERE term.code = run.clock AND run.kind = ANY (term.project_kinds) AND out.ends_on < coalesce(term.valid_to, 'infinity')
            ORDER BY term.valid_from LIMIT 1) AS law ON run.anchor_on IS NOT NULL
        LEFT JOIN land.project_extension AS given ON given.project_id = run.project_id AND law.id IS NOT NULL
         AND given.valid_from <= day AND (given.valid_to IS NULL OR given.valid_to > day)
         AND given.opened_by <= known AND (given.closed_by IS NULL OR given.closed_by > known)
    ), stated AS (
        SELECT judged.*, lead.*, CASE WHEN judged.ended_on IS NOT NULL THEN 'ended'
                              WHEN judged.breach_on IS NULL THEN 'not_started'
                              WHEN judged.breach_on <= day THEN 'breached'
                              WHEN judged.stands THEN 'stopped'
                              WHEN judged.breach_on - day <= lead.warning THEN 'warning'
                              WHEN judged.extended_months IS NOT NULL THEN 'extended'
                              ELSE 'running' END AS state
        FROM judged CROSS JOIN lead
    )
    SELECT stated.project_id, stated.clock, stated.state,
           (CASE stated.state WHEN 'ended' THEN 0 WHEN 'not_started' THEN 0
                 WHEN 'breached' THEN CASE WHEN stated.extended_months IS NULL THEN 4 ELSE 5 END
                 WHEN 'warning' THEN CASE WHEN stated.breach_on - day <= stated.urgent THEN 3 ELSE 2 END ELSE 1 END)::smallint,
           stated.step, stated.planned_on, stated.anchor_on, ground.first_on, ground.last_on, coalesce(ground.missing, 0), stated.limit_months,
           stated.threshold_id, stated.base_on, stated.breach_on, stated.extended_months, stated.ended_on,
           greatest(least(day, stated.ended_on) - stated.anchor_on - stood.days, 0), stood.days, stated.board_days
    FROM stated
    LEFT JOIN ground ON ground.project_id = stated.project_id
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(upper(pause) - lower(pause)), 0)::integer AS days
        FROM unnest(stated.stops * datemultirange(daterange(NULL, greatest(least(day, stated.ended_on), stated.anchor_on) + 1))) AS pause) AS stood $$;

-- What the map needs: the worse of both clocks, one row a project.
CREATE FUNCTION land.clock_severities(projects uuid[], day date, known bigint)
RETURNS TABLE (project_id uuid, severity smallint, state text, breach_on date) LANGUAGE sql STABLE AS $$
    SELECT DISTINCT ON (found.project_id) found.project_id, found.severity, found.state, found.breach_on
    FROM land.project_clocks(projects, day, known) AS found
    ORDER BY found.project_id, found.severity DESC, found.breach_on, found.clock $$;

-- The same clocks by the thresholds as they count: the rows are chosen once, then each project is looked up by its own keys.
CREATE OR REPLACE FUNCTION land.project_clocks(projects uuid[], day date, known bigint)
RETURNS TABLE (project_id uuid, clock text, state text, severity smallint, step text, planned_on date, anchor_on date, first_on date,
               last_on date, parts_missing integer, limit_months smallint, threshold_id bigint, base_on date, breach_on date,
               extended_months smallint, ended_on date, running_days integer, stopped_days integer, board_days integer)
LANGUAGE sql STABLE AS $$
    WITH book AS MATERIALIZED (
        SELECT * FROM land.clock_thresholds()
    ), lead AS MATERIALIZED (
        SELECT max(term.days) FILTER (WHERE term.code = 'warning') AS warning, max(term.days) FILTER (WHERE term.code = 'urgent') AS urgent
        FROM book AS term WHERE term.valid_from <= day AND (term.valid_to IS NULL OR term.valid_to > day)
    ), start AS MATERIALIZED (
        SELECT (array_agg(term.counts_from ORDER BY term.valid_from DESC) FILTER (WHERE term.code = 'idle'))[1] AS idle,
               (array_agg(term.counts_from ORDER BY term.valid_from DESC) FILTER (WHERE term.code = 'schedule'))[1] AS schedule
        FROM book AS term WHERE term.valid_from <= day
    ), project AS (
        SELECT version.project_id, version.kind, version.status, ground.*, life.*, reached.*, due.*,
               coalesce(pause.stops, '{}') AS stops, coalesce(pause.stands, false) AS stands, given.months AS given_months
        FROM land.project_version AS version
        CROSS JOIN LATERAL (
            SELECT array_agg(part.handed_on) AS handed, array_agg(part.promised_on) AS promised,
                   min(greatest(part.handed_on, part.attached_on)) FILTER (WHERE part.handed_on IS NOT NULL) AS first_on,
                   max(greatest(part.handed_on, part.attached_on)) FILTER (WHERE part.handed_on IS NOT NULL) AS last_on,
                   count(*) FILTER (WHERE part.handed_on IS NULL AND part.promised_on IS NOT NULL)::integer AS missing
            FROM land.project_land(version.project_id, day, known) AS part
        ) AS ground
        CROSS JOIN LATERAL (
            SELECT min(past.valid_from) FILTER (WHERE past.status IN ('under_construction', 'operating', 'expanding')) AS used_on,
                   min(past.valid_from) FILTER (WHERE past.status IN ('terminated', 'land_recovered')) AS over_on
            FROM land.project_version AS past
            WHERE past.project_id = version.project_id AND past.valid_from <= day
              AND past.opened_by <= known AND (past.closed_by IS NULL OR past.closed_by > known)
        ) AS life
        CROSS JOIN LATERAL (
            SELECT min(step.actual_on) FILTER (WHERE step.step <> 'permit' AND step.actual_on <= day) AS begun_on,
                   max(step.actual_on) FILTER (WHERE step.actual_on <= day) AS done_on, count(*)::integer AS steps,
                   count(*) FILTER (WHERE (step.actual_on <= day) IS NOT TRUE)::integer AS left_over
            FROM land.project_milestone AS step
            WHERE step.project_id = version.project_id AND step.step <> 'land'
              AND step.valid_from <= day AND (step.valid_to IS NULL OR step.valid_to > day)
              AND step.opened_by <= known AND (step.closed_by IS NULL OR step.closed_by > known)
        ) AS reached
        LEFT JOIN LATERAL (
            SELECT step.step AS due_step, step.planned_on AS due_on, coalesce(wait.days, 0) AS wait_days,
                   wait.from_on AS wait_from, wait.to_on AS wait_to
            FROM land.project_milestone AS step
            LEFT JOIN LATERAL land.longest_wait(ground.handed, ground.promised, step.planned_on, day) AS wait ON true
            WHERE step.project_id = version.project_id AND step.step <> 'land' AND (step.actual_on <= day) IS NOT TRUE
              AND step.valid_from <= day AND (step.valid_to IS NULL OR step.valid_to > day)
              AND step.opened_by <= known AND (step.closed_by IS NULL OR step.closed_by > known)
            ORDER BY step.planned_on + coalesce(wait.days, 0), step.step LIMIT 1
        ) AS due ON true
        CROSS JOIN LATERAL (
            SELECT range_agg(daterange(held.valid_from, coalesce(held.valid_to, day + 1))) AS stops, bool_or(held.valid @> day) AS stands
            FROM land.project_suspension AS held
            WHERE held.project_id = version.project_id AND held.valid_from <= day
              AND held.opened_by <= known AND (held.closed_by IS NULL OR held.closed_by > known)
        ) AS pause
        LEFT JOIN LATERAL (
            SELECT held.months FROM land.project_extension AS held
            WHERE held.project_id = version.project_id AND held.valid_from <= day AND (held.valid_to IS NULL OR held.valid_to > day)
              AND held.opened_by <= known AND (held.closed_by IS NULL OR held.closed_by > known) LIMIT 1
        ) AS given ON true
        WHERE (projects IS NULL OR version.project_id = ANY (projects))
          AND version.valid_from <= day AND (version.valid_to IS NULL OR version.valid_to > day)
          AND version.opened_by <= known AND (version.closed_by IS NULL OR version.closed_by > known)
          AND EXISTS (SELECT FROM book AS term WHERE term.counts_from IS NOT NULL AND version.kind = ANY (term.project_kinds))
    ), run AS (
        SELECT project.*, face.*, least(face.finished_on, CASE WHEN project.status IN ('terminated', 'land_recovered') THEN project.over_on END) AS ended_on,
               CASE face.clock WHEN 'idle' THEN project.stops * datemultirange(daterange(face.anchor_on + 1, NULL))
                    ELSE project.stops - datemultirange(CASE WHEN project.wait_from IS NULL THEN 'empty'::daterange
                                                             ELSE daterange(project.wait_from + 1, project.wait_to + 1) END) END AS counted
        FROM project CROSS JOIN start
        CROSS JOIN LATERAL (
            SELECT 'idle' AS clock, NULL::text AS step, NULL::date AS planned_on,
                   CASE WHEN start.idle = 'first_part' THEN project.first_on WHEN project.missing = 0 THEN project.last_on END AS anchor_on,
                   least(project.used_on, project.begun_on) AS finished_on,
                   coalesce((SELECT wait.days FROM land.longest_wait(project.handed, project.promised, day, day) AS wait), 0) AS board_days
            UNION ALL
            SELECT 'schedule', project.due_step, project.due_on,
                   CASE WHEN (project.missing = 0 AND project.handed IS NOT NULL) OR (start.schedule = 'first_part' AND project.first_on IS NOT NULL)
                        THEN project.due_on + project.wait_days END,
                   CASE WHEN project.left_over = 0 THEN project.done_on END, coalesce(project.wait_days, 0)
            WHERE project.steps > 0
        ) AS face
    ), judged AS (
        SELECT run.*, law.id AS threshold_id, law.months AS limit_months, law.ends_on AS base_on,
               CASE WHEN law.id IS NOT NULL THEN run.given_months END AS extended_months,
               CASE WHEN run.given_months IS NULL THEN law.ends_on
                    ELSE greatest(land.run_out(run.anchor_on, ARRAY[law.months::integer, run.given_months::integer], run.counted),
                                  (law.ends_on + make_interval(months => run.given_months))::date) END AS breach_on
        FROM run
        LEFT JOIN LATERAL (
            SELECT term.id, term.months, out.ends_on FROM book AS term
            CROSS JOIN LATERAL (SELECT greatest(land.run_out(run.anchor_on, ARRAY[term.months::integer], run.counted), term.valid_from) AS ends_on
                                OFFSET 0) AS out
            WHERE term.code = run.clock AND run.kind = ANY (term.project_kinds) AND out.ends_on < coalesce(term.valid_to, 'infinity')
            ORDER BY term.valid_from LIMIT 1) AS law ON run.anchor_on IS NOT NULL
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
           stated.step, stated.planned_on, stated.anchor_on, stated.first_on, stated.last_on, stated.missing, stated.limit_months,
           stated.threshold_id, stated.base_on, stated.breach_on, stated.extended_months, stated.ended_on,
           greatest(least(day, stated.ended_on) - stated.anchor_on - stood.days, 0), stood.days, stated.board_days
    FROM stated
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(upper(pause) - lower(pause)), 0)::integer AS days
        FROM unnest(stated.counted * datemultirange(daterange(NULL, greatest(least(day, stated.ended_on), stated.anchor_on) + 1))) AS pause) AS stood $$;

-- Lateness and clocks of many projects at once: the same answers with less work for each project.

-- Where nothing stands still, which is nearly always, the day is reached by adding the months.
CREATE OR REPLACE FUNCTION land.run_out(anchor date, terms integer[], stops datemultirange) RETURNS date LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
    pauses daterange[] := '{}';
    place integer := 1;
    term integer;
BEGIN
    IF NOT isempty(stops) THEN
        pauses := ARRAY(SELECT pause FROM unnest(stops) AS pause ORDER BY pause);
    END IF;
    FOREACH term IN ARRAY (ARRAY[0] || terms) LOOP
        anchor := (anchor + make_interval(months => term))::date;
        WHILE place <= cardinality(pauses) AND lower(pauses[place]) <= anchor LOOP
            anchor := anchor + (upper(pauses[place]) - lower(pauses[place]));
            place := place + 1;
        END LOOP;
    END LOOP;
    RETURN anchor;
END $$;

-- The land of a project and its stops are looked up once, and only when a step is overdue: before, once for every such step.
CREATE OR REPLACE FUNCTION land.steps_behind(project uuid, status text, day date, known bigint)
RETURNS TABLE (step text, planned_on date, days integer, board_days integer, stopped_days integer) LANGUAGE sql STABLE AS $$
    SELECT late.step, late.planned_on, day - late.planned_on - coalesce(board.days, 0) - stopped.days, coalesce(board.days, 0), stopped.days
    FROM (
        SELECT array_agg(held.step) AS steps, array_agg(held.planned_on) AS planned FROM land.project_milestone AS held
        WHERE held.project_id = project AND held.step <> 'land' AND held.planned_on < day AND status NOT IN ('terminated', 'land_recovered')
          AND (held.actual_on IS NULL OR held.actual_on > day)
          AND held.valid_from <= day AND (held.valid_to IS NULL OR held.valid_to > day)
          AND held.opened_by <= known AND (held.closed_by IS NULL OR held.closed_by > known)
    ) AS overdue
    CROSS JOIN LATERAL (
        SELECT array_agg(part.handed_on) AS handed, array_agg(part.promised_on) AS promised
        FROM land.project_land(project, day, known) AS part WHERE overdue.steps IS NOT NULL
    ) AS ground
    CROSS JOIN LATERAL (
        SELECT coalesce(range_agg(pause.valid * daterange(NULL, day + 1)), '{}') AS stops FROM land.project_suspension AS pause
        WHERE pause.project_id = project AND pause.valid_from <= day AND overdue.steps IS NOT NULL
          AND pause.opened_by <= known AND (pause.closed_by IS NULL OR pause.closed_by > known)
    ) AS still
    CROSS JOIN LATERAL unnest(overdue.steps, overdue.planned) AS late (step, planned_on)
    LEFT JOIN LATERAL land.longest_wait(ground.handed, ground.promised, late.planned_on, day) AS board ON true
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(upper(span) - lower(span)), 0)::integer AS days
        FROM unnest(still.stops - datemultirange(CASE WHEN board.from_on IS NULL THEN 'empty'::daterange
                                                      ELSE daterange(board.from_on + 1, board.to_on + 1) END)) AS span
    ) AS stopped
    WHERE day - late.planned_on > coalesce(board.days, 0) + stopped.days $$;

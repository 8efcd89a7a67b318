-- When a project really had its land. One home: lateness, clocks and evidence all ask here.

-- The parcels of a project on a day: since when it holds them (through splits and merges too), by which minutes they were handed
-- over and when, and for which day they were promised. Where no minutes are recorded the project's own milestone "land" stands in.
-- A project without parcels answers with one row for its milestone. told_by null: not handed over, as far as is known.
-- Promised: the planned day of "land"; for land that came after that milestone was reached, and for projects without it, the day of
-- the contract, when the register follows the land's clearance at all.
CREATE FUNCTION land.project_land(project uuid, day date, known bigint)
RETURNS TABLE (parcel_id uuid, attached_on date, handover_id uuid, handed_on date, told_by text, promised_on date)
LANGUAGE sql STABLE AS $$
    WITH RECURSIVE held AS (
        SELECT site.parcel_id, site.parcel_id AS ancestor, site.valid_from FROM land.project_parcel AS site
        WHERE site.project_id = project AND site.valid_from <= day AND (site.valid_to IS NULL OR site.valid_to > day)
          AND site.opened_by <= known AND (site.closed_by IS NULL OR site.closed_by > known)
        UNION
        SELECT held.parcel_id, line.parent_id, former.valid_from
        FROM held JOIN land.parcel_lineage AS line ON line.child_id = held.ancestor AND line.opened_by <= known
        JOIN land.project_parcel AS former ON former.project_id = project AND former.parcel_id = line.parent_id
         AND former.valid_to = held.valid_from AND former.opened_by <= known AND (former.closed_by IS NULL OR former.closed_by > known)
    ), site AS (
        SELECT held.parcel_id, min(held.valid_from) AS attached_on FROM held GROUP BY held.parcel_id
    ), milestone AS (
        SELECT step.planned_on, CASE WHEN step.actual_on <= day THEN step.actual_on END AS actual_on
        FROM land.project_milestone AS step
        WHERE step.project_id = project AND step.step = 'land' AND step.valid_from <= day AND (step.valid_to IS NULL OR step.valid_to > day)
          AND step.opened_by <= known AND (step.closed_by IS NULL OR step.closed_by > known)
    )
    SELECT site.parcel_id, site.attached_on, minutes.handover_id, coalesce(minutes.held_on, milestone.actual_on),
           CASE WHEN minutes.held_on IS NOT NULL THEN 'minutes' WHEN milestone.actual_on IS NOT NULL THEN 'milestone' END,
           CASE WHEN milestone.planned_on IS NOT NULL AND (milestone.actual_on < site.attached_on) IS NOT TRUE THEN milestone.planned_on
                WHEN minutes.held_on IS NOT NULL OR EXISTS (
                    SELECT FROM land.clearance_item_parcel AS item WHERE item.parcel_id = site.parcel_id
                      AND item.valid_from <= day AND (item.valid_to IS NULL OR item.valid_to > day)
                      AND item.opened_by <= known AND (item.closed_by IS NULL OR item.closed_by > known)) THEN site.attached_on END
    FROM site
    LEFT JOIN milestone ON true
    LEFT JOIN LATERAL (
        SELECT ground.handover_id, (SELECT min(said.valid_from) FROM land.handover_version AS said
                                    WHERE said.handover_id = ground.handover_id AND said.opened_by <= known
                                      AND (said.closed_by IS NULL OR said.closed_by > known)) AS held_on
        FROM land.handover_parcel AS ground
        WHERE ground.parcel_id = site.parcel_id AND ground.valid_from <= day AND (ground.valid_to IS NULL OR ground.valid_to > day)
          AND ground.opened_by <= known AND (ground.closed_by IS NULL OR ground.closed_by > known)
        LIMIT 1
    ) AS minutes ON true
    UNION ALL
    SELECT NULL, NULL, NULL, milestone.actual_on, CASE WHEN milestone.actual_on IS NOT NULL THEN 'milestone' END, milestone.planned_on
    FROM milestone WHERE NOT EXISTS (SELECT FROM site) $$;

-- How long the board kept a project waiting for land promised by a day: the days d with from_on < d <= to_on, of the part that
-- came last against its promise; none when all came in time. handed[n] null: it has not come by `day`.
CREATE FUNCTION land.longest_wait(handed date[], promised date[], planned date, day date)
RETURNS TABLE (days integer, from_on date, to_on date) LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(part.handed_on, day) - part.promised_on, part.promised_on, coalesce(part.handed_on, day)
    FROM unnest(handed, promised) AS part (handed_on, promised_on)
    WHERE part.promised_on <= planned AND coalesce(part.handed_on, day) > part.promised_on
    ORDER BY 1 DESC, 2 LIMIT 1 $$;

CREATE FUNCTION land.board_days(project uuid, planned date, day date, known bigint)
RETURNS TABLE (days integer, from_on date, to_on date) LANGUAGE sql STABLE AS $$
    SELECT wait.days, wait.from_on, wait.to_on
    FROM (SELECT array_agg(part.handed_on) AS handed, array_agg(part.promised_on) AS promised
          FROM land.project_land(project, day, known) AS part) AS ground
    CROSS JOIN LATERAL land.longest_wait(ground.handed, ground.promised, planned, day) AS wait $$;

-- Days up to a day on which a project's clocks stood still, but for those that count as the board's already.
CREATE FUNCTION land.stopped_days(project uuid, after date, day date, known bigint, board_from date, board_to date)
RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum((SELECT sum(upper(days) - lower(days)) FROM unnest(datemultirange(
        pause.valid * daterange(after + 1, day + 1)) - datemultirange(
        CASE WHEN board_from IS NULL THEN 'empty'::daterange ELSE daterange(board_from + 1, board_to + 1) END)) AS days)), 0)::integer
    FROM land.project_suspension AS pause
    WHERE pause.project_id = project AND pause.valid_from <= day
      AND pause.opened_by <= known AND (pause.closed_by IS NULL OR pause.closed_by > known) $$;

-- Steps an investor is behind with: days since the planned day, less the board's and those the clocks stood still. Land is not the
-- investor's step.
CREATE FUNCTION land.steps_behind(project uuid, status text, day date, known bigint)
RETURNS TABLE (step text, planned_on date, days integer, board_days integer, stopped_days integer) LANGUAGE sql STABLE AS $$
    SELECT late.step, late.planned_on, day - late.planned_on - coalesce(board.days, 0) - stopped.days, coalesce(board.days, 0), stopped.days
    FROM land.project_milestone AS late
    LEFT JOIN LATERAL land.board_days(project, late.planned_on, day, known) AS board ON true
    CROSS JOIN LATERAL (SELECT land.stopped_days(project, '1945-09-01', day, known, board.from_on, board.to_on) AS days) AS stopped
    WHERE late.project_id = project AND late.step <> 'land' AND late.planned_on < day AND status NOT IN ('terminated', 'land_recovered')
      AND (late.actual_on IS NULL OR late.actual_on > day)
      AND late.valid_from <= day AND (late.valid_to IS NULL OR late.valid_to > day)
      AND late.opened_by <= known AND (late.closed_by IS NULL OR late.closed_by > known)
      AND day - late.planned_on > coalesce(board.days, 0) + stopped.days $$;

-- The one place that says when a project is late: days behind its worst step, fairly counted; null when none is.
CREATE OR REPLACE FUNCTION land.days_behind(project uuid, status text, day date, known bigint) RETURNS TABLE (days integer)
LANGUAGE sql STABLE AS $$
    SELECT max(late.days) FROM land.steps_behind(project, status, day, known) AS late $$;

CREATE FUNCTION land.late_step(project uuid, status text, day date, known bigint) RETURNS TABLE (step text, days integer)
LANGUAGE sql STABLE AS $$
    SELECT late.step, late.days FROM land.steps_behind(project, status, day, known) AS late ORDER BY late.days DESC, late.step DESC LIMIT 1 $$;

-- The one place that says when a project is late: days behind its worst milestone not reached by a day, as known after a
-- change; null when none is overdue, or when the project is over. Plain SQL, so that the planner puts it into the question.
CREATE FUNCTION land.days_behind(project uuid, status text, day date, known bigint) RETURNS TABLE (days integer)
LANGUAGE sql STABLE AS $$
    SELECT max(day - step.planned_on) FROM land.project_milestone AS step
    WHERE step.project_id = project AND step.planned_on < day AND status NOT IN ('terminated', 'land_recovered')
      AND (step.actual_on IS NULL OR step.actual_on > day)
      AND step.valid_from <= day AND (step.valid_to IS NULL OR step.valid_to > day)
      AND step.opened_by <= known AND (step.closed_by IS NULL OR step.closed_by > known) $$;

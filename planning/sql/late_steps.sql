-- The step each late project is furthest behind with. Parameters: ids (uuid[]), statuses (text[], of the same order), as_of, known.
SELECT project.id AS project_id, late.step, late.days
FROM unnest(CAST(:ids AS uuid[]), CAST(:statuses AS text[])) AS project (id, status)
CROSS JOIN LATERAL land.late_step(project.id, project.status, CAST(:as_of AS date), CAST(:known AS bigint)) AS late

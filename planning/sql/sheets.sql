-- Sheets that stood after change :known, with their placement, what was made of them and the last work on them.
-- zone_ids null: every zone; sheet_id null: every sheet; outline (ewkt) null: wherever they lie.
SELECT sheet.id, zone.code AS zone_code, sheet.zone_id, sheet.srid, sheet.kind, said.title, said.scale_denominator,
       said.plan_version_id, plan.code AS plan_code, issue.number AS plan_number, said.document_id,
       paper.number AS document_number, paper.issued_on AS document_issued_on,
       sheet.file_sha256, sheet.file_name, sheet.file_size, sheet.facts, sheet.page, sheet.width, sheet.height,
       placed.version_id AS reference_id, placed.origin, placed.kind AS transform, placed.points, placed.placement,
       placed.rms_m, placed.rms_mm, placed.alone_rms_m,
       placed_in.actor AS placed_by, placed_in.committed_at AS placed_at,
       brought_in.actor AS uploaded_by, brought_in.committed_at AS uploaded_at,
       picture.sha256 AS picture_sha256, map.sha256 AS map_sha256, map.laid, map.reference_id AS map_reference_id,
       CAST(ST_AsGeoJSON(map.outline, 3) AS json) -> 'coordinates' -> 0 AS outline,
       work.id AS job_id, work.task, work.status AS job_status, work.step, work.done, work.total, work.error
FROM land.sheet
JOIN land.zone ON zone.id = sheet.zone_id
JOIN land.sheet_version AS said ON said.sheet_id = sheet.id AND said.opened_by <= :known
     AND (said.closed_by IS NULL OR said.closed_by > :known)
LEFT JOIN land.sheet_reference AS placed ON placed.sheet_id = sheet.id AND placed.opened_by <= :known
     AND (placed.closed_by IS NULL OR placed.closed_by > :known)
LEFT JOIN land.change AS placed_in ON placed_in.number = placed.opened_by
JOIN land.change AS brought_in ON brought_in.number = sheet.opened_by
LEFT JOIN land.plan_version AS issue ON issue.id = said.plan_version_id
LEFT JOIN land.plan ON plan.id = issue.plan_id
LEFT JOIN land.document AS paper ON paper.id = said.document_id
LEFT JOIN app.sheet_raster AS picture ON picture.sheet_id = sheet.id AND picture.kind = 'picture'
LEFT JOIN app.sheet_raster AS map ON map.sheet_id = sheet.id AND map.kind = 'map'
LEFT JOIN LATERAL (
    SELECT job.id, job.task, job.status, job.step, job.done, job.total, job.error FROM app.sheet_job AS job
    WHERE job.sheet_id = sheet.id ORDER BY job.created_at DESC LIMIT 1
) AS work ON true
WHERE (CAST(:zone_ids AS uuid[]) IS NULL OR sheet.zone_id = ANY (CAST(:zone_ids AS uuid[])))
  AND (CAST(:sheet_id AS uuid) IS NULL OR sheet.id = CAST(:sheet_id AS uuid))
  AND CASE WHEN CAST(:outline AS text) IS NULL THEN true WHEN map.srid = ST_SRID(ST_GeomFromEWKT(:outline))
      THEN ST_Intersects(map.outline, ST_GeomFromEWKT(:outline)) ELSE false END
ORDER BY zone.code, issue.number DESC NULLS LAST, said.title, sheet.page, sheet.id

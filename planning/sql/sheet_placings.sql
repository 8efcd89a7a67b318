-- Every placement of a sheet that stands or stood, newest first.
SELECT placed.version_id AS reference_id, placed.origin, placed.kind, jsonb_array_length(placed.points) AS points,
       placed.rms_m, placed.rms_mm, change.actor, change.committed_at AS at, placed.closed_by IS NULL AS stands
FROM land.sheet_reference AS placed JOIN land.change ON change.number = placed.opened_by
WHERE placed.sheet_id = :sheet_id
ORDER BY placed.version_id DESC

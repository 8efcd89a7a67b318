-- Every fact the clocks of a project rest on: its day, its paper, and the change that recorded it. A fact whose own paper is not
-- named hangs on the paper of the change that first told it: later changes carry it on. Of a note about a person only its day is
-- told. Parameters: project, as_of, known.
WITH fact AS (
    SELECT 1 AS place, 'project' AS kind, version.valid_from AS day, NULL::date AS until, version.status AS said, NULL::uuid AS paper, first.told AS opened_by
    FROM land.project_version AS version
    CROSS JOIN LATERAL (SELECT min(past.opened_by) AS told FROM land.project_version AS past WHERE past.project_id = version.project_id
                        AND past.valid_from = version.valid_from AND past.status = version.status) AS first
    WHERE version.project_id = :project AND version.valid_from <= :as_of AND version.opened_by <= :known
      AND (version.closed_by IS NULL OR version.closed_by > :known)
    UNION ALL
    SELECT 2, 'contract', site.valid_from, site.valid_to, count(*)::text, NULL, first.told FROM land.project_parcel AS site
    CROSS JOIN LATERAL (SELECT min(past.opened_by) AS told FROM land.project_parcel AS past WHERE past.project_id = site.project_id
                        AND past.parcel_id = site.parcel_id AND past.valid_from = site.valid_from) AS first
    WHERE site.project_id = :project AND site.valid_from <= :as_of AND site.opened_by <= :known
      AND (site.closed_by IS NULL OR site.closed_by > :known)
    GROUP BY site.valid_from, site.valid_to, first.told
    UNION ALL
    SELECT 3, 'handover', minutes.valid_from, NULL, minutes.number, minutes.document_id, minutes.opened_by FROM land.handover_version AS minutes
    WHERE minutes.handover_id IN (SELECT part.handover_id FROM land.project_land(CAST(:project AS uuid), CAST(:as_of AS date), CAST(:known AS bigint)) AS part)
      AND minutes.opened_by <= :known AND (minutes.closed_by IS NULL OR minutes.closed_by > :known)
    UNION ALL
    SELECT 4, 'milestone_planned', step.planned_on, NULL, step.step, NULL, first.told FROM land.project_milestone AS step
    CROSS JOIN LATERAL (SELECT min(past.opened_by) AS told FROM land.project_milestone AS past WHERE past.project_id = step.project_id
                        AND past.step = step.step AND past.planned_on = step.planned_on) AS first
    WHERE step.project_id = :project AND step.valid_from <= :as_of AND (step.valid_to IS NULL OR step.valid_to > :as_of)
      AND step.opened_by <= :known AND (step.closed_by IS NULL OR step.closed_by > :known)
    UNION ALL
    SELECT 5, 'milestone_reached', step.actual_on, NULL, step.step, NULL, first.told FROM land.project_milestone AS step
    CROSS JOIN LATERAL (SELECT min(past.opened_by) AS told FROM land.project_milestone AS past WHERE past.project_id = step.project_id
                        AND past.step = step.step AND past.actual_on = step.actual_on) AS first
    WHERE step.project_id = :project AND step.valid_from <= :as_of AND (step.valid_to IS NULL OR step.valid_to > :as_of)
      AND step.actual_on <= :as_of AND step.opened_by <= :known AND (step.closed_by IS NULL OR step.closed_by > :known)
    UNION ALL
    SELECT 6, 'suspension', pause.valid_from, pause.valid_to, pause.cause, pause.document_id, pause.opened_by FROM land.project_suspension AS pause
    WHERE pause.project_id = :project AND pause.valid_from <= :as_of AND pause.opened_by <= :known
      AND (pause.closed_by IS NULL OR pause.closed_by > :known)
    UNION ALL
    SELECT 7, 'extension', given.valid_from, NULL, given.months::text, given.document_id, given.opened_by FROM land.project_extension AS given
    WHERE given.project_id = :project AND given.valid_from <= :as_of AND given.opened_by <= :known
      AND (given.closed_by IS NULL OR given.closed_by > :known)
    UNION ALL
    SELECT 8, 'letter', letter.valid_from, NULL, draft.clock, letter.document_id, letter.opened_by FROM land.reminder_letter AS letter
    JOIN land.reminder_draft AS draft ON draft.id = letter.draft_id
    WHERE draft.project_id = :project AND letter.valid_from <= :as_of AND letter.opened_by <= :known
      AND (letter.closed_by IS NULL OR letter.closed_by > :known)
    UNION ALL
    SELECT 9, 'progress', seen.valid_from, NULL, seen.actual_pct::text, NULL, first.told FROM land.project_progress AS seen
    CROSS JOIN LATERAL (SELECT min(past.opened_by) AS told FROM land.project_progress AS past WHERE past.project_id = seen.project_id
                        AND past.valid_from = seen.valid_from AND past.actual_pct = seen.actual_pct) AS first
    WHERE seen.project_id = :project AND seen.valid_from <= :as_of AND seen.opened_by <= :known
      AND (seen.valid_to IS NULL OR seen.valid_to > seen.valid_from) AND (seen.closed_by IS NULL OR seen.closed_by > :known)
    UNION ALL
    SELECT 10, 'inspection', visit.valid_from, NULL, CASE WHEN visit.personal THEN '' ELSE visit.body END, visit.document_id, visit.opened_by
    FROM land.inspection AS head JOIN land.inspection_version AS visit ON visit.inspection_id = head.id
    WHERE head.project_id = :project AND visit.valid_from <= :as_of AND visit.opened_by <= :known
      AND (visit.closed_by IS NULL OR visit.closed_by > :known)
)
SELECT fact.kind, fact.day, fact.until, fact.said, change.number AS change, change.id AS change_id, change.reason, change.committed_at,
       paper.id AS document_id, paper.number AS document_number, paper.issued_on, paper.issuer, paper.file_sha256 IS NOT NULL AS has_file
FROM fact JOIN land.change ON change.number = fact.opened_by
LEFT JOIN land.document AS paper ON paper.id = coalesce(fact.paper, change.document_id)
ORDER BY fact.day, fact.place, fact.said, change.number

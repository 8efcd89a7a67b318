-- Clocks of projects at a moment, with the names people know, the law's row and the last reminder.
-- Parameters: as_of, known, zone_ids (uuid[], null: all), project (uuid, null: all).
SELECT head.id AS project_id, head.code, project.name_vi, project.name_en, project.kind, project.status, zone.id AS zone_id, zone.code AS zone,
       CASE WHEN investor.kind <> 'person' THEN named.name_vi END AS investor,
       clock.clock, clock.state, clock.severity, clock.step, clock.planned_on, clock.anchor_on, clock.first_on, clock.last_on, clock.parts_missing,
       clock.limit_months, clock.base_on, clock.breach_on, clock.extended_months, clock.ended_on, clock.running_days, clock.stopped_days,
       clock.board_days, law.clause, CASE WHEN seen.threshold_id IS NULL THEN law.verification ELSE 'verified' END AS verification, law.source, reminder.reminded_on
FROM land.project_clocks(CASE WHEN CAST(:project AS uuid) IS NOT NULL THEN ARRAY[CAST(:project AS uuid)] END,
                         CAST(:as_of AS date), CAST(:known AS bigint)) AS clock
JOIN land.project AS head ON head.id = clock.project_id
JOIN land.zone ON zone.id = head.zone_id
JOIN land.project_version AS project ON project.project_id = head.id
 AND project.valid_from <= :as_of AND (project.valid_to IS NULL OR project.valid_to > :as_of)
 AND project.opened_by <= :known AND (project.closed_by IS NULL OR project.closed_by > :known)
LEFT JOIN land.party AS investor ON investor.id = project.investor_id
LEFT JOIN land.party_version AS named ON named.party_id = project.investor_id
 AND named.valid_from <= :as_of AND (named.valid_to IS NULL OR named.valid_to > :as_of)
 AND named.opened_by <= :known AND (named.closed_by IS NULL OR named.closed_by > :known)
LEFT JOIN land.clock_threshold AS law ON law.id = clock.threshold_id
LEFT JOIN land.clock_threshold_confirmation AS seen ON seen.threshold_id = law.id
LEFT JOIN LATERAL (
    SELECT max(letter.valid_from) AS reminded_on FROM land.reminder_draft AS draft
    JOIN land.reminder_letter AS letter ON letter.draft_id = draft.id AND letter.valid_from <= :as_of
     AND letter.opened_by <= :known AND (letter.closed_by IS NULL OR letter.closed_by > :known)
    WHERE draft.project_id = clock.project_id AND draft.clock = clock.clock
) AS reminder ON true
WHERE CAST(:zone_ids AS uuid[]) IS NULL OR head.zone_id = ANY (CAST(:zone_ids AS uuid[]))
ORDER BY clock.severity DESC, clock.breach_on, head.code, clock.clock

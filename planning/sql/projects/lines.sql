-- Projects in force at a moment (of some zones, or one), each with its land, progress, workers, next milestone and lateness.
-- Money is asked for apart: it has a currency. An investor who is a person is not named.
SELECT head.id, head.code, head.zone_id, zone.code AS zone, project.version_id, project.name_vi, project.name_en, project.kind,
       project.status, project.certificate_no, project.valid_from AS since, begun.day AS first_on, project.srid,
       CASE WHEN investor.kind <> 'person' THEN named.name_vi END AS investor,
       coalesce(ground.area_m2, 0) AS area_m2, coalesce(ground.parcels, 0) AS parcels,
       seen.planned_pct, seen.actual_pct, seen.valid_from AS seen_on,
       work.total AS workers, work.foreigners, work.valid_from AS counted_on,
       term.starts_on, term.ends_on, next.step AS next_step, next.planned_on AS next_on,
       behind.step AS late_step, coalesce(behind.days, 0) AS late_days,
       land.lateness(project.status, behind.days) AS lateness
FROM land.project AS head
JOIN land.zone ON zone.id = head.zone_id
JOIN land.project_version AS project ON project.project_id = head.id
     AND project.valid_from <= :as_of AND (project.valid_to IS NULL OR project.valid_to > :as_of)
     AND project.opened_by <= :known AND (project.closed_by IS NULL OR project.closed_by > :known)
CROSS JOIN LATERAL (
    SELECT min(version.valid_from) AS day FROM land.project_version AS version
    WHERE version.project_id = head.id AND version.opened_by <= :known AND (version.closed_by IS NULL OR version.closed_by > :known)
) AS begun
LEFT JOIN land.party AS investor ON investor.id = project.investor_id
LEFT JOIN land.party_version AS named ON named.party_id = investor.id
     AND named.valid_from <= :as_of AND (named.valid_to IS NULL OR named.valid_to > :as_of)
     AND named.opened_by <= :known AND (named.closed_by IS NULL OR named.closed_by > :known)
LEFT JOIN (
    SELECT held.project_id, sum(parcel.area_m2) AS area_m2, count(*) AS parcels
    FROM land.project_parcel AS held
    JOIN land.parcel_version AS parcel ON parcel.parcel_id = held.parcel_id
         AND parcel.valid_from <= :as_of AND (parcel.valid_to IS NULL OR parcel.valid_to > :as_of)
         AND parcel.opened_by <= :known AND (parcel.closed_by IS NULL OR parcel.closed_by > :known)
    WHERE (CAST(:project_id AS uuid) IS NULL OR held.project_id = CAST(:project_id AS uuid))
      AND held.valid_from <= :as_of AND (held.valid_to IS NULL OR held.valid_to > :as_of)
      AND held.opened_by <= :known AND (held.closed_by IS NULL OR held.closed_by > :known)
    GROUP BY held.project_id
) AS ground ON ground.project_id = head.id
LEFT JOIN land.project_progress AS seen ON seen.project_id = head.id
     AND seen.valid_from <= :as_of AND (seen.valid_to IS NULL OR seen.valid_to > :as_of)
     AND seen.opened_by <= :known AND (seen.closed_by IS NULL OR seen.closed_by > :known)
LEFT JOIN land.project_workers AS work ON work.project_id = head.id
     AND work.valid_from <= :as_of AND (work.valid_to IS NULL OR work.valid_to > :as_of)
     AND work.opened_by <= :known AND (work.closed_by IS NULL OR work.closed_by > :known)
LEFT JOIN land.project_term AS term ON term.project_id = head.id
     AND term.valid_from <= :as_of AND (term.valid_to IS NULL OR term.valid_to > :as_of)
     AND term.opened_by <= :known AND (term.closed_by IS NULL OR term.closed_by > :known)
LEFT JOIN LATERAL (
    SELECT step.step, step.planned_on FROM land.project_milestone AS step
    WHERE step.project_id = head.id AND (step.actual_on IS NULL OR step.actual_on > :as_of)
      AND step.valid_from <= :as_of AND (step.valid_to IS NULL OR step.valid_to > :as_of)
      AND step.opened_by <= :known AND (step.closed_by IS NULL OR step.closed_by > :known)
    ORDER BY step.planned_on, land.milestone_rank(step.step) LIMIT 1
) AS next ON true
LEFT JOIN LATERAL (
    SELECT late.step, late.days
    FROM land.late_step(head.id, project.status, CAST(:as_of AS date), CAST(:known AS bigint)) AS late
) AS behind ON true
WHERE (CAST(:project_id AS uuid) IS NULL OR head.id = CAST(:project_id AS uuid))
  AND (CAST(:zone_ids AS uuid[]) IS NULL OR head.zone_id = ANY (CAST(:zone_ids AS uuid[])))
ORDER BY head.code

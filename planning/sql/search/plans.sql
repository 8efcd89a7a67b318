-- Plan versions by plan code or name, each at its step of the day, the newest first. note: the step.
SELECT issue.id::text AS id, plan.code || '/' || issue.number AS title, plan.name_vi, plan.name_en, zone.code AS zone, zone.srid,
       step.geom AS shape, NULL::text[] AS parcels, step.status AS note,
       CASE WHEN folded.code = :q THEN 0 WHEN starts_with(folded.code, :q) THEN 1 ELSE 2 END AS rank
FROM land.plan
JOIN land.zone ON zone.id = plan.zone_id
JOIN land.plan_version AS issue ON issue.plan_id = plan.id
JOIN land.plan_status AS step ON step.plan_version_id = issue.id
     AND step.valid_from <= :as_of AND (step.valid_to IS NULL OR step.valid_to > :as_of)
     AND step.opened_by <= :known AND (step.closed_by IS NULL OR step.closed_by > :known)
CROSS JOIN LATERAL (SELECT lower(translate(plan.code, :accented, :plain)) AS code,
                           lower(translate(concat_ws(' ', plan.name_vi, plan.name_en), :accented, :plain)) AS name)
           AS folded
WHERE (position(:q IN folded.code) > 0 OR position(:q IN folded.name) > 0)
  AND (CAST(:id AS uuid) IS NULL OR issue.id = CAST(:id AS uuid))
  AND (CAST(:zone_ids AS uuid[]) IS NULL OR zone.id = ANY (CAST(:zone_ids AS uuid[])))
ORDER BY rank, plan.code, issue.number DESC LIMIT :most

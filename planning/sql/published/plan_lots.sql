-- Plan lots: of the versions in force on the day, or of one chosen version (:plan_version) whatever its day.
SELECT lot.version_id AS fid, lot.lot_id::text AS id, lot.symbol, lot.category, lot.leasable, lot.level,
       plan.code AS plan, issue.number AS plan_version, lot.srid, lot.geom, lot.geom_wgs84,
       coalesce(lot.legal_area_m2::double precision, lot.area_m2) AS area
FROM land.plan_lot AS lot
JOIN land.plan_version AS issue ON issue.id = lot.plan_version_id
JOIN land.plan ON plan.id = lot.plan_id
WHERE lot.opened_by <= :known AND (lot.closed_by IS NULL OR lot.closed_by > :known)
  AND (CAST(:zone_ids AS uuid[]) IS NULL OR plan.zone_id = ANY (CAST(:zone_ids AS uuid[])))
  AND CASE WHEN CAST(:plan_version AS uuid) IS NOT NULL THEN lot.plan_version_id = CAST(:plan_version AS uuid)
           ELSE lot.plan_version_id IN (
               SELECT step.plan_version_id FROM land.plan_status AS step
               WHERE step.status IN ('approved', 'published')
                 AND step.valid_from <= :as_of AND (step.valid_to IS NULL OR step.valid_to > :as_of)
                 AND step.opened_by <= :known AND (step.closed_by IS NULL OR step.closed_by > :known)) END

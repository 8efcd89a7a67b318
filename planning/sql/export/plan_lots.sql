-- Lots of the plan versions in force, with the decision that approved each version.
SELECT lot.lot_id::text AS id, 'plan-lots' AS layer, zone.code AS zone_code, lot.symbol, lot.category AS category_code,
       lot.leasable, lot.level, lot.legal_area_m2, round(lot.area_m2::numeric, 1) AS gis_area_m2, lot.density_pct,
       lot.storeys_max, lot.floor_area_ratio, plan.code AS plan_id, issue.number AS plan_version, step.status,
       paper.number AS decision_no, paper.issued_on AS decision_date, paper.issuer, step.valid_from, step.valid_to,
       format('EPSG:%s', lot.srid) AS source_crs, 'from_approved_drawing' AS geometry_certainty,
       change.committed_at AS updated_at, 'public' AS data_class, lot.srid, lot.geom, lot.geom_wgs84
FROM land.plan_lot AS lot
JOIN land.plan_version AS issue ON issue.id = lot.plan_version_id
JOIN land.plan ON plan.id = lot.plan_id
JOIN land.zone ON zone.id = plan.zone_id
JOIN land.plan_status AS step ON step.plan_version_id = lot.plan_version_id AND step.status IN ('approved', 'published')
JOIN land.change ON change.number = lot.opened_by
LEFT JOIN land.document AS paper ON paper.id = step.decision_id
WHERE step.valid_from <= :as_of AND (step.valid_to IS NULL OR step.valid_to > :as_of)
  AND step.opened_by <= :known AND (step.closed_by IS NULL OR step.closed_by > :known)
  AND lot.opened_by <= :known AND (lot.closed_by IS NULL OR lot.closed_by > :known)
  AND (CAST(:zone_ids AS uuid[]) IS NULL OR zone.id = ANY (CAST(:zone_ids AS uuid[])))
ORDER BY lot.version_id

-- Lots of plans in force by symbol.
SELECT lot.lot_id::text AS id, lot.symbol AS title, plan.name_vi, plan.name_en, zone.code AS zone, lot.srid,
       lot.geom AS shape, NULL::text[] AS parcels,
       CASE WHEN folded.symbol = :q THEN 0 WHEN starts_with(folded.symbol, :q) THEN 1 ELSE 2 END AS rank
FROM land.plan_lot AS lot
JOIN land.plan ON plan.id = lot.plan_id
JOIN land.zone ON zone.id = plan.zone_id
JOIN land.plan_status AS step ON step.plan_version_id = lot.plan_version_id AND step.status IN ('approved', 'published')
     AND step.valid_from <= :as_of AND (step.valid_to IS NULL OR step.valid_to > :as_of)
     AND step.opened_by <= :known AND (step.closed_by IS NULL OR step.closed_by > :known)
CROSS JOIN LATERAL (SELECT lower(translate(lot.symbol, :accented, :plain)) AS symbol) AS folded
WHERE position(:q IN folded.symbol) > 0 AND lot.opened_by <= :known AND (lot.closed_by IS NULL OR lot.closed_by > :known)
  AND (CAST(:id AS uuid) IS NULL OR lot.lot_id = CAST(:id AS uuid))
  AND (CAST(:zone_ids AS uuid[]) IS NULL OR zone.id = ANY (CAST(:zone_ids AS uuid[])))
ORDER BY rank, lot.symbol LIMIT :most

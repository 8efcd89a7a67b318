-- Lots that can be let, and lots that are road, of the subdivision plans in force over some zones.
-- Parameters: zone_ids (uuid[]), as_of, known, roads (categories that are road).
WITH edition AS MATERIALIZED (
    SELECT DISTINCT status.plan_version_id FROM land.plan_status AS status
    WHERE status.level = 'subdivision' AND status.status IN ('approved', 'published')
      AND status.srid IN (SELECT zone.srid FROM land.zone WHERE zone.id = ANY (CAST(:zone_ids AS uuid[])))
      AND status.valid_from <= :as_of AND (status.valid_to IS NULL OR status.valid_to > :as_of)
      AND status.opened_by <= :known AND (status.closed_by IS NULL OR status.closed_by > :known)
)
SELECT lot.version_id, lot.symbol, lot.category, lot.leasable, lot.legal_area_m2::double precision AS legal_area_m2, lot.area_m2,
       ST_AsBinary(lot.geom) AS shape
FROM land.plan_lot AS lot
JOIN edition ON edition.plan_version_id = lot.plan_version_id
WHERE (lot.leasable <> 'none' OR lot.category = ANY (CAST(:roads AS text[])))
  AND lot.opened_by <= :known AND (lot.closed_by IS NULL OR lot.closed_by > :known)
  AND (lot.plan_id IN (SELECT plan.id FROM land.plan WHERE plan.zone_id = ANY (CAST(:zone_ids AS uuid[])))
       OR EXISTS (
          SELECT FROM land.conformance AS shared
          JOIN land.parcel_version AS mine ON mine.version_id = shared.parcel_version_id
          WHERE shared.lot_version_id = lot.version_id AND mine.zone_id = ANY (CAST(:zone_ids AS uuid[]))))
ORDER BY lot.version_id

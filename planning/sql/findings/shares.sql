-- Stored shares of parcels with lots of the plans in force that may be a conflict: parcels that share ground with lots of
-- several categories of one level, and let or reserved parcels on lots that are not to be let.
WITH held AS MATERIALIZED (
    SELECT mine.version_id, mine.parcel_id FROM land.parcel_version AS mine
    WHERE mine.zone_id = ANY (CAST(:zone_ids AS uuid[]))
      AND mine.valid_from <= :as_of AND (mine.valid_to IS NULL OR mine.valid_to > :as_of)
      AND mine.opened_by <= :known AND (mine.closed_by IS NULL OR mine.closed_by > :known)
      AND (CAST(:parcel_id AS uuid) IS NULL OR mine.parcel_id = CAST(:parcel_id AS uuid))
), edition AS MATERIALIZED (
    SELECT DISTINCT step.plan_version_id FROM land.plan_status AS step
    WHERE step.status IN ('approved', 'published')
      AND step.valid_from <= :as_of AND (step.valid_to IS NULL OR step.valid_to > :as_of)
      AND step.opened_by <= :known AND (step.closed_by IS NULL OR step.closed_by > :known)
), let AS MATERIALIZED (
    SELECT DISTINCT held.version_id FROM held
    JOIN land.land_right_parcel AS ground ON ground.parcel_id = held.parcel_id AND ground.tier IN (2, 3)
    WHERE ground.valid_from <= :as_of AND (ground.valid_to IS NULL OR ground.valid_to > :as_of)
      AND ground.opened_by <= :known AND (ground.closed_by IS NULL OR ground.closed_by > :known)
), pair AS (
    SELECT shared.parcel_version_id, shared.lot_version_id, shared.area_m2, lot.leasable,
           min(lot.category) OVER level AS first, max(lot.category) OVER level AS last
    FROM held
    JOIN land.conformance AS shared ON shared.parcel_version_id = held.version_id
    JOIN edition ON edition.plan_version_id = shared.plan_version_id
    JOIN land.plan_lot AS lot ON lot.version_id = shared.lot_version_id
    WHERE lot.opened_by <= :known AND (lot.closed_by IS NULL OR lot.closed_by > :known)
    WINDOW level AS (PARTITION BY shared.parcel_version_id, lot.level)
)
SELECT pair.parcel_version_id, pair.lot_version_id, pair.area_m2 FROM pair
WHERE pair.first <> pair.last
   OR (pair.leasable = 'none' AND pair.parcel_version_id IN (SELECT let.version_id FROM let))
ORDER BY pair.parcel_version_id, pair.lot_version_id

-- Where a parcel went and where it came from: descendants in force at the moment, and direct parents.
WITH RECURSIVE down AS (
    SELECT line.child_id AS id, line.kind, line.area_m2, 1 AS steps FROM land.parcel_lineage AS line
    WHERE line.parent_id = :parcel_id AND line.opened_by <= :known
    UNION
    SELECT line.child_id, line.kind, line.area_m2, down.steps + 1 FROM land.parcel_lineage AS line
    JOIN down ON line.parent_id = down.id WHERE line.opened_by <= :known AND down.steps < 50
), kin AS (
    SELECT 'successor' AS relation, down.id, down.kind, down.area_m2 FROM down
    UNION ALL
    SELECT 'predecessor', line.parent_id, line.kind, line.area_m2 FROM land.parcel_lineage AS line
    WHERE line.child_id = :parcel_id AND line.opened_by <= :known
)
SELECT DISTINCT ON (kin.relation, kin.id) kin.relation, kin.id::text AS id, kin.kind, kin.area_m2,
       held.sheet_no AS sheet, held.parcel_no AS number
FROM kin
JOIN land.parcel_version AS held ON held.parcel_id = kin.id
     AND held.opened_by <= :known AND (held.closed_by IS NULL OR held.closed_by > :known)
     AND (kin.relation = 'predecessor'
          OR held.valid_from <= :as_of AND (held.valid_to IS NULL OR held.valid_to > :as_of))
ORDER BY kin.relation, kin.id, held.valid_from DESC

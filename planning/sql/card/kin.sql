-- Where a parcel went and where it came from: who stands on its ground at the moment, and direct parents. A child that an
-- undo took back answers with the parent that came back, and with what that one became since.
WITH RECURSIVE line AS NOT MATERIALIZED (
    SELECT parent_id, child_id, kind, area_m2,
           EXISTS (SELECT FROM land.parcel_version AS held WHERE held.parcel_id = child_id AND held.opened_by <= :known
                   AND (held.closed_by IS NULL OR held.closed_by > :known)) AS stands
    FROM land.parcel_lineage WHERE opened_by <= :known
), down AS (
    SELECT CAST(:parcel_id AS uuid) AS id
    UNION
    SELECT next.id FROM down
    JOIN LATERAL (SELECT line.child_id AS id FROM line WHERE line.parent_id = down.id AND line.stands
                  UNION ALL
                  SELECT line.parent_id FROM line WHERE line.child_id = down.id AND NOT line.stands) AS next ON true
), kin AS (
    SELECT 'successor' AS relation, down.id, came.kind, came.area_m2 FROM down
    JOIN LATERAL (SELECT line.kind, line.area_m2 FROM line
                  WHERE (line.child_id = down.id AND line.stands) OR (line.parent_id = down.id AND line.child_id = :parcel_id)
                  ORDER BY line.parent_id = :parcel_id OR line.child_id = :parcel_id DESC LIMIT 1) AS came ON true
    WHERE down.id <> :parcel_id
    UNION ALL
    SELECT 'predecessor', line.parent_id, line.kind, line.area_m2 FROM line WHERE line.child_id = :parcel_id
)
SELECT DISTINCT ON (kin.relation, kin.id) kin.relation, kin.id::text AS id, kin.kind, kin.area_m2,
       held.sheet_no AS sheet, held.parcel_no AS number
FROM kin
JOIN land.parcel_version AS held ON held.parcel_id = kin.id
     AND held.opened_by <= :known AND (held.closed_by IS NULL OR held.closed_by > :known)
     AND (kin.relation = 'predecessor'
          OR held.valid_from <= :as_of AND (held.valid_to IS NULL OR held.valid_to > :as_of))
ORDER BY kin.relation, kin.id, held.valid_from DESC

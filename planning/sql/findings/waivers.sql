-- Waivers of findings of some zones that had begun by the day, each with the versions that say today what the waived
-- sides said: the same facts and, but for rounding to the grid, the same ground. Rows written anew with the same contents
-- (an act cut their period, an undo brought them back, a neighbour gave them a corner) are no change. Null: it changed.
WITH RECURSIVE asked AS (
    SELECT waived.* FROM land.waiver AS waived
    WHERE waived.valid_from <= :as_of AND waived.opened_by <= :known
      AND (waived.closed_by IS NULL OR waived.closed_by > :known)
      AND EXISTS (SELECT FROM land.parcel_version AS named
                  WHERE named.version_id IN (waived.parcel_version_id, waived.other_parcel_version_id)
                    AND named.zone_id = ANY (CAST(:zone_ids AS uuid[])))
), heir AS (
    SELECT asked.version_id, named.parcel_id FROM asked
    JOIN land.parcel_version AS named ON named.version_id IN (asked.parcel_version_id, asked.other_parcel_version_id)
    UNION
    SELECT heir.version_id, line.child_id FROM heir
    JOIN land.parcel_lineage AS line ON line.parent_id = heir.parcel_id AND line.opened_by <= :known
), same_parcel AS (
    SELECT was.version_id AS named, held.version_id AS now
    FROM land.parcel_version AS was
    JOIN land.parcel_version AS held ON held.parcel_id = was.parcel_id
    WHERE was.version_id IN (SELECT asked.parcel_version_id FROM asked UNION SELECT asked.other_parcel_version_id FROM asked)
      AND held.valid_from <= :as_of AND (held.valid_to IS NULL OR held.valid_to > :as_of)
      AND held.opened_by <= :known AND (held.closed_by IS NULL OR held.closed_by > :known)
      AND (held.version_id = was.version_id
           OR ((held.zone_id, held.commune_code, held.sheet_no, held.parcel_no, held.official_id, held.land_use_code,
                held.legal_area_m2)
               IS NOT DISTINCT FROM (was.zone_id, was.commune_code, was.sheet_no, was.parcel_no, was.official_id,
                                     was.land_use_code, was.legal_area_m2)
               AND ST_Area(ST_SymDifference(held.geom, was.geom)) <= 0.01 + 0.0005 * ST_Perimeter(was.geom)))
)
SELECT asked.waiver_id AS id, asked.kind, asked.granted_by, asked.reason, asked.valid_from, asked.valid_to,
       asked.withdrawn_by, asked.place_e_mm, asked.place_n_mm, paper.number AS document,
       (SELECT array_agg(heir.parcel_id) FROM heir WHERE heir.version_id = asked.version_id) AS heirs,
       first.now AS parcel_now, second.now AS other_parcel_now, lot_now.version_id AS lot_now, lot_was.level,
       boundary_now.version_id AS boundary_now, scope_now.version_id AS scope_now, right_now.version_id AS right_now,
       asked.other_parcel_version_id IS NOT NULL AS names_parcel, asked.lot_version_id IS NOT NULL AS names_lot,
       asked.boundary_version_id IS NOT NULL AS names_boundary, asked.plan_status_id IS NOT NULL AS names_scope,
       asked.right_version_id IS NOT NULL AS names_right
FROM asked
LEFT JOIN land.document AS paper ON paper.id = asked.document_id
LEFT JOIN same_parcel AS first ON first.named = asked.parcel_version_id
LEFT JOIN same_parcel AS second ON second.named = asked.other_parcel_version_id
LEFT JOIN land.plan_lot AS lot_was ON lot_was.version_id = asked.lot_version_id
LEFT JOIN land.plan_lot AS lot_now
  ON lot_now.lot_id = lot_was.lot_id AND lot_now.opened_by <= :known
 AND (lot_now.closed_by IS NULL OR lot_now.closed_by > :known)
 AND lot_now.category = lot_was.category AND lot_now.leasable = lot_was.leasable AND lot_now.geom::bytea = lot_was.geom::bytea
 AND EXISTS (SELECT FROM land.plan_status AS step
             WHERE step.plan_version_id = lot_now.plan_version_id AND step.status IN ('approved', 'published')
               AND step.valid_from <= :as_of AND (step.valid_to IS NULL OR step.valid_to > :as_of)
               AND step.opened_by <= :known AND (step.closed_by IS NULL OR step.closed_by > :known))
LEFT JOIN land.zone_boundary AS boundary_was ON boundary_was.version_id = asked.boundary_version_id
LEFT JOIN land.zone_boundary AS boundary_now
  ON boundary_now.zone_id = boundary_was.zone_id AND boundary_now.certainty = boundary_was.certainty
 AND boundary_now.geom::bytea = boundary_was.geom::bytea
 AND boundary_now.valid_from <= :as_of AND (boundary_now.valid_to IS NULL OR boundary_now.valid_to > :as_of)
 AND boundary_now.opened_by <= :known AND (boundary_now.closed_by IS NULL OR boundary_now.closed_by > :known)
LEFT JOIN land.plan_status AS scope_was ON scope_was.version_id = asked.plan_status_id
LEFT JOIN land.plan_status AS scope_now
  ON scope_now.plan_version_id = scope_was.plan_version_id AND scope_now.status IN ('approved', 'published')
 AND scope_now.geom::bytea = scope_was.geom::bytea
 AND scope_now.valid_from <= :as_of AND (scope_now.valid_to IS NULL OR scope_now.valid_to > :as_of)
 AND scope_now.opened_by <= :known AND (scope_now.closed_by IS NULL OR scope_now.closed_by > :known)
LEFT JOIN land.land_right_version AS right_was ON right_was.version_id = asked.right_version_id
LEFT JOIN land.land_right_version AS right_now
  ON right_now.land_right_id = right_was.land_right_id
 AND (right_now.number, right_now.lessee_id, right_now.contract_area_m2, right_now.purpose)
     IS NOT DISTINCT FROM (right_was.number, right_was.lessee_id, right_was.contract_area_m2, right_was.purpose)
 AND right_now.valid_from <= :as_of AND (right_now.valid_to IS NULL OR right_now.valid_to > :as_of)
 AND right_now.opened_by <= :known AND (right_now.closed_by IS NULL OR right_now.closed_by > :known)
ORDER BY asked.valid_from, asked.version_id

-- What becomes of the land the State gave to developers: one row a parcel of a State right, what it is used for, and how much
-- of it the plans in force (1/2000) let be let. Areas in m2 as measured. Nulls narrow nothing.
WITH plan_in_force AS MATERIALIZED (
    SELECT status.plan_version_id
    FROM land.plan_status AS status
    JOIN land.plan ON plan.id = status.plan_id
    WHERE plan.srid IN (SELECT zone.srid FROM land.zone WHERE zone.id = ANY (CAST(:zones AS uuid[])))
      AND status.level = 'subdivision' AND status.status IN ('approved', 'published')
      AND status.valid_from <= :as_of AND (status.valid_to IS NULL OR status.valid_to > :as_of)
      AND status.opened_by <= :known AND (status.closed_by IS NULL OR status.closed_by > :known)
), state AS MATERIALIZED (
    SELECT member.land_right_id, member.parcel_id, terms.lessee_id
    FROM land.land_right_parcel AS member
    JOIN land.land_right_version AS terms ON terms.land_right_id = member.land_right_id
     AND terms.valid_from <= :as_of AND (terms.valid_to IS NULL OR terms.valid_to > :as_of)
     AND terms.opened_by <= :known AND (terms.closed_by IS NULL OR terms.closed_by > :known)
    WHERE member.tier = 1
      AND (CAST(:rights AS uuid[]) IS NULL OR member.land_right_id = ANY (CAST(:rights AS uuid[])))
      AND member.valid_from <= :as_of AND (member.valid_to IS NULL OR member.valid_to > :as_of)
      AND member.opened_by <= :known AND (member.closed_by IS NULL OR member.closed_by > :known)
), users AS MATERIALIZED (
    SELECT member.parcel_id, member.tier, member.land_right_id
    FROM land.land_right_parcel AS member
    WHERE member.tier > 1 AND member.parcel_id IN (SELECT parcel_id FROM state)
      AND member.valid_from <= :as_of AND (member.valid_to IS NULL OR member.valid_to > :as_of)
      AND member.opened_by <= :known AND (member.closed_by IS NULL OR member.closed_by > :known)
), own AS MATERIALIZED (
    SELECT DISTINCT state.parcel_id
    FROM state
    JOIN land.project_parcel AS site ON site.parcel_id = state.parcel_id
     AND site.valid_from <= :as_of AND (site.valid_to IS NULL OR site.valid_to > :as_of)
     AND site.opened_by <= :known AND (site.closed_by IS NULL OR site.closed_by > :known)
    JOIN land.project_version AS project ON project.project_id = site.project_id AND project.investor_id = state.lessee_id
     AND project.status NOT IN ('terminated', 'land_recovered')
     AND project.valid_from <= :as_of AND (project.valid_to IS NULL OR project.valid_to > :as_of)
     AND project.opened_by <= :known AND (project.closed_by IS NULL OR project.closed_by > :known)
)
SELECT state.land_right_id AS right_id, state.lessee_id AS developer_id, held.parcel_id, held.zone_id, zone.code AS zone,
       held.commune_code AS commune, held.sheet_no AS sheet, held.parcel_no AS number, held.area_m2,
       lease.land_right_id AS let_by, kept.land_right_id AS reserved_by, own.parcel_id IS NOT NULL AS own_use,
       coalesce(shared.planned_m2, 0) AS planned_m2, coalesce(shared.leasable_m2, 0) AS leasable_m2
FROM state
JOIN land.parcel_version AS held ON held.parcel_id = state.parcel_id
 AND held.valid_from <= :as_of AND (held.valid_to IS NULL OR held.valid_to > :as_of)
 AND held.opened_by <= :known AND (held.closed_by IS NULL OR held.closed_by > :known)
JOIN land.zone ON zone.id = held.zone_id
LEFT JOIN users AS lease ON lease.parcel_id = state.parcel_id AND lease.tier = 2
LEFT JOIN users AS kept ON kept.parcel_id = state.parcel_id AND kept.tier = 3
LEFT JOIN own ON own.parcel_id = state.parcel_id
LEFT JOIN LATERAL (
    SELECT sum(part.area_m2) AS planned_m2, sum(part.area_m2) FILTER (WHERE part.leasable <> 'none') AS leasable_m2
    FROM land.conformance AS part JOIN plan_in_force USING (plan_version_id)
    WHERE part.parcel_version_id = held.version_id
) AS shared ON true
WHERE held.zone_id = ANY (CAST(:zones AS uuid[]))
ORDER BY zone.code, held.sheet_no, length(held.parcel_no), held.parcel_no, held.parcel_id

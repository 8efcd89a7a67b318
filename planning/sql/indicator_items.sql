-- What every figure is made of: one row an item (a boundary, a lot, a parcel, a right), with the base quantity it counts
-- in, its zone, and its area in m2 on both bases. Stored areas only: nothing here touches a geometry.
-- Parameters: zones (uuid[]; parcels of these zones and no others), as_of (date), known (change number).
-- One of indicator_totals.sql and indicator_rows.sql follows.
WITH plan_in_force AS MATERIALIZED (
    SELECT status.plan_version_id, plan.zone_id
    FROM land.plan_status AS status
    JOIN land.plan ON plan.id = status.plan_id
    WHERE status.level = 'subdivision' AND status.status IN ('approved', 'published')
      AND status.valid_from <= :as_of AND (status.valid_to IS NULL OR status.valid_to > :as_of)
      AND status.opened_by <= :known AND (status.closed_by IS NULL OR status.closed_by > :known)
), ground AS MATERIALIZED (
    SELECT parcel.version_id, parcel.parcel_id, parcel.zone_id, parcel.legal_area_m2, parcel.area_m2
    FROM land.parcel_version AS parcel
    WHERE parcel.zone_id = ANY (CAST(:zones AS uuid[]))
      AND parcel.valid_from <= :as_of AND (parcel.valid_to IS NULL OR parcel.valid_to > :as_of)
      AND parcel.opened_by <= :known AND (parcel.closed_by IS NULL OR parcel.closed_by > :known)
), leasable AS MATERIALIZED (
    -- What each parcel shares with leasable lots in force: measured, and scaled to the lots' legal areas.
    SELECT ground.parcel_id,
           sum(share.area_m2) FILTER (WHERE lot.leasable = 'industrial') AS industrial,
           sum(share.area_m2) FILTER (WHERE lot.leasable = 'service') AS service,
           sum(share.area_m2 * lot.legal_area_m2 / lot.area_m2) FILTER (WHERE lot.leasable = 'industrial') AS industrial_legal,
           sum(share.area_m2 * lot.legal_area_m2 / lot.area_m2) FILTER (WHERE lot.leasable = 'service') AS service_legal,
           bool_or(lot.missing) AS missing
    FROM ground
    JOIN land.conformance AS share ON share.parcel_version_id = ground.version_id
    JOIN plan_in_force USING (plan_version_id)
    JOIN LATERAL (
        SELECT version_id, leasable, area_m2, legal_area_m2 IS NULL AS missing,
               coalesce(legal_area_m2::double precision, area_m2) AS legal_area_m2
        FROM land.plan_lot
        WHERE plan_lot.version_id = share.lot_version_id
          AND plan_lot.opened_by <= :known AND (plan_lot.closed_by IS NULL OR plan_lot.closed_by > :known)
    ) AS lot ON true
    WHERE share.leasable <> 'none'
    GROUP BY ground.parcel_id
), holding AS MATERIALIZED (
    SELECT held.land_right_id, held.tier, ground.zone_id, ground.parcel_id, ground.area_m2
    FROM ground
    JOIN land.land_right_parcel AS held ON held.parcel_id = ground.parcel_id
     AND held.valid_from <= :as_of AND (held.valid_to IS NULL OR held.valid_to > :as_of)
     AND held.opened_by <= :known AND (held.closed_by IS NULL OR held.closed_by > :known)
), right_in_force AS MATERIALIZED (
    SELECT version.land_right_id, version.version_id, version.contract_area_m2, version.investor_licensed, land_right.tier,
           land_right.zone_id
    FROM land.land_right_version AS version
    JOIN land.land_right ON land_right.id = version.land_right_id
    WHERE version.valid_from <= :as_of AND (version.valid_to IS NULL OR version.valid_to > :as_of)
      AND version.opened_by <= :known AND (version.closed_by IS NULL OR version.closed_by > :known)
      AND (land_right.zone_id = ANY (CAST(:zones AS uuid[]))
           OR version.land_right_id IN (SELECT holding.land_right_id FROM holding))
), extent AS MATERIALIZED (
    -- All the land of a right, also where it lies in zones not asked for: a contract is shared out by measured area.
    SELECT held.land_right_id, sum(parcel.area_m2) AS area_m2
    FROM right_in_force
    JOIN land.land_right_parcel AS held ON held.land_right_id = right_in_force.land_right_id
     AND held.valid_from <= :as_of AND (held.valid_to IS NULL OR held.valid_to > :as_of)
     AND held.opened_by <= :known AND (held.closed_by IS NULL OR held.closed_by > :known)
    JOIN land.parcel_version AS parcel ON parcel.parcel_id = held.parcel_id
     AND parcel.valid_from <= :as_of AND (parcel.valid_to IS NULL OR parcel.valid_to > :as_of)
     AND parcel.opened_by <= :known AND (parcel.closed_by IS NULL OR parcel.closed_by > :known)
    GROUP BY held.land_right_id
), right_share AS MATERIALIZED (
    SELECT right_in_force.version_id, right_in_force.tier, right_in_force.investor_licensed,
           right_in_force.contract_area_m2, holding.zone_id, extent.area_m2 AS extent,
           sum(holding.area_m2) AS measured, sum(leasable.industrial) AS industrial, sum(leasable.service) AS service
    FROM right_in_force
    JOIN holding USING (land_right_id)
    JOIN extent USING (land_right_id)
    LEFT JOIN leasable USING (parcel_id)
    GROUP BY right_in_force.version_id, right_in_force.tier, right_in_force.investor_licensed,
             right_in_force.contract_area_m2, holding.zone_id, extent.area_m2
    UNION ALL
    -- A decision whose parcels the register does not hold yet still counts where it was registered.
    SELECT right_in_force.version_id, right_in_force.tier, right_in_force.investor_licensed,
           right_in_force.contract_area_m2, right_in_force.zone_id, NULL, NULL, NULL, NULL
    FROM right_in_force
    LEFT JOIN extent USING (land_right_id)
    WHERE extent.land_right_id IS NULL AND right_in_force.zone_id = ANY (CAST(:zones AS uuid[]))
), occupied AS MATERIALIZED (
    SELECT holding.parcel_id, bool_or(holding.tier = 1) AS allocated, bool_or(holding.tier = 2) AS sub_leased,
           bool_or(holding.tier = 3) AS reserved
    FROM holding
    JOIN right_in_force USING (land_right_id)
    GROUP BY holding.parcel_id
), item AS (
    SELECT 'natural' AS quantity, zone_id, 'boundary' AS kind, version_id AS ref, legal_area_m2 IS NULL AS missing,
           coalesce(legal_area_m2, area_m2::numeric) AS legal, area_m2 AS measured
    FROM land.zone_boundary AS boundary
    WHERE zone_id = ANY (CAST(:zones AS uuid[]))
      AND valid_from <= :as_of AND (valid_to IS NULL OR valid_to > :as_of)
      AND opened_by <= :known AND (closed_by IS NULL OR closed_by > :known)
    UNION ALL
    SELECT 'not_to_clear', zone_id, 'mark', version_id, legal_area_m2 IS NULL,
           coalesce(legal_area_m2, area_m2::numeric), area_m2
    FROM land.zone_mark_version AS mark
    WHERE zone_id = ANY (CAST(:zones AS uuid[])) AND kind = 'not_to_clear'
      AND valid_from <= :as_of AND (valid_to IS NULL OR valid_to > :as_of)
      AND opened_by <= :known AND (closed_by IS NULL OR closed_by > :known)
    UNION ALL
    SELECT CASE lot.leasable WHEN 'industrial' THEN 'lots_industrial' WHEN 'service' THEN 'lots_service'
                             ELSE 'lots_other' END,
           plan_in_force.zone_id, 'lot', lot.version_id, lot.legal_area_m2 IS NULL,
           coalesce(lot.legal_area_m2, lot.area_m2::numeric), lot.area_m2
    FROM plan_in_force
    JOIN land.plan_lot AS lot USING (plan_version_id)
    WHERE plan_in_force.zone_id = ANY (CAST(:zones AS uuid[]))
      AND lot.opened_by <= :known AND (lot.closed_by IS NULL OR lot.closed_by > :known)
    UNION ALL
    SELECT 'parcels', zone_id, 'parcel', version_id, legal_area_m2 IS NULL,
           coalesce(legal_area_m2, area_m2::numeric), area_m2
    FROM ground
    UNION ALL
    SELECT 'cleared', ground.zone_id, 'parcel', ground.version_id, ground.legal_area_m2 IS NULL,
           coalesce(ground.legal_area_m2, ground.area_m2::numeric), ground.area_m2
    FROM ground
    JOIN land.handover_parcel AS held ON held.parcel_id = ground.parcel_id
     AND held.valid_from <= :as_of AND (held.valid_to IS NULL OR held.valid_to > :as_of)
     AND held.opened_by <= :known AND (held.closed_by IS NULL OR held.closed_by > :known)
    UNION ALL
    SELECT CASE tier WHEN 1 THEN 'state_allocated' WHEN 2 THEN 'sub_leased' ELSE 'reserved' END, zone_id, 'right',
           version_id, extent IS NULL,
           contract_area_m2 * coalesce((measured / extent)::numeric, 1), coalesce(measured, 0)
    FROM right_share
    UNION ALL
    SELECT 'leased_industrial', zone_id, 'right', version_id, false,
           contract_area_m2 * (industrial / extent)::numeric, industrial
    FROM right_share
    WHERE tier = 2 AND investor_licensed AND industrial > 0
    UNION ALL
    SELECT 'leased_service', zone_id, 'right', version_id, false,
           contract_area_m2 * (service / extent)::numeric, service
    FROM right_share
    WHERE tier = 2 AND investor_licensed AND service > 0
    UNION ALL
    SELECT 'leased_unlicensed', zone_id, 'right', version_id, false,
           contract_area_m2 * coalesce(((coalesce(industrial, 0) + coalesce(service, 0)) / extent)::numeric, 0),
           coalesce(industrial, 0) + coalesce(service, 0)
    FROM right_share
    WHERE tier = 2 AND NOT investor_licensed
    UNION ALL
    SELECT 'available_industrial', ground.zone_id, 'parcel', ground.version_id, leasable.missing,
           leasable.industrial_legal::numeric, leasable.industrial
    FROM ground
    JOIN leasable USING (parcel_id)
    JOIN occupied USING (parcel_id)
    WHERE leasable.industrial > 0 AND occupied.allocated AND NOT occupied.sub_leased AND NOT occupied.reserved
    UNION ALL
    SELECT 'available_service', ground.zone_id, 'parcel', ground.version_id, leasable.missing,
           leasable.service_legal::numeric, leasable.service
    FROM ground
    JOIN leasable USING (parcel_id)
    JOIN occupied USING (parcel_id)
    WHERE leasable.service > 0 AND occupied.allocated AND NOT occupied.sub_leased AND NOT occupied.reserved
    UNION ALL
    SELECT 'in_use', ground.zone_id, 'parcel', ground.version_id, ground.legal_area_m2 IS NULL,
           coalesce(ground.legal_area_m2, ground.area_m2::numeric), ground.area_m2
    FROM ground
    WHERE EXISTS (
        SELECT FROM land.project_parcel AS held
        JOIN land.project_version AS project ON project.project_id = held.project_id
         AND project.status IN ('operating', 'expanding')
         AND project.valid_from <= :as_of AND (project.valid_to IS NULL OR project.valid_to > :as_of)
         AND project.opened_by <= :known AND (project.closed_by IS NULL OR project.closed_by > :known)
        WHERE held.parcel_id = ground.parcel_id
          AND held.valid_from <= :as_of AND (held.valid_to IS NULL OR held.valid_to > :as_of)
          AND held.opened_by <= :known AND (held.closed_by IS NULL OR held.closed_by > :known))
    UNION ALL
    -- A count, not an area: one a project.
    SELECT 'late_projects', project.zone_id, 'project', version.version_id, false, 1::numeric, 1::double precision
    FROM land.project
    JOIN land.project_version AS version ON version.project_id = project.id
     AND version.status NOT IN ('terminated', 'land_recovered')
     AND version.valid_from <= :as_of AND (version.valid_to IS NULL OR version.valid_to > :as_of)
     AND version.opened_by <= :known AND (version.closed_by IS NULL OR version.closed_by > :known)
    WHERE project.zone_id = ANY (CAST(:zones AS uuid[])) AND EXISTS (
        SELECT FROM land.project_milestone AS milestone
        WHERE milestone.project_id = project.id
          AND milestone.planned_on < :as_of AND (milestone.actual_on IS NULL OR milestone.actual_on > :as_of)
          AND milestone.valid_from <= :as_of AND (milestone.valid_to IS NULL OR milestone.valid_to > :as_of)
          AND milestone.opened_by <= :known AND (milestone.closed_by IS NULL OR milestone.closed_by > :known))
)

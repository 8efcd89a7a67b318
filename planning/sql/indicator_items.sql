-- What every figure is made of: one row an item (a boundary, a lot, a parcel, a right), with the base quantity it counts
-- in, its zone, and its area in m2 on both bases. Stored areas only: nothing here touches a geometry.
-- Parameters: zones (uuid[]; parcels of these zones and no others), as_of (date), known (change number);
-- without, supposed (uuid[]): plan versions left out, and versions counted as if they were in force; empty = as it is.
-- One of indicator_totals.sql and indicator_rows.sql follows.
WITH plan_in_force AS MATERIALIZED (
    SELECT status.plan_version_id, plan.zone_id
    FROM land.plan_status AS status
    JOIN land.plan ON plan.id = status.plan_id
    WHERE plan.srid IN (SELECT zone.srid FROM land.zone WHERE zone.id = ANY (CAST(:zones AS uuid[])))
      AND status.level = 'subdivision' AND status.status IN ('approved', 'published')
      AND status.valid_from <= :as_of AND (status.valid_to IS NULL OR status.valid_to > :as_of)
      AND status.opened_by <= :known AND (status.closed_by IS NULL OR status.closed_by > :known)
      AND status.plan_version_id <> ALL (CAST(:without AS uuid[]))
    UNION ALL
    SELECT issue.id, plan.zone_id
    FROM land.plan_version AS issue
    JOIN land.plan ON plan.id = issue.plan_id AND plan.level = 'subdivision'
    WHERE issue.id = ANY (CAST(:supposed AS uuid[]))
), ground AS MATERIALIZED (
    SELECT parcel.version_id, parcel.parcel_id, parcel.zone_id, parcel.legal_area_m2, parcel.area_m2
    FROM land.parcel_version AS parcel
    WHERE parcel.zone_id = ANY (CAST(:zones AS uuid[]))
      AND parcel.valid_from <= :as_of AND (parcel.valid_to IS NULL OR parcel.valid_to > :as_of)
      AND parcel.opened_by <= :known AND (parcel.closed_by IS NULL OR parcel.closed_by > :known)
), part AS MATERIALIZED (
    -- Leasable land of plans in force, whosever plan it is: what each parcel shares with each lot.
    SELECT ground.version_id, shared.lot_version_id, shared.plan_version_id, shared.area_m2
    FROM ground
    JOIN land.conformance AS shared ON shared.parcel_version_id = ground.version_id AND shared.leasable <> 'none'
    JOIN plan_in_force USING (plan_version_id)
), lot AS MATERIALIZED (
    SELECT met.zone_id, lot.version_id, lot.leasable, lot.legal_area_m2, lot.area_m2
    FROM (SELECT plan_version_id, zone_id FROM plan_in_force
          WHERE zone_id = ANY (CAST(:zones AS uuid[])) OR plan_version_id IN (SELECT plan_version_id FROM part)) AS met
    JOIN land.plan_lot AS lot USING (plan_version_id)
    WHERE lot.opened_by <= :known AND (lot.closed_by IS NULL OR lot.closed_by > :known)
), share AS MATERIALIZED (
    -- Measured, and scaled to the lot's legal area.
    SELECT part.version_id, lot.leasable, part.area_m2 AS measured,
           part.area_m2 * coalesce(lot.legal_area_m2::double precision / lot.area_m2, 1) AS legal,
           lot.legal_area_m2 IS NULL AS missing
    FROM part
    JOIN lot ON lot.version_id = part.lot_version_id
), held AS MATERIALIZED (
    -- A parcel is in one right of a tier at a time.
    SELECT ground.version_id, ground.zone_id, ground.area_m2, member.land_right_id, member.tier
    FROM ground
    JOIN land.land_right_parcel AS member ON member.parcel_id = ground.parcel_id
     AND member.valid_from <= :as_of AND (member.valid_to IS NULL OR member.valid_to > :as_of)
     AND member.opened_by <= :known AND (member.closed_by IS NULL OR member.closed_by > :known)
), holding AS MATERIALIZED (
    SELECT land_right_id, zone_id, count(*) AS parcels, sum(area_m2) AS measured
    FROM held
    GROUP BY land_right_id, zone_id
), leased AS MATERIALIZED (
    SELECT held.land_right_id, held.zone_id, share.leasable, sum(share.measured) AS measured
    FROM held
    JOIN share USING (version_id)
    WHERE held.tier = 2
    GROUP BY held.land_right_id, held.zone_id, share.leasable
), right_in_force AS MATERIALIZED (
    SELECT version.land_right_id, version.version_id, version.contract_area_m2, version.investor_licensed, land_right.tier,
           land_right.zone_id
    FROM (SELECT land_right_id FROM holding
          UNION
          SELECT id FROM land.land_right WHERE zone_id = ANY (CAST(:zones AS uuid[]))) AS touched
    JOIN land.land_right ON land_right.id = touched.land_right_id
    JOIN land.land_right_version AS version ON version.land_right_id = touched.land_right_id
     AND version.valid_from <= :as_of AND (version.valid_to IS NULL OR version.valid_to > :as_of)
     AND version.opened_by <= :known AND (version.closed_by IS NULL OR version.closed_by > :known)
), elsewhere AS MATERIALIZED (
    -- The land of these rights in zones not asked for: a contract is shared out over all its ground by measured area.
    -- Only rights that hold more parcels than were met above are looked up.
    SELECT granted.land_right_id, sum(beyond.area_m2) AS measured
    FROM right_in_force AS granted
    LEFT JOIN (SELECT land_right_id, sum(parcels) AS parcels FROM holding GROUP BY land_right_id) AS met USING (land_right_id)
    CROSS JOIN LATERAL (
        SELECT count(*) AS parcels FROM land.land_right_parcel AS member
        WHERE member.land_right_id = granted.land_right_id
          AND member.valid_from <= :as_of AND (member.valid_to IS NULL OR member.valid_to > :as_of)
          AND member.opened_by <= :known AND (member.closed_by IS NULL OR member.closed_by > :known)
    ) AS whole
    CROSS JOIN LATERAL (
        SELECT parcel.area_m2 FROM land.land_right_parcel AS member
        JOIN land.parcel_version AS parcel ON parcel.parcel_id = member.parcel_id
         AND parcel.valid_from <= :as_of AND (parcel.valid_to IS NULL OR parcel.valid_to > :as_of)
         AND parcel.opened_by <= :known AND (parcel.closed_by IS NULL OR parcel.closed_by > :known)
        WHERE whole.parcels > coalesce(met.parcels, 0) AND member.land_right_id = granted.land_right_id
          AND parcel.zone_id <> ALL (CAST(:zones AS uuid[]))
          AND member.valid_from <= :as_of AND (member.valid_to IS NULL OR member.valid_to > :as_of)
          AND member.opened_by <= :known AND (member.closed_by IS NULL OR member.closed_by > :known)
        OFFSET 0
    ) AS beyond
    GROUP BY granted.land_right_id
), extent AS MATERIALIZED (
    SELECT land_right_id, sum(measured) AS measured
    FROM (SELECT land_right_id, measured FROM holding UNION ALL SELECT land_right_id, measured FROM elsewhere) AS part
    GROUP BY land_right_id
), allocated AS MATERIALIZED (
    -- State-allocated, neither sub-leased nor reserved.
    SELECT held.version_id, held.zone_id
    FROM held
    JOIN right_in_force USING (land_right_id)
    GROUP BY held.version_id, held.zone_id
    HAVING max(held.tier) = 1
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
    SELECT CASE leasable WHEN 'industrial' THEN 'lots_industrial' WHEN 'service' THEN 'lots_service' ELSE 'lots_other' END,
           zone_id, 'lot', version_id, legal_area_m2 IS NULL, coalesce(legal_area_m2, area_m2::numeric), area_m2
    FROM lot
    WHERE zone_id = ANY (CAST(:zones AS uuid[]))
    UNION ALL
    SELECT 'cleared', ground.zone_id, 'parcel', ground.version_id, ground.legal_area_m2 IS NULL,
           coalesce(ground.legal_area_m2, ground.area_m2::numeric), ground.area_m2
    FROM ground
    JOIN land.handover_parcel AS handed ON handed.parcel_id = ground.parcel_id
     AND handed.valid_from <= :as_of AND (handed.valid_to IS NULL OR handed.valid_to > :as_of)
     AND handed.opened_by <= :known AND (handed.closed_by IS NULL OR handed.closed_by > :known)
    UNION ALL
    SELECT CASE granted.tier WHEN 1 THEN 'state_allocated' WHEN 2 THEN 'sub_leased' ELSE 'reserved' END, holding.zone_id,
           'right', granted.version_id, false, granted.contract_area_m2 * (holding.measured / extent.measured)::numeric,
           holding.measured
    FROM right_in_force AS granted
    JOIN holding USING (land_right_id)
    JOIN extent USING (land_right_id)
    UNION ALL
    -- A decision whose parcels the register does not hold yet still counts where it was registered.
    SELECT CASE granted.tier WHEN 1 THEN 'state_allocated' WHEN 2 THEN 'sub_leased' ELSE 'reserved' END, granted.zone_id,
           'right', granted.version_id, true, granted.contract_area_m2, 0
    FROM right_in_force AS granted
    LEFT JOIN extent USING (land_right_id)
    WHERE extent.land_right_id IS NULL AND granted.zone_id = ANY (CAST(:zones AS uuid[]))
    UNION ALL
    SELECT CASE WHEN NOT granted.investor_licensed THEN 'leased_unlicensed'
                WHEN leased.leasable = 'industrial' THEN 'leased_industrial' ELSE 'leased_service' END, leased.zone_id,
           'right', granted.version_id, false, granted.contract_area_m2 * (leased.measured / extent.measured)::numeric,
           leased.measured
    FROM right_in_force AS granted
    JOIN leased USING (land_right_id)
    JOIN extent USING (land_right_id)
    UNION ALL
    SELECT CASE share.leasable WHEN 'industrial' THEN 'available_industrial' ELSE 'available_service' END,
           allocated.zone_id, 'parcel', share.version_id, share.missing, share.legal::numeric, share.measured
    FROM allocated
    JOIN share USING (version_id)
    UNION ALL
    SELECT 'in_use', ground.zone_id, 'parcel', ground.version_id, ground.legal_area_m2 IS NULL,
           coalesce(ground.legal_area_m2, ground.area_m2::numeric), ground.area_m2
    FROM ground
    WHERE EXISTS (
        SELECT FROM land.project_parcel AS site
        JOIN land.project_version AS project ON project.project_id = site.project_id
         AND project.status IN ('operating', 'expanding')
         AND project.valid_from <= :as_of AND (project.valid_to IS NULL OR project.valid_to > :as_of)
         AND project.opened_by <= :known AND (project.closed_by IS NULL OR project.closed_by > :known)
        WHERE site.parcel_id = ground.parcel_id
          AND site.valid_from <= :as_of AND (site.valid_to IS NULL OR site.valid_to > :as_of)
          AND site.opened_by <= :known AND (site.closed_by IS NULL OR site.closed_by > :known))
    UNION ALL
    -- A count, not an area: one a project.
    SELECT 'late_projects', project.zone_id, 'project', version.version_id, false, 1::numeric, 1::double precision
    FROM land.project
    JOIN land.project_version AS version ON version.project_id = project.id
     AND version.valid_from <= :as_of AND (version.valid_to IS NULL OR version.valid_to > :as_of)
     AND version.opened_by <= :known AND (version.closed_by IS NULL OR version.closed_by > :known)
    CROSS JOIN LATERAL land.days_behind(project.id, version.status, CAST(:as_of AS date), CAST(:known AS bigint)) AS behind
    WHERE project.zone_id = ANY (CAST(:zones AS uuid[])) AND behind.days IS NOT NULL
)

-- Parcels of clearance items with the stage of each item and the days it was reached; nobody is named, no money is told.
SELECT format('%s/%s/%s', file.code, item.number, coalesce(ground.sheet_no, '?') || '-' || coalesce(ground.parcel_no, '?')) AS id,
       'clearance' AS layer, zone.code AS zone_code, file.code AS case_code, item.number AS item_no, ground.sheet_no,
       ground.parcel_no, facts.holder AS holder_kind, facts.land_class,
       CASE WHEN taken.handed_over_on IS NOT NULL THEN 'handed_over'
            WHEN taken.paid_on IS NOT NULL AND taken.recovered_on IS NOT NULL THEN 'paid_and_recovered'
            WHEN taken.recovered_on IS NOT NULL THEN 'recovered'
            WHEN taken.paid_on IS NOT NULL THEN 'paid'
            WHEN taken.approved_on IS NOT NULL THEN 'plan_approved'
            WHEN taken.posted_on IS NOT NULL THEN 'plan_posted'
            WHEN taken.drafted_on IS NOT NULL THEN 'plan_drafted'
            WHEN taken.inventory_on IS NOT NULL THEN 'inventory'
            WHEN taken.notice_on IS NOT NULL THEN 'notice'
            ELSE 'opened' END AS status,
       coalesce(flagged.complaint, false) AS complaint, coalesce(flagged.suspension, false) AS suspension,
       taken.notice_on, taken.approved_on, taken.paid_on, taken.recovered_on, taken.handed_over_on, facts.handover_planned_on,
       ground.legal_area_m2, round(ground.area_m2::numeric, 1) AS gis_area_m2, member.valid_from, member.valid_to,
       'EPSG:' || ground.srid AS source_crs, change.committed_at AS updated_at, 'internal' AS data_class,
       ground.srid, ground.geom, ground.geom_wgs84
FROM land.parcel_version AS ground
JOIN land.zone ON zone.id = ground.zone_id
JOIN land.clearance_item_parcel AS member ON member.parcel_id = ground.parcel_id
 AND member.valid_from <= :as_of AND (member.valid_to IS NULL OR member.valid_to > :as_of)
 AND member.opened_by <= :known AND (member.closed_by IS NULL OR member.closed_by > :known)
JOIN land.change ON change.number = member.opened_by
JOIN land.clearance_item AS item ON item.id = member.item_id
JOIN land.clearance_case AS file ON file.id = item.case_id
JOIN land.clearance_item_version AS facts ON facts.item_id = item.id
 AND facts.valid_from <= :as_of AND (facts.valid_to IS NULL OR facts.valid_to > :as_of)
 AND facts.opened_by <= :known AND (facts.closed_by IS NULL OR facts.closed_by > :known)
LEFT JOIN LATERAL (
    SELECT max(step.valid_from) FILTER (WHERE step.kind = 'notice') AS notice_on,
           max(step.valid_from) FILTER (WHERE step.kind IN ('inventory', 'inventory_compulsory')) AS inventory_on,
           max(step.valid_from) FILTER (WHERE step.kind = 'plan_drafted') AS drafted_on,
           max(step.valid_from) FILTER (WHERE step.kind = 'plan_posted') AS posted_on,
           max(step.valid_from) FILTER (WHERE step.kind = 'plan_approved') AS approved_on,
           max(step.valid_from) FILTER (WHERE step.kind = 'paid') AS paid_on,
           max(step.valid_from) FILTER (WHERE step.kind = 'recovered') AS recovered_on,
           max(step.valid_from) FILTER (WHERE step.kind = 'handed_over') AS handed_over_on
    FROM land.clearance_step AS step
    WHERE step.item_id = item.id AND step.valid_from <= :as_of
      AND step.opened_by <= :known AND (step.closed_by IS NULL OR step.closed_by > :known)
) AS taken ON true
LEFT JOIN LATERAL (
    SELECT bool_or(flag.kind = 'complaint') AS complaint, bool_or(flag.kind = 'suspension') AS suspension
    FROM land.clearance_flag AS flag
    WHERE flag.item_id = item.id
      AND flag.valid_from <= :as_of AND (flag.valid_to IS NULL OR flag.valid_to > :as_of)
      AND flag.opened_by <= :known AND (flag.closed_by IS NULL OR flag.closed_by > :known)
) AS flagged ON true
WHERE ground.valid_from <= :as_of AND (ground.valid_to IS NULL OR ground.valid_to > :as_of)
  AND ground.opened_by <= :known AND (ground.closed_by IS NULL OR ground.closed_by > :known)
  AND (CAST(:zone_ids AS uuid[]) IS NULL OR ground.zone_id = ANY (CAST(:zone_ids AS uuid[])))
ORDER BY file.code, length(item.number), item.number, ground.parcel_id

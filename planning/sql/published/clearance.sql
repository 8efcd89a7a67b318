-- Ground of clearance items in force: how far each is, and what stands in its way. Nobody is named.
SELECT ground.version_id AS fid, member.item_id::text AS id, file.code AS case_code, item.number,
       CASE WHEN taken.handed_over THEN 'handed_over'
            WHEN taken.paid AND taken.recovered THEN 'paid_and_recovered'
            WHEN taken.recovered THEN 'recovered'
            WHEN taken.paid THEN 'paid'
            WHEN taken.approved THEN 'plan_approved'
            WHEN taken.posted THEN 'plan_posted'
            WHEN taken.drafted THEN 'plan_drafted'
            WHEN taken.inventory THEN 'inventory'
            WHEN taken.notice THEN 'notice'
            ELSE 'opened' END AS state,
       coalesce(flagged.complaint, false) AS complaint, coalesce(flagged.suspension, false) AS suspension,
       ground.srid, ground.geom, ground.geom_wgs84, coalesce(ground.legal_area_m2::double precision, ground.area_m2) AS area
FROM land.parcel_version AS ground
JOIN land.clearance_item_parcel AS member ON member.parcel_id = ground.parcel_id
 AND member.valid_from <= :as_of AND (member.valid_to IS NULL OR member.valid_to > :as_of)
 AND member.opened_by <= :known AND (member.closed_by IS NULL OR member.closed_by > :known)
JOIN land.clearance_item AS item ON item.id = member.item_id
JOIN land.clearance_case AS file ON file.id = item.case_id
LEFT JOIN LATERAL (
    SELECT bool_or(step.kind = 'notice') AS notice, bool_or(step.kind IN ('inventory', 'inventory_compulsory')) AS inventory,
           bool_or(step.kind = 'plan_drafted') AS drafted, bool_or(step.kind = 'plan_posted') AS posted,
           bool_or(step.kind = 'plan_approved') AS approved, bool_or(step.kind = 'paid') AS paid,
           bool_or(step.kind = 'recovered') AS recovered, bool_or(step.kind = 'handed_over') AS handed_over
    FROM land.clearance_step AS step
    WHERE step.item_id = member.item_id AND step.valid_from <= :as_of
      AND step.opened_by <= :known AND (step.closed_by IS NULL OR step.closed_by > :known)
) AS taken ON true
LEFT JOIN LATERAL (
    SELECT bool_or(flag.kind = 'complaint') AS complaint, bool_or(flag.kind = 'suspension') AS suspension
    FROM land.clearance_flag AS flag
    WHERE flag.item_id = member.item_id
      AND flag.valid_from <= :as_of AND (flag.valid_to IS NULL OR flag.valid_to > :as_of)
      AND flag.opened_by <= :known AND (flag.closed_by IS NULL OR flag.closed_by > :known)
) AS flagged ON true
WHERE ground.valid_from <= :as_of AND (ground.valid_to IS NULL OR ground.valid_to > :as_of)
  AND ground.opened_by <= :known AND (ground.closed_by IS NULL OR ground.closed_by > :known)
  AND (CAST(:zone_ids AS uuid[]) IS NULL OR ground.zone_id = ANY (CAST(:zone_ids AS uuid[])))

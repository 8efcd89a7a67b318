-- Plans in force on a spot, line by line lot, on a day as known after :known. `asked` holds the shape once for every plane
-- that has plans; a point shares no area, and gets the lot it lies in (on a side: each of both).
WITH asked AS (
    SELECT own.srid, CASE WHEN :srid = 4326 THEN spatial.from_wgs84(ST_SetSRID(CAST(:shape AS geometry), 4326), own.srid)
                          ELSE ST_SetSRID(CAST(:shape AS geometry), own.srid) END AS geom
    FROM (SELECT DISTINCT srid FROM land.plan) AS own
    WHERE :srid IN (4326, own.srid)
)
SELECT plan.level, plan.code AS plan, plan.name_vi, plan.name_en, plan.scale_denominator, zone.code AS zone, issue.number,
       issue.id AS plan_version_id, step.status, began.valid_from, step.valid_to,
       decision.number AS decision_number, decision.issued_on AS decision_issued_on, decision.issuer AS decision_issuer,
       lot.lot_id, lot.symbol, lot.category, lot.leasable, lot.legal_area_m2, lot.density_pct, lot.storeys_max,
       lot.floor_area_ratio,
       CASE WHEN ST_Dimension(asked.geom) = 2 THEN ST_Area(ST_Intersection(lot.geom, asked.geom)) END AS shared_m2,
       CASE WHEN ST_Dimension(asked.geom) = 2 THEN ST_Area(ST_Intersection(step.geom, asked.geom)) END AS plan_shared_m2,
       CASE WHEN ST_Dimension(asked.geom) = 2 THEN ST_Area(asked.geom) END AS asked_m2
FROM asked
JOIN land.plan_status AS step ON step.srid = asked.srid AND step.geom && asked.geom
 AND step.status IN ('approved', 'published')
 AND step.valid_from <= :as_of AND (step.valid_to IS NULL OR step.valid_to > :as_of)
 AND step.opened_by <= :known AND (step.closed_by IS NULL OR step.closed_by > :known)
JOIN LATERAL (
    SELECT min(own.valid_from) AS valid_from FROM land.plan_status AS own
    WHERE own.plan_version_id = step.plan_version_id AND own.status IN ('approved', 'published')
      AND own.opened_by <= :known AND (own.closed_by IS NULL OR own.closed_by > :known)
) AS began ON true
JOIN land.plan ON plan.id = step.plan_id
JOIN land.zone ON zone.id = plan.zone_id
JOIN land.plan_version AS issue ON issue.id = step.plan_version_id
LEFT JOIN land.document AS decision ON decision.id = step.decision_id
LEFT JOIN land.plan_lot AS lot ON lot.plan_version_id = issue.id AND lot.geom && asked.geom
 AND lot.opened_by <= :known AND (lot.closed_by IS NULL OR lot.closed_by > :known)
 AND CASE WHEN ST_Dimension(asked.geom) = 2 THEN ST_Relate(lot.geom, asked.geom, '2********')
          ELSE ST_Covers(lot.geom, asked.geom) END
WHERE CASE WHEN ST_Dimension(asked.geom) = 2 THEN ST_Relate(step.geom, asked.geom, '2********')
           ELSE ST_Covers(step.geom, asked.geom) END
ORDER BY array_position(ARRAY['general', 'subdivision', 'detailed'], plan.level), plan.code, shared_m2 DESC NULLS LAST, lot.symbol

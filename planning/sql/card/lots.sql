-- Ground a parcel version shares with the lots of the plans in force at the moment: m2 and share of the parcel.
SELECT plan.code AS plan, plan.name_vi AS plan_name_vi, plan.name_en AS plan_name_en, plan.level, issue.number AS plan_version,
       lot.lot_id::text AS lot_id, lot.symbol, lot.category, lot.leasable, shared.area_m2,
       shared.area_m2 / held.area_m2 AS share, decision.number AS decision_number, decision.issued_on AS decision_issued_on,
       decision.id::text AS decision_id, decision.file_sha256 IS NOT NULL AS decision_has_file
FROM land.conformance AS shared
JOIN land.parcel_version AS held ON held.version_id = shared.parcel_version_id
JOIN land.plan_lot AS lot ON lot.version_id = shared.lot_version_id
JOIN land.plan_version AS issue ON issue.id = lot.plan_version_id
JOIN land.plan ON plan.id = lot.plan_id
JOIN land.plan_status AS step ON step.plan_version_id = lot.plan_version_id
LEFT JOIN land.document AS decision ON decision.id = step.decision_id
WHERE shared.parcel_version_id = :version_id
  AND lot.opened_by <= :known AND (lot.closed_by IS NULL OR lot.closed_by > :known)
  AND step.status IN ('approved', 'published')
  AND step.valid_from <= :as_of AND (step.valid_to IS NULL OR step.valid_to > :as_of)
  AND step.opened_by <= :known AND (step.closed_by IS NULL OR step.closed_by > :known)
ORDER BY plan.level DESC, plan.code, shared.area_m2 DESC

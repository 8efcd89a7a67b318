-- Waivers of a version (:version) in force on :as_of, known after :known. lapsed: the lots are no longer as they were.
SELECT held.waiver_id, held.rule_id, held.reason, held.signed_by, held.valid_from, held.valid_to,
       paper.number AS document_number, held.lots_state <> land.lots_state(held.plan_version_id) AS lapsed
FROM land.norm_waiver AS held
LEFT JOIN land.document AS paper ON paper.id = held.document_id
WHERE held.plan_version_id = :version
  AND held.valid_from <= :as_of AND (held.valid_to IS NULL OR held.valid_to > :as_of)
  AND held.opened_by <= :known AND (held.closed_by IS NULL OR held.closed_by > :known)
ORDER BY held.valid_from, held.version_id

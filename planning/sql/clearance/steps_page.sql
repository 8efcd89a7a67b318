-- Steps of a case up to a moment, latest first, a page of them.
-- Parameters: case_id (uuid), kinds (text[], null: all), wanted (item number, null: all), as_of (date), known (change number),
-- most, skip.
SELECT step.step_id AS id, step.item_id, item.number, step.kind, step.valid_from AS day, step.agreed_early,
       document.number AS document, document.issued_on, document.issuer, count(*) OVER () AS of_rows
FROM land.clearance_item AS item
JOIN land.clearance_step AS step ON step.item_id = item.id AND step.valid_from <= :as_of
 AND step.opened_by <= :known AND (step.closed_by IS NULL OR step.closed_by > :known)
JOIN land.document ON document.id = step.document_id
WHERE item.case_id = :case_id
  AND (CAST(:kinds AS text[]) IS NULL OR step.kind = ANY (CAST(:kinds AS text[])))
  AND (CAST(:wanted AS text) IS NULL OR item.number = :wanted)
ORDER BY step.valid_from DESC, length(item.number), item.number, step.version_id DESC
LIMIT :most OFFSET :skip

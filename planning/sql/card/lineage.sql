-- The family of a parcel as known at the moment: lines to what it came from and to what it became, generation by
-- generation. Lines of a change that was undone do not count, unless the parcel asked for is the one that was taken back.
WITH RECURSIVE up AS (
    SELECT CAST(:parcel_id AS uuid) AS id, 0 AS steps
    UNION
    SELECT line.parent_id, up.steps + 1 FROM up
    JOIN land.parcel_lineage AS line ON line.child_id = up.id AND line.opened_by <= :known
    WHERE up.steps < :generations
), down AS (
    SELECT CAST(:parcel_id AS uuid) AS id, 0 AS steps
    UNION
    SELECT line.child_id, down.steps + 1 FROM down
    JOIN land.parcel_lineage AS line ON line.parent_id = down.id AND line.opened_by <= :known
    WHERE down.steps < :generations
      AND EXISTS (SELECT FROM land.parcel_version AS held WHERE held.parcel_id = line.child_id AND held.opened_by <= :known
                  AND (held.closed_by IS NULL OR held.closed_by > :known))
), related AS (
    SELECT line.id, up.steps FROM up JOIN land.parcel_lineage AS line ON line.child_id = up.id
    WHERE line.opened_by <= :known AND up.steps < :generations
    UNION ALL
    SELECT line.id, down.steps FROM down
    JOIN land.parcel_lineage AS line ON line.parent_id = down.id AND line.opened_by <= :known
    WHERE down.steps < :generations AND line.child_id IN (SELECT later.id FROM down AS later WHERE later.steps > 0)
), nearest AS (
    SELECT related.id, min(related.steps) AS steps FROM related GROUP BY related.id ORDER BY 2, 1 LIMIT :most
)
SELECT line.parent_id::text AS parent, line.child_id::text AS child, line.kind, line.area_m2, line.opened_by AS change,
       change.effective_on, document.id::text AS document_id, document.number AS document_number,
       document.issued_on AS document_issued_on, document.file_sha256 IS NOT NULL AS document_has_file
FROM nearest
JOIN land.parcel_lineage AS line ON line.id = nearest.id
JOIN land.change ON change.number = line.opened_by
LEFT JOIN land.document ON document.id = change.document_id
ORDER BY nearest.steps, line.parent_id, line.child_id, line.opened_by

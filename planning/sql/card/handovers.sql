-- Hand-overs of a parcel in force at the moment; the day is that of the minutes, also after a split.
SELECT made.number, first.handed_over_on, made.stated_area_m2,
       document.number AS document_number, document.issued_on AS document_issued_on,
       document.id::text AS document_id, document.file_sha256 IS NOT NULL AS document_has_file
FROM land.handover_parcel AS ground
JOIN land.handover_version AS made ON made.handover_id = ground.handover_id
CROSS JOIN LATERAL (SELECT min(version.valid_from) AS handed_over_on FROM land.handover_version AS version
                    WHERE version.handover_id = ground.handover_id AND version.opened_by <= :known
                      AND (version.closed_by IS NULL OR version.closed_by > :known)) AS first
LEFT JOIN land.document ON document.id = made.document_id
WHERE ground.parcel_id = :parcel_id
  AND ground.valid_from <= :as_of AND (ground.valid_to IS NULL OR ground.valid_to > :as_of)
  AND ground.opened_by <= :known AND (ground.closed_by IS NULL OR ground.closed_by > :known)
  AND made.valid_from <= :as_of AND (made.valid_to IS NULL OR made.valid_to > :as_of)
  AND made.opened_by <= :known AND (made.closed_by IS NULL OR made.closed_by > :known)
ORDER BY first.handed_over_on

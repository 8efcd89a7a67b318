-- The land of a project in groups that were promised and handed over together: how many parcels, how much, and by which minutes.
-- Parameters: project, as_of, known.
SELECT part.attached_on, part.promised_on, part.handed_on, part.told_by, part.handover_id, minutes.number AS handover,
       count(part.parcel_id)::integer AS parcels, sum(coalesce(held.legal_area_m2, held.area_m2::numeric)) AS area_m2,
       string_agg(coalesce(held.sheet_no, '?') || '/' || coalesce(held.parcel_no, '?'), ', '
                  ORDER BY held.sheet_no, length(held.parcel_no), held.parcel_no) AS names,
       greatest(coalesce(part.handed_on, CAST(:as_of AS date)) - part.promised_on, 0) AS board_days
FROM land.project_land(CAST(:project AS uuid), CAST(:as_of AS date), CAST(:known AS bigint)) AS part
LEFT JOIN land.parcel_version AS held ON held.parcel_id = part.parcel_id
 AND held.valid_from <= :as_of AND (held.valid_to IS NULL OR held.valid_to > :as_of)
 AND held.opened_by <= :known AND (held.closed_by IS NULL OR held.closed_by > :known)
LEFT JOIN LATERAL (
    SELECT said.number FROM land.handover_version AS said
    WHERE said.handover_id = part.handover_id AND said.opened_by <= :known AND (said.closed_by IS NULL OR said.closed_by > :known)
    ORDER BY said.valid_from LIMIT 1
) AS minutes ON true
GROUP BY part.attached_on, part.promised_on, part.handed_on, part.told_by, part.handover_id, minutes.number
ORDER BY part.handed_on NULLS LAST, part.promised_on, minutes.number

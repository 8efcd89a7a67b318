-- Where the files of a photo lie, and of which zone it is; knowledge is all there is: a withdrawn photo is not served.
SELECT photo.sha256, photo.thumbnail_sha256, noted.personal, coalesce(head.zone_id, ground.zone_id) AS zone_id
FROM land.photo
JOIN land.inspection AS visit ON visit.id = photo.inspection_id
JOIN land.inspection_version AS noted ON noted.inspection_id = visit.id AND noted.closed_by IS NULL
LEFT JOIN land.project AS head ON head.id = visit.project_id
LEFT JOIN LATERAL (SELECT zone_id FROM land.parcel_version WHERE parcel_id = visit.parcel_id ORDER BY version_id DESC LIMIT 1)
     AS ground ON true
WHERE photo.id = :photo_id AND photo.closed_by IS NULL
LIMIT 1

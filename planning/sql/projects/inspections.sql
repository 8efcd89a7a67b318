-- What was seen of a project, with its photos, latest first.
-- What names or shows people keeps its words and pictures for those who may read them; others learn that it is there.
SELECT visit.id, noted.valid_from AS day, visit.parcel_id, head.code AS project, change.actor, noted.personal,
       CASE WHEN noted.personal AND NOT CAST(:personal AS boolean) THEN NULL ELSE noted.body END AS body,
       paper.number AS document, noted.document_id,
       coalesce((SELECT json_agg(json_build_object('id', photo.id, 'width', photo.width, 'height', photo.height,
                     'caption', photo.caption, 'taken_at', photo.taken_at, 'lon', ST_X(photo.place_wgs84), 'lat', ST_Y(photo.place_wgs84))
                     ORDER BY photo.taken_at, photo.opened_by, photo.id)
                 FROM land.photo WHERE photo.inspection_id = visit.id
                   AND photo.opened_by <= :known AND (photo.closed_by IS NULL OR photo.closed_by > :known)
                   AND (NOT noted.personal OR CAST(:personal AS boolean))), '[]') AS photos
FROM land.inspection AS visit
JOIN land.inspection_version AS noted ON noted.inspection_id = visit.id
JOIN land.change ON change.number = visit.opened_by
LEFT JOIN land.project AS head ON head.id = visit.project_id
LEFT JOIN land.document AS paper ON paper.id = noted.document_id
WHERE noted.valid_from <= :as_of
  AND noted.opened_by <= :known AND (noted.closed_by IS NULL OR noted.closed_by > :known)
  AND visit.project_id = CAST(:project_id AS uuid)
ORDER BY noted.valid_from DESC, visit.opened_by DESC
LIMIT 200

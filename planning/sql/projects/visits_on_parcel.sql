-- What was seen on a parcel's ground: notes about it and about the parcels it came from, and photos taken on it whatever the visit
-- was for, latest first. A visit to something else brings only those of its photos that lie here. What names or shows people keeps
-- its words and pictures for those who may read them; others learn that it is there.
WITH RECURSIVE line AS (
    SELECT CAST(:parcel_id AS uuid) AS id
    UNION
    SELECT lineage.parent_id FROM line
    JOIN land.parcel_lineage AS lineage ON lineage.child_id = line.id AND lineage.opened_by <= :known
), here AS MATERIALIZED (
    SELECT photo.id, photo.inspection_id
    FROM land.parcel_version AS ground JOIN land.photo ON ST_Intersects(ground.geom_wgs84, photo.place_wgs84)
    WHERE ground.parcel_id = CAST(:parcel_id AS uuid)
      AND ground.valid_from <= :as_of AND (ground.valid_to IS NULL OR ground.valid_to > :as_of)
      AND ground.opened_by <= :known AND (ground.closed_by IS NULL OR ground.closed_by > :known)
      AND photo.opened_by <= :known AND (photo.closed_by IS NULL OR photo.closed_by > :known)
), found AS (
    SELECT visit.id, true AS whole FROM line JOIN land.inspection AS visit ON visit.parcel_id = line.id
    UNION ALL
    SELECT DISTINCT visit.id, false FROM here JOIN land.inspection AS visit ON visit.id = here.inspection_id
    WHERE visit.parcel_id IS NULL OR visit.parcel_id NOT IN (SELECT line.id FROM line)
)
SELECT visit.id, noted.valid_from AS day, visit.parcel_id, head.code AS project, change.actor, noted.personal,
       CASE WHEN noted.personal AND NOT CAST(:personal AS boolean) THEN NULL ELSE noted.body END AS body,
       paper.number AS document, noted.document_id, concat_ws('/', subject.sheet_no, subject.parcel_no) AS parcel,
       coalesce((SELECT json_agg(json_build_object('id', photo.id, 'width', photo.width, 'height', photo.height,
                     'caption', photo.caption, 'taken_at', photo.taken_at, 'lon', ST_X(photo.place_wgs84), 'lat', ST_Y(photo.place_wgs84))
                     ORDER BY photo.taken_at, photo.opened_by, photo.id)
                 FROM land.photo WHERE photo.inspection_id = visit.id
                   AND photo.opened_by <= :known AND (photo.closed_by IS NULL OR photo.closed_by > :known)
                   AND (found.whole OR photo.id IN (SELECT here.id FROM here))
                   AND (NOT noted.personal OR CAST(:personal AS boolean))), '[]') AS photos
FROM found JOIN land.inspection AS visit ON visit.id = found.id
JOIN land.inspection_version AS noted ON noted.inspection_id = visit.id
JOIN land.change ON change.number = visit.opened_by
LEFT JOIN land.project AS head ON head.id = visit.project_id
LEFT JOIN land.document AS paper ON paper.id = noted.document_id
LEFT JOIN LATERAL (SELECT ground.zone_id, ground.sheet_no, ground.parcel_no FROM land.parcel_version AS ground
                   WHERE ground.parcel_id = visit.parcel_id ORDER BY ground.version_id DESC LIMIT 1) AS subject ON true
WHERE noted.valid_from <= :as_of
  AND noted.opened_by <= :known AND (noted.closed_by IS NULL OR noted.closed_by > :known)
  AND (CAST(:zone_ids AS uuid[]) IS NULL OR coalesce(head.zone_id, subject.zone_id) = ANY (CAST(:zone_ids AS uuid[])))
ORDER BY noted.valid_from DESC, visit.opened_by DESC
LIMIT 200

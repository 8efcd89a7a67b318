-- Everything ever recorded about a parcel up to :known, one row a fact and change, for the timeline to fold.
-- payload: what counts as the fact's content, so that a row merely recorded again can be told from news.
SELECT 'parcel' AS kind, held.parcel_id::text AS entity, concat_ws('/', held.sheet_no, held.parcel_no) AS label,
       NULL::text AS detail,
       md5(ROW(held.commune_code, held.sheet_no, held.parcel_no, held.official_id, held.land_use_code, held.legal_area_m2,
               held.zone_id, held.geom::bytea)::text) AS payload,
       coalesce(held.legal_area_m2::double precision, held.area_m2) AS area_m2, held.land_use_code AS land_use,
       held.noded, held.valid_from, held.valid_to, held.opened_by, held.closed_by, md5(held.geom::bytea) AS shape
FROM land.parcel_version AS held WHERE held.parcel_id = :parcel_id AND held.opened_by <= :known
UNION ALL
SELECT 'handover', ground.handover_id::text, made.number, NULL, ground.handover_id::text, NULL, NULL, false,
       ground.valid_from, ground.valid_to, ground.opened_by, ground.closed_by, NULL
FROM land.handover_parcel AS ground
LEFT JOIN LATERAL (SELECT version.number FROM land.handover_version AS version
                   WHERE version.handover_id = ground.handover_id AND version.opened_by <= :known
                   ORDER BY version.version_id DESC LIMIT 1) AS made ON true
WHERE ground.parcel_id = :parcel_id AND ground.opened_by <= :known
UNION ALL
SELECT head.kind, ground.land_right_id::text, granted.number,
       CASE WHEN taker.kind <> 'person' THEN granted.name_vi END, ground.land_right_id::text, NULL, NULL, false,
       ground.valid_from, ground.valid_to, ground.opened_by, ground.closed_by, NULL
FROM land.land_right_parcel AS ground
JOIN land.land_right AS head ON head.id = ground.land_right_id
LEFT JOIN LATERAL (SELECT version.number, version.lessee_id, named.name_vi FROM land.land_right_version AS version
                   LEFT JOIN land.party_version AS named ON named.party_id = version.lessee_id AND named.opened_by <= :known
                   WHERE version.land_right_id = ground.land_right_id AND version.opened_by <= :known
                   ORDER BY version.version_id DESC, named.version_id DESC LIMIT 1) AS granted ON true
LEFT JOIN land.party AS taker ON taker.id = granted.lessee_id
WHERE ground.parcel_id = :parcel_id AND ground.opened_by <= :known
UNION ALL
SELECT 'project', ground.project_id::text, head.code, named.name_vi, ground.project_id::text, NULL, NULL, false,
       ground.valid_from, ground.valid_to, ground.opened_by, ground.closed_by, NULL
FROM land.project_parcel AS ground
JOIN land.project AS head ON head.id = ground.project_id
LEFT JOIN LATERAL (SELECT version.name_vi FROM land.project_version AS version
                   WHERE version.project_id = ground.project_id AND version.opened_by <= :known
                   ORDER BY version.version_id DESC LIMIT 1) AS named ON true
WHERE ground.parcel_id = :parcel_id AND ground.opened_by <= :known
UNION ALL
SELECT 'project_status', version.project_id::text, head.code, version.status, version.status, NULL, NULL, false,
       version.valid_from, version.valid_to, version.opened_by, version.closed_by, NULL
FROM land.project_version AS version
JOIN land.project AS head ON head.id = version.project_id
WHERE version.opened_by <= :known
  AND version.project_id IN (SELECT ground.project_id FROM land.project_parcel AS ground
                             WHERE ground.parcel_id = :parcel_id AND ground.opened_by <= :known
                               AND ground.valid && version.valid)
UNION ALL
SELECT CASE WHEN line.parent_id = :parcel_id THEN 'became' ELSE 'came_from' END, line.id::text,
       concat_ws('/', other.sheet_no, other.parcel_no), line.kind, line.id::text, line.area_m2, NULL, false,
       change.effective_on, NULL, line.opened_by, NULL, NULL
FROM land.parcel_lineage AS line
JOIN land.change ON change.number = line.opened_by
LEFT JOIN LATERAL (SELECT version.sheet_no, version.parcel_no FROM land.parcel_version AS version
                   WHERE version.parcel_id = CASE WHEN line.parent_id = :parcel_id THEN line.child_id ELSE line.parent_id END
                   ORDER BY version.version_id DESC LIMIT 1) AS other ON true
WHERE (line.parent_id = :parcel_id OR line.child_id = :parcel_id) AND line.opened_by <= :known

-- Land rights in force on the ground they hold: one row a right, its parcels gathered. Parties are organisations only.
SELECT head.id::text AS id, 'rights' AS layer, zone.code AS zone_code, granted.number AS contract_no, head.kind AS category_code,
       parent.number AS parent_contract_no, lessor.name_vi AS lessor, lessee.name_vi AS lessee,
       granted.contract_area_m2 AS legal_area_m2, round(land_held.area_m2::numeric, 1) AS gis_area_m2,
       land_held.parcels, granted.payment_mode, granted.term_ends, granted.valid_from, granted.valid_to,
       paper.number AS document_no, paper.issued_on AS document_date, paper.issuer,
       format('EPSG:%s', zone.srid) AS source_crs, change.committed_at AS updated_at, 'internal' AS data_class,
       zone.srid, land_held.geom, land_held.geom_wgs84
FROM land.land_right AS head
JOIN land.zone ON zone.id = head.zone_id
JOIN land.land_right_version AS granted ON granted.land_right_id = head.id
JOIN land.change ON change.number = granted.opened_by
LEFT JOIN land.document AS paper ON paper.id = coalesce(granted.document_id, change.document_id)
LEFT JOIN LATERAL (
    SELECT above.number FROM land.land_right_version AS above WHERE above.land_right_id = head.parent_id
      AND above.valid_from <= :as_of AND (above.valid_to IS NULL OR above.valid_to > :as_of)
  AND above.opened_by <= :known AND (above.closed_by IS NULL OR above.closed_by > :known)
) AS parent ON true
LEFT JOIN LATERAL (
    SELECT CASE party.kind WHEN 'person' THEN NULL ELSE named.name_vi END AS name_vi
    FROM land.party JOIN land.party_version AS named ON named.party_id = party.id
    WHERE party.id = granted.lessor_id AND named.valid_from <= :as_of AND (named.valid_to IS NULL OR named.valid_to > :as_of)
  AND named.opened_by <= :known AND (named.closed_by IS NULL OR named.closed_by > :known) LIMIT 1
) AS lessor ON true
LEFT JOIN LATERAL (
    SELECT CASE party.kind WHEN 'person' THEN NULL ELSE named.name_vi END AS name_vi
    FROM land.party JOIN land.party_version AS named ON named.party_id = party.id
    WHERE party.id = granted.lessee_id AND named.valid_from <= :as_of AND (named.valid_to IS NULL OR named.valid_to > :as_of)
  AND named.opened_by <= :known AND (named.closed_by IS NULL OR named.closed_by > :known) LIMIT 1
) AS lessee ON true
JOIN LATERAL (
    SELECT ST_Multi(ST_Union(held.geom)) AS geom,
           ST_Multi(ST_Union(held.geom_wgs84)) AS geom_wgs84,
           sum(held.area_m2) AS area_m2, count(*) AS parcels
    FROM land.land_right_parcel AS ground
    JOIN land.parcel_version AS held ON held.parcel_id = ground.parcel_id
    WHERE ground.land_right_id = head.id
      AND ground.valid_from <= :as_of AND (ground.valid_to IS NULL OR ground.valid_to > :as_of)
  AND ground.opened_by <= :known AND (ground.closed_by IS NULL OR ground.closed_by > :known)
      AND held.valid_from <= :as_of AND (held.valid_to IS NULL OR held.valid_to > :as_of)
  AND held.opened_by <= :known AND (held.closed_by IS NULL OR held.closed_by > :known)
) AS land_held ON land_held.geom IS NOT NULL
WHERE granted.valid_from <= :as_of AND (granted.valid_to IS NULL OR granted.valid_to > :as_of)
  AND granted.opened_by <= :known AND (granted.closed_by IS NULL OR granted.closed_by > :known)
  AND (CAST(:zone_ids AS uuid[]) IS NULL OR zone.id = ANY (CAST(:zone_ids AS uuid[])))
ORDER BY granted.version_id

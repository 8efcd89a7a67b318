-- Parcels in force by sheet and number, the present ones first, then those whose ground went by it before.
SELECT parcel.id, parcel.title, parcel.name_vi, parcel.name_en, parcel.zone, parcel.srid, parcel.shape, parcel.parcels,
       parcel.rank
FROM (
    SELECT DISTINCT ON (held.parcel_id) held.parcel_id::text AS id,
           concat_ws('/', held.sheet_no, held.parcel_no) AS title,
           CASE WHEN found.former THEN concat_ws('/', found.sheet_no, found.parcel_no) END AS name_vi, NULL::text AS name_en,
           zone.code AS zone, held.srid, held.geom AS shape, ARRAY[held.parcel_id::text] AS parcels,
           CASE WHEN found.former THEN 2 ELSE 0 END AS rank, held.sheet_no
    FROM (
        SELECT each.parcel_id, false AS former, each.sheet_no, each.parcel_no FROM land.parcel_version AS each
        WHERE each.parcel_no = ANY (CAST(:numbers AS text[]))
          AND (CAST(:sheet AS text) IS NULL OR each.sheet_no = CAST(:sheet AS text))
          AND each.opened_by <= :known AND (each.closed_by IS NULL OR each.closed_by > :known)
          AND each.valid_from <= :as_of AND (each.valid_to IS NULL OR each.valid_to > :as_of)
        UNION ALL
        SELECT alias.parcel_id, true, alias.sheet_no, alias.parcel_no FROM land.parcel_alias AS alias
        WHERE alias.parcel_no = ANY (CAST(:numbers AS text[]))
          AND (CAST(:sheet AS text) IS NULL OR alias.sheet_no = CAST(:sheet AS text)) AND alias.opened_by <= :known
        UNION ALL
        SELECT line.child_id, true, former.sheet_no, former.parcel_no FROM land.parcel_version AS former
        JOIN land.parcel_lineage AS line ON line.parent_id = former.parcel_id AND line.opened_by <= :known
        WHERE former.parcel_no = ANY (CAST(:numbers AS text[])) AND former.opened_by <= :known
          AND (CAST(:sheet AS text) IS NULL OR former.sheet_no = CAST(:sheet AS text))
    ) AS found
    JOIN land.parcel_version AS held ON held.parcel_id = found.parcel_id
         AND held.valid_from <= :as_of AND (held.valid_to IS NULL OR held.valid_to > :as_of)
         AND held.opened_by <= :known AND (held.closed_by IS NULL OR held.closed_by > :known)
    JOIN land.zone ON zone.id = held.zone_id
    WHERE CAST(:zone_ids AS uuid[]) IS NULL OR held.zone_id = ANY (CAST(:zone_ids AS uuid[]))
    ORDER BY held.parcel_id, found.former
) AS parcel
ORDER BY parcel.rank, parcel.zone, parcel.sheet_no, parcel.title LIMIT :most

-- Older numbers of a parcel.
SELECT DISTINCT alias.commune_code AS commune, alias.sheet_no AS sheet, alias.parcel_no AS number, alias.note
FROM land.parcel_alias AS alias
WHERE alias.parcel_id = :parcel_id AND alias.opened_by <= :known
ORDER BY 1, 2, 3

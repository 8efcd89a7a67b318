-- What parcel versions share with lots, as stored. Parameters: parcels, lots (versions, bigint[]).
SELECT shared.parcel_version_id, shared.lot_version_id, shared.area_m2
FROM land.conformance AS shared
WHERE shared.lot_version_id = ANY (CAST(:lots AS bigint[])) AND shared.parcel_version_id = ANY (CAST(:parcels AS bigint[]))
ORDER BY shared.parcel_version_id, shared.lot_version_id

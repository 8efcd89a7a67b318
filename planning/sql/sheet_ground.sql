-- The ground of a lot or of a parcel as known after change :known: on day :as_of, else where it last lay.
SELECT ground.zone_id, ground.srid, ST_AsBinary(ground.geom) AS geom, ST_AsEWKT(ground.geom) AS ewkt
FROM (
    SELECT plan.zone_id, lot.srid, lot.geom, true AS stands, NULL::date AS valid_from, lot.version_id
    FROM land.plan_lot AS lot JOIN land.plan ON plan.id = lot.plan_id
    WHERE lot.lot_id = CAST(:lot_id AS uuid)
      AND lot.opened_by <= :known AND (lot.closed_by IS NULL OR lot.closed_by > :known)
    UNION ALL
    SELECT parcel.zone_id, parcel.srid, parcel.geom,
           parcel.valid_from <= :as_of AND (parcel.valid_to IS NULL OR parcel.valid_to > :as_of),
           parcel.valid_from, parcel.version_id
    FROM land.parcel_version AS parcel
    WHERE parcel.parcel_id = CAST(:parcel_id AS uuid)
      AND parcel.opened_by <= :known AND (parcel.closed_by IS NULL OR parcel.closed_by > :known)
) AS ground
ORDER BY ground.stands DESC, ground.valid_from DESC, ground.version_id DESC LIMIT 1

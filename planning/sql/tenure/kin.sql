-- The rights under a State right: its sub-leases and the reservations on its parcels, whenever they were in force.
SELECT head.id FROM land.land_right AS head WHERE head.parent_id = :right AND head.opened_by <= :known
UNION
SELECT kept.land_right_id
FROM land.land_right_parcel AS kept
JOIN land.land_right_parcel AS mine ON mine.parcel_id = kept.parcel_id AND mine.land_right_id = :right AND mine.valid && kept.valid
 AND mine.opened_by <= :known AND (mine.closed_by IS NULL OR mine.closed_by > :known)
WHERE kept.tier = 3 AND kept.opened_by <= :known AND (kept.closed_by IS NULL OR kept.closed_by > :known)

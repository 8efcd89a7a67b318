-- The ground of every plan version in force on :as_of (known after :known). :in_force: the statuses that put one in force.
SELECT held.plan_version_id, held.srid, held.level, ST_AsBinary(held.geom) AS ground
FROM land.plan_status AS held
WHERE held.status = ANY (CAST(:in_force AS text[]))
  AND held.valid_from <= :as_of AND (held.valid_to IS NULL OR held.valid_to > :as_of)
  AND held.opened_by <= :known AND (held.closed_by IS NULL OR held.closed_by > :known)

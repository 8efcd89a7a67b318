-- The ground of a plan version: of the status of the day, else of the one nearest to it, what is in force first.
SELECT ST_AsBinary(held.geom)
FROM land.plan_status AS held
WHERE held.plan_version_id = :version
  AND held.opened_by <= :known AND (held.closed_by IS NULL OR held.closed_by > :known)
ORDER BY held.valid_from <= :as_of AND (held.valid_to IS NULL OR held.valid_to > :as_of) DESC,
         held.status = ANY (CAST(:in_force AS text[])) DESC, held.valid_from DESC
LIMIT 1

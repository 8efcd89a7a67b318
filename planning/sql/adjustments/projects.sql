-- Projects standing on any of :parcels on :as_of (known after :known), one row a project and parcel.
SELECT site.project_id AS id, site.parcel_id, project.code, facts.name_vi, facts.name_en, facts.status
FROM land.project_parcel AS site
JOIN land.project ON project.id = site.project_id
JOIN land.project_version AS facts ON facts.project_id = site.project_id
 AND facts.status NOT IN ('terminated', 'land_recovered')
 AND facts.valid_from <= :as_of AND (facts.valid_to IS NULL OR facts.valid_to > :as_of)
 AND facts.opened_by <= :known AND (facts.closed_by IS NULL OR facts.closed_by > :known)
WHERE site.parcel_id = ANY (CAST(:parcels AS uuid[]))
  AND site.valid_from <= :as_of AND (site.valid_to IS NULL OR site.valid_to > :as_of)
  AND site.opened_by <= :known AND (site.closed_by IS NULL OR site.closed_by > :known)
ORDER BY project.code

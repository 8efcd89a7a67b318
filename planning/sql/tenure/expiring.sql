-- How many rights in force of some zones end within so many months of :as_of, by number of months, and their contract area.
SELECT within.months, count(*) AS rights, coalesce(sum(terms.contract_area_m2), 0) AS area_m2
FROM unnest(CAST(:months AS integer[])) AS within(months)
JOIN land.land_right AS head ON head.zone_id = ANY (CAST(:zones AS uuid[]))
JOIN land.land_right_version AS terms ON terms.land_right_id = head.id
 AND terms.valid_from <= :as_of AND (terms.valid_to IS NULL OR terms.valid_to > :as_of)
 AND terms.opened_by <= :known AND (terms.closed_by IS NULL OR terms.closed_by > :known)
WHERE coalesce(terms.term_ends, terms.valid_to - 1) <= CAST(CAST(:as_of AS date) + make_interval(months => within.months) AS date)
GROUP BY within.months

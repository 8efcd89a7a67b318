-- Rights and reservations that run out by :until, or ran out in the week before :as_of. Parameters: as_of, until, known.
-- A reservation ends with its days, the others with their term.
SELECT head.zone_id, head.kind, terms.number, ends.day
FROM land.land_right AS head
JOIN land.land_right_version AS terms ON terms.land_right_id = head.id
 AND terms.opened_by <= :known AND (terms.closed_by IS NULL OR terms.closed_by > :known)
CROSS JOIN LATERAL (SELECT CASE head.kind WHEN 'reservation' THEN terms.valid_to - 1 ELSE terms.term_ends END AS day) AS ends
WHERE ends.day BETWEEN CAST(:as_of AS date) - 6 AND CAST(:until AS date) AND terms.valid_from <= :as_of
  AND (terms.valid_to IS NULL OR terms.valid_to > ends.day)
ORDER BY ends.day, terms.number

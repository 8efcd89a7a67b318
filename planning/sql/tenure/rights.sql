-- Land rights in force on :as_of as known after :known, one page of them in the order asked, with what all that fit add up
-- to. Areas in m2; the tolerance is the length of the parcels' sides times what the zone's boundary may be off.
-- A natural person's name stays in the register. Nulls narrow nothing; by_measure: the order needs every area.
WITH called AS MATERIALIZED (
    SELECT party.id, party.kind, party.tax_code, CASE WHEN party.kind <> 'person' THEN named.name_vi END AS name,
           lower(translate(concat_ws(' ', CASE WHEN party.kind <> 'person' THEN named.name_vi END, party.tax_code),
                           :accented, :plain)) AS folded
    FROM land.party JOIN land.party_version AS named ON named.party_id = party.id
    WHERE named.valid_from <= :as_of AND (named.valid_to IS NULL OR named.valid_to > :as_of)
      AND named.opened_by <= :known AND (named.closed_by IS NULL OR named.closed_by > :known)
), sized AS MATERIALIZED (
    SELECT ground.land_right_id, sum(held.area_m2) AS measured_m2
    FROM land.land_right_parcel AS ground
    JOIN land.parcel_version AS held ON held.parcel_id = ground.parcel_id
    WHERE CAST(:by_measure AS boolean)
      AND ground.valid_from <= :as_of AND (ground.valid_to IS NULL OR ground.valid_to > :as_of)
      AND ground.opened_by <= :known AND (ground.closed_by IS NULL OR ground.closed_by > :known)
      AND held.valid_from <= :as_of AND (held.valid_to IS NULL OR held.valid_to > :as_of)
      AND held.opened_by <= :known AND (held.closed_by IS NULL OR held.closed_by > :known)
    GROUP BY ground.land_right_id
), found AS MATERIALIZED (
    -- Narrow: what the order and the sums need of every right; the rest is read for the page alone.
    SELECT terms.version_id, terms.number, terms.contract_area_m2,
           CASE :sort WHEN 'kind' THEN head.tier::text || head.kind WHEN 'zone' THEN zone.code WHEN 'lessor' THEN lessor.name
                      WHEN 'lessee' THEN lessee.name WHEN 'payment' THEN terms.payment_mode END AS word,
           CASE :sort WHEN 'contract_area_m2' THEN terms.contract_area_m2::double precision
                      WHEN 'ends_on' THEN (coalesce(terms.term_ends, terms.valid_to - 1) - date '1945-09-02')::double precision
                      WHEN 'measured_m2' THEN sized.measured_m2
                      WHEN 'difference_m2' THEN terms.contract_area_m2::double precision - sized.measured_m2 END AS amount
    FROM land.land_right AS head
    JOIN land.zone ON zone.id = head.zone_id
    JOIN land.land_right_version AS terms ON terms.land_right_id = head.id
     AND terms.valid_from <= :as_of AND (terms.valid_to IS NULL OR terms.valid_to > :as_of)
     AND terms.opened_by <= :known AND (terms.closed_by IS NULL OR terms.closed_by > :known)
    LEFT JOIN called AS lessor ON lessor.id = terms.lessor_id
    LEFT JOIN called AS lessee ON lessee.id = terms.lessee_id
    LEFT JOIN sized ON sized.land_right_id = head.id
    WHERE head.zone_id = ANY (CAST(:zones AS uuid[]))
      AND (CAST(:kind AS text) IS NULL OR head.kind = :kind)
      AND (CAST(:rights AS uuid[]) IS NULL OR head.id = ANY (CAST(:rights AS uuid[])))
      AND (CAST(:party AS uuid) IS NULL OR terms.lessee_id = :party OR terms.lessor_id = :party)
      AND (CAST(:ends_by AS date) IS NULL OR coalesce(terms.term_ends, terms.valid_to - 1) <= :ends_by)
      AND (CAST(:lessee AS text) IS NULL OR position(:lessee IN lessee.folded) > 0)
      AND (CAST(:wanted AS text) IS NULL OR position(:wanted IN lessor.folded) > 0
           OR position(:wanted IN lower(translate(terms.number, :accented, :plain))) > 0)
), whole AS MATERIALIZED (
    SELECT count(*) AS of_rows, sum(contract_area_m2) AS of_area_m2 FROM found
), chosen AS MATERIALIZED (
    SELECT version_id, word, amount FROM found
    ORDER BY CASE WHEN NOT :descending THEN word END, CASE WHEN :descending THEN word END DESC NULLS LAST,
             CASE WHEN NOT :descending THEN amount END, CASE WHEN :descending THEN amount END DESC NULLS LAST,
             CASE WHEN :descending AND :sort = 'number' THEN number END DESC, number, version_id
    LIMIT :most OFFSET :skip
), page AS MATERIALIZED (
    SELECT head.id, head.kind, head.tier, head.parent_id, head.zone_id, zone.code AS zone, terms.version_id, terms.number,
           terms.lessor_id, lessor.name AS lessor, lessor.kind AS lessor_kind, terms.lessee_id, lessee.name AS lessee,
           lessee.tax_code AS lessee_tax_code, terms.contract_area_m2, terms.payment_mode, terms.term_ends, terms.opened_by,
           terms.valid_from, terms.valid_to, terms.investor_licensed, terms.purpose, terms.document_id,
           coalesce(terms.term_ends, terms.valid_to - 1) AS ends_on, whole.of_rows, whole.of_area_m2,
           row_number() OVER (
               ORDER BY CASE WHEN NOT :descending THEN chosen.word END, CASE WHEN :descending THEN chosen.word END DESC NULLS LAST,
                        CASE WHEN NOT :descending THEN chosen.amount END,
                        CASE WHEN :descending THEN chosen.amount END DESC NULLS LAST,
                        CASE WHEN :descending AND :sort = 'number' THEN terms.number END DESC, terms.number, terms.version_id
           ) AS place
    FROM chosen
    CROSS JOIN whole
    JOIN land.land_right_version AS terms USING (version_id)
    JOIN land.land_right AS head ON head.id = terms.land_right_id
    JOIN land.zone ON zone.id = head.zone_id
    LEFT JOIN called AS lessor ON lessor.id = terms.lessor_id
    LEFT JOIN called AS lessee ON lessee.id = terms.lessee_id
)
SELECT page.*, parent.number AS parent_number, first.day AS since, ground.parcels, ground.measured_m2,
       ground.perimeter_m * edge.tolerance_m AS tolerance_m2,
       paper.number AS document, paper.issued_on AS document_on, paper.issuer AS document_by, paper.id AS paper_id,
       paper.file_sha256 IS NOT NULL AS has_file
FROM page
LEFT JOIN LATERAL (
    SELECT above.number FROM land.land_right_version AS above
    WHERE above.land_right_id = page.parent_id
      AND above.valid_from <= :as_of AND (above.valid_to IS NULL OR above.valid_to > :as_of)
      AND above.opened_by <= :known AND (above.closed_by IS NULL OR above.closed_by > :known)
) AS parent ON true
LEFT JOIN LATERAL (
    SELECT min(every.valid_from) AS day FROM land.land_right_version AS every
    WHERE every.land_right_id = page.id AND every.opened_by <= :known AND (every.closed_by IS NULL OR every.closed_by > :known)
) AS first ON true
LEFT JOIN LATERAL (
    SELECT count(*) AS parcels, sum(held.area_m2) AS measured_m2, sum(ST_Perimeter(held.geom)) AS perimeter_m
    FROM land.land_right_parcel AS member
    JOIN land.parcel_version AS held ON held.parcel_id = member.parcel_id
    WHERE member.land_right_id = page.id
      AND member.valid_from <= :as_of AND (member.valid_to IS NULL OR member.valid_to > :as_of)
      AND member.opened_by <= :known AND (member.closed_by IS NULL OR member.closed_by > :known)
      AND held.valid_from <= :as_of AND (held.valid_to IS NULL OR held.valid_to > :as_of)
      AND held.opened_by <= :known AND (held.closed_by IS NULL OR held.closed_by > :known)
) AS ground ON true
LEFT JOIN LATERAL (
    SELECT boundary.tolerance_m FROM land.zone_boundary AS boundary
    WHERE boundary.zone_id = page.zone_id
      AND boundary.valid_from <= :as_of AND (boundary.valid_to IS NULL OR boundary.valid_to > :as_of)
      AND boundary.opened_by <= :known AND (boundary.closed_by IS NULL OR boundary.closed_by > :known)
    LIMIT 1
) AS edge ON true
LEFT JOIN land.change ON change.number = page.opened_by
LEFT JOIN land.document AS paper ON paper.id = coalesce(page.document_id, change.document_id)
ORDER BY page.place

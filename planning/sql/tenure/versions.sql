-- Terms of some rights on both clocks: which days each row is for, when the register came to know it, by which paper, and
-- when it was superseded. Natural persons have no name here.
SELECT told.land_right_id AS right_id, head.kind, head.tier, told.version_id, told.number, told.contract_area_m2, told.payment_mode,
       told.term_ends, told.valid_from, told.valid_to, told.purpose,
       told.lessor_id, CASE WHEN giver.kind <> 'person' THEN lessor.name_vi END AS lessor,
       told.lessee_id, CASE WHEN taker.kind <> 'person' THEN lessee.name_vi END AS lessee,
       told.opened_by, change.kind AS change_kind, change.committed_at AS known_from, change.actor, change.reason,
       paper.id AS paper_id, paper.number AS document, paper.issued_on AS document_on, paper.issuer AS document_by,
       paper.file_sha256 IS NOT NULL AS has_file, gone.committed_at AS known_until
FROM land.land_right_version AS told
JOIN land.land_right AS head ON head.id = told.land_right_id
JOIN land.change ON change.number = told.opened_by
LEFT JOIN land.change AS gone ON gone.number = told.closed_by AND told.closed_by <= :known
LEFT JOIN land.document AS paper ON paper.id = coalesce(told.document_id, change.document_id)
JOIN land.party AS giver ON giver.id = told.lessor_id
JOIN land.party AS taker ON taker.id = told.lessee_id
LEFT JOIN LATERAL (
    SELECT named.name_vi FROM land.party_version AS named
    WHERE named.party_id = told.lessor_id AND named.opened_by <= :known AND (named.closed_by IS NULL OR named.closed_by > :known)
    ORDER BY named.valid_from <= told.valid_from DESC, named.valid_from DESC LIMIT 1
) AS lessor ON true
LEFT JOIN LATERAL (
    SELECT named.name_vi FROM land.party_version AS named
    WHERE named.party_id = told.lessee_id AND named.opened_by <= :known AND (named.closed_by IS NULL OR named.closed_by > :known)
    ORDER BY named.valid_from <= told.valid_from DESC, named.valid_from DESC LIMIT 1
) AS lessee ON true
WHERE told.land_right_id = ANY (CAST(:rights AS uuid[])) AND told.opened_by <= :known
ORDER BY head.tier, told.land_right_id, told.valid_from, told.version_id

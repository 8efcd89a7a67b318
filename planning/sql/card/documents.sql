-- Documents a parcel rests on, as known at the moment: of its own changes, its rights and its hand-overs.
SELECT document.id::text AS id, document.kind, document.number, document.issued_on, document.issuer, document.title,
       document.file_sha256 IS NOT NULL AS has_file, document.media_type,
       (SELECT min(citation.page) FROM land.change JOIN land.citation ON citation.opened_by = change.number
        WHERE change.document_id = document.id AND change.number <= :known AND EXISTS (
            SELECT FROM land.parcel_version AS held
            WHERE held.parcel_id = :parcel_id AND held.opened_by = change.number)) AS page
FROM land.document
WHERE document.id IN (
    SELECT change.document_id FROM land.parcel_version AS held JOIN land.change ON change.number = held.opened_by
    WHERE held.parcel_id = :parcel_id AND held.opened_by <= :known
    UNION
    SELECT change.document_id FROM land.parcel_lineage AS line JOIN land.change ON change.number = line.opened_by
    WHERE (line.parent_id = :parcel_id OR line.child_id = :parcel_id) AND line.opened_by <= :known
    UNION
    SELECT granted.document_id FROM land.land_right_parcel AS ground
    JOIN land.land_right_version AS granted ON granted.land_right_id = ground.land_right_id
    WHERE ground.parcel_id = :parcel_id AND ground.opened_by <= :known AND granted.opened_by <= :known
    UNION
    SELECT made.document_id FROM land.handover_parcel AS ground
    JOIN land.handover_version AS made ON made.handover_id = ground.handover_id
    WHERE ground.parcel_id = :parcel_id AND ground.opened_by <= :known AND made.opened_by <= :known)
ORDER BY document.issued_on, document.number

-- Phases of zones at a moment with their state. `outside` is the share of a drawn phase that lies in no zone inside its own:
-- that ground is counted by the inner zone.
-- Parameters: zones (uuid[]), as_of, known.
SELECT phase.id, phase.zone_id, phase.number, facts.version_id, facts.name_vi, facts.name_en, facts.legal_area_m2,
       facts.area_m2, facts.valid_from, decision.number AS decision, decision.issued_on AS decided_on, decision.issuer AS decided_by,
       state.state, state.valid_from AS state_since, paper.number AS state_document,
       CASE WHEN facts.geom IS NULL OR inner_zones.geom IS NULL THEN 1.0
            ELSE ST_Area(ST_Difference(facts.geom, inner_zones.geom)) / facts.area_m2 END AS outside
FROM land.zone_phase AS phase
JOIN land.zone_phase_version AS facts ON facts.phase_id = phase.id
 AND facts.valid_from <= :as_of AND (facts.valid_to IS NULL OR facts.valid_to > :as_of)
 AND facts.opened_by <= :known AND (facts.closed_by IS NULL OR facts.closed_by > :known)
JOIN land.document AS decision ON decision.id = facts.decision_id
LEFT JOIN land.zone_phase_state AS state ON state.phase_id = phase.id
 AND state.valid_from <= :as_of AND (state.valid_to IS NULL OR state.valid_to > :as_of)
 AND state.opened_by <= :known AND (state.closed_by IS NULL OR state.closed_by > :known)
LEFT JOIN land.document AS paper ON paper.id = state.document_id
LEFT JOIN LATERAL (
    SELECT ST_Union(boundary.geom) AS geom
    FROM land.zone AS child
    JOIN land.zone_boundary AS boundary ON boundary.zone_id = child.id
     AND boundary.valid_from <= :as_of AND (boundary.valid_to IS NULL OR boundary.valid_to > :as_of)
     AND boundary.opened_by <= :known AND (boundary.closed_by IS NULL OR boundary.closed_by > :known)
    WHERE child.parent_id = phase.zone_id AND boundary.geom && facts.geom
) AS inner_zones ON facts.geom IS NOT NULL
WHERE phase.zone_id = ANY (CAST(:zones AS uuid[]))
ORDER BY phase.zone_id, phase.number

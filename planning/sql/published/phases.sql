-- Phases of zones that have ground of their own, with what goes on in them: planned … operating, or nobody said (unclassified).
SELECT facts.version_id AS fid, phase.id::text AS id, zone.code AS zone, phase.number, facts.name_vi, facts.name_en,
       coalesce(state.state, 'unclassified') AS state, facts.srid, facts.geom, facts.geom_wgs84, facts.area_m2 AS area
FROM land.zone_phase AS phase
JOIN land.zone ON zone.id = phase.zone_id
JOIN land.zone_phase_version AS facts ON facts.phase_id = phase.id
 AND facts.valid_from <= :as_of AND (facts.valid_to IS NULL OR facts.valid_to > :as_of)
 AND facts.opened_by <= :known AND (facts.closed_by IS NULL OR facts.closed_by > :known)
LEFT JOIN land.zone_phase_state AS state ON state.phase_id = phase.id
 AND state.valid_from <= :as_of AND (state.valid_to IS NULL OR state.valid_to > :as_of)
 AND state.opened_by <= :known AND (state.closed_by IS NULL OR state.closed_by > :known)
WHERE facts.geom IS NOT NULL
  AND (CAST(:zone_ids AS uuid[]) IS NULL OR phase.zone_id = ANY (CAST(:zone_ids AS uuid[])))

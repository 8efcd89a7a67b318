-- Plots of an area at a moment: when ready, to which item promised, and when that item's land goes.
-- Parameters: area (uuid), as_of (date), known (change number).
SELECT plot.id, plot.number, version.status, version.legal_area_m2, coalesce(version.ready_on, area.ready_on) AS ready_on,
       file.code AS case_code, item.number AS item_number, home.valid_from AS assigned_on,
       coalesce(done.day, facts.handover_planned_on) AS needed_on, done.day IS NOT NULL AS handed_over,
       shape.area_m2 AS measured_m2,
       coalesce(done.day, facts.handover_planned_on) < coalesce(version.ready_on, area.ready_on) AS too_late
FROM land.resettlement_plot AS plot
JOIN land.resettlement_plot_version AS version ON version.resettlement_plot_id = plot.id
 AND version.valid_from <= :as_of AND (version.valid_to IS NULL OR version.valid_to > :as_of)
 AND version.opened_by <= :known AND (version.closed_by IS NULL OR version.closed_by > :known)
LEFT JOIN land.resettlement_area_version AS area ON area.resettlement_area_id = plot.resettlement_area_id
 AND area.valid_from <= :as_of AND (area.valid_to IS NULL OR area.valid_to > :as_of)
 AND area.opened_by <= :known AND (area.closed_by IS NULL OR area.closed_by > :known)
LEFT JOIN land.resettlement_plot_shape AS shape ON shape.resettlement_plot_id = plot.id
 AND shape.valid_from <= :as_of AND (shape.valid_to IS NULL OR shape.valid_to > :as_of)
 AND shape.opened_by <= :known AND (shape.closed_by IS NULL OR shape.closed_by > :known)
LEFT JOIN land.plot_assignment AS home ON home.resettlement_plot_id = plot.id
 AND home.valid_from <= :as_of AND (home.valid_to IS NULL OR home.valid_to > :as_of)
 AND home.opened_by <= :known AND (home.closed_by IS NULL OR home.closed_by > :known)
LEFT JOIN land.clearance_item AS item ON item.id = home.item_id
LEFT JOIN land.clearance_case AS file ON file.id = item.case_id
LEFT JOIN land.clearance_item_version AS facts ON facts.item_id = item.id
 AND facts.valid_from <= :as_of AND (facts.valid_to IS NULL OR facts.valid_to > :as_of)
 AND facts.opened_by <= :known AND (facts.closed_by IS NULL OR facts.closed_by > :known)
LEFT JOIN LATERAL (
    SELECT step.valid_from AS day FROM land.clearance_step AS step
    WHERE step.item_id = item.id AND step.kind = 'handed_over' AND step.valid_from <= :as_of
      AND step.opened_by <= :known AND (step.closed_by IS NULL OR step.closed_by > :known) LIMIT 1
) AS done ON true
WHERE plot.resettlement_area_id = :area
ORDER BY length(plot.number), plot.number

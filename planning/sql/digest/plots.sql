-- Homes that will not be there when the land goes: items that need a plot and hand over by :until, without one that is ready by then.
-- By case and day of hand-over. Parameters: as_of, until, known.
WITH needs AS (
    SELECT version.item_id, version.plots_needed, version.handover_planned_on AS day
    FROM land.clearance_item_version AS version
    WHERE version.plots_needed > 0 AND version.handover_planned_on BETWEEN CAST(:as_of AS date) - 30 AND CAST(:until AS date)
      AND version.valid_from <= :as_of AND (version.valid_to IS NULL OR version.valid_to > :as_of)
      AND version.opened_by <= :known AND (version.closed_by IS NULL OR version.closed_by > :known)
      AND NOT EXISTS (SELECT FROM land.clearance_step AS step WHERE step.item_id = version.item_id AND step.kind = 'handed_over'
                      AND step.valid_from <= :as_of AND step.opened_by <= :known AND (step.closed_by IS NULL OR step.closed_by > :known))
), homes AS (
    SELECT home.item_id, count(*) FILTER (WHERE coalesce(plot.ready_on, area.ready_on) <= needs.day) AS ready
    FROM needs JOIN land.plot_assignment AS home ON home.item_id = needs.item_id
     AND home.valid_from <= :as_of AND (home.valid_to IS NULL OR home.valid_to > :as_of)
     AND home.opened_by <= :known AND (home.closed_by IS NULL OR home.closed_by > :known)
    JOIN land.resettlement_plot AS named ON named.id = home.resettlement_plot_id
    LEFT JOIN land.resettlement_plot_version AS plot ON plot.resettlement_plot_id = named.id
     AND plot.valid_from <= :as_of AND (plot.valid_to IS NULL OR plot.valid_to > :as_of)
     AND plot.opened_by <= :known AND (plot.closed_by IS NULL OR plot.closed_by > :known)
    LEFT JOIN land.resettlement_area_version AS area ON area.resettlement_area_id = named.resettlement_area_id
     AND area.valid_from <= :as_of AND (area.valid_to IS NULL OR area.valid_to > :as_of)
     AND area.opened_by <= :known AND (area.closed_by IS NULL OR area.closed_by > :known)
    GROUP BY home.item_id
)
SELECT held.zone_id, held.code, needs.day, count(*)::integer AS items, sum(needs.plots_needed - coalesce(homes.ready, 0))::integer AS plots
FROM needs LEFT JOIN homes ON homes.item_id = needs.item_id
JOIN land.clearance_item AS item ON item.id = needs.item_id
JOIN land.clearance_case AS held ON held.id = item.case_id
WHERE coalesce(homes.ready, 0) < needs.plots_needed
GROUP BY held.zone_id, held.code, needs.day ORDER BY needs.day, held.code

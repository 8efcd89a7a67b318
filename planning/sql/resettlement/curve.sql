-- Days on which homes come and on which they are needed, by resettlement area: +plots ready, -plots needed.
-- What was handed over already was needed that day; what is planned, on the planned day; a need without a day, undated.
-- A plot that was promised is needed in its own area, wherever the case meant the household to go.
-- Parameters: areas (uuid[]), as_of (date), known (change number).
WITH promised AS MATERIALIZED (
    SELECT home.item_id, plot.resettlement_area_id AS area_id, count(*) AS plots
    FROM land.plot_assignment AS home
    JOIN land.resettlement_plot AS plot ON plot.id = home.resettlement_plot_id
    WHERE home.valid_from <= :as_of AND (home.valid_to IS NULL OR home.valid_to > :as_of)
      AND home.opened_by <= :known AND (home.closed_by IS NULL OR home.closed_by > :known)
    GROUP BY home.item_id, plot.resettlement_area_id
)
SELECT place.id AS area_id, supply.day, supply.plots AS ready, 0::bigint AS needed, NULL::bigint AS items
FROM unnest(CAST(:areas AS uuid[])) AS place (id)
CROSS JOIN LATERAL (
    SELECT coalesce(version.ready_on, area.ready_on) AS day, count(*) AS plots
    FROM land.resettlement_plot AS plot
    JOIN land.resettlement_plot_version AS version ON version.resettlement_plot_id = plot.id
     AND version.valid_from <= :as_of AND (version.valid_to IS NULL OR version.valid_to > :as_of)
     AND version.opened_by <= :known AND (version.closed_by IS NULL OR version.closed_by > :known)
    LEFT JOIN land.resettlement_area_version AS area ON area.resettlement_area_id = plot.resettlement_area_id
     AND area.valid_from <= :as_of AND (area.valid_to IS NULL OR area.valid_to > :as_of)
     AND area.opened_by <= :known AND (area.closed_by IS NULL OR area.closed_by > :known)
    WHERE plot.resettlement_area_id = place.id
    GROUP BY 1
) AS supply
UNION ALL
SELECT need.area_id, coalesce(done.day, version.handover_planned_on), 0, sum(need.plots)::bigint, count(DISTINCT need.item_id)
FROM (
    SELECT promised.area_id, promised.item_id, promised.plots FROM promised WHERE promised.area_id = ANY (CAST(:areas AS uuid[]))
    UNION ALL
    SELECT version.resettlement_area_id, version.item_id, version.plots_needed - coalesce(given.plots, 0)
    FROM land.clearance_item_version AS version
    LEFT JOIN (SELECT promised.item_id, sum(promised.plots) AS plots FROM promised GROUP BY promised.item_id) AS given
      ON given.item_id = version.item_id
    WHERE version.resettlement_area_id = ANY (CAST(:areas AS uuid[])) AND version.plots_needed > coalesce(given.plots, 0)
      AND version.valid_from <= :as_of AND (version.valid_to IS NULL OR version.valid_to > :as_of)
      AND version.opened_by <= :known AND (version.closed_by IS NULL OR version.closed_by > :known)
) AS need
JOIN land.clearance_item_version AS version ON version.item_id = need.item_id
 AND version.valid_from <= :as_of AND (version.valid_to IS NULL OR version.valid_to > :as_of)
 AND version.opened_by <= :known AND (version.closed_by IS NULL OR version.closed_by > :known)
LEFT JOIN LATERAL (
    SELECT step.valid_from AS day FROM land.clearance_step AS step
    WHERE step.item_id = need.item_id AND step.kind = 'handed_over' AND step.valid_from <= :as_of
      AND step.opened_by <= :known AND (step.closed_by IS NULL OR step.closed_by > :known) LIMIT 1
) AS done ON true
GROUP BY 1, 2

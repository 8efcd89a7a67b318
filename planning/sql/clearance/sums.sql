-- What the items of each case add up to, and those that fit among them.
, whole AS (
    SELECT item.case_id AS whole_case, count(*) AS items, count(DISTINCT item.household_id) AS households,
           count(*) FILTER (WHERE item.state = 'handed_over') AS handed_over,
           sum(item.area_m2) AS whole_area_m2, coalesce(sum(item.area_m2) FILTER (WHERE item.state = 'handed_over'), 0) AS cleared_m2,
           count(*) FILTER (WHERE item.complaint) AS complaints, count(*) FILTER (WHERE item.suspension) AS suspensions,
           sum(item.plots_needed) AS whole_plots_needed, sum(item.plots_assigned)::bigint AS whole_plots_assigned,
           count(*) FILTER (WHERE item.homeless) AS whole_homeless,
           count(*) FILTER (WHERE item.fits) AS fitting, coalesce(sum(item.area_m2) FILTER (WHERE item.fits), 0) AS fitting_m2
    FROM item
    GROUP BY item.case_id
)

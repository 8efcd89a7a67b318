SELECT item.case_id, count(*) AS items, count(DISTINCT item.household_id) AS households,
       count(*) FILTER (WHERE item.state = 'handed_over') AS handed_over,
       sum(item.area_m2) AS area_m2, coalesce(sum(item.area_m2) FILTER (WHERE item.state = 'handed_over'), 0) AS cleared_m2,
       count(*) FILTER (WHERE item.complaint) AS complaints, count(*) FILTER (WHERE item.suspension) AS suspensions,
       sum(item.plots_needed) AS plots_needed, sum(item.plots_assigned)::bigint AS plots_assigned,
       count(*) FILTER (WHERE item.homeless) AS homeless
FROM item
GROUP BY item.case_id

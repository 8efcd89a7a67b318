-- A page of the items that fit, with what all that fit add up to; in the order asked for, then by number.
-- Parameters: state, flag, wanted (a pattern), after (the number the page follows), sort, descending, most, skip.
, fitting AS MATERIALIZED (
    SELECT item.*, count(*) OVER () AS of_rows, sum(item.area_m2) OVER () AS of_area_m2
    FROM item
    WHERE (CAST(:state AS text) IS NULL OR item.state = :state)
      AND (CAST(:flag AS text) IS NULL OR (:flag = 'complaint' AND item.complaint) OR (:flag = 'suspension' AND item.suspension)
           OR (:flag = 'homeless' AND item.homeless))
      AND (CAST(:wanted AS text) IS NULL OR item.number ILIKE :wanted OR item.names ILIKE :wanted)
)
SELECT item.* FROM fitting AS item
WHERE CAST(:after AS text) IS NULL OR (length(item.number), item.number) > (length(:after), :after)
ORDER BY CASE WHEN :sort = 'area_m2' AND NOT :descending THEN item.area_m2 END,
         CASE WHEN :sort = 'area_m2' AND :descending THEN item.area_m2 END DESC,
         CASE WHEN :sort = 'last_on' AND NOT :descending THEN item.last_on END,
         CASE WHEN :sort = 'last_on' AND :descending THEN item.last_on END DESC NULLS LAST,
         CASE WHEN :sort = 'handover_planned_on' AND NOT :descending THEN item.handover_planned_on END,
         CASE WHEN :sort = 'handover_planned_on' AND :descending THEN item.handover_planned_on END DESC NULLS LAST,
         CASE WHEN :sort = 'number' AND :descending THEN length(item.number) END DESC,
         CASE WHEN :sort = 'number' AND :descending THEN item.number END DESC,
         length(item.number), item.number
LIMIT :most OFFSET :skip

-- A page of the items that fit, in the order asked for, then by number, each row beside the sums of the whole case; where no item is
-- on the page, one row of sums alone. Parameters: after (the number the page follows), sort, descending, most, skip.
SELECT whole.*, page.* FROM whole
LEFT JOIN LATERAL (
    SELECT item.* FROM item
    WHERE item.fits AND (CAST(:after AS text) IS NULL OR (length(item.number), item.number) > (length(:after), :after))
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
) AS page ON true

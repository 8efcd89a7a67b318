-- Follows indicator_items.sql: the base quantities of each zone's own ground, rounded to 1e-6 m2 so that sums over zones
-- are exact in any order.
SELECT zone_id, quantity, count(*) AS items, count(*) FILTER (WHERE missing) AS missing,
       round(sum(legal), 6) AS legal, round(sum(measured)::numeric, 6) AS measured
FROM item
GROUP BY zone_id, quantity

-- A mark that differs after every commit, also when a change commits after one with a higher number.
SELECT coalesce(max(latest.number), 0) AS highest, coalesce(sum(latest.number), 0) AS total
FROM (SELECT change.number FROM land.change ORDER BY change.number DESC LIMIT 256) AS latest

-- A zone and the zones inside it, however deep.
WITH RECURSIVE inside AS (
    SELECT zone.id FROM land.zone WHERE zone.id = :zone_id
    UNION
    SELECT zone.id FROM land.zone JOIN inside ON zone.parent_id = inside.id
)
SELECT inside.id FROM inside

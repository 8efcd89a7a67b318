-- Resettlement areas by code: what an item may name.
SELECT area.code, area.id FROM land.resettlement_area AS area

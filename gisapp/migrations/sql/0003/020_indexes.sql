-- Sums over the lots of a plan version without touching their shapes, at any moment of knowledge.
DROP INDEX land.plan_lot_plan_version;
CREATE INDEX plan_lot_plan_version ON land.plan_lot (plan_version_id)
    INCLUDE (version_id, leasable, legal_area_m2, area_m2, opened_by, closed_by);

-- Rights, hand-overs, clearance items and projects hold parcels that are there: on every day a holding is valid, a recorded
-- version of its parcel is. Judged at commit, because an edit closes the old parcel and moves what hangs on it one by one.
--
-- Against each other: closing a version takes the parcel's own row FOR UPDATE at commit, a new holding has had it FOR KEY
-- SHARE since its foreign key was checked. So one of two waits for the other's end and then judges what it left behind.
CREATE FUNCTION land.ground_is_held() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    fault record;
BEGIN
    PERFORM land.read_committed('held_ground_is_there');
    IF TG_TABLE_NAME = 'parcel_version' THEN
        PERFORM FROM land.parcel WHERE id = NEW.parcel_id FOR UPDATE;
    END IF;
    SELECT held.* INTO fault FROM (
        SELECT 'right' AS kind, land_right_id AS id, valid FROM land.land_right_parcel
        WHERE parcel_id = NEW.parcel_id AND closed_by IS NULL
        UNION ALL
        SELECT 'handover', handover_id, valid FROM land.handover_parcel WHERE parcel_id = NEW.parcel_id AND closed_by IS NULL
        UNION ALL
        SELECT 'project', project_id, valid FROM land.project_parcel WHERE parcel_id = NEW.parcel_id AND closed_by IS NULL
        UNION ALL
        SELECT 'item', item_id, valid FROM land.clearance_item_parcel WHERE parcel_id = NEW.parcel_id AND closed_by IS NULL
    ) AS held
    WHERE NOT isempty(held.valid)
      AND NOT coalesce((SELECT range_agg(ground.valid) FROM land.parcel_version AS ground
                        WHERE ground.parcel_id = NEW.parcel_id AND ground.closed_by IS NULL) @> held.valid, false)
    ORDER BY held.kind, held.id LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'parcel-still-held' USING ERRCODE = '23514', CONSTRAINT = 'held_ground_is_there', DETAIL = json_build_object(
            'parcel', NEW.parcel_id, 'kind', fault.kind, 'holder', fault.id, 'from', lower(fault.valid), 'number', CASE fault.kind
                WHEN 'right' THEN (SELECT number FROM land.land_right_version WHERE land_right_id = fault.id ORDER BY version_id DESC LIMIT 1)
                WHEN 'handover' THEN (SELECT number FROM land.handover_version WHERE handover_id = fault.id ORDER BY version_id DESC LIMIT 1)
                WHEN 'project' THEN (SELECT code FROM land.project WHERE id = fault.id)
                ELSE (SELECT number FROM land.clearance_item WHERE id = fault.id) END)::text;
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER g_holdings_keep_ground AFTER UPDATE ON land.parcel_version DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.closed_by IS NULL AND NEW.closed_by IS NOT NULL) EXECUTE FUNCTION land.ground_is_held();
CREATE CONSTRAINT TRIGGER g_right_on_ground AFTER INSERT ON land.land_right_parcel DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION land.ground_is_held();
CREATE CONSTRAINT TRIGGER g_handover_on_ground AFTER INSERT ON land.handover_parcel DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION land.ground_is_held();
CREATE CONSTRAINT TRIGGER g_project_on_ground AFTER INSERT ON land.project_parcel DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION land.ground_is_held();
CREATE CONSTRAINT TRIGGER g_item_on_ground AFTER INSERT ON land.clearance_item_parcel DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION land.ground_is_held();

-- What a change and a document may say, whatever path they came by. NOT VALID: what was written before stands.
ALTER TABLE land.change
    ADD CONSTRAINT change_day_plausible CHECK (effective_on >= '1945-09-02' AND effective_on < '2200-01-01') NOT VALID,
    ADD CONSTRAINT change_actor_is_an_account CHECK (actor ~ '^[a-z][a-z0-9._-]{0,39}$') NOT VALID;

-- A document is issued before it is registered: by the calendar of Vietnam, not later than that day.
ALTER TABLE land.document
    ADD CONSTRAINT document_issued_by_then CHECK (issued_on <= (created_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
                                                  AND issued_on >= '1900-01-01') NOT VALID;

-- Law may move ahead of today, a year at most: beyond that a day is a slip of the pen.
CREATE FUNCTION land.effect_within_a_year() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.effective_on > (clock_timestamp() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date + 366 AND isfinite(NEW.effective_on) THEN
        RAISE EXCEPTION 'effect-too-far-ahead' USING ERRCODE = '23514', CONSTRAINT = 'change_effect_within_a_year',
            TABLE = 'change';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER change_20_effect_near BEFORE INSERT ON land.change FOR EACH ROW EXECUTE FUNCTION land.effect_within_a_year();

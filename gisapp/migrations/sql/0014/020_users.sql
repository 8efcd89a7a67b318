-- A parcel has one user at a time: it is let to somebody or kept for somebody, never both. Reservations end by themselves.
DO $$
DECLARE
    met record;
BEGIN
    SELECT one.land_right_id AS first, other.land_right_id AS second, one.parcel_id INTO met
    FROM land.land_right_parcel AS one JOIN land.land_right_parcel AS other
      ON other.parcel_id = one.parcel_id AND other.tier = 3 AND one.tier = 2 AND other.valid && one.valid
    WHERE one.closed_by IS NULL AND other.closed_by IS NULL LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'parcel % is let by % and reserved by % on the same days: end the reservation, then upgrade',
            met.parcel_id, met.first, met.second;
    END IF;
END $$;
ALTER TABLE land.land_right_parcel ADD CONSTRAINT let_or_reserved
    EXCLUDE USING gist (parcel_id WITH =, tier WITH <>, valid WITH &&) WHERE (closed_by IS NULL AND tier > 1);

CREATE FUNCTION land.reservation_expires() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    fault record;
BEGIN
    SELECT fresh.number, fresh.land_right_id INTO fault FROM new_rows AS fresh JOIN land.land_right AS head ON head.id = fresh.land_right_id
    WHERE head.kind = 'reservation' AND fresh.valid_to IS NULL LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'reservation-without-expiry' USING ERRCODE = '23514', CONSTRAINT = 'reservation_expires',
            DETAIL = json_build_object('right', fault.land_right_id, 'number', fault.number)::text;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER d_reservation_expires AFTER INSERT ON land.land_right_version REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION land.reservation_expires();

-- A right holds land only on days on which it has terms: ended, it holds nothing. Judged at commit, because terms and land
-- are written one after the other. Two writers of a State right or of its sub-leases wait for each other at its ledger row.
-- A reservation has none: closing its terms takes its own row FOR UPDATE, new land has had it FOR KEY SHARE since its foreign
-- key was checked. Either way one waits for the other's end and judges what it left behind.
CREATE FUNCTION land.right_lives() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    fault record;
BEGIN
    PERFORM land.read_committed('land_within_the_right');
    IF TG_TABLE_NAME = 'land_right_version' THEN
        PERFORM FROM land.land_right WHERE id = NEW.land_right_id AND kind = 'reservation' FOR UPDATE;
        SELECT held.parcel_id, held.valid INTO fault FROM land.land_right_parcel AS held
        WHERE held.land_right_id = NEW.land_right_id AND held.closed_by IS NULL AND NOT isempty(held.valid)
          AND NOT coalesce((SELECT range_agg(terms.valid) FROM land.land_right_version AS terms
                            WHERE terms.land_right_id = NEW.land_right_id AND terms.closed_by IS NULL) @> held.valid, false)
        ORDER BY held.parcel_id LIMIT 1;
    ELSE
        SELECT held.parcel_id, held.valid INTO fault FROM land.land_right_parcel AS held
        WHERE held.version_id = NEW.version_id AND held.closed_by IS NULL AND NOT isempty(held.valid)
          AND NOT coalesce((SELECT range_agg(terms.valid) FROM land.land_right_version AS terms
                            WHERE terms.land_right_id = NEW.land_right_id AND terms.closed_by IS NULL) @> held.valid, false);
    END IF;
    IF FOUND THEN
        RAISE EXCEPTION 'land-outside-right' USING ERRCODE = '23514', CONSTRAINT = 'land_within_the_right',
            DETAIL = json_build_object('parcel', fault.parcel_id, 'right', NEW.land_right_id, 'from', lower(fault.valid),
                'number', (SELECT number FROM land.land_right_version WHERE land_right_id = NEW.land_right_id
                           ORDER BY version_id DESC LIMIT 1))::text;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER g_terms_keep_land AFTER UPDATE ON land.land_right_version DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.closed_by IS NULL AND NEW.closed_by IS NOT NULL) EXECUTE FUNCTION land.right_lives();
CREATE CONSTRAINT TRIGGER g_land_within_terms AFTER INSERT ON land.land_right_parcel DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION land.right_lives();

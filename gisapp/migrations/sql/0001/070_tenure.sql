-- Parties and land rights in two tiers: the State to the developer, the developer to investors; and reservations.
CREATE TABLE land.party (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    kind text NOT NULL CHECK (kind IN ('authority', 'board', 'company', 'cooperative', 'person')),
    tax_code text UNIQUE CHECK (tax_code ~ '^[0-9]{10}(-[0-9]{3})?$'),
    opened_by bigint NOT NULL
);
CREATE TABLE land.party_version (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    party_id uuid NOT NULL REFERENCES land.party,
    name_vi text NOT NULL CHECK (btrim(name_vi) <> ''),
    name_en text,
    LIKE land.clocked INCLUDING ALL
);
CREATE INDEX party_version_party ON land.party_version (party_id);
SELECT land.keep_clocks('land.party'), land.keep_clocks('land.party_version', 'party_id');

CREATE TABLE land.land_right (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    kind text NOT NULL CHECK (kind IN ('state_allocation', 'state_lease', 'sub_lease', 'reservation')),
    tier smallint GENERATED ALWAYS AS (CASE kind WHEN 'state_allocation' THEN 1 WHEN 'state_lease' THEN 1
                                                 WHEN 'sub_lease' THEN 2 ELSE 3 END) STORED,
    parent_id uuid,
    parent_tier smallint GENERATED ALWAYS AS (CASE WHEN parent_id IS NOT NULL THEN 1 END) STORED,
    zone_id uuid NOT NULL REFERENCES land.zone,
    opened_by bigint NOT NULL,
    CONSTRAINT land_right_tier UNIQUE (id, tier),
    CONSTRAINT parent_is_of_the_state FOREIGN KEY (parent_id, parent_tier) REFERENCES land.land_right (id, tier),
    CONSTRAINT only_sub_leases_have_parents CHECK ((kind = 'sub_lease') = (parent_id IS NOT NULL))
);
CREATE INDEX land_right_parent ON land.land_right (parent_id);
CREATE INDEX land_right_zone ON land.land_right (zone_id);

CREATE TABLE land.land_right_version (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    land_right_id uuid NOT NULL REFERENCES land.land_right,
    number text NOT NULL CHECK (btrim(number) <> ''),
    lessor_id uuid NOT NULL REFERENCES land.party,
    lessee_id uuid NOT NULL REFERENCES land.party,
    contract_area_m2 land.area_m2 NOT NULL,
    payment_mode text CHECK (payment_mode IN ('one_off', 'annual', 'exempt')),
    term_ends date,
    investor_licensed boolean NOT NULL DEFAULT true,
    purpose text,
    document_id uuid REFERENCES land.document,
    LIKE land.clocked INCLUDING ALL,
    CONSTRAINT right_within_its_term CHECK (term_ends IS NULL OR valid_to IS NULL OR valid_to <= term_ends + 1)
);
COMMENT ON COLUMN land.land_right_version.investor_licensed IS
    'Decree 35/2022 art. 2.22: the lessee holds an investment policy approval or registration certificate';
CREATE INDEX land_right_version_right ON land.land_right_version (land_right_id);

-- Which parcels a right holds, on which days; split and merge rewrite these rows in the same change.
CREATE TABLE land.land_right_parcel (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    land_right_id uuid NOT NULL,
    tier smallint NOT NULL,
    parcel_id uuid NOT NULL REFERENCES land.parcel,
    LIKE land.clocked INCLUDING ALL,
    CONSTRAINT land_right_parcel_tier FOREIGN KEY (land_right_id, tier) REFERENCES land.land_right (id, tier),
    CONSTRAINT one_right_of_a_tier EXCLUDE USING gist (tier WITH =, parcel_id WITH =, valid WITH &&) WHERE (closed_by IS NULL)
);
CREATE INDEX land_right_parcel_right ON land.land_right_parcel (land_right_id);
CREATE INDEX land_right_parcel_parcel ON land.land_right_parcel (parcel_id);
SELECT land.keep_clocks('land.land_right'), land.keep_clocks('land.land_right_version', 'land_right_id'),
       land.keep_clocks('land.land_right_parcel');

-- Sub-leases stay inside their parent in area, term and land. Writers touch the parent's ledger row (a lock that also
-- refuses stale snapshots); a deferred trigger on that row judges each parent once, at commit, and takes the mark off, so
-- that writing after an early judgement (SET CONSTRAINTS ... IMMEDIATE) is judged again.
CREATE TABLE land.land_right_ledger (
    land_right_id uuid PRIMARY KEY REFERENCES land.land_right,
    touched_by xid8
);
CREATE TRIGGER a_kept BEFORE DELETE ON land.land_right_ledger FOR EACH ROW EXECUTE FUNCTION land.refuse();
CREATE TRIGGER a_kept_whole BEFORE TRUNCATE ON land.land_right_ledger EXECUTE FUNCTION land.refuse();
CREATE FUNCTION land.open_right_ledger() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO land.land_right_ledger (land_right_id) SELECT id FROM new_rows WHERE kind IN ('state_allocation', 'state_lease');
    RETURN NULL;
END $$;
CREATE TRIGGER c_ledger AFTER INSERT ON land.land_right REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION land.open_right_ledger();

CREATE FUNCTION land.touch_right_ledger() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM land.land_right_ledger AS ledger
    WHERE ledger.land_right_id IN (SELECT coalesce(held.parent_id, held.id) FROM new_rows JOIN land.land_right AS held
                                   ON held.id = new_rows.land_right_id)
      AND ledger.touched_by IS DISTINCT FROM pg_current_xact_id()
    ORDER BY ledger.land_right_id FOR UPDATE;
    UPDATE land.land_right_ledger AS ledger SET touched_by = pg_current_xact_id()
    WHERE ledger.land_right_id IN (SELECT coalesce(held.parent_id, held.id) FROM new_rows JOIN land.land_right AS held
                                   ON held.id = new_rows.land_right_id)
      AND ledger.touched_by IS DISTINCT FROM pg_current_xact_id();
    RETURN NULL;
END $$;
CREATE TRIGGER c_ledger_insert AFTER INSERT ON land.land_right_version REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION land.touch_right_ledger();
CREATE TRIGGER c_ledger_update AFTER UPDATE ON land.land_right_version REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION land.touch_right_ledger();
CREATE TRIGGER c_ledger_insert AFTER INSERT ON land.land_right_parcel REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION land.touch_right_ledger();
CREATE TRIGGER c_ledger_update AFTER UPDATE ON land.land_right_parcel REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION land.touch_right_ledger();

CREATE FUNCTION land.judge_right_ledger() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    fault record;
BEGIN
    WITH child AS (
        SELECT held.land_right_id, held.number, held.valid, held.term_ends, held.contract_area_m2, held.version_id
        FROM land.land_right JOIN land.land_right_version AS held ON held.land_right_id = land_right.id
        WHERE land_right.parent_id = NEW.land_right_id AND held.closed_by IS NULL AND NOT isempty(held.valid)
    ), parent AS (
        SELECT held.number, held.valid, held.term_ends, held.contract_area_m2 FROM land.land_right_version AS held
        WHERE held.land_right_id = NEW.land_right_id AND held.closed_by IS NULL AND NOT isempty(held.valid)
    ), step AS (
        SELECT lower(valid) AS day, contract_area_m2 AS more FROM child
        UNION ALL
        SELECT upper(valid), -contract_area_m2 FROM child WHERE NOT upper_inf(valid)
    ), let AS (
        SELECT daterange(day, lead(day) OVER (ORDER BY day)) AS days, sum(sum(more)) OVER (ORDER BY day) AS area_m2
        FROM step GROUP BY day
    )
    SELECT * INTO fault FROM (
        SELECT 'term' AS part, child.number, child.land_right_id AS id, NULL::numeric AS let_m2, NULL::numeric AS held_m2
        FROM child
        WHERE NOT coalesce((SELECT range_agg(parent.valid) FROM parent) @> child.valid, false)
           OR coalesce(child.term_ends, 'infinity') > (SELECT max(parent.term_ends) FROM parent
                                                       WHERE parent.valid && child.valid
                                                       HAVING bool_and(parent.term_ends IS NOT NULL))
        UNION ALL
        SELECT 'area', latest.number, latest.land_right_id, let.area_m2, parent.contract_area_m2
        FROM let JOIN parent ON parent.valid && let.days AND parent.contract_area_m2 < let.area_m2
        CROSS JOIN LATERAL (SELECT child.number, child.land_right_id FROM child WHERE child.valid && let.days
                            ORDER BY child.version_id DESC LIMIT 1) AS latest
        UNION ALL
        SELECT 'land', child.number, held.land_right_id, NULL, NULL FROM land.land_right_parcel AS held
        JOIN land.land_right ON land_right.id = held.land_right_id
        LEFT JOIN child ON child.land_right_id = held.land_right_id
        WHERE land_right.parent_id = NEW.land_right_id AND held.closed_by IS NULL AND NOT isempty(held.valid)
          AND NOT coalesce((SELECT range_agg(ground.valid) FROM land.land_right_parcel AS ground
                            WHERE ground.land_right_id = NEW.land_right_id AND ground.parcel_id = held.parcel_id
                              AND ground.closed_by IS NULL) @> held.valid, false)
    ) AS faults LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'sub-lease-outside-parent' USING ERRCODE = '23514', CONSTRAINT = 'sub_lease_inside_parent',
            DETAIL = json_build_object('part', fault.part, 'right', fault.id, 'number', fault.number,
                                       'parent', NEW.land_right_id, 'let_m2', fault.let_m2, 'held_m2', fault.held_m2)::text;
    END IF;
    UPDATE land.land_right_ledger SET touched_by = NULL WHERE land_right_id = NEW.land_right_id;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER f_judge AFTER UPDATE ON land.land_right_ledger DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.touched_by IS NOT NULL) EXECUTE FUNCTION land.judge_right_ledger();

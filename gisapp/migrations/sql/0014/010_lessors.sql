-- Who may grant which right, since when and until when: dated rows with their clauses, never code. Insert-only. The end of a
-- power binds the database once it was compared with its source; what nobody compared is shown as such and warns.
CREATE TABLE land.lessor_power (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    right_kind text NOT NULL CHECK (right_kind IN ('state_allocation', 'state_lease', 'sub_lease')),
    lessor_kind text NOT NULL CHECK (lessor_kind IN ('authority', 'board', 'company', 'cooperative', 'person')),
    valid_from date NOT NULL,
    valid_to date,
    clause text NOT NULL CHECK (btrim(clause) <> ''),
    verification text NOT NULL CHECK (verification IN ('verified', 'unverified')),
    source text NOT NULL CHECK (btrim(source) <> ''),
    end_clause text CHECK (btrim(end_clause) <> ''),
    end_verification text CHECK (end_verification IN ('verified', 'unverified')),
    end_source text CHECK (btrim(end_source) <> ''),
    recorded_by text NOT NULL DEFAULT current_user,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT lessor_power_key UNIQUE (right_kind, lessor_kind, valid_from),
    CONSTRAINT lessor_power_forward_check CHECK (valid_to > valid_from),
    CONSTRAINT lessor_power_end_check CHECK (num_nonnulls(valid_to, end_clause, end_verification, end_source) IN (0, 4))
);
COMMENT ON TABLE land.lessor_power IS 'who may be lessor of rights granted on days [valid_from, valid_to)';
SELECT land.keep('land.lessor_power');
GRANT SELECT ON land.lessor_power TO gisapp_read, gisapp_write;

INSERT INTO land.lessor_power (right_kind, lessor_kind, valid_from, valid_to, clause, verification, source,
                               end_clause, end_verification, end_source)
SELECT kind, told.* FROM unnest(ARRAY['state_allocation', 'state_lease']) AS kind CROSS JOIN (VALUES
    ('authority', date '2004-07-01', date '2014-07-01', 'Luật Đất đai 2003, Điều 37', 'unverified', 'chưa có văn bản trong tay',
     'Luật Đất đai 2013, Điều 211', 'unverified', 'chưa có văn bản trong tay'),
    ('authority', '2014-07-01', '2024-08-01', 'Luật Đất đai 2013, Điều 59', 'unverified', 'chưa có văn bản trong tay',
     'Luật Đất đai 2024, Điều 252', 'unverified', 'chưa có văn bản trong tay'),
    ('authority', '2024-08-01', NULL, 'Luật Đất đai 2024, Điều 123', 'unverified', 'chưa có văn bản trong tay', NULL, NULL, NULL),
    ('board', '2004-07-01', '2014-07-01', 'Luật Đất đai 2003, Điều 91, Điều 92', 'unverified', 'chưa có văn bản trong tay',
     'Luật Đất đai 2013, Điều 211', 'unverified', 'chưa có văn bản trong tay'),
    ('board', '2014-07-01', '2024-08-01', 'Luật Đất đai 2013, Điều 150, Điều 151', 'unverified', 'chưa có văn bản trong tay',
     'Luật Đất đai 2024, Điều 260.6', 'verified', 'baonghean.vn, bài về đất khu kinh tế theo Luật Đất đai 2024')
) AS told;
INSERT INTO land.lessor_power (right_kind, lessor_kind, valid_from, valid_to, clause, verification, source,
                               end_clause, end_verification, end_source)
SELECT 'sub_lease', kind, told.* FROM unnest(ARRAY['company', 'cooperative']) AS kind CROSS JOIN (VALUES
    (date '2004-07-01', date '2014-07-01', 'Luật Đất đai 2003, Điều 90', 'unverified', 'chưa có văn bản trong tay',
     'Luật Đất đai 2013, Điều 211', 'unverified', 'chưa có văn bản trong tay'),
    ('2014-07-01', '2024-08-01', 'Luật Đất đai 2013, Điều 149', 'unverified', 'chưa có văn bản trong tay',
     'Luật Đất đai 2024, Điều 252', 'unverified', 'chưa có văn bản trong tay'),
    ('2024-08-01', NULL, 'Luật Đất đai 2024, Điều 202', 'unverified', 'chưa có văn bản trong tay', NULL, NULL, NULL)
) AS told;

-- A right is granted by who has the power that day. Judged where it begins to be believed: rows that go on saying what the
-- register said before (an end, an extension, an undo) are not grants. Empty rows prove nothing.
CREATE FUNCTION land.lessor_has_power() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    fault record;
BEGIN
    SELECT fresh.land_right_id, fresh.number, fresh.lessor_id, fresh.valid_from, lost.end_clause, head.kind, lost.lessor_kind
    INTO fault
    FROM new_rows AS fresh
    JOIN land.land_right AS head ON head.id = fresh.land_right_id
    JOIN land.party AS lessor ON lessor.id = fresh.lessor_id
    JOIN land.lessor_power AS lost ON lost.right_kind = head.kind AND lost.lessor_kind = lessor.kind
     AND lost.valid_to <= fresh.valid_from AND lost.end_verification = 'verified'
    WHERE NOT EXISTS (SELECT FROM land.lessor_power AS power
                      WHERE power.right_kind = head.kind AND power.lessor_kind = lessor.kind
                        AND power.valid_from <= fresh.valid_from AND (power.valid_to IS NULL OR power.valid_to > fresh.valid_from))
      AND NOT EXISTS (SELECT FROM land.land_right_version AS former
                      WHERE former.land_right_id = fresh.land_right_id AND former.lessor_id = fresh.lessor_id
                        AND NOT isempty(former.valid)
                        AND (former.valid_from < fresh.valid_from
                             OR (former.valid_from = fresh.valid_from AND former.closed_by IS NOT NULL)))
    ORDER BY fresh.version_id LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'lessor-without-power' USING ERRCODE = '23514', CONSTRAINT = 'lessor_has_power',
            DETAIL = json_build_object('right', fault.land_right_id, 'number', fault.number, 'lessor', fault.lessor_id,
                'day', fault.valid_from, 'clause', fault.end_clause, 'kind', fault.kind, 'lessor_kind', fault.lessor_kind)::text;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER d_lessor_has_power AFTER INSERT ON land.land_right_version REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION land.lessor_has_power();

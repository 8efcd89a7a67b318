-- Personal data of households: what people are called, how they are reached, what each is owed and paid. Only the login
-- gisapp_household writes here; it reads through functions that note who read what in the same transaction.
CREATE TABLE household.household_version (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    household_id uuid NOT NULL REFERENCES household.household,
    head_name text NOT NULL CHECK (btrim(head_name) <> ''),
    identity_no text CHECK (identity_no ~ '^([0-9]{9}|[0-9]{12})$'),
    phone text,
    address text,
    bank_account text,
    members smallint CHECK (members BETWEEN 1 AND 99),
    LIKE land.clocked INCLUDING ALL
);
CREATE INDEX household_version_household ON household.household_version (household_id);

-- Whole dong, of one step: what a plan grants, what a payment pays.
CREATE TABLE household.amount (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    step_id uuid NOT NULL,
    item_id uuid NOT NULL REFERENCES land.clearance_item,
    compensation land.vnd NOT NULL,
    support land.vnd NOT NULL,
    resettlement land.vnd NOT NULL,
    LIKE land.clocked INCLUDING ALL
);
CREATE INDEX amount_item ON household.amount (item_id);
SELECT land.keep_clocks('household.household'), land.keep_clocks('household.household_version', 'household_id'),
       land.keep_clocks('household.amount', 'step_id');

-- Reading names: for a purpose, of households asked by id; the reading is noted first.
CREATE FUNCTION household.persons(reader text, purpose text, asked uuid[], as_of date, known bigint)
RETURNS TABLE (household_id uuid, head_name text, identity_no text, phone text, address text, bank_account text, members smallint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO land.audit_event (actor, action, subject, detail)
    VALUES (reader, 'household-read', purpose, jsonb_build_object('households', asked, 'as_of', as_of));
    RETURN QUERY SELECT held.household_id, held.head_name, held.identity_no, held.phone, held.address, held.bank_account, held.members
    FROM household.household_version AS held
    WHERE held.household_id = ANY (asked) AND held.valid_from <= persons.as_of AND (held.valid_to IS NULL OR held.valid_to > persons.as_of)
      AND held.opened_by <= known AND (held.closed_by IS NULL OR held.closed_by > known);
END $$;

CREATE FUNCTION household.amounts(reader text, purpose text, asked uuid[], as_of date, known bigint)
RETURNS TABLE (step_id uuid, item_id uuid, day date, compensation numeric, support numeric, resettlement numeric)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO land.audit_event (actor, action, subject, detail)
    VALUES (reader, 'household-amounts-read', purpose, jsonb_build_object('items', asked, 'as_of', as_of));
    RETURN QUERY SELECT held.step_id, held.item_id, held.valid_from, held.compensation::numeric, held.support::numeric, held.resettlement::numeric
    FROM household.amount AS held
    WHERE held.item_id = ANY (asked) AND held.valid_from <= amounts.as_of
      AND held.opened_by <= known AND (held.closed_by IS NULL OR held.closed_by > known);
END $$;

-- Totals of cases, exact, for everybody: the plan in force for each item, and all that was paid.
CREATE FUNCTION land.clearance_money(as_of date, known bigint)
RETURNS TABLE (case_id uuid, kind text, items bigint, compensation numeric, support numeric, resettlement numeric)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH step AS (
        SELECT step.item_id, step.step_id, step.kind, step.valid_from, step.version_id
        FROM land.clearance_step AS step
        WHERE step.kind IN ('plan_approved', 'paid') AND step.valid_from <= as_of
          AND step.opened_by <= known AND (step.closed_by IS NULL OR step.closed_by > known)
    ), counted AS (
        SELECT item_id, step_id, kind FROM step WHERE kind = 'paid'
        UNION ALL
        (SELECT DISTINCT ON (item_id) item_id, step_id, kind FROM step WHERE kind = 'plan_approved'
         ORDER BY item_id, valid_from DESC, version_id DESC)
    )
    SELECT item.case_id, counted.kind, count(DISTINCT counted.item_id), sum(amount.compensation::numeric),
           sum(amount.support::numeric), sum(amount.resettlement::numeric)
    FROM counted
    JOIN land.clearance_item AS item ON item.id = counted.item_id
    JOIN household.amount AS amount ON amount.step_id = counted.step_id AND amount.opened_by <= known
     AND (amount.closed_by IS NULL OR amount.closed_by > known)
    GROUP BY item.case_id, counted.kind $$;
REVOKE ALL ON FUNCTION household.persons(text, text, uuid[], date, bigint), household.amounts(text, text, uuid[], date, bigint),
    land.clearance_money(date, bigint) FROM PUBLIC;

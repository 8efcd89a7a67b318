-- Clearance: a case for a project's land, an item for each land user's part of it, and every step as a dated event with
-- its minutes. Land becomes cleared by the hand-over of 0001 alone; a step points at it.
CREATE TABLE land.clearance_case (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    code text NOT NULL UNIQUE CHECK (code ~ '^[A-Z0-9][A-Z0-9._-]{0,47}$'),
    zone_id uuid NOT NULL REFERENCES land.zone,
    opened_by bigint NOT NULL
);
CREATE INDEX clearance_case_zone ON land.clearance_case (zone_id);
CREATE TABLE land.clearance_case_version (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES land.clearance_case,
    name_vi text NOT NULL CHECK (btrim(name_vi) <> ''),
    name_en text,
    LIKE land.clocked INCLUDING ALL
);
CREATE INDEX clearance_case_version_case ON land.clearance_case_version (case_id);

-- What the board does with the tract once it is cleared: confirmed, lease dossier filed, leased by the State.
CREATE TABLE land.clearance_followup (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES land.clearance_case,
    step text NOT NULL CHECK (step IN ('confirmed', 'lease_filed', 'state_lease')),
    area_m2 land.area_m2 NOT NULL,
    document_id uuid NOT NULL REFERENCES land.document,
    LIKE land.clocked INCLUDING ALL,
    CONSTRAINT one_followup_of_a_step EXCLUDE USING gist (case_id WITH =, step WITH =, valid WITH &&) WHERE (closed_by IS NULL)
);
CREATE INDEX clearance_followup_case ON land.clearance_followup (case_id);

-- Who a land user is stands in schema household, behind its own login; here only that it is somebody.
CREATE SCHEMA household;
CREATE TABLE household.household (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), opened_by bigint NOT NULL);

CREATE TABLE land.clearance_item (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    case_id uuid NOT NULL REFERENCES land.clearance_case,
    number text NOT NULL CHECK (number ~ '^[0-9A-Za-z][0-9A-Za-z./-]{0,23}$'),
    opened_by bigint NOT NULL,
    CONSTRAINT clearance_item_key UNIQUE (case_id, number)
);
CREATE TABLE land.clearance_item_version (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    item_id uuid NOT NULL REFERENCES land.clearance_item,
    holder text NOT NULL CHECK (holder IN ('household', 'organisation', 'community')),
    household_id uuid REFERENCES household.household,
    land_class text NOT NULL CHECK (land_class IN ('agricultural', 'non_agricultural')),
    plots_needed smallint NOT NULL DEFAULT 0 CHECK (plots_needed BETWEEN 0 AND 20),
    resettlement_area_id uuid REFERENCES land.resettlement_area,
    handover_planned_on date CHECK (handover_planned_on BETWEEN '1945-09-02' AND '2199-12-31'),
    LIKE land.clocked INCLUDING ALL
);
CREATE INDEX clearance_item_version_item ON land.clearance_item_version (item_id);
CREATE INDEX clearance_item_version_household ON land.clearance_item_version (household_id);
CREATE INDEX clearance_item_version_area ON land.clearance_item_version (resettlement_area_id) WHERE plots_needed > 0;

-- Which parcels an item holds; split and merge rewrite these rows in the same change. A parcel is in one item at a time.
CREATE TABLE land.clearance_item_parcel (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    item_id uuid NOT NULL REFERENCES land.clearance_item,
    parcel_id uuid NOT NULL REFERENCES land.parcel,
    LIKE land.clocked INCLUDING ALL,
    CONSTRAINT parcel_in_one_item EXCLUDE USING gist (parcel_id WITH =, valid WITH &&) WHERE (closed_by IS NULL)
);
CREATE INDEX clearance_item_parcel_item ON land.clearance_item_parcel (item_id);
CREATE INDEX clearance_item_parcel_parcel ON land.clearance_item_parcel (parcel_id);

-- A step is what happened on the day valid_from, by the minutes of its document. agreed_early: the land user consented to
-- a recovery before the notice ran out (Land Law 2024 art. 85.2).
CREATE TABLE land.clearance_step (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    step_id uuid NOT NULL DEFAULT gen_random_uuid(),
    item_id uuid NOT NULL REFERENCES land.clearance_item,
    kind text NOT NULL CHECK (kind IN ('meeting', 'notice', 'inventory', 'inventory_compulsory', 'plan_drafted', 'plan_posted',
        'plan_approved', 'paid', 'recovered', 'enforcement', 'handed_over')),
    document_id uuid NOT NULL REFERENCES land.document,
    agreed_early boolean NOT NULL DEFAULT false,
    LIKE land.clocked INCLUDING ALL,
    CONSTRAINT step_happens_once EXCLUDE USING gist (item_id WITH =, kind WITH =, valid WITH &&)
        WHERE (closed_by IS NULL AND kind IN ('recovered', 'handed_over')),
    CONSTRAINT step_stays_taken CHECK (valid_to IS NULL),
    CONSTRAINT only_recovery_is_agreed_early CHECK (NOT agreed_early OR kind = 'recovered')
);
CREATE INDEX clearance_step_item ON land.clearance_step (item_id, kind);

-- Beside the steps, from a day to a day: a complaint being heard, a suspension that stops the clocks.
CREATE TABLE land.clearance_flag (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    item_id uuid NOT NULL REFERENCES land.clearance_item,
    kind text NOT NULL CHECK (kind IN ('complaint', 'suspension')),
    document_id uuid NOT NULL REFERENCES land.document,
    LIKE land.clocked INCLUDING ALL,
    CONSTRAINT one_flag_of_a_kind EXCLUDE USING gist (item_id WITH =, kind WITH =, valid WITH &&) WHERE (closed_by IS NULL)
);
CREATE INDEX clearance_flag_item ON land.clearance_flag (item_id);

SELECT land.keep_clocks('land.clearance_case'), land.keep_clocks('land.clearance_case_version', 'case_id'),
       land.keep_clocks('land.clearance_followup'), land.keep_clocks('land.clearance_item'),
       land.keep_clocks('land.clearance_item_version', 'item_id'), land.keep_clocks('land.clearance_item_parcel'),
       land.keep_clocks('land.clearance_step', 'step_id'), land.keep_clocks('land.clearance_flag');

-- The year's plan: hectares to clear, decided for a zone or for a whole board; valid from the day of the decision.
CREATE TABLE land.clearance_target (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    board_id uuid NOT NULL REFERENCES land.board,
    zone_id uuid REFERENCES land.zone,
    year smallint NOT NULL CHECK (year BETWEEN 1990 AND 2199),
    area_m2 land.area_m2 NOT NULL,
    document_id uuid NOT NULL REFERENCES land.document,
    LIKE land.clocked INCLUDING ALL,
    CONSTRAINT one_target_a_year EXCLUDE USING gist (board_id WITH =,
        (coalesce(zone_id, '00000000-0000-0000-0000-000000000000')) WITH =, year WITH =, valid WITH &&) WHERE (closed_by IS NULL)
);
SELECT land.keep_clocks('land.clearance_target');

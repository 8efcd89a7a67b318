-- The law's terms as dated rows. Only verified ones bind the database; the others are shown as working terms.
-- at_least: no earlier than so long after; within: no later than; valid_for: what it counts for that long.
CREATE TABLE land.clearance_term (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code text NOT NULL CHECK (code ~ '^[a-z][a-z0-9_]{1,47}$'),
    bound text NOT NULL CHECK (bound IN ('at_least', 'within', 'valid_for')),
    from_step text NOT NULL,
    until_step text NOT NULL,
    land_class text CHECK (land_class IN ('agricultural', 'non_agricultural')),
    days smallint CHECK (days > 0),
    months smallint CHECK (months > 0),
    valid_from date NOT NULL,
    valid_to date,
    valid daterange GENERATED ALWAYS AS (daterange(valid_from, valid_to)) STORED,
    clause text NOT NULL CHECK (btrim(clause) <> ''),
    verification text NOT NULL CHECK (verification IN ('verified', 'unverified')),
    recorded_by text NOT NULL DEFAULT current_user,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT clearance_term_key UNIQUE (code, valid_from),
    CONSTRAINT clearance_term_length_check CHECK (num_nonnulls(days, months) = 1),
    CONSTRAINT clearance_term_forward_check CHECK (valid_to > valid_from)
);
INSERT INTO land.clearance_term (code, bound, from_step, until_step, land_class, days, months, valid_from, valid_to, clause, verification) VALUES
    ('notice_agricultural', 'at_least', 'notice', 'recovered', 'agricultural', 90, NULL, '2014-07-01', '2024-08-01',
     'Luật Đất đai 2013, Điều 67.1', 'unverified'),
    ('notice_non_agricultural', 'at_least', 'notice', 'recovered', 'non_agricultural', 180, NULL, '2014-07-01', '2024-08-01',
     'Luật Đất đai 2013, Điều 67.1', 'unverified'),
    ('notice_agricultural', 'at_least', 'notice', 'recovered', 'agricultural', 90, NULL, '2024-08-01', NULL,
     'Luật Đất đai 2024, Điều 85.1', 'verified'),
    ('notice_non_agricultural', 'at_least', 'notice', 'recovered', 'non_agricultural', 180, NULL, '2024-08-01', NULL,
     'Luật Đất đai 2024, Điều 85.1', 'verified'),
    ('notice_validity', 'valid_for', 'notice', 'recovered', NULL, NULL, 12, '2024-08-01', NULL,
     'Luật Đất đai 2024, Điều 85.5', 'verified'),
    ('plan_posting', 'at_least', 'plan_posted', 'plan_approved', NULL, 30, NULL, '2024-08-01', NULL,
     'Luật Đất đai 2024, Điều 87.3', 'unverified'),
    ('payment', 'within', 'recovered', 'paid', NULL, 30, NULL, '2014-07-01', '2024-08-01',
     'Luật Đất đai 2013, Điều 93.1', 'verified'),
    ('payment', 'within', 'plan_approved', 'paid', NULL, 30, NULL, '2024-08-01', NULL,
     'Luật Đất đai 2024, Điều 94.3', 'verified'),
    ('recovery', 'within', 'plan_approved', 'recovered', NULL, 10, NULL, '2024-08-01', NULL,
     'Luật Đất đai 2024, Điều 87.5', 'unverified');
SELECT land.keep('land.clearance_term');

-- What a step needs to have happened before it or on the same day: one of these.
CREATE TABLE land.clearance_order (step text PRIMARY KEY, after text[] NOT NULL);
INSERT INTO land.clearance_order (step, after) VALUES
    ('inventory', '{notice}'),
    ('inventory_compulsory', '{notice}'),
    ('plan_drafted', '{inventory,inventory_compulsory}'),
    ('plan_posted', '{plan_drafted}'),
    ('plan_approved', '{plan_posted}'),
    ('paid', '{plan_approved}'),
    ('recovered', '{plan_approved}'),
    ('enforcement', '{recovered}'),
    ('handed_over', '{recovered}'),
    ('lease_filed', '{confirmed}'),
    ('state_lease', '{lease_filed}');
SELECT land.keep('land.clearance_order');

-- Reporting periods by the day of the month on which they close; null: with the month.
CREATE TABLE land.reporting_scheme (
    code text PRIMARY KEY CHECK (code ~ '^[a-z][a-z0-9_]{1,47}$'),
    position smallint NOT NULL UNIQUE,
    last_day smallint CHECK (last_day BETWEEN 1 AND 28),
    name_vi text NOT NULL,
    name_en text NOT NULL,
    source text NOT NULL,
    verification text NOT NULL CHECK (verification IN ('verified', 'unverified'))
);
INSERT INTO land.reporting_scheme VALUES
    ('calendar', 1, NULL, 'Theo tháng, quý, năm dương lịch', 'Calendar months, quarters, years', 'Lịch dương', 'verified'),
    ('statistics_14', 2, 14, 'Chốt ngày 14 (15/12 → 14/12)', 'Closing on the 14th (15 Dec → 14 Dec)',
     'TT 09/2019/TT-NHNN; TT 14/2024/TT-BCT', 'verified');
SELECT land.keep('land.reporting_scheme');

-- Legal clocks of projects: the law's terms as dated rows, what stops a clock, the one extension, letters sent.

-- Terms and lead times. Lead times are the board's working rules; the rest is law. A row counts on the days valid_from <= day <
-- valid_to; rows of one code never share a day. counts_from: the clock begins with the first or the last part handed over.
CREATE TABLE land.clock_threshold (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code text NOT NULL CHECK (code IN ('idle', 'schedule', 'extension', 'warning', 'urgent')),
    months smallint CHECK (months BETWEEN 1 AND 600),
    days smallint CHECK (days BETWEEN 1 AND 3660),
    counts_from text CHECK (counts_from IN ('first_part', 'last_part')),
    project_kinds text[] NOT NULL DEFAULT '{fdi,ddi}' CHECK (project_kinds <@ '{fdi,ddi,public}' AND cardinality(project_kinds) > 0),
    valid_from date NOT NULL,
    valid_to date,
    valid daterange GENERATED ALWAYS AS (daterange(valid_from, valid_to)) STORED,
    clause text NOT NULL CHECK (btrim(clause) <> '' AND length(clause) <= 200),
    source text NOT NULL CHECK (btrim(source) <> '' AND length(source) <= 500),
    verification text NOT NULL CHECK (verification IN ('verified', 'unverified')),
    recorded_by text NOT NULL DEFAULT current_user,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT clock_threshold_forward_check CHECK (valid_to > valid_from),
    CONSTRAINT clock_threshold_unit_check CHECK (CASE WHEN code IN ('warning', 'urgent') THEN days IS NOT NULL AND months IS NULL
                                                      ELSE months IS NOT NULL AND days IS NULL END),
    CONSTRAINT clock_threshold_start_check CHECK ((code IN ('idle', 'schedule')) = (counts_from IS NOT NULL)),
    CONSTRAINT one_threshold_a_day EXCLUDE USING gist (code WITH =, valid WITH &&)
);
INSERT INTO land.clock_threshold (code, months, counts_from, valid_from, valid_to, clause, source, verification) VALUES
    ('idle', 12, 'last_part', '2014-07-01', '2024-08-01', 'Luật Đất đai 2013, Điều 64.1.i', 'Ghi theo trí nhớ, chưa đối chiếu văn bản', 'unverified'),
    ('schedule', 24, 'last_part', '2014-07-01', '2024-08-01', 'Luật Đất đai 2013, Điều 64.1.i', 'Ghi theo trí nhớ, chưa đối chiếu văn bản', 'unverified'),
    ('extension', 24, NULL, '2014-07-01', '2024-08-01', 'Luật Đất đai 2013, Điều 64.1.i', 'Ghi theo trí nhớ, chưa đối chiếu văn bản', 'unverified'),
    ('idle', 12, 'last_part', '2024-08-01', NULL, 'Luật Đất đai 2024, Điều 81.8', 'chatluongvacuocsong.vn, bài d129767 dẫn khoản 8, 9 Điều 81', 'verified'),
    ('schedule', 24, 'last_part', '2024-08-01', NULL, 'Luật Đất đai 2024, Điều 81.8', 'chatluongvacuocsong.vn, bài d129767 dẫn khoản 8, 9 Điều 81', 'verified'),
    ('extension', 24, NULL, '2024-08-01', NULL, 'Luật Đất đai 2024, Điều 81.8', 'chatluongvacuocsong.vn, bài d129767 dẫn khoản 8, 9 Điều 81', 'verified');
INSERT INTO land.clock_threshold (code, days, valid_from, clause, source, verification) VALUES
    ('warning', 180, '2014-07-01', 'Quy tắc làm việc, không phải luật', 'Mặc định của phần mềm', 'unverified'),
    ('urgent', 60, '2014-07-01', 'Quy tắc làm việc, không phải luật', 'Mặc định của phần mềm', 'unverified');
SELECT land.keep('land.clock_threshold');

-- A running clock stands still from a day to a day, by a paper: force majeure, or an authority's word.
CREATE TABLE land.project_suspension (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    suspension_id uuid NOT NULL DEFAULT gen_random_uuid(),
    project_id uuid NOT NULL REFERENCES land.project,
    cause text NOT NULL CHECK (cause IN ('force_majeure', 'authority', 'court')),
    reason text NOT NULL CHECK (btrim(reason) <> '' AND length(reason) <= 500),
    document_id uuid NOT NULL REFERENCES land.document,
    LIKE land.clocked INCLUDING ALL,
    CONSTRAINT suspensions_apart EXCLUDE USING gist (project_id WITH =, valid WITH &&) WHERE (closed_by IS NULL)
);
-- Once in a project's life, and no longer than the law of the day of the decision allows (valid_from = that day).
CREATE TABLE land.project_extension (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    extension_id uuid NOT NULL DEFAULT gen_random_uuid(),
    project_id uuid NOT NULL REFERENCES land.project,
    months smallint NOT NULL CHECK (months > 0),
    document_id uuid NOT NULL REFERENCES land.document,
    LIKE land.clocked INCLUDING ALL,
    CONSTRAINT extended_once EXCLUDE USING gist (project_id WITH =) WHERE (closed_by IS NULL)
);
CREATE INDEX project_suspension_project ON land.project_suspension (project_id);
CREATE INDEX project_extension_project ON land.project_extension (project_id);

-- A reminder is drafted from the facts of a moment (insert only: what it said then stays), and perhaps issued, by its own paper.
CREATE TABLE land.reminder_draft (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    project_id uuid NOT NULL REFERENCES land.project,
    clock text NOT NULL CHECK (clock IN ('idle', 'schedule')),
    as_of date NOT NULL,
    known bigint NOT NULL,
    breach_on date NOT NULL,
    facts jsonb NOT NULL CHECK (jsonb_typeof(facts) = 'object'),
    drafted_by text NOT NULL CHECK (btrim(drafted_by) <> ''),
    drafted_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX reminder_draft_project ON land.reminder_draft (project_id);
SELECT land.keep('land.reminder_draft');
CREATE TABLE land.reminder_letter (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    draft_id uuid NOT NULL REFERENCES land.reminder_draft,
    document_id uuid NOT NULL REFERENCES land.document,
    LIKE land.clocked INCLUDING ALL
);
SELECT land.keep_clocks('land.project_suspension', 'suspension_id'), land.keep_clocks('land.project_extension', 'extension_id'),
       land.keep_clocks('land.reminder_letter', 'draft_id');

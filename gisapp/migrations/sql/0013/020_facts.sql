-- What a project was permitted, until when, how its money is planned and spent, and who works there.

-- A policy approval or an investment registration certificate (amendment 0) and its amendments 1, 2, …; number, day and issuer
-- are the document's. valid_from = the day it takes effect.
CREATE TABLE land.project_certificate (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    project_id uuid NOT NULL REFERENCES land.project,
    certificate text NOT NULL CHECK (certificate IN ('policy_approval', 'irc')),
    amendment smallint NOT NULL DEFAULT 0 CHECK (amendment BETWEEN 0 AND 99),
    document_id uuid NOT NULL REFERENCES land.document,
    changes text[] NOT NULL DEFAULT '{}' CHECK (changes <@ '{name,investor,capital,land,schedule,term,scale,other}'),
    summary text CHECK (btrim(summary) <> '' AND length(summary) <= 2000),
    LIKE land.clocked INCLUDING ALL,
    CONSTRAINT one_certificate_of_a_number EXCLUDE USING gist
        (project_id WITH =, certificate WITH =, amendment WITH =, valid WITH &&) WHERE (closed_by IS NULL)
);
CREATE INDEX project_certificate_project ON land.project_certificate (project_id);

-- From which day a project may act and on which it ends: the schedule lies between.
CREATE TABLE land.project_term (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    project_id uuid NOT NULL REFERENCES land.project,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    LIKE land.clocked INCLUDING ALL,
    CONSTRAINT project_term_check CHECK (ends_on > starts_on AND starts_on >= '1945-09-02' AND ends_on < '2200-01-01')
);

-- Disbursement planned and actual of a period (both days in it) in a currency: periods of one currency stand side by side, so
-- that nothing is counted twice.
CREATE TABLE land.project_disbursement (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    project_id uuid NOT NULL REFERENCES land.project,
    currency text NOT NULL REFERENCES land.currency,
    period_from date NOT NULL CHECK (period_from >= '1945-09-02'),
    period_to date NOT NULL CHECK (period_to < '2200-01-01'),
    planned land.money,
    actual land.money,
    LIKE land.clocked INCLUDING ALL,
    CONSTRAINT disbursement_period_check CHECK (period_to >= period_from),
    CONSTRAINT disbursement_said_check CHECK (num_nonnulls(planned, actual) > 0),
    CONSTRAINT disbursement_begun_check CHECK (actual IS NULL OR valid_from >= period_from),
    CONSTRAINT vnd_is_whole CHECK (currency <> 'VND' OR ((planned IS NULL OR planned = trunc(planned)) AND (actual IS NULL OR actual = trunc(actual)))),
    CONSTRAINT disbursement_periods_apart EXCLUDE USING gist
        (project_id WITH =, currency WITH =, daterange(period_from, period_to, '[]') WITH &&, valid WITH &&) WHERE (closed_by IS NULL)
);
CREATE INDEX project_disbursement_project ON land.project_disbursement (project_id);

-- Workers as counted: valid from the day of the count until the next one.
CREATE TABLE land.project_workers (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    project_id uuid NOT NULL REFERENCES land.project,
    total integer NOT NULL CHECK (total BETWEEN 0 AND 1000000),
    foreigners integer NOT NULL DEFAULT 0,
    LIKE land.clocked INCLUDING ALL,
    CONSTRAINT workers_foreign_check CHECK (foreigners BETWEEN 0 AND total)
);

SELECT land.keep_clocks('land.project_certificate'), land.keep_clocks('land.project_term', 'project_id'),
       land.keep_clocks('land.project_disbursement'), land.keep_clocks('land.project_workers', 'project_id');

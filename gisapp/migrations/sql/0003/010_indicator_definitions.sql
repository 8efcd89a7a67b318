-- Indicator definitions: rules of counting as dated, versioned data. An indicator keeps its code for ever; what it means
-- is a definition. A later version with the same first day corrects the former; one with a later first day follows it.
CREATE TABLE land.indicator (
    code text PRIMARY KEY CHECK (code ~ '^[a-z][a-z0-9_]{1,47}$'),
    position integer NOT NULL UNIQUE
);
CREATE TABLE land.indicator_definition (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code text NOT NULL REFERENCES land.indicator,
    version integer NOT NULL CHECK (version > 0),
    valid_from date NOT NULL,
    valid_to date,
    kind text NOT NULL CHECK (kind IN ('stock', 'flow', 'ratio')),
    unit text NOT NULL CHECK (unit IN ('m2', 'percent', 'count')),
    scope text NOT NULL CHECK (scope IN ('all', 'industrial_parks', 'economic_zones')),
    area_basis text CHECK (area_basis IN ('legal', 'measured')),
    terms text[],
    numerator text REFERENCES land.indicator,
    denominator text REFERENCES land.indicator,
    name_vi text NOT NULL CHECK (btrim(name_vi) <> ''),
    name_en text NOT NULL CHECK (btrim(name_en) <> ''),
    clause_vi text NOT NULL CHECK (btrim(clause_vi) <> ''),
    clause_en text NOT NULL CHECK (btrim(clause_en) <> ''),
    source text NOT NULL CHECK (btrim(source) <> ''),
    verification text NOT NULL CHECK (verification IN ('verified', 'unverified')),
    recorded_by text NOT NULL DEFAULT current_user,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT indicator_definition_version UNIQUE (code, version),
    CONSTRAINT definition_valid_forward CHECK (valid_to > valid_from),
    CONSTRAINT ratio_names_both_sides CHECK ((kind = 'ratio') = (numerator IS NOT NULL AND denominator IS NOT NULL)),
    CONSTRAINT sum_names_its_terms CHECK ((kind = 'ratio') = (terms IS NULL) AND cardinality(terms) > 0),
    CONSTRAINT ratio_is_percent CHECK ((kind = 'ratio') = (unit = 'percent')),
    CONSTRAINT area_names_its_basis CHECK ((unit = 'count') = (area_basis IS NULL))
);
COMMENT ON COLUMN land.indicator_definition.terms IS
    'Base quantities added up (a leading minus subtracts); their names are those of planning/sql/indicator_items.sql. '
    'A flow is their rise since the last day of the year before.';
COMMENT ON COLUMN land.indicator_definition.verification IS
    'verified: the clause was seen in a source, named; unverified: a working definition, or quoted from memory';
SELECT land.keep('land.indicator'), land.keep('land.indicator_definition');
GRANT SELECT ON land.indicator, land.indicator_definition TO gisapp_read, gisapp_write;

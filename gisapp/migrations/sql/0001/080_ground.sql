-- What happens on the ground: hand-overs of cleared land, resettlement areas, projects. First form.
CREATE TABLE land.handover (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    zone_id uuid NOT NULL REFERENCES land.zone,
    opened_by bigint NOT NULL
);
CREATE TABLE land.handover_version (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    handover_id uuid NOT NULL REFERENCES land.handover,
    number text NOT NULL CHECK (btrim(number) <> ''),
    stated_area_m2 land.area_m2,
    document_id uuid REFERENCES land.document,
    LIKE land.clocked INCLUDING ALL
);
CREATE INDEX handover_version_handover ON land.handover_version (handover_id);
-- valid_from = the day of the hand-over minutes: from then on the parcel is cleared.
CREATE TABLE land.handover_parcel (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    handover_id uuid NOT NULL REFERENCES land.handover,
    parcel_id uuid NOT NULL REFERENCES land.parcel,
    LIKE land.clocked INCLUDING ALL,
    CONSTRAINT parcel_handed_over_once EXCLUDE USING gist (parcel_id WITH =, valid WITH &&) WHERE (closed_by IS NULL)
);
CREATE INDEX handover_parcel_handover ON land.handover_parcel (handover_id);
CREATE INDEX handover_parcel_parcel ON land.handover_parcel (parcel_id);
SELECT land.keep_clocks('land.handover'), land.keep_clocks('land.handover_version', 'handover_id'),
       land.keep_clocks('land.handover_parcel');

CREATE TABLE land.resettlement_area (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    code text NOT NULL UNIQUE,
    board_id uuid NOT NULL REFERENCES land.board,
    zone_id uuid REFERENCES land.zone,
    opened_by bigint NOT NULL
);
CREATE TABLE land.resettlement_area_version (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    resettlement_area_id uuid NOT NULL REFERENCES land.resettlement_area,
    name_vi text NOT NULL,
    name_en text,
    status text NOT NULL CHECK (status IN ('planned', 'approved', 'building', 'completed', 'full')),
    plots_planned integer CHECK (plots_planned >= 0),
    decision_id uuid REFERENCES land.document,
    ready_on date,
    srid land.plane NOT NULL,
    geom geometry(MultiPolygon) NOT NULL,
    geom_wgs84 geometry(MultiPolygon, 4326) GENERATED ALWAYS AS (spatial.to_wgs84(geom)) STORED,
    area_m2 double precision GENERATED ALWAYS AS (ST_Area(geom)) STORED,
    LIKE land.clocked INCLUDING ALL,
    CONSTRAINT resettlement_srid CHECK (ST_SRID(geom) = srid),
    CONSTRAINT resettlement_valid CHECK (ST_IsValid(geom) AND NOT ST_IsEmpty(geom))
);
CREATE INDEX resettlement_area_version_geom ON land.resettlement_area_version USING gist (geom);
CREATE TABLE land.resettlement_plot (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    resettlement_area_id uuid NOT NULL REFERENCES land.resettlement_area,
    number text NOT NULL,
    opened_by bigint NOT NULL,
    CONSTRAINT resettlement_plot_key UNIQUE (resettlement_area_id, number)
);
CREATE TABLE land.resettlement_plot_version (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    resettlement_plot_id uuid NOT NULL REFERENCES land.resettlement_plot,
    legal_area_m2 land.area_m2,
    ready_on date,
    status text NOT NULL CHECK (status IN ('planned', 'ready', 'assigned')),
    LIKE land.clocked INCLUDING ALL
);
SELECT land.keep_clocks('land.resettlement_area'), land.keep_clocks('land.resettlement_area_version', 'resettlement_area_id'),
       land.keep_clocks('land.resettlement_plot'), land.keep_clocks('land.resettlement_plot_version', 'resettlement_plot_id');

CREATE TABLE land.project (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    code text NOT NULL UNIQUE,
    zone_id uuid NOT NULL REFERENCES land.zone,
    opened_by bigint NOT NULL
);
CREATE TABLE land.project_version (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    project_id uuid NOT NULL REFERENCES land.project,
    name_vi text NOT NULL CHECK (btrim(name_vi) <> ''),
    name_en text,
    kind text NOT NULL CHECK (kind IN ('fdi', 'ddi', 'public')),
    investor_id uuid REFERENCES land.party,
    certificate_no text,
    status text NOT NULL CHECK (status IN ('promoted', 'policy_approved', 'certified', 'land_secured', 'permitted',
        'under_construction', 'operating', 'expanding', 'suspended', 'terminated', 'land_recovered')),
    srid land.plane NOT NULL,
    geom geometry,
    geom_wgs84 geometry GENERATED ALWAYS AS (spatial.to_wgs84(geom)) STORED,
    LIKE land.clocked INCLUDING ALL,
    CONSTRAINT project_srid CHECK (geom IS NULL OR ST_SRID(geom) = srid),
    CONSTRAINT project_shape CHECK (geom IS NULL OR (GeometryType(geom) IN ('POINT', 'POLYGON', 'MULTIPOLYGON', 'LINESTRING',
        'MULTILINESTRING') AND ST_IsValid(geom) AND NOT ST_IsEmpty(geom)))
);
CREATE INDEX project_version_project ON land.project_version (project_id);
CREATE TABLE land.project_capital (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    project_id uuid NOT NULL REFERENCES land.project,
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    registered land.money NOT NULL,
    implemented land.money,
    LIKE land.clocked INCLUDING ALL,
    CONSTRAINT vnd_is_whole CHECK (currency <> 'VND' OR (registered = trunc(registered) AND implemented = trunc(implemented))),
    CONSTRAINT one_capital_a_currency EXCLUDE USING gist (project_id WITH =, currency WITH =, valid WITH &&) WHERE (closed_by IS NULL)
);
CREATE TABLE land.project_parcel (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    project_id uuid NOT NULL REFERENCES land.project,
    parcel_id uuid NOT NULL REFERENCES land.parcel,
    LIKE land.clocked INCLUDING ALL,
    CONSTRAINT one_project_row_a_parcel EXCLUDE USING gist (project_id WITH =, parcel_id WITH =, valid WITH &&) WHERE (closed_by IS NULL)
);
CREATE INDEX project_parcel_parcel ON land.project_parcel (parcel_id);
CREATE TABLE land.project_milestone (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    project_id uuid NOT NULL REFERENCES land.project,
    step text NOT NULL CHECK (step IN ('land', 'permit', 'construction', 'installation', 'operation')),
    planned_on date NOT NULL,
    actual_on date,
    LIKE land.clocked INCLUDING ALL,
    CONSTRAINT one_milestone_a_step EXCLUDE USING gist (project_id WITH =, step WITH =, valid WITH &&) WHERE (closed_by IS NULL)
);
-- Progress as observed: valid from the day of observation until the next one.
CREATE TABLE land.project_progress (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    project_id uuid NOT NULL REFERENCES land.project,
    planned_pct numeric CHECK (planned_pct BETWEEN 0 AND 100),
    actual_pct numeric NOT NULL CHECK (actual_pct BETWEEN 0 AND 100),
    note text,
    LIKE land.clocked INCLUDING ALL
);
SELECT land.keep_clocks('land.project'), land.keep_clocks('land.project_version', 'project_id'),
       land.keep_clocks('land.project_capital'), land.keep_clocks('land.project_parcel'),
       land.keep_clocks('land.project_milestone'), land.keep_clocks('land.project_progress', 'project_id');
CREATE INDEX project_capital_project ON land.project_capital (project_id);
CREATE INDEX project_milestone_project ON land.project_milestone (project_id);
CREATE INDEX project_progress_project ON land.project_progress (project_id);

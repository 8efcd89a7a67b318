-- Figures as reports print them: beside the register's own, never in place of them. A figure is known by whom and where it
-- speaks of, what it counts and for which period; what was printed is a version, dated by its document.
CREATE TABLE land.figure_unit (
    code text PRIMARY KEY CHECK (code ~ '^[a-z][a-z0-9_]{0,31}$'),
    position smallint NOT NULL UNIQUE,
    dimension text NOT NULL CHECK (dimension IN ('area', 'count', 'money', 'share', 'other')),
    factor numeric NOT NULL CHECK (factor > 0),
    currency text CHECK (currency ~ '^[A-Z]{3}$'),
    name_vi text NOT NULL CHECK (btrim(name_vi) <> ''),
    name_en text NOT NULL CHECK (btrim(name_en) <> ''),
    CONSTRAINT figure_unit_dimension UNIQUE (code, dimension),
    CONSTRAINT money_names_its_currency CHECK ((dimension = 'money') = (currency IS NOT NULL))
);
COMMENT ON COLUMN land.figure_unit.factor IS 'how much of the base unit one is: m2, one, one unit of the currency, one per cent';
INSERT INTO land.figure_unit (code, position, dimension, factor, currency, name_vi, name_en) VALUES
    ('ha', 1, 'area', 10000, NULL, 'ha', 'ha'),
    ('m2', 2, 'area', 1, NULL, 'm²', 'm²'),
    ('thousand_ha', 3, 'area', 10000000, NULL, 'nghìn ha', 'thousand ha'),
    ('percent', 4, 'share', 1, NULL, '%', '%'),
    ('project', 5, 'count', 1, NULL, 'dự án', 'projects'),
    ('zone', 6, 'count', 1, NULL, 'khu', 'zones'),
    ('enterprise', 7, 'count', 1, NULL, 'doanh nghiệp', 'enterprises'),
    ('household', 8, 'count', 1, NULL, 'hộ', 'households'),
    ('person', 9, 'count', 1, NULL, 'người', 'people'),
    ('dossier', 10, 'count', 1, NULL, 'hồ sơ', 'dossiers'),
    ('plan', 11, 'count', 1, NULL, 'đồ án', 'plans'),
    ('petition', 12, 'count', 1, NULL, 'kiến nghị', 'petitions'),
    ('permit', 13, 'count', 1, NULL, 'giấy phép', 'permits'),
    ('item', 14, 'count', 1, NULL, 'mục', 'items'),
    ('vnd', 15, 'money', 1, 'VND', 'đồng', 'VND'),
    ('million_vnd', 16, 'money', 1000000, 'VND', 'triệu đồng', 'million VND'),
    ('billion_vnd', 17, 'money', 1000000000, 'VND', 'tỷ đồng', 'billion VND'),
    ('usd', 18, 'money', 1, 'USD', 'USD', 'USD'),
    ('million_usd', 19, 'money', 1000000, 'USD', 'triệu USD', 'million USD'),
    ('billion_usd', 20, 'money', 1000000000, 'USD', 'tỷ USD', 'billion USD'),
    ('million_usd_project', 21, 'other', 1, NULL, 'triệu USD/dự án', 'million USD a project'),
    ('million_usd_ha', 22, 'other', 1, NULL, 'triệu USD/ha', 'million USD a ha'),
    ('billion_vnd_ha', 23, 'other', 1, NULL, 'tỷ đồng/ha', 'billion VND a ha');
SELECT land.keep('land.figure_unit');

CREATE TABLE land.recorded_figure (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    board_id uuid NOT NULL REFERENCES land.board,
    zone_id uuid REFERENCES land.zone,
    scope text NOT NULL CHECK (scope IN ('parks', 'economic_zones', 'both', 'province')),
    indicator text NOT NULL CHECK (indicator ~ '^[a-z][a-z0-9_]{1,47}$'),
    kind text NOT NULL CHECK (kind IN ('stock', 'flow', 'ratio', 'target')),
    period_from date,
    period_to date NOT NULL,
    opened_by bigint NOT NULL,
    CONSTRAINT figure_period_order CHECK (period_from <= period_to),
    CONSTRAINT figure_period_plausible CHECK (period_to < '2200-01-01' AND period_to >= '1986-01-01' AND period_from >= '1986-01-01'),
    CONSTRAINT figure_stock_has_a_day CHECK ((kind = 'stock') <= (period_from IS NULL)),
    CONSTRAINT figure_flow_has_a_period CHECK ((kind IN ('flow', 'target')) <= (period_from IS NOT NULL)),
    CONSTRAINT recorded_figure_kind UNIQUE (id, kind),
    CONSTRAINT recorded_figure_key UNIQUE NULLS NOT DISTINCT (board_id, zone_id, scope, indicator, kind, period_from, period_to)
);
CREATE INDEX recorded_figure_board ON land.recorded_figure (board_id, period_to);
CREATE TABLE land.recorded_figure_version (
    version_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    figure_id uuid NOT NULL,
    kind text NOT NULL,
    name_vi text NOT NULL CHECK (btrim(name_vi) <> '' AND length(name_vi) <= 300),
    value numeric NOT NULL,
    value_to numeric,
    qualifier text NOT NULL DEFAULT 'exact'
        CHECK (qualifier IN ('exact', 'about', 'more_than', 'nearly', 'at_least', 'at_most', 'less_than')),
    unit text NOT NULL,
    dimension text NOT NULL,
    printed text NOT NULL CHECK (btrim(printed) <> '' AND length(printed) <= 200),
    target numeric,
    target_printed text CHECK (btrim(target_printed) <> '' AND length(target_printed) <= 200),
    compared numeric,
    printed_completion numeric CHECK (abs(printed_completion) < 1e6),
    printed_growth numeric CHECK (abs(printed_growth) < 1e6),
    document_id uuid NOT NULL REFERENCES land.document,
    page integer CHECK (page BETWEEN 1 AND 9999),
    explanation text CHECK (btrim(explanation) <> '' AND length(explanation) <= 2000),
    LIKE land.clocked INCLUDING ALL,
    CONSTRAINT figure_version_kind FOREIGN KEY (figure_id, kind) REFERENCES land.recorded_figure (id, kind),
    CONSTRAINT figure_has_a_unit FOREIGN KEY (unit, dimension) REFERENCES land.figure_unit (code, dimension),
    CONSTRAINT figure_range_order CHECK (value_to > value),
    CONSTRAINT figure_not_endless CHECK (abs(value) < 1e18 AND abs(value_to) < 1e18 AND abs(target) < 1e18
                                         AND abs(compared) < 1e18),
    CONSTRAINT figure_not_negative CHECK (kind = 'ratio' OR (kind = 'flow' AND dimension IN ('money', 'other'))
                                          OR (value >= 0 AND coalesce(compared, 0) >= 0)),
    CONSTRAINT figure_target_above_nought CHECK (target > 0),
    CONSTRAINT figure_counts_are_whole CHECK (dimension <> 'count' OR (value = trunc(value) AND value_to IS NOT DISTINCT FROM trunc(value_to)
        AND target IS NOT DISTINCT FROM trunc(target) AND compared IS NOT DISTINCT FROM trunc(compared))),
    CONSTRAINT figure_shares_are_ratios CHECK (dimension <> 'share' OR kind IN ('ratio', 'target'))
);
CREATE INDEX recorded_figure_version_document ON land.recorded_figure_version (document_id);
SELECT land.keep_clocks('land.recorded_figure'), land.keep_clocks('land.recorded_figure_version', 'figure_id');

-- What adds up in every report: parts of a sum, and what came in with what was carried over against what went out and what
-- is left. Held against figures of one board, zone, scope and last day, where all of them are recorded.
CREATE TABLE land.figure_identity (
    code text PRIMARY KEY CHECK (code ~ '^[a-z][a-z0-9_]{1,47}$'),
    position smallint NOT NULL UNIQUE,
    left_side text[] NOT NULL CHECK (cardinality(left_side) BETWEEN 1 AND 8),
    right_side text[] NOT NULL CHECK (cardinality(right_side) BETWEEN 1 AND 8),
    name_vi text NOT NULL CHECK (btrim(name_vi) <> ''),
    name_en text NOT NULL CHECK (btrim(name_en) <> '')
);
INSERT INTO land.figure_identity VALUES
    ('projects_by_origin', 1, '{projects_fdi,projects_ddi}', '{projects_active}',
     'Dự án FDI + dự án trong nước = tổng số dự án', 'FDI projects + domestic projects = all projects'),
    ('dossiers_by_outcome', 2, '{tthc_early,tthc_on_time,tthc_overdue}', '{tthc_resolved}',
     'Trước hạn + đúng hạn + quá hạn = đã giải quyết', 'Early + on time + overdue = resolved'),
    ('dossiers_carried_over', 3, '{tthc_received,tthc_carried_over}', '{tthc_resolved,tthc_in_progress}',
     'Tiếp nhận + kỳ trước chuyển sang = đã giải quyết + đang giải quyết', 'Received + carried over = resolved + in progress');
SELECT land.keep('land.figure_identity');

-- Which indicator of the register counts the same thing, in which of its definitions.
CREATE TABLE land.figure_counterpart (
    indicator text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('stock', 'flow', 'ratio')),
    definition text NOT NULL,
    dimension text NOT NULL CHECK (dimension IN ('area', 'count', 'share')),
    PRIMARY KEY (indicator, kind)
);
INSERT INTO land.figure_counterpart VALUES
    ('natural_area', 'stock', 'natural_area', 'area'),
    ('area_cleared', 'stock', 'cleared_area', 'area'),
    ('area_cleared_in_period', 'flow', 'cleared_area', 'area'),
    ('area_state_allocated_or_leased', 'stock', 'state_allocated_area', 'area'),
    ('leasable_area', 'stock', 'leasable_area', 'area'),
    ('area_leased', 'stock', 'leased_area', 'area'),
    ('area_available', 'stock', 'available_area', 'area'),
    ('occupancy_rate', 'ratio', 'occupancy_rate_d82', 'share'),
    ('occupancy_rate_d35', 'ratio', 'occupancy_rate_d35', 'share'),
    ('clearance_rate', 'ratio', 'clearance_rate', 'share'),
    ('delayed_projects', 'stock', 'late_projects', 'count');
SELECT land.keep('land.figure_counterpart');

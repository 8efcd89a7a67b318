"""The tables of the register, and ways to touch any of them."""

from __future__ import annotations

from uuid import UUID

from tests.db.races.arena import Hand

TABLES = [
    "admin_unit",
    "admin_unit_version",
    "board",
    "board_version",
    "citation",
    "clearance_case",
    "clearance_case_version",
    "clearance_flag",
    "clearance_followup",
    "clearance_item",
    "clearance_item_parcel",
    "clearance_item_version",
    "clearance_step",
    "clearance_target",
    "exchange_rate",
    "handover",
    "handover_parcel",
    "handover_version",
    "inspection",
    "inspection_version",
    "land_right",
    "land_right_parcel",
    "land_right_version",
    "norm_waiver",
    "parcel",
    "parcel_alias",
    "parcel_lineage",
    "parcel_version",
    "party",
    "party_version",
    "photo",
    "plan",
    "plan_adjustment",
    "plan_lot",
    "plan_stated_area",
    "plan_status",
    "plan_version",
    "plan_wait",
    "plan_waiver",
    "plot_assignment",
    "project",
    "project_capital",
    "project_certificate",
    "project_disbursement",
    "project_extension",
    "project_milestone",
    "project_parcel",
    "project_progress",
    "project_suspension",
    "project_term",
    "project_version",
    "project_workers",
    "reminder_letter",
    "resettlement_area",
    "resettlement_area_version",
    "resettlement_plot",
    "resettlement_plot_shape",
    "resettlement_plot_version",
    "resettlement_progress",
    "recorded_figure",
    "recorded_figure_version",
    "sheet",
    "sheet_reference",
    "sheet_version",
    "waiver",
    "zone",
    "zone_boundary",
    "zone_mark",
    "zone_mark_version",
    "zone_phase",
    "zone_phase_state",
    "zone_phase_version",
    "zone_version",
]


def document(hand: Hand) -> UUID:
    """The first document of the register."""
    found: UUID = hand.one("SELECT id FROM land.document ORDER BY created_at LIMIT 1")
    return found


def opened(hand: Hand) -> int:
    """A change on it."""
    return hand.change(document(hand))


def other_value(hand: Hand, table: str, column: str) -> str:
    """SQL that gives a column another value than it has."""
    known = {"srid": "5897", "valid_to": "'2190-01-01'"}
    if column in known:
        return f"{column} = {known[column]}"
    kind = hand.one(
        "SELECT CASE WHEN typtype = 'd' THEN typbasetype ELSE atttypid END::regtype::text"
        " FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid"
        " WHERE attrelid = %(table)s::regclass AND attname = %(column)s",
        table=table,
        column=column,
    )
    other = {
        "uuid": "gen_random_uuid()",
        "text": f"coalesce({column}, '') || 'x'",
        "date": f"coalesce({column}, '2021-01-01') + 1",
        "boolean": f"NOT {column}",
        "jsonb": "'[1, 2, 3]'",
        "text[]": f"{column} || '{{other}}'::text[]",
        "timestamp with time zone": f"coalesce({column}, '2021-01-01') + interval '1 day'",
        "geometry": f"ST_Translate({column}, 0.001, 0)",
    }.get(kind, f"coalesce({column}, 0) + 1")
    return f"{column} = {other}"

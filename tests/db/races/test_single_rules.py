"""The smaller rules, one by one: refused by name, and taken once the rule is gone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import TestDatabase
from tests.db.races.arena import OWNER, Arena, Hand
from tests.db.races.register import fill
from tests.db.races.tables import opened

OTHER_PLANE = {"srid": "5897", "geom": "ST_SetSRID(geom, 5897)"}
# rule -> table, and what differs from a row that is there
VARIED: dict[str, tuple[str, dict[str, str]]] = {
    "lineage_not_itself": ("parcel_lineage", {"child_id": "parent_id"}),
    "one_capital_a_currency": ("project_capital", {}),
    "one_milestone_a_step": ("project_milestone", {}),
    "one_project_row_a_parcel": ("project_parcel", {}),
    "land_right_parcel_tier": ("land_right_parcel", {"tier": "3"}),
    "plan_approved_by_decision": ("plan_status", {"decision_id": "NULL"}),
    "plan_lot_on_grid": ("plan_lot", {"geom": "ST_Translate(geom, 0.0004, 0)"}),
    "plan_lot_valid": ("plan_lot", {"geom": "ST_GeomFromText('POLYGON EMPTY', 5899)"}),
    "project_shape": (
        "project_version",
        {"geom": "ST_GeomFromText('GEOMETRYCOLLECTION(POINT(1 1))', 5899)"},
    ),
    "plan_plane": ("plan", {"code": "'QH-X'", "srid": "5897"}),
    "plan_status_ground": ("plan_status", OTHER_PLANE),
    "plan_lot_ground": ("plan_lot", OTHER_PLANE),
    "zone_boundary_plane": ("zone_boundary", OTHER_PLANE),
    "zone_mark_plane": ("zone_mark_version", OTHER_PLANE),
    "parcel_plane": ("parcel_version", OTHER_PLANE),
    "plan_adjustment_version": ("plan_adjustment", {"plan_id": "ANOTHER"}),
    "plan_adjustment_local_has_ground": ("plan_adjustment", {"kind": "'overall'"}),
    "plan_adjustment_one_row": ("plan_adjustment", {}),
    "plan_stated_area_one_row": ("plan_stated_area", {}),
    "plan_waiver_one_row": ("plan_waiver", {}),
    "plan_status_version": ("plan_status", {"plan_id": "ANOTHER"}),
    "plan_lot_version": ("plan_lot", {"plan_id": "ANOTHER"}),
    "plan_version_parent": (
        "plan_version",
        {"number": "9", "plan_id": "ANOTHER", "parent_id": "plan_version.id"},
    ),
    "plan_version_number": ("plan_version", {}),
    "citation_once": ("citation", {}),
    "one_followup_of_a_step": ("clearance_followup", {}),
    "one_flag_of_a_kind": ("clearance_flag", {}),
    "one_target_a_year": ("clearance_target", {}),
    "step_stays_taken": ("clearance_step", {"valid_to": "'2030-01-01'"}),
    "only_recovery_is_agreed_early": ("clearance_step", {"agreed_early": "true"}),
}


@pytest.fixture(scope="module")
def filled(module_database: TestDatabase) -> Iterator[Arena]:
    for code, column in (("A", 0), ("B", 200)):
        with module_database.database.transaction() as session:
            fill(session, f"{code}-1", column)
    arena = Arena(module_database)
    yield arena
    arena.close()


def vary(hand: Hand, table: str, values: dict[str, str], rule: str) -> str:
    """Record a row once more with other values, every constraint but one taken away."""
    for (name,) in hand.all(
        "SELECT conname FROM pg_constraint AS own WHERE conrelid = %(table)s::regclass"
        " AND contype IN ('x', 'u', 'c', 'f') AND conname <> %(rule)s AND NOT EXISTS (SELECT"
        " FROM pg_constraint AS other WHERE contype = 'f' AND other.conindid = own.conindid"
        " AND own.contype = 'u')",
        table=f"land.{table}",
        rule=rule,
    ):
        hand.all(f"ALTER TABLE land.{table} DROP CONSTRAINT IF EXISTS {name} CASCADE")
    for (name,) in hand.all(
        "SELECT tgname FROM pg_trigger WHERE tgrelid = %(table)s::regclass AND NOT tgisinternal",
        table=f"land.{table}",
    ):
        hand.all(f"DROP TRIGGER {name} ON land.{table}")
    names = [
        name
        for (name,) in hand.all(
            "SELECT attname::text FROM pg_attribute WHERE attrelid = %(table)s::regclass"
            " AND attnum > 0 AND attgenerated = '' AND attidentity = ''"
            " AND attname NOT IN ('id', 'closed_by', 'lot_id')",
            table=f"land.{table}",
        )
    ]
    another = f"(SELECT id FROM land.plan WHERE id <> {table}.plan_id LIMIT 1)"
    shown = ", ".join(values.get(name, name).replace("ANOTHER", another) for name in names)
    hand.do(
        lambda hand: hand.all(
            f"INSERT INTO land.{table} ({', '.join(names)}) SELECT {shown} FROM land.{table}"
            " ORDER BY opened_by LIMIT 1"
        )
    )
    return hand.refused_by


@pytest.mark.parametrize("rule", VARIED)
def test_a_rule_refuses_by_its_name(filled: Arena, rule: str) -> None:
    table, values = VARIED[rule]
    for login in (OWNER,):
        with filled.hand(login) as hand:
            assert vary(hand, table, values, rule) == rule
        with filled.hand(login) as hand:
            assert vary(hand, table, values, "") == ""


ZONE = "INSERT INTO land.zone (id, code, kind, srid, parent_id, opened_by) "
STATEMENTS = {
    "zone_not_its_own_parent": (
        ZONE + "VALUES ('00000000-0000-4000-8000-000000000001', 'Z-X', 'industrial_park', 5899,"
        " '00000000-0000-4000-8000-000000000001', %(number)s)",
        "zone",
    ),
    "zone_shares_its_parents_plane": (
        ZONE + "SELECT gen_random_uuid(), 'Z-Y', kind, 5897, id, %(number)s FROM land.zone LIMIT 1",
        "zone",
    ),
    "lineage_once": (
        "INSERT INTO land.parcel_lineage (parent_id, child_id, kind, area_m2, opened_by)"
        " SELECT parent_id, child_id, kind, 1, %(number)s FROM (SELECT * FROM land.parcel_lineage"
        " LIMIT 1) AS line, generate_series(1, 2)",
        "parcel_lineage",
    ),
}


@pytest.mark.parametrize("rule", STATEMENTS)
def test_a_statement_is_refused_by_a_rule(filled: Arena, rule: str) -> None:
    statement, table = STATEMENTS[rule]
    for disarmed in (False, True):
        with filled.hand(OWNER) as hand:
            if disarmed:
                hand.all(f"ALTER TABLE land.{table} DROP CONSTRAINT {rule}")
            hand.do(lambda hand: hand.all(statement, number=opened(hand)))
            assert hand.refused_by == ("" if disarmed else rule)


@pytest.mark.parametrize("table", ["clocked", "recorded"])
def test_a_pattern_holds_no_rows(filled: Arena, table: str) -> None:
    days = ("valid_from, ", "'2020-01-01', ") if table == "clocked" else ("", "")
    statement = f"INSERT INTO land.{table} ({days[0]}opened_by) VALUES ({days[1]}1)"
    with filled.hand(OWNER) as hand:
        hand.do(lambda hand: hand.all(statement))
        assert hand.refused_by == "history_is_kept"
    with filled.hand(OWNER) as hand:
        hand.all(f"DROP TRIGGER a_pattern_only ON land.{table}")
        hand.do(lambda hand: hand.all(statement))
        assert hand.refused_by == ""


def test_without_its_numbering_a_change_is_dated_back(filled: Arena) -> None:
    with filled.hand(OWNER) as hand:
        hand.all("DROP TRIGGER change_10_number ON land.change")
        hand.do(
            lambda hand: hand.all(
                "INSERT INTO land.change (number, kind, reason, actor, effective_on, dated_back_to)"
                " VALUES (70000, 'setup', 'r', 'a', '2020-01-01', '2001-01-01')"
            )
        )
        hand.all("SET CONSTRAINTS ALL IMMEDIATE")
        assert hand.one("SELECT committed_at < '2001-01-02' FROM land.change WHERE number = 70000")


def test_without_its_stamp_a_change_is_never_known(filled: Arena) -> None:
    for disarmed in (False, True):
        with filled.hand(OWNER) as hand:
            if disarmed:
                hand.all("DROP TRIGGER change_90_stamp ON land.change")
            number = opened(hand)
            hand.all("SET CONSTRAINTS ALL IMMEDIATE")
            known = hand.one("SELECT land.known_at(clock_timestamp())")
            assert (known == number) is not disarmed

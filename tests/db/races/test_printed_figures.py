"""Recorded figures attacked by plain SQL, alone and by two at once."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest

from tests.conftest import TestDatabase
from tests.db.races.arena import OWNER, WRITE, Arena, Hand
from tests.db.races.register import fill
from tests.db.races.tables import opened


@pytest.fixture(scope="module")
def filled(module_database: TestDatabase) -> Iterator[Arena]:
    with module_database.database.transaction() as session:
        fill(session, "A-1")
    arena = Arena(module_database)
    yield arena
    arena.close()


def test_of_two_who_record_one_figure_one_is_refused(filled: Arena) -> None:
    """recorded_figure_key: the second waits for the first and finds the figure taken."""

    def enter(hand: Hand) -> None:
        version(hand, opened(hand), "stock", {}, "raced_figure")

    one, two = filled.race(enter, enter)
    assert (one.committed, two.refused_by) == (True, "recorded_figure_key")
    one, two = filled.race(retold, retold)
    assert (one.committed, two.refused_by) == (True, "recorded_figure_version_one_row_a_day")


def retold(hand: Hand) -> None:
    """A figure told anew from a later day by who closes nothing but the row there is."""
    change = opened(hand)
    hand.all(
        "INSERT INTO land.recorded_figure_version (figure_id, kind, name_vi, value, unit,"
        " dimension, printed, document_id, valid_from, valid_to, opened_by) SELECT figure_id,"
        " kind, name_vi, 8, unit, dimension, '8', document_id, '2001-01-01', '2002-01-01',"
        " %(change)s FROM land.recorded_figure_version WHERE closed_by IS NULL"
        " ORDER BY version_id LIMIT 1",
        change=change,
    )


FIGURE = {
    "board_id": "(SELECT id FROM land.board ORDER BY code LIMIT 1)", "scope": "'both'",
    "indicator": "'other_figure'", "kind": "'stock'", "period_to": "'2024-06-30'",
    "period_from": "NULL",
}  # fmt: skip
KEYS = {
    "figure_period_order": {"kind": "'flow'", "period_from": "'2024-07-01'"},
    "figure_period_plausible": {"period_to": "'1975-04-30'"},
    "figure_stock_has_a_day": {"period_from": "'2024-01-01'"},
    "figure_flow_has_a_period": {"kind": "'flow'"},
    "recorded_figure_key": {"indicator": "'projects_fdi'", "period_to": "'2022-01-01'"},
}


def figure(hand: Hand, change: int, said: dict[str, str]) -> None:
    names = {**FIGURE, **said}
    hand.all(
        f"INSERT INTO land.recorded_figure ({', '.join(names)}, opened_by)"
        f" VALUES ({', '.join(names.values())}, %(change)s)",
        change=change,
    )


@pytest.mark.parametrize("rule", KEYS)
def test_what_a_figure_is_about(filled: Arena, rule: str) -> None:
    with filled.hand(WRITE) as hand:
        change = opened(hand)
        hand.do(lambda hand: figure(hand, change, KEYS[rule]))
        assert hand.refused_by == rule
    with filled.hand(OWNER) as hand:
        hand.all(f"ALTER TABLE land.recorded_figure DROP CONSTRAINT {rule}")
        change = opened(hand)
        hand.do(lambda hand: figure(hand, change, KEYS[rule]))
        assert hand.refused_by == ""


PRINTED = {
    "figure_id": "(SELECT id FROM made)", "kind": "'stock'", "name_vi": "'x'", "value": "5",
    "value_to": "NULL", "unit": "'project'", "dimension": "'count'", "printed": "'5'",
    "target": "NULL", "compared": "NULL", "valid_from": "'2024-07-01'",
    "document_id": "(SELECT id FROM land.document LIMIT 1)",
}  # fmt: skip
VALUES: dict[str, tuple[str, dict[str, str]]] = {
    "figure_version_kind": ("stock", {"kind": "'ratio'"}),
    "figure_has_a_unit": ("stock", {"unit": "'trieu'", "dimension": "'money'"}),
    "figure_range_order": ("stock", {"value_to": "5"}),
    "figure_not_endless": ("stock", {"value": "1e18"}),
    "figure_not_negative": ("stock", {"value": "-5"}),
    "figure_target_above_nought": ("stock", {"target": "0"}),
    "figure_counts_are_whole": ("stock", {"value": "2.5"}),
    "figure_shares_are_ratios": ("stock", {"unit": "'percent'", "dimension": "'share'"}),
}


def version(
    hand: Hand, change: int, kind: str, said: dict[str, str], indicator: str = "other_figure"
) -> None:
    names = {**PRINTED, "kind": f"'{kind}'", **said}
    about = {**FIGURE, "kind": f"'{kind}'", "indicator": f"'{indicator}'"}
    hand.all(
        f"WITH made AS (INSERT INTO land.recorded_figure ({', '.join(about)}, opened_by)"
        f" VALUES ({', '.join(about.values())}, %(change)s) RETURNING id)"
        f" INSERT INTO land.recorded_figure_version ({', '.join(names)}, opened_by)"
        f" SELECT {', '.join(names.values())}, %(change)s",
        change=change,
    )


@pytest.mark.parametrize("rule", VALUES)
def test_what_is_printed_of_it(filled: Arena, rule: str) -> None:
    kind, said = VALUES[rule]
    with filled.hand(WRITE) as hand:
        change = opened(hand)
        hand.do(lambda hand: version(hand, change, kind, said))
        assert hand.refused_by == rule
    with filled.hand(OWNER) as hand:
        hand.all(f"ALTER TABLE land.recorded_figure_version DROP CONSTRAINT {rule}")
        change = opened(hand)
        hand.do(lambda hand: version(hand, change, kind, said))
        assert hand.refused_by == ""


@pytest.mark.parametrize("column", ["unit", "dimension", "printed", "document_id", "value"])
def test_nothing_needed_is_left_out(filled: Arena, column: str) -> None:
    with filled.hand(WRITE) as hand:
        change = opened(hand)
        hand.do(lambda hand: version(hand, change, "stock", {column: "NULL"}))
        assert hand.error is not None and hand.error.sqlstate == "23502"


def test_a_figure_has_one_open_text_a_day(filled: Arena) -> None:
    """recorded_figure_version_one_row_a_day holds for who writes past our verbs."""
    with filled.hand(WRITE) as hand:
        change = opened(hand)
        hand.do(lambda hand: copy_of(hand, change))
        assert hand.refused_by == "recorded_figure_version_one_row_a_day"


def copy_of(hand: Hand, change: int) -> None:
    hand.all(
        "INSERT INTO land.recorded_figure_version (figure_id, kind, name_vi, value, unit,"
        " dimension, printed, document_id, valid_from, opened_by) SELECT figure_id, kind, name_vi,"
        " 8, unit, dimension, '8', document_id, valid_from, %(change)s"
        " FROM land.recorded_figure_version WHERE closed_by IS NULL LIMIT 1",
        change=change,
    )


def test_money_has_a_currency_and_lists_are_kept(filled: Arena) -> None:
    """money_names_its_currency, figure_unit_dimension; a limit of one day, zone_phase_limit_*."""
    lists = ("figure_unit", "figure_identity", "figure_counterpart", "zone_phase_limit")
    for table in lists:
        for statement in (f"DELETE FROM land.{table}", f"UPDATE land.{table} SET position = 1"):
            if table in ("figure_counterpart", "zone_phase_limit"):
                statement = statement.replace("position = 1", "valid_from = NULL")
            with filled.hand(WRITE) as hand:
                hand.do(partial(Hand.all, statement=statement))
                assert hand.error is not None, statement
    unit = (
        "INSERT INTO land.figure_unit (code, position, dimension, factor, currency, name_vi,"
        " name_en) VALUES ('trieu', 99, 'money', 1000000, NULL, 'triệu', 'million')"
    )
    for rule in ("money_names_its_currency", ""):
        with filled.hand(OWNER) as hand:
            if not rule:
                hand.all("ALTER TABLE land.figure_unit DROP CONSTRAINT money_names_its_currency")
            hand.do(lambda hand: hand.all(unit))
            assert hand.refused_by == rule
    limit = (
        "INSERT INTO land.zone_phase_limit (zone_kinds, area_m2, valid_from, valid_to, clause,"
        " source, verification) VALUES ('{industrial_park}', 1, %(first)s, %(last)s, 'x', 'x',"
        " 'unverified')"
    )
    for rule, first, last in (
        ("zone_phase_limit_one_a_day", "2030-01-01", None),
        ("zone_phase_limit_forward", "2010-01-01", "2010-01-01"),
    ):
        with filled.hand(OWNER) as hand:
            hand.do(partial(Hand.all, statement=limit, first=first, last=last))
            assert hand.refused_by == rule


def test_a_reporting_scheme_holds_forward(filled: Arena) -> None:
    """reporting_scheme_forward: its days run forward, and rows once written are kept."""
    scheme = (
        "INSERT INTO land.reporting_scheme (code, position, last_day, name_vi, name_en, source,"
        " verification, valid_from, valid_to) VALUES ('closes_20', 9, 20, 'x', 'x', 'x',"
        " 'unverified', '2030-01-01', %(last)s)"
    )
    for rule, last in (("reporting_scheme_forward", "2030-01-01"), ("", "2031-01-01")):
        with filled.hand(OWNER) as hand:
            hand.do(partial(Hand.all, statement=scheme, last=last))
            assert hand.refused_by == rule

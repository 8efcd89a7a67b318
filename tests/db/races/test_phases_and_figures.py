"""Phases of zones and recorded figures attacked by plain SQL, alone and by two at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from uuid import UUID

import pytest

from tests.conftest import TestDatabase
from tests.db.ground import EAST, NORTH, lay
from tests.db.races.arena import (
    OWNER,
    READ_COMMITTED,
    REPEATABLE_READ,
    WRITE,
    Arena,
    Hand,
    Plot,
    set_boundary,
)
from tests.db.races.register import fill
from tests.db.races.tables import opened


@pytest.fixture(scope="module")
def filled(module_database: TestDatabase) -> Iterator[Arena]:
    with module_database.database.transaction() as session:
        fill(session, "A-1")
        lay(session, code="B-1", column=300)
    arena = Arena(module_database)
    yield arena
    arena.close()


def ring(column: float, row: float, size: float = 500.0) -> str:
    """A square as EWKT, columns and rows of 100 m from the zone's corner."""
    east, north = EAST + column * 100, NORTH + row * 100
    corners = [(0, 0), (size, 0), (size, size), (0, size), (0, 0)]
    inner = ", ".join(f"{east + a} {north + b}" for a, b in corners)
    return f"SRID=5899;MULTIPOLYGON((({inner})))"


def zone(hand: Hand, code: str = "A-1") -> UUID:
    found: UUID = hand.one("SELECT id FROM land.zone WHERE code = %(code)s", code=code)
    return found


def phase(
    hand: Hand,
    number: str,
    shape: str | None,
    *,
    hectares: float | None = None,
    code: str = "A-1",
    since: str = "2022-01-01",
) -> None:
    """Write a phase with its ground, past every verb of ours."""
    change = opened(hand)
    hand.all(
        "WITH made AS (INSERT INTO land.zone_phase (zone_id, srid, number, opened_by)"
        " VALUES (%(zone)s, 5899, %(number)s, %(change)s) RETURNING id)"
        " INSERT INTO land.zone_phase_version (phase_id, zone_id, srid, name_vi, legal_area_m2,"
        " decision_id, geom, valid_from, opened_by)"
        " SELECT id, %(zone)s, 5899, 'x', %(area)s, (SELECT id FROM land.document LIMIT 1),"
        " %(shape)s::geometry, %(since)s, %(change)s FROM made",
        zone=zone(hand, code), number=number, change=change, shape=shape, since=since,
        area=None if hectares is None else round(hectares * 10_000, 2),
    )  # fmt: skip


def judged(hand: Hand) -> None:
    hand.all("SET CONSTRAINTS land.f_judge_phases, land.f_keeps_phases IMMEDIATE")


PHASES = {
    # the fill has phase 1 on the square at column 0, row 50
    "zone_phases_apart": (ring(2, 52), None, "2022-01-01"),
    "zone_phase_inside_boundary": (ring(98, 10), None, "2022-01-01"),
    "zone_phases_within_zone": (None, 9_999.0, "2022-01-01"),
}


@pytest.mark.parametrize("rule", PHASES)
def test_phases_keep_apart_inside_and_within_the_zone(filled: Arena, rule: str) -> None:
    shape, hectares, since = PHASES[rule]
    for login in (WRITE, OWNER):
        with filled.hand(login) as hand:
            phase(hand, "9", shape, hectares=hectares, since=since)
            hand.do(judged)
            assert hand.refused_by == rule
    with filled.hand(OWNER) as hand:
        hand.all("DROP TRIGGER f_judge_phases ON land.zone_phase_version")
        phase(hand, "9", shape, hectares=hectares, since=since)
        hand.do(judged_boundary)
        assert hand.refused_by == "", "only that guard stood in the way"


def judged_boundary(hand: Hand) -> None:
    hand.all("SET CONSTRAINTS land.f_keeps_phases IMMEDIATE")


def test_a_phase_older_than_its_boundary_is_refused(filled: Arena) -> None:
    with filled.hand(WRITE) as hand:
        phase(hand, "9", ring(10, 60), since="2019-01-01")
        hand.do(judged)
        assert hand.refused_by == "zone_phase_inside_boundary"


def test_a_boundary_does_not_leave_its_phases(filled: Arena) -> None:
    """The boundary shrinks to the half phase 1 does not lie in, and to less than the phases."""
    for side, rule in ((3_000, "zone_phase_inside_boundary"), (9_000, "")):
        with filled.hand(OWNER) as hand:
            change = opened(hand)
            hand.all("ALTER TABLE land.zone_boundary DISABLE TRIGGER f_keeps_parcels")
            hand.all(
                "UPDATE land.zone_boundary SET closed_by = %(change)s WHERE zone_id = %(zone)s",
                change=change, zone=zone(hand),
            )  # fmt: skip
            hand.all(
                "INSERT INTO land.zone_boundary (zone_id, srid, certainty, geom, valid_from,"
                " opened_by) VALUES (%(zone)s, 5899, 'surveyed', %(shape)s::geometry,"
                " '2020-01-01', %(change)s)",
                zone=zone(hand), change=change, shape=ring(0, 0, side),
            )  # fmt: skip
            hand.do(judged_boundary)
            assert hand.refused_by == rule, side


def write_phase(
    hand: Hand, plot: Plot, number: str, *, shape: str | None = None, area: int | None = None
) -> None:
    """A phase of a plot, past every verb of ours."""
    change = hand.change(plot.document)
    hand.all(
        "WITH made AS (INSERT INTO land.zone_phase (zone_id, srid, number, opened_by)"
        " VALUES (%(zone)s, 5899, %(number)s, %(change)s) RETURNING id)"
        " INSERT INTO land.zone_phase_version (phase_id, zone_id, srid, name_vi, legal_area_m2,"
        " decision_id, geom, valid_from, opened_by) SELECT id, %(zone)s, 5899, 'x', %(area)s,"
        " %(document)s, ST_Multi(%(shape)s::geometry), '2022-01-01', %(change)s FROM made",
        zone=plot.zone, number=number, change=change, area=area, shape=shape,
        document=plot.document,
    )  # fmt: skip


def shrink(hand: Hand, plot: Plot) -> None:
    """The boundary of a plot to its western half."""
    change = hand.change(plot.document)
    hand.all(
        "UPDATE land.zone_boundary SET closed_by = %(change)s WHERE zone_id = %(zone)s"
        " AND closed_by IS NULL",
        change=change, zone=plot.zone,
    )  # fmt: skip
    set_boundary(hand, plot, change, plot.square(0, 0, 500, 1000))


Work = Callable[..., None]
RACES: dict[str, tuple[Work, Work]] = {
    "zone_phases_apart": (
        lambda hand, plot: write_phase(hand, plot, "1", shape=plot.square(0, 0, 400, 400)),
        lambda hand, plot: write_phase(hand, plot, "2", shape=plot.square(2, 2, 400, 400)),
    ),
    "zone_phases_within_zone": (
        lambda hand, plot: write_phase(hand, plot, "1", area=600_000),
        lambda hand, plot: write_phase(hand, plot, "2", area=600_000),
    ),
    "zone_phase_inside_boundary": (
        lambda hand, plot: write_phase(hand, plot, "1", shape=plot.square(6, 0, 300, 300)),
        shrink,
    ),
    "zone_phase_inside_boundary again": (
        shrink,
        lambda hand, plot: write_phase(hand, plot, "1", shape=plot.square(6, 0, 300, 300)),
    ),
    "zone_phase_key": (
        lambda hand, plot: write_phase(hand, plot, "1", area=10_000),
        lambda hand, plot: write_phase(hand, plot, "1", area=20_000),
    ),
}


@pytest.mark.parametrize("login", [WRITE, OWNER])
@pytest.mark.parametrize("rule", RACES)
def test_of_two_at_once_one_is_refused(filled: Arena, rule: str, login: str) -> None:
    """The second waits for the plane's row, then is judged with the first one's work in sight."""
    first, second = RACES[rule]
    for level in (READ_COMMITTED, REPEATABLE_READ):
        plot = filled.plot()
        one, two = filled.race(
            partial(first, plot=plot),
            partial(second, plot=plot),
            level=level,
            login=login,
        )
        if level == READ_COMMITTED:
            assert (one.committed, two.refused_by) == (True, rule.split()[0])
        assert not (one.committed and two.committed)


def test_a_snapshot_of_before_is_refused(filled: Arena) -> None:
    plot = filled.plot()
    with filled.hand(WRITE, REPEATABLE_READ) as hand:
        hand.do(lambda hand: write_phase(hand, plot, "1", area=10_000))
        assert hand.refused_by == "plane_written_read_committed"


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


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("zone_phase_of_its_zone", "zone_id = (SELECT id FROM land.zone WHERE code = 'B-1')"),
        ("zone_phase_has_area", "geom = NULL, legal_area_m2 = NULL"),
    ],
)
def test_a_phase_is_of_its_zone_and_has_an_area(filled: Arena, rule: str, said: str) -> None:
    """Only the rule itself is left to refuse: c_counts_plane and its kin are away."""
    for guard in (rule, ""):
        with filled.hand("postgres") as hand:
            hand.all("ALTER TABLE land.zone_phase_version DISABLE TRIGGER USER")
            if not guard:
                hand.all(f"ALTER TABLE land.zone_phase_version DROP CONSTRAINT {rule}")
            hand.do(lambda hand: hand.all(f"UPDATE land.zone_phase_version SET {said}"))
            assert hand.refused_by == guard


ELSEWHERE = (
    "INSERT INTO land.zone_phase (zone_id, srid, number, opened_by)"
    " SELECT id, 5897, '7', %(change)s FROM land.zone LIMIT 1"
)


def test_a_phase_keeps_to_the_plane_of_its_zone(filled: Arena) -> None:
    for guard in ("zone_phase_plane", ""):
        with filled.hand(OWNER) as hand:
            if not guard:
                hand.all("ALTER TABLE land.zone_phase DROP CONSTRAINT zone_phase_plane")
            change = opened(hand)
            hand.do(partial(Hand.all, statement=ELSEWHERE, change=change))
            assert hand.refused_by == guard


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

"""Phases of zones attacked by plain SQL, alone and by two at once."""

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

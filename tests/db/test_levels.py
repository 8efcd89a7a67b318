"""Across plan levels in the register: pairs that share ground, both decisions, coverage by day."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from shapely import MultiPolygon, box
from sqlalchemy.orm import Session

from planning.clocks import Moment
from planning.plans.commands import NewLot, add_lots, create_plan, create_version, set_status
from planning.plans.levels_queries import coverage, level_pairs
from planning.zones.queries import zones
from tests import small_park
from tests.small_park import PLAN_2021, SOUTH, WEST, cell

HA = 10_000
DAY = Moment(date(2025, 1, 1))


@pytest.fixture
def park(session: Session) -> small_park.SmallPark:
    """The small park in its economic zone, without a general plan."""
    return small_park.build(session)


def general_plan(
    session: Session, park: small_park.SmallPark, *lots: NewLot, day: date = date(2020, 6, 1)
) -> UUID:
    """A general plan of these lots over the whole economic zone."""
    change, decision = small_park._act(session, day, "05/QĐ-TTg")
    plan = create_plan(
        session, change, code="QHC-TEST", zone_id=park.parent, srid=5899, level="general",
        scale_denominator=10_000, name_vi="QHC KKT",
    )  # fmt: skip
    version, _ = create_version(session, change, plan_id=plan)
    outer = MultiPolygon([box(WEST - 2000, SOUTH - 2000, WEST + 4000, SOUTH + 4000)])
    set_status(
        session, change, plan_version_id=version, status="approved", valid_from=day, scope=outer,
        decision_id=decision,
    )  # fmt: skip
    add_lots(session, change, plan_version_id=version, lots=list(lots))
    return version


def ids(session: Session) -> list[UUID]:
    """Every zone."""
    return [zone.id for zone in zones(session, DAY)]


def test_the_park_against_the_general_plan(session: Session, park: small_park.SmallPark) -> None:
    """The general plan keeps the three western columns (18 ha) as reserve, the rest is industry."""
    general_plan(
        session, park,
        NewLot("DT", "DUTR", "none", cell(0, 0, 3, 6)),
        NewLot("CN", "CN", "industrial", cell(3, 0, 7, 6)),
    )  # fmt: skip
    (pair,) = level_pairs(session, DAY, ids(session))
    assert (pair.higher.decision_number, pair.lower.decision_number) == ("05/QĐ-TTg", "24/QĐ-BQL")
    assert {name: round(area / HA, 6) for name, area in pair.sums.items()} == {
        "differs": 18, "within": 18, "same": 24, "open": 36, "beyond": 0,
    }  # fmt: skip
    assert pair.ground_m2 == pytest.approx(96 * HA)
    assert pair.cells[0].verdict == "differs"
    assert [symbol for symbol, _area in pair.cells[0].lots] == ["CN-01", "CN-02"]


def test_the_version_in_force_that_day_is_compared(
    session: Session, park: small_park.SmallPark
) -> None:
    general_plan(session, park, NewLot("CX", "CX", "none", cell(7, 0, 1, 6)))
    before, after = (
        level_pairs(session, Moment(day), ids(session))[0]
        for day in (date(2023, 12, 31), date(2024, 1, 1))
    )
    assert (before.lower.number, after.lower.number) == (1, 2)
    assert before.sums["differs"] == pytest.approx(6 * HA), "all of column eight was industry"
    assert after.sums["differs"] == pytest.approx(4 * HA), "two hectares of it became green"


def test_a_draft_is_compared_before_anybody_approves_it(
    session: Session, park: small_park.SmallPark
) -> None:
    general_plan(session, park, NewLot("CN", "CN", "industrial", cell(0, 0, 10, 6)))
    old = park.plan_versions[0]
    (pair,) = level_pairs(session, DAY, ids(session), version_id=old)
    assert (pair.lower.number, pair.lower.in_force) == (1, False)


def test_no_higher_plan_no_pair(session: Session, park: small_park.SmallPark) -> None:
    assert level_pairs(session, DAY, ids(session)) == []
    general_plan(session, park, day=date(2026, 1, 1))
    assert level_pairs(session, DAY, ids(session)) == [], "not in force yet"


def test_coverage_counts_every_square_metre_once(
    session: Session, park: small_park.SmallPark
) -> None:
    """The economic zone has 3,600 ha with the park of 96 ha inside it; a plan covers the park."""
    whole, each = coverage(session, DAY, ids(session))
    assert whole.natural_m2 == pytest.approx(3_600 * HA)
    assert whole.planned_m2 == pytest.approx({"general": 0, "subdivision": 96 * HA, "detailed": 0})
    assert whole.ratio("subdivision") == pytest.approx(96 / 3_600)
    assert each[park.zone].ratio("subdivision") == pytest.approx(1)
    assert each[park.parent].ratio("subdivision") == pytest.approx(96 / 3_600)
    general_plan(session, park)
    assert coverage(session, DAY, ids(session))[0].ratio("general") == pytest.approx(1)


def test_coverage_at_any_day(session: Session, park: small_park.SmallPark) -> None:
    eve = Moment(date(2020, 12, 31))
    assert coverage(session, eve, ids(session))[0].planned_m2["subdivision"] == 0
    first = Moment(PLAN_2021)
    assert coverage(session, first, ids(session))[0].planned_m2["subdivision"] == (
        pytest.approx(96 * HA)
    )
    long_ago, _ = coverage(session, Moment(date(1990, 1, 1)), ids(session))
    assert long_ago.ratio("general") is None, "no boundary, no ratio"


def test_the_demo_agrees_with_its_general_plan(demo_database) -> None:  # type: ignore[no-untyped-def]
    """The invented parks are drawn inside the industrial zones of the invented general plan."""
    with demo_database.database.reading(seconds=30) as session:
        at = Moment(date(2026, 1, 1))
        found = level_pairs(session, at, [zone.id for zone in zones(session, at)])
        assert {pair.lower.code for pair in found} == {"QHPK-A", "QHPK-B"}
        for pair in found:
            assert pair.sums["differs"] == pair.sums["beyond"] == 0

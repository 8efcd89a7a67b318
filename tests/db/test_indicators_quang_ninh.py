"""Quảng Ninh, first quarter of 2025: published ratios come out of parcels, lots and contracts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from planning.clocks import Moment
from planning.errors import NotFound
from planning.indicators import queries
from planning.indicators.queries import Land, land
from planning.indicators.rules import Quantity, shown
from tests import quang_ninh
from tests.conftest import TestDatabase
from tests.quang_ninh import DAY, HA

PUBLISHED = {
    "occupancy_rate_d82": "56.06",
    "occupancy_rate_d35": "56.06",
    "allocation_rate": "71.46",
    "leased_to_state_allocated": "56.96",
    "leased_to_cleared": "40.70",
}
HECTARES = {
    "leasable_area": "1972.71",
    "leased_area": "1105.90",
    "cleared_area": "2717.00",
    "state_allocated_area": "1941.57",
    "available_area": "835.67",
    "reserved_area": "0.00",
    "natural_area": "3224.00",
    "to_clear_area": "3224.00",
    "remaining_to_clear": "507.00",
}


@pytest.fixture(scope="module")
def ground(module_database: TestDatabase) -> Iterator[Session]:
    """The ground, laid once; read by the reading login."""
    with module_database.database.transaction() as session:
        quang_ninh.build(session)
    with module_database.database.reading() as session:
        yield session


def percent(of: Land, code: str) -> str:
    """A ratio as reports print it, and that the measured variant is the same."""
    answer = of.figures([code])[code].answer
    assert shown(answer.measured, "percent") == shown(answer.value, "percent")
    return str(shown(answer.value, "percent"))


def hectares(of: Land, code: str) -> str:
    """An area in ha as reports print it."""
    value = of.figures([code])[code].answer.value
    return str(shown(None if value is None else value / HA, "ha"))


@pytest.mark.parametrize("code", PUBLISHED)
def test_published_ratios(ground: Session, code: str) -> None:
    whole = land(ground, Moment(DAY), board="BQL-QN")
    assert percent(whole, code) == PUBLISHED[code]


@pytest.mark.parametrize("code", HECTARES)
def test_published_areas(ground: Session, code: str) -> None:
    assert hectares(land(ground, Moment(DAY)), code) == HECTARES[code]


def test_each_ratio_names_its_own_denominator(ground: Session) -> None:
    figures = land(ground, Moment(DAY), board="BQL-QN").figures()
    names = {code: figures[code].answer.denominator for code in PUBLISHED}
    assert {code: part.code for code, part in names.items() if part} == {
        "occupancy_rate_d82": "leasable_area",
        "occupancy_rate_d35": "leasable_area_incl_service",
        "allocation_rate": "cleared_area",
        "leased_to_state_allocated": "state_allocated_area",
        "leased_to_cleared": "cleared_area",
    }


@pytest.mark.parametrize(
    ("day", "leased", "ratio"),
    [
        (date(2020, 5, 3), "0.00", "None"),
        (date(2020, 5, 4), "0.00", "0.00"),
        (date(2022, 2, 1), "276.48", "14.01"),
        (date(2024, 12, 31), "829.43", "42.04"),
        (date(2025, 2, 1), "1105.90", "56.06"),
    ],
)
def test_any_day(ground: Session, day: date, leased: str, ratio: str) -> None:
    whole = land(ground, Moment(day))
    assert hectares(whole, "leased_area") == leased
    assert percent(whole, "occupancy_rate_d82") == ratio


def test_parks_roll_up_to_the_economic_zone(ground: Session) -> None:
    at = Moment(DAY)
    for code in HECTARES:
        parks = [land(ground, at, zone=f"KCN-QN{n}").figures([code])[code].answer for n in (1, 2)]
        whole = land(ground, at, zone="KKT-QN").figures([code])[code].answer
        if code not in ("natural_area", "to_clear_area", "remaining_to_clear"):
            assert sum(part.value or 0 for part in parks) == whole.value
            assert sum(part.measured or 0 for part in parks) == whole.measured
    only_parks = land(ground, at).figures(["natural_area"], "industrial_parks")["natural_area"]
    assert only_parks.answer.value == 3000 * HA


def test_flow_since_the_year_began(ground: Session) -> None:
    assert hectares(land(ground, Moment(DAY)), "cleared_in_year") == "775.43"
    assert hectares(land(ground, Moment(date(2024, 12, 31))), "cleared_in_year") == "0.00"


def test_an_answer_says_what_it_rests_on(ground: Session) -> None:
    whole = land(ground, Moment(DAY), board="BQL-QN")
    assert {(plan.plan, plan.version, plan.decision_number) for plan in whole.plans} == {
        ("QHPK-1", 1, "BC-QI/2025"),
        ("QHPK-2", 1, "BC-QI/2025"),
    }
    assert whole.known == queries.land(ground, Moment(DAY, whole.known)).known
    notes = whole.figures(["to_clear_area"])["to_clear_area"].notes
    assert {note.code for note in notes} == {"indicator-natural-is-base", "indicator-measured-used"}
    assert whole.figures(["leasable_area"])["leasable_area"].notes == ()
    assert whole.figures(["leased_area"])["leased_area"].answer.definition.version == 1


def test_before_the_register_knew_anything(ground: Session) -> None:
    whole = land(ground, Moment(DAY, 0))
    assert whole.zones == ()
    assert all(figure.answer.value in (None, 0) for figure in whole.figures().values())


def test_rows_behind_a_figure_add_up_to_it(ground: Session) -> None:
    at = Moment(DAY)
    whole = land(ground, at, board="BQL-QN")
    ids = [zone.id for zone in whole.zones]
    for name, total in whole.quantities().items():
        rows = [
            row
            for row in queries.items(ground, at, ids, [name], limit=1000)
            if name != "natural" or row.zone == "KKT-QN"
        ]
        assert len(rows) == total.items
        assert sum((row.legal for row in rows), Decimal(0)) == total.legal
        assert sum((row.measured for row in rows), Decimal(0)) == pytest.approx(total.measured)
    contracts = queries.items(ground, at, ids, ["leased_industrial"], limit=3)
    assert [row.detail for row in contracts] == ["Nhà đầu tư"] * 3
    assert {row.kind for row in contracts} == {"right"}


def test_unknown_places_are_not_found(ground: Session) -> None:
    for place in ({"zone": "KCN-KHAC"}, {"board": "KHAC"}):
        with pytest.raises(NotFound):
            land(ground, Moment(DAY), **place)


def test_shares_of_contracts_are_exact_whatever_the_order_of_parcels(ground: Session) -> None:
    own = land(ground, Moment(DAY)).own
    for quantities in own.values():
        leased = quantities.get("leased_industrial", Quantity())
        assert leased.legal in (Decimal(0), Decimal("5529500"))

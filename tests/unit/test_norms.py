"""The rulebook on plain values: which rule reaches a plan, and what the rules say of it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Polygon, box
from shapely.geometry.base import BaseGeometry

from planning.plans.difference import Cover, Lot
from planning.plans.norms import PlanDates, Rule, choose
from planning.plans.norms_measures import check, plan_ground, width_m

EAST, NORTH = 432_000.0, 2_317_000.0
OLD, NEW = date(2021, 7, 5), date(2027, 1, 1)
TURN = NEW


def rule(**facts: Any) -> Rule:
    """A rule: at least 10 % of green land, from 2021 until 2027."""
    given_facts: dict[str, Any] = {
        "id": 1, "code": "green", "position": 1, "version": 1, "regulation": "QCVN",
        "clause": "1.1", "quote_vi": "…", "quote_en": "…", "source": "s", "valid_from": OLD,
        "valid_to": TURN, "reaches_by": "approval", "zone_kinds": None, "plan_levels": None,
        "measure": "share", "categories": ("CX",), "people": None, "above_storeys": None,
        "comparison": "at_least", "threshold": Decimal(10), "name_vi": "Cây xanh",
        "name_en": "Green", "recorded_by": "an", "recorded_at": datetime(2026, 1, 1, tzinfo=UTC),
        **facts,
    }  # fmt: skip
    return Rule(**given_facts)


def successor(**facts: Any) -> Rule:
    """The rule that follows it in 2027: 15 %."""
    return rule(**{"id": 2, "version": 2, "valid_from": NEW, "valid_to": None,
                   "threshold": Decimal(15), **facts})  # fmt: skip


def chosen(book: list[Rule], approved: date, appraised: date | None = None) -> list[int]:
    """The ids of the rules a plan of these days falls under."""
    found = choose(book, PlanDates(approved, appraised), zone_kind="industrial_park",
                   level="subdivision")  # fmt: skip
    return [each.id for each in found]


@pytest.mark.parametrize(
    ("approved", "found"),
    [
        (date(2020, 1, 1), []),
        (OLD, [1]),
        (date(2026, 12, 31), [1]),
        (TURN, [2]),
        (date(2030, 1, 1), [2]),
    ],
)
def test_a_plan_falls_under_the_rule_of_its_approval(approved: date, found: list[int]) -> None:
    assert chosen([rule(), successor()], approved) == found


def test_a_transition_by_appraisal_leaves_the_plan_to_the_rule_before() -> None:
    """Appraised in 2026, approved in 2027: the successor lets it go, though the old one ended."""
    book = [rule(), successor(reaches_by="appraisal")]
    assert chosen(book, date(2027, 3, 1), date(2026, 11, 1)) == [1]
    assert chosen(book, date(2027, 3, 1), date(2027, 1, 1)) == [2]
    assert chosen(book, date(2027, 3, 1), None) == [2], "no appraisal recorded: as late as approval"
    assert chosen([rule(), successor()], date(2027, 3, 1), date(2026, 11, 1)) == [2]


def test_a_rule_that_ended_without_a_successor_reaches_nobody() -> None:
    assert chosen([rule()], date(2027, 3, 1)) == []


def test_a_correction_speaks_instead_of_what_it_corrects() -> None:
    corrected = rule(id=3, version=3, threshold=Decimal(12))
    assert chosen([rule(), successor(), corrected], date(2022, 1, 1)) == [3]


def test_rules_speak_of_kinds_of_zone_and_levels_of_plan() -> None:
    book = [rule(zone_kinds=("industrial_park",), plan_levels=("subdivision",))]
    at = PlanDates(OLD)
    assert choose(book, at, zone_kind="industrial_park", level="subdivision")
    assert not choose(book, at, zone_kind="economic_zone", level="subdivision")
    assert not choose(book, at, zone_kind="industrial_park", level="general")


def strip(west: float, wide: float, high: float = 100) -> Polygon:
    """A lot of ground: 100 m high unless said."""
    return box(EAST + west, NORTH, EAST + west + wide, NORTH + high)


def lot(category: str, shape: BaseGeometry, symbol: str = "L", **facts: Any) -> Lot:
    """A lot of a category."""
    given_facts: dict[str, Any] = {
        "legal_area_m2": None, "density_pct": None, "storeys_max": None, "floor_area_ratio": None,
        **facts,
    }  # fmt: skip
    return Lot(version_id=0, lot_id=uuid4(), symbol=symbol, category=category, leasable="none",
               area_m2=shape.area, shape=shape, **given_facts)  # fmt: skip


def judged(
    one: Rule,
    *lots: Lot,
    boundary: BaseGeometry | None = None,
    people: dict[str, int] | None = None,
) -> tuple[str, str | None]:
    """Outcome and reason of a rule for a version of these lots at 1/2000."""
    found = check(one, plan_ground(Cover(lots, boundary), 2000, people or {}))
    return found.outcome, found.why


def test_a_share_is_of_the_plan_by_the_decisions_own_areas() -> None:
    """Ten of a hundred hectares by the decision, 9 % as drawn."""
    lots = (lot("CN", strip(0, 910), legal_area_m2=Decimal(90_000)),
            lot("CX", strip(910, 90), legal_area_m2=Decimal(10_000)))  # fmt: skip
    found = check(rule(), plan_ground(Cover(lots), 2000, {}))
    assert found.outcome == "meets"
    assert found.value == 10
    assert found.measured == pytest.approx(Decimal(9))
    assert (found.part_m2, found.whole_m2) == (10_000, 100_000)


@pytest.mark.parametrize(
    ("green", "free", "outcome"),
    [
        (100, 0, "meets"),
        (99, 0, "fails"),
        (100, 500, "meets"),
        (99, 500, "not_checked"),
        (10, 10, "fails"),
        (300, 100, "meets"),
        (99, 1, "not_checked"),
        (90, 5, "fails"),
    ],
)
def test_ground_in_no_lot_leaves_a_share_open_only_where_it_matters(
    green: int, free: int, outcome: str
) -> None:
    """A plan of 1,000 m by 100 m: green, the rest factories, and ground in no lot."""
    lots = (lot("CX", strip(0, green)), lot("CN", strip(green, 1000 - green - free)))
    assert judged(rule(), *lots, boundary=strip(0, 1000))[0] == outcome


def test_the_last_digits_of_a_drawing_do_not_fail_a_plan() -> None:
    """A tenth as drawn, short by a square millimetre."""
    lots = (lot("CX", strip(0, 100, 99.99999999)), lot("CN", strip(100, 900)))
    assert judged(rule(), *lots)[0] == "meets"
    assert judged(rule(), lot("CX", strip(0, 100, 99.99)), lots[1])[0] == "fails"


def test_what_has_no_value_is_not_checked() -> None:
    lots = (lot("CX", strip(0, 50)), lot("CN", strip(50, 50)))
    assert judged(rule(threshold=None), *lots) == ("not_checked", "norm-no-value")
    assert judged(rule(threshold=None, measure="density", categories=None), *lots)[0] == (
        "not_checked"
    )
    assert judged(rule()) == ("not_checked", "norm-no-lots")


def test_every_lot_keeps_the_density() -> None:
    most = rule(measure="density", categories=("CN",), comparison="at_most", threshold=Decimal(70))
    fine = lot("CN", strip(0, 50), "CN-1", density_pct=Decimal(70))
    over = lot("CN", strip(50, 50), "CN-2", density_pct=Decimal("70.5"))
    unknown = lot("CN", strip(100, 50), "CN-3")
    other = lot("CX", strip(150, 50), density_pct=Decimal(99))
    assert judged(most, fine, other) == ("meets", None)
    assert judged(most, fine, unknown) == ("not_checked", "norm-lots-without-value")
    assert judged(most, fine, over, unknown) == ("fails", None)
    found = check(most, plan_ground(Cover((fine, over, unknown)), 2000, {}))
    assert found.lots == (("CN-2", Decimal("70.5")),)
    assert judged(most, other) == ("not_checked", "norm-nothing-to-check")


def test_a_rule_for_tall_lots_asks_how_tall_they_are() -> None:
    tall = rule(measure="density", categories=("CN",), comparison="at_most",
                threshold=Decimal(60), above_storeys=5)  # fmt: skip
    low = lot("CN", strip(0, 50), storeys_max=5, density_pct=Decimal(70))
    high = lot("CN", strip(50, 50), storeys_max=6, density_pct=Decimal(70))
    unknown = lot("CN", strip(100, 50), density_pct=Decimal(70))
    assert judged(tall, low) == ("not_checked", "norm-nothing-to-check")
    assert judged(tall, low, high) == ("fails", None)
    assert judged(tall, low, unknown) == ("not_checked", "norm-no-lot-has-value")


def test_square_metres_a_person_need_people() -> None:
    each = rule(measure="per_person", people="workers", threshold=Decimal(2))
    green = lot("CX", strip(0, 100))
    assert judged(each, green) == ("not_checked", "norm-no-workers")
    assert judged(each, green, people={"workers": 5_000}) == ("meets", None)
    assert judged(each, green, people={"workers": 5_001}) == ("fails", None)
    assert judged(each, green, people={"residents": 10}) == ("not_checked", "norm-no-workers")


def test_an_area_is_in_hectares() -> None:
    most = rule(measure="area", comparison="at_least", threshold=Decimal(5))
    assert judged(most, lot("CX", strip(0, 500)))[0] == "meets"
    assert judged(most, lot("CX", strip(0, 499.9)))[0] == "fails"


def test_a_belt_is_as_wide_as_its_narrowest_part() -> None:
    belt = rule(measure="width", categories=("CXCL",), threshold=Decimal(10))
    outer = box(EAST, NORTH, EAST + 1000, NORTH + 800)
    for wide, outcome in ((10, "meets"), (12.5, "meets"), (9, "fails")):
        inner = box(EAST + wide, NORTH + 10, EAST + 990, NORTH + 790)
        assert judged(belt, lot("CXCL", outer - inner))[0] == outcome, wide
    assert judged(belt, lot("CX", outer)) == ("not_checked", "norm-no-such-lots")


@given(st.integers(2, 60), st.integers(200, 900))
def test_the_width_of_a_strip_is_its_width(wide: int, long: int) -> None:
    assert float(width_m(strip(0, long, wide), 0.4)) == pytest.approx(wide, abs=0.5)
    turned = Polygon([(EAST, NORTH), (EAST + long, NORTH + long),
                      (EAST + long - wide, NORTH + long + wide),
                      (EAST - wide, NORTH + wide)])  # fmt: skip
    assert float(width_m(turned, 0.4)) == pytest.approx(wide * 2**0.5, abs=0.6)

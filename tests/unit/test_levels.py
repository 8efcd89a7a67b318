"""Plans of two levels on one ground: what the lower one makes of the higher one's zones."""

from __future__ import annotations

from math import fsum

import pytest
from hypothesis import given, settings
from shapely import box

from planning.plans.difference import IN_NO_LOT, OUT_OF_PLAN, Cell, Cover, Use
from planning.plans.levels import by_verdict, compare_levels, covered_m2, verdict
from tests.unit.test_difference import CN, CX, DV, EXACT_M2, cover, covers, ground, lot, whole

GT, TDC, DUTR = Use("GT"), Use("TDC"), Use("DUTR")


@pytest.mark.parametrize(
    ("higher", "lower", "found"),
    [
        (CN, CN, "same"),
        (CN, GT, "within"),
        (CN, CX, "within"),
        (CN, TDC, "differs"),
        (CX, CN, "differs"),
        (CX, GT, "differs"),
        (Use("MN"), CX, "within"),
        (DUTR, CN, "differs"),
        (DUTR, DUTR, "same"),
        (TDC, DV, "within"),
        (Use("??"), CN, "differs"),
        (OUT_OF_PLAN, CN, "beyond"),
        (OUT_OF_PLAN, IN_NO_LOT, "beyond"),
        (IN_NO_LOT, CN, "open"),
        (CN, IN_NO_LOT, "open"),
    ],
)
def test_what_a_higher_plan_lets_a_lower_one_make(higher: Use, lower: Use, found: str) -> None:
    assert verdict(Cell(higher, lower)) == found


def test_only_the_ground_of_the_lower_plan_is_asked_about() -> None:
    """The general plan is 100 times as large; a factory lot of 1 ha lies on its green land."""
    general = cover(
        lot(CN, ground(0, 0, 600, 1000)), lot(CX, ground(600, 0, 1000, 1000)),
        boundary=ground(0, 0, 1000, 1000),
    )  # fmt: skip
    park = cover(
        lot(CN, ground(500, 0, 600, 100), "CN-1"), lot(CN, ground(600, 0, 700, 100), "CN-2"),
        lot(GT, ground(500, 100, 600, 110), "GT-1"), boundary=ground(500, 0, 700, 110),
    )  # fmt: skip
    cells, _laid = compare_levels(general, park)
    assert by_verdict(cells) == pytest.approx(
        {"differs": 10_000, "beyond": 0, "open": 1_000, "within": 1_000, "same": 10_000},
        abs=EXACT_M2,
    )
    assert (cells[0].verdict, cells[0].lots) == ("differs", (("CN-2", pytest.approx(10_000)),))


@settings(max_examples=60, deadline=None)
@given(covers(), covers())
def test_every_square_metre_of_the_lower_plan_has_one_verdict(higher: Cover, lower: Cover) -> None:
    cells, _laid = compare_levels(higher, lower)
    assert fsum(by_verdict(cells).values()) == pytest.approx(whole(lower).area, abs=EXACT_M2)


def test_overlaps_are_covered_once() -> None:
    land = [box(0, 0, 100, 100), box(50, 0, 150, 100)]
    plans = [box(0, 0, 60, 100), box(40, 0, 80, 100), box(140, 0, 400, 100)]
    assert covered_m2(land, plans) == pytest.approx((15_000, 9_000))
    assert covered_m2([], plans) == (0, 0)
    assert covered_m2(land, []) == (pytest.approx(15_000), 0)

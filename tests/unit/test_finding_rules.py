"""What is a finding, on plain values: areas by formula, severities, waivers that speak or lapse."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import Polygon, box

from planning.conformance.finding import Boundary, Finding, Held, Lot, Parcel, Scope, Share
from planning.conformance.limits import limits_on
from planning.conformance.rules import (
    WaiverRow,
    across_uses,
    fit_together,
    gaps,
    let_on_unlettable,
    outside,
    outside_plan,
    overlapping,
    with_waivers,
)

ZONE, PARENT = UUID(int=1), UUID(int=2)
DAY = date(2024, 1, 1)
LIMITS = limits_on(DAY)
EAST, NORTH = 420_000.0, 2_320_000.0


def ground(west: float, south: float, east: float, north: float) -> Polygon:
    return box(EAST + west, NORTH + south, EAST + east, NORTH + north)


def parcel(n: int, shape: Any, zone: UUID = ZONE) -> Parcel:
    return Parcel(n, UUID(int=100 + n), zone, "Z", 5899, None, "1", str(n), shape.area, 1, shape)


def boundary(
    shape: Any, zone: UUID = ZONE, tolerance: float = 0.1, parent: UUID | None = None
) -> Boundary:
    wide = shapely.buffer(shape, tolerance, join_style="mitre")
    return Boundary(1, zone, "Z", parent, 5899, tolerance, 1, shape, wide)


def lot(
    n: int, category: str, leasable: str, shape: Any, level: str = "subdivision", scale: int = 2000
) -> Lot:
    return Lot(
        n, "QH", 1, level, scale, f"{category}-{n}", category, leasable, None, None, 1, shape
    )


def shares(parcels: list[Parcel], lots: list[Lot]) -> list[Share]:
    return [
        Share(each.version_id, other, each.shape.intersection(other.shape).area)
        for each in parcels
        for other in lots
        if each.shape.intersection(other.shape).area > 1e-4
    ]


def gaps_of(shapes: list[Any], edge: Any, tolerance: float = 0.1) -> list[Finding]:
    parcels = [parcel(n, shape) for n, shape in enumerate(shapes)]
    fits = fit_together(parcels)
    return list(gaps(parcels, [boundary(edge, tolerance=tolerance)], {ZONE}, LIMITS, fits=fits))


@pytest.mark.parametrize(
    ("width", "length", "is_gap"),
    [
        (0.3, 300.0, True),  # a strip thinner than a drawn line, however long
        (0.5, 300.0, False),  # wider and 150 m²: somebody's path
        (2.0, 4.9, True),  # 9.8 m²
        (4.0, 5.0, False),  # 20 m²
        (0.001, 0.9, False),  # 9 cm²: rounding
    ],
)
def test_unparcelled_ground_is_a_gap_when_small_or_thin(
    width: float, length: float, is_gap: bool
) -> None:
    edge = ground(0, 0, 400, 400)
    hole = ground(50, 50, 50 + length, 50 + width)
    found = gaps_of([edge.difference(hole)], edge)
    assert bool(found) is is_gap
    if is_gap:
        assert found[0].area_m2 == pytest.approx(width * length)
        assert isinstance(found[0].other, Boundary)  # one parcel around it all
        assert found[0].severity == ("medium" if width * length >= 1 else "low")


def test_two_gaps_between_the_same_parcels_have_two_names() -> None:
    left = (
        ground(0, 0, 100, 300)
        .difference(ground(99.8, 50, 100, 100))
        .difference(ground(99.8, 200, 100, 250))
    )
    found = gaps_of([left, ground(100, 0, 200, 300)], ground(0, 0, 200, 300))
    assert len({each.key for each in found}) == 2


def test_a_strip_along_an_uncertain_edge_is_nobodys_knowledge() -> None:
    edge = ground(0, 0, 100, 100)
    assert gaps_of([ground(0.05, 0, 100, 100)], edge) == []
    assert len(gaps_of([ground(0.3, 0, 100, 100)], edge)) == 1
    assert gaps_of([ground(0.3, 0, 100, 100)], edge, tolerance=0.4) == []


@given(st.integers(2, 5), st.integers(2, 5), st.integers(0, 1000))
def test_a_whole_coverage_has_neither_gap_nor_overlap(columns: int, rows: int, turn: int) -> None:
    """Any grid whose shared corners are moved together, rounded to the millimetre."""

    def corner(x: int, y: int) -> tuple[float, float]:
        if x in (0, columns) or y in (0, rows):
            return EAST + 40 * x, NORTH + 40 * y
        wobble = (turn * 31 + x * 17 + y * 7) % 23 / 7
        return round(EAST + 40 * x + wobble, 3), round(NORTH + 40 * y - wobble, 3)

    parcels = [
        parcel(
            x * rows + y,
            Polygon([corner(x, y), corner(x + 1, y), corner(x + 1, y + 1), corner(x, y + 1)]),
        )
        for x in range(columns)
        for y in range(rows)
    ]
    edge = boundary(ground(0, 0, 40 * columns, 40 * rows))
    fits = fit_together(parcels)
    assert fits
    assert list(gaps(parcels, [edge], {ZONE}, LIMITS, fits=fits)) == []
    assert list(overlapping(parcels, {ZONE}, LIMITS, fits=False)) == []


def test_an_overlap_past_what_the_register_refuses_is_grave() -> None:
    pair = [parcel(1, ground(0, 0, 10, 10)), parcel(2, ground(9, 0, 20, 10))]
    (found,) = overlapping(pair, {ZONE}, LIMITS, fits=False)
    assert (found.severity, found.area_m2) == ("high", pytest.approx(10.0))
    thin = [parcel(1, ground(0, 0, 10, 10)), parcel(2, ground(9.999, 0, 20, 10))]
    (low,) = overlapping(thin, {ZONE}, LIMITS, fits=False)
    assert (low.severity, low.area_m2) == ("low", pytest.approx(0.01, rel=1e-3))
    assert list(overlapping(thin, {PARENT}, LIMITS, fits=False)) == []
    assert list(overlapping(thin[:1], {ZONE}, LIMITS, fits=False)) == []


def test_a_zone_inside_is_held_to_the_edge_of_the_one_around() -> None:
    inner = boundary(ground(50, 0, 150, 100), parent=PARENT)
    outer = replace(boundary(ground(0, 0, 120, 100), PARENT), version_id=2)
    mine = [parcel(1, ground(50, 0, 119.95, 100)), parcel(2, ground(120, 0, 150, 100))]
    (found,) = outside(mine, [inner, outer], {ZONE}, LIMITS)
    assert found.parcel.version_id == 2
    assert (found.severity, found.area_m2, found.share) == ("high", pytest.approx(3000), 1.0)
    small = [parcel(3, ground(100, 0, 120.5, 100))]
    (slight,) = outside(small, [inner, outer], {ZONE}, LIMITS)
    assert slight.severity == "medium"


@pytest.mark.parametrize(
    ("minor", "category", "leasable", "severity"),
    [
        (0.3, "CX", "none", None),  # the width of a drawn line
        (2.0, "CX", "none", "low"),
        (10.0, "CX", "none", "medium"),
        (30.0, "CX", "none", "high"),
        (30.0, "KT", "industrial", "medium"),  # another use, let as well
        (30.0, "CN", "industrial", None),  # the same use in another lot
    ],
)
def test_across_two_uses(minor: float, category: str, leasable: str, severity: str | None) -> None:
    mine = parcel(1, ground(0, 0, 100, 100))
    lots = [
        lot(1, "CN", "industrial", ground(0, 0, 100 - minor, 100)),
        lot(2, category, leasable, ground(100 - minor, 0, 200, 100)),
    ]
    found = list(across_uses({1: mine}, shares([mine], lots), LIMITS))
    assert [each.severity for each in found] == ([] if severity is None else [severity])
    assert [each.area_m2 for each in found] == pytest.approx([100 * minor] * len(found))


def test_levels_are_judged_apart_each_at_its_scale() -> None:
    mine = parcel(1, ground(0, 0, 100, 100))
    lots = [
        lot(1, "CN", "industrial", ground(0, 0, 99.7, 100)),
        lot(2, "CX", "none", ground(99.7, 0, 200, 100)),
        lot(3, "CN", "industrial", ground(0, 0, 99.7, 100), "detailed", 500),
        lot(4, "CX", "none", ground(99.7, 0, 200, 100), "detailed", 500),
    ]
    found = list(across_uses({1: mine}, shares([mine], lots), LIMITS))
    assert [each.other.version_id for each in found] == [4]


def right(kind: str, parcel_id: UUID) -> Held:
    return Held(7, parcel_id, kind, "TL", None, Decimal(1), 1)


@pytest.mark.parametrize(
    ("kind", "width", "severity"),
    [
        ("sub_lease", 100.0, "high"), ("sub_lease", 0.9, "medium"),
        ("reservation", 100.0, "medium"), ("reservation", 0.9, "low"),
    ],
)  # fmt: skip
def test_let_where_nothing_is_to_be_let(kind: str, width: float, severity: str) -> None:
    mine = parcel(1, ground(0, 0, 100, 100))
    green = lot(1, "CX", "none", ground(0, 0, width, 100))
    (found,) = let_on_unlettable(
        {1: mine}, shares([mine], [green]), [right(kind, mine.parcel_id)], LIMITS
    )
    assert (found.severity, found.area_m2) == (severity, pytest.approx(100 * width))
    assert found.key == "lease_on_green-1-l1-r7"
    general = replace(green, level="general")
    assert not list(
        let_on_unlettable(
            {1: mine}, shares([mine], [general]), [right(kind, mine.parcel_id)], LIMITS
        )
    )


def scope(shape: Any, level: str = "subdivision", zone: UUID = ZONE, n: int = 1) -> Scope:
    return Scope(n, "QH", 1, level, 2000, zone, 5899, None, None, 1, shape)


def test_outside_the_plan_partly_wholly_and_not_asked_to_be_inside() -> None:
    part, whole = parcel(1, ground(0, 0, 100, 100)), parcel(2, ground(300, 0, 400, 100))
    plan = [scope(ground(0, 0, 50, 100))]
    found = {
        each.parcel.version_id: (each.severity, round(each.area_m2))
        for each in outside_plan([part, whole], plan, [], {ZONE}, LIMITS)
    }
    assert found == {1: ("medium", 5000), 2: ("low", 10_000)}
    let = [right("sub_lease", part.parcel_id), right("sub_lease", whole.parcel_id)]
    graver = [each.severity for each in outside_plan([part, whole], plan, let, {ZONE}, LIMITS)]
    assert graver == ["high", "high"]
    elsewhere = [scope(ground(0, 0, 50, 100), zone=PARENT)]
    only = [
        each.parcel.version_id
        for each in outside_plan([part, whole], elsewhere, [], {ZONE}, LIMITS)
    ]
    assert only == [1]
    detailed = [scope(ground(0, 0, 50, 100), "detailed")]
    only = [
        each.parcel.version_id for each in outside_plan([part, whole], detailed, [], {ZONE}, LIMITS)
    ]
    assert only == [1]


def test_two_plans_of_a_level_side_by_side_leave_nothing_outside() -> None:
    mine = parcel(1, ground(0, 0, 100, 100))
    plans = [scope(ground(0, 0, 40, 100)), scope(ground(40, 0, 100, 100), n=2)]
    assert list(outside_plan([mine], plans, [], {ZONE}, LIMITS)) == []
    (found,) = outside_plan(
        [mine], [plans[0], scope(ground(60, 0, 100, 100), n=2)], [], {ZONE}, LIMITS
    )
    assert found.area_m2 == pytest.approx(2000)
    assert found.other.version_id in {1, 2}


def across() -> Finding:
    mine = parcel(1, ground(0, 0, 100, 100))
    lots = [
        lot(1, "CN", "industrial", ground(0, 0, 70, 100)),
        lot(2, "CX", "none", ground(70, 0, 200, 100)),
    ]
    (found,) = across_uses({1: mine}, shares([mine], lots), LIMITS)
    return found


def waiver(**facts: Any) -> WaiverRow:
    values: dict[str, Any] = {
        "id": uuid4(), "kind": "across_uses", "granted_by": "x", "reason": "r",
        "valid_from": date(2023, 1, 1), "valid_to": None, "withdrawn_by": None,
        "place_e_mm": None, "place_n_mm": None, "document": None,
        "heirs": frozenset({UUID(int=101)}), "parcel_now": 1, "other_parcel_now": None,
        "lot_now": 2, "level": "subdivision", "boundary_now": None, "scope_now": None,
        "right_now": None, "names_parcel": False, "names_lot": True, "names_boundary": False,
        "names_scope": False, "names_right": False,
    }  # fmt: skip
    return WaiverRow(**{**values, **facts})


@pytest.mark.parametrize(
    ("facts", "lapsed"),
    [
        ({}, "holds"),
        ({"valid_to": DAY}, "expired"),
        ({"valid_to": DAY, "withdrawn_by": "y"}, "withdrawn"),
        ({"parcel_now": None}, "parcel-changed"),
        ({"parcel_now": None, "withdrawn_by": "y"}, "withdrawn"),
        ({"lot_now": None}, "plan-changed"),
        ({"lot_now": 3}, None),  # it speaks of another lot
        ({"parcel_now": None, "heirs": frozenset()}, None),  # of another parcel
        ({"kind": "gap", "parcel_now": None}, None),
        ({"parcel_now": None, "lot_now": 9}, None),
        ({"lot_now": None, "level": "detailed"}, None),
    ],
)
def test_a_waiver_speaks_of_its_finding_or_says_why_not(
    facts: dict[str, Any], lapsed: str | None
) -> None:
    (found,) = with_waivers([across()], [waiver(**facts)], DAY)
    if lapsed is None:
        assert found.waiver is None
    else:
        assert found.waiver is not None
        assert (found.waiver.lapsed or "holds") == lapsed
    assert found.is_open is (lapsed != "holds")


def test_the_one_that_holds_counts_whatever_came_before_or_after() -> None:
    old = waiver(valid_to=date(2023, 6, 1), granted_by="old")
    now = waiver(granted_by="now")
    for rows in ([old, now], [now, old]):
        (found,) = with_waivers([across()], rows, DAY)
        assert found.waiver is not None
        assert found.waiver.granted_by == "now"
        assert not found.is_open

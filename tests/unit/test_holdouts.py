"""What a parcel that is not cleared holds up: drawn by hand, and against plain geometry."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.sites.ground import lay, strip_width_m
from planning.sites.holdouts import ROAD, Freed, freed, ranked
from tests.sites_ground import CLEARED, LIMITS, cells, drawn, lot, parcel, plainly, road, shares

WAITS: dict[str, Any] = {"cleared_on": None}


def of(parcels: list[str], lots: list[str], **states: dict[str, Any]) -> dict[str, Freed]:
    ground, places = drawn(parcels, lots, states)
    found = {each.parcel: each for each in freed(ground, LIMITS)}
    return {letter: found[at] for letter, at in places.items() if at in found}


def test_a_parcel_frees_itself_and_the_neighbours_that_waited_for_it() -> None:
    found = of(["aab", "RRR"], ["LLL", "RRR"], b=WAITS)
    assert found["b"].area_m2 == pytest.approx(300)
    assert found["b"].measured_m2 == pytest.approx(300)
    assert set(found) == {"b"}, "only what waits is ranked"


def test_ground_that_touches_in_a_point_is_not_one_site() -> None:
    found = of(["aa.", "..b", "RRR"], ["LL.", "..L", "RRR"], b=WAITS)
    assert found["b"].area_m2 == 0


def test_land_without_a_way_in_frees_nothing_until_the_road_is_cleared() -> None:
    found = of(["aaa", "rrR"], ["LLL", "RRR"], r=WAITS, R=WAITS)
    assert found["r"].area_m2 == pytest.approx(300)
    assert found["r"].access_m2 == pytest.approx(300), "it had the size, it lacked the road"
    assert found["R"].area_m2 == pytest.approx(300), "either piece of road will do"


def test_leased_land_and_land_in_use_is_in_no_site() -> None:
    leased = of(["aab", "RRR"], ["LLL", "RRR"], a={"leased": True}, b=WAITS)
    used = of(["aab", "RRR"], ["LLL", "RRR"], a={"in_use": True}, b=WAITS)
    itself = of(["aab", "RRR"], ["LLL", "RRR"], b={**WAITS, "leased": True})
    assert [each["b"].area_m2 for each in (leased, used, itself)] == [0, 0, 0]


def test_reserved_land_waits_as_well() -> None:
    found = of(["aab", "RRR"], ["LLL", "RRR"], a={"reserved": True}, b=WAITS)
    assert found["b"].area_m2 == pytest.approx(300)


def test_two_that_wait_for_each_other_free_nothing_alone_and_are_told_together() -> None:
    found = of(["abc", "RRR"], ["LLL", "RRR"], b=WAITS, c=WAITS)
    for letter in "bc":
        assert found[letter].area_m2 == 0
        assert found[letter].cluster_m2 == pytest.approx(300)
        assert found[letter].cluster_parcels == 2


def test_land_that_is_not_to_be_cleared_is_not_ranked_and_clears_nothing() -> None:
    found = of(["abc", "RRR"], ["LLL", "RRR"], b=WAITS, c={**WAITS, "kept": True})
    assert set(found) == {"b"} and found["b"].cluster_m2 == 0


def test_a_parcel_of_land_and_road_opens_both() -> None:
    found = of(["aab", "..b"], ["LLL", "..R"], b=WAITS)
    assert found["b"].area_m2 == pytest.approx(300)


def test_green_land_frees_nothing() -> None:
    ground, _ = drawn(["aab", "RRR"], ["LL.", "RRR"], {"b": WAITS})
    assert freed(ground, LIMITS) == [], "no ground of the plan that can be let, and no road"


def test_metres_of_road_join_the_longest_stretch() -> None:
    found = of(["aabcc"], ["RRRRR"], b=WAITS)
    assert found["b"].road_m == pytest.approx(10 + 20), "its own ten metres and the shorter side"
    assert found["b"].area_m2 == 0


def test_a_road_by_cadastral_use_gives_access_but_is_no_planned_road() -> None:
    found = of(["aaa", "ddd"], ["LLL", "..."], d={**WAITS, "land_use": "DGT"})
    assert found["d"].area_m2 == pytest.approx(300)
    assert found["d"].road_m == 0


def test_legal_areas_of_lots_count() -> None:
    held = [parcel(1, cells((0, 0), (1, 0), (2, 0)), cleared_on=None),
            parcel(2, cells((0, 1), (1, 1), (2, 1)), cleared_on=CLEARED)]  # fmt: skip
    industrial = lot(3, held[0].shape)
    planned = [
        type(industrial)(**{**_facts(industrial), "legal_area_m2": 330.0}),
        road(4, held[1].shape),
    ]
    found = freed(lay(held, planned, shares(held, planned), LIMITS), LIMITS)[0]
    assert found.area_m2 == pytest.approx(330) and found.measured_m2 == pytest.approx(300)


def _facts(thing: Any) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in type(thing).__dataclass_fields__}


def test_order_by_land_or_by_road() -> None:
    ground, places = drawn(
        ["aab..", "RRrrR"], ["LLL..", "RRRRR"], {"b": WAITS, "r": {"cleared_on": None}}
    )
    found = freed(ground, LIMITS)
    assert [each.parcel for each in ranked(found, ground)] == [places["b"], places["r"]]
    assert [each.parcel for each in ranked(found, ground, ROAD)] == [places["r"], places["b"]]


def test_order_does_not_depend_on_the_order_asked() -> None:
    ground, _ = drawn(["abcd", "RRRR"], ["LLLL", "RRRR"], dict.fromkeys("abcd", WAITS))
    found = freed(ground, LIMITS)
    assert ranked(found, ground) == ranked(found[::-1], ground)


@pytest.mark.parametrize(
    ("length", "width"), [(500.0, 30.0), (30.0, 500.0), (12.5, 12.5), (1000.0, 0.5)]
)
def test_a_strip_is_as_wide_as_its_shorter_side(length: float, width: float) -> None:
    found = strip_width_m(length * width, 2 * (length + width))
    assert found == pytest.approx(min(length, width))


def test_what_is_rounder_than_a_rectangle_has_a_width() -> None:
    assert strip_width_m(100.0, 35.5) == pytest.approx(10.0)


SIDE = 5
STATES = st.sampled_from(["cleared", "waits", "leased", "used", "kept", "waits-leased"])


@st.composite
def zones(draw: st.DrawFn) -> tuple[list[Any], list[Any]]:
    """Parcels and lots that each tile the same square of cells, in any shape."""
    places = [(x, y) for x in range(SIDE) for y in range(SIDE)]

    def tiled(most: int) -> list[Any]:
        found: dict[int, list[tuple[int, int]]] = {}
        for each in places:
            found.setdefault(draw(st.integers(0, most)), []).append(each)
        parts = []
        for group in found.values():
            shape = cells(*group)
            parts += list(shape.geoms) if shape.geom_type == "MultiPolygon" else [shape]
        return parts

    held = []
    for number, shape in enumerate(tiled(5), 1):
        state = draw(STATES)
        held.append(
            parcel(
                number, shape,
                cleared_on=CLEARED if state in ("cleared", "leased", "used") else None,
                leased="leased" in state, in_use=state == "used", kept=state == "kept",
            )
        )  # fmt: skip
    kinds = st.sampled_from([("CN", "industrial"), ("DV", "service"), ("GT", "none"),
                             ("CX", "none")])  # fmt: skip
    planned = [
        lot(number, shape, *draw(kinds)) for number, shape in enumerate(tiled(5), len(held) + 1)
    ]
    return held, planned


@settings(max_examples=60, deadline=None)
@given(zones(), st.sampled_from([100.0, 300.0, 800.0]))
def test_random_zones_against_plain_geometry(zone: Any, least: float) -> None:
    """Every parcel that waits, before and after, drawn anew: same hectares, same metres."""
    parcels, lots = zone
    limits = LIMITS.replaced({"lot_min_m2": least})
    ground = lay(parcels, lots, shares(parcels, lots), limits)
    found = {each.parcel: each for each in freed(ground, limits)}
    for at, each in enumerate(parcels):
        if each.cleared_on is not None or each.kept:
            assert at not in found
            continue
        land, way = plainly(parcels, lots, limits, at)
        mine = found.get(at)
        assert (mine.area_m2 if mine else 0) == pytest.approx(land, abs=1e-6), each.name
        assert (mine.road_m if mine else 0) == pytest.approx(way, abs=1e-6), each.name


def test_limits_are_dated_rows() -> None:
    from planning.sites.limits import REPLACEABLE, limits_on

    today = limits_on(date(2026, 11, 22))
    assert today.lot_min_m2 == 10_000 and today.road_categories == ("GT",)
    for name, (least, most) in REPLACEABLE.items():
        assert least <= getattr(today, name) <= most

"""Sites of a size by a day, and what the next best lack."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.sites.finder import NEVER, Found, Wanted, cleared_by, find
from planning.sites.ground import fullness, lay, whole
from tests.sites_ground import CLEARED, LIMITS, cells, drawn, lot, parcel, road, shares

KNOWN, AHEAD = date(2026, 11, 22), date(2027, 6, 30)
WANTED = Wanted(least_m2=300.0, by=KNOWN, known_on=KNOWN)
WAITS: dict[str, Any] = {"cleared_on": None}
SOON, LATE = date(2027, 3, 1), date(2028, 1, 1)


def look(
    parcels: list[str], lots: list[str], wanted: Wanted = WANTED, **states: dict[str, Any]
) -> tuple[Found, dict[int, str]]:
    ground, places = drawn(parcels, lots, states)
    return find(ground, wanted), {at: letter for letter, at in places.items()}


def lacking(found: Found, names: dict[int, str], place: int = 0) -> dict[str, dict[str, date]]:
    return {names[each.parcel]: dict(each.reasons) for each in found.nearly[place].lacks}


def test_cleared_land_side_by_side_is_one_site() -> None:
    found, _ = look(["abc", "RRR"], ["LLL", "RRR"])
    assert [(site.area_m2, site.access) for site in found.sites] == [(pytest.approx(300), True)]
    assert found.nearly == ()


def test_corners_join_nothing() -> None:
    found, _ = look(["ab..", "..cd", "RRRR"], ["LL..", "..LL", "RRRR"])
    assert found.sites == () and [site.missing_m2 for site in found.nearly] == [100, 100]


@pytest.mark.parametrize(
    ("facts", "kind", "day"),
    [
        (WAITS, "clearance", NEVER),
        ({**WAITS, "planned_on": SOON}, "clearance", SOON),
        ({**WAITS, "planned_on": date(2026, 1, 1)}, "clearance", NEVER),
        ({"reserved": True, "reserved_until": SOON}, "reserved", SOON),
        ({"leased": True, "leased_until": LATE}, "leased", LATE),
        ({"leased": True}, "leased", NEVER),
        ({"in_use": True}, "in_use", NEVER),
    ],
    ids=["waits", "planned", "plan-missed", "reserved", "leased", "leased-for-good", "in-use"],
)
def test_what_stands_in_the_way_is_named(facts: dict[str, Any], kind: str, day: date) -> None:
    found, names = look(["abc", "RRR"], ["LLL", "RRR"], c=facts)
    assert found.sites == ()
    assert lacking(found, names) == {"c": {kind: day}}
    assert found.nearly[0].area_m2 == pytest.approx(300) and found.nearly[0].missing_m2 == 0
    assert found.nearly[0].free_on == day


def test_a_day_ahead_counts_what_is_planned_and_what_ends() -> None:
    ahead = replace(WANTED, by=AHEAD)
    assert ahead.is_forecast and not WANTED.is_forecast
    facts: dict[str, dict[str, Any]] = {
        "a": {**WAITS, "planned_on": SOON},
        "b": {"reserved": True, "reserved_until": SOON},
        "c": {"leased": True, "leased_until": SOON},
    }
    assert len(look(["abc", "RRR"], ["LLL", "RRR"], ahead, **facts)[0].sites) == 1
    late = {**facts, "a": {**WAITS, "planned_on": LATE}}
    assert look(["abc", "RRR"], ["LLL", "RRR"], ahead, **late)[0].sites == ()


def test_a_road_that_is_cleared_later_is_access_later() -> None:
    plan = {"R": {**WAITS, "planned_on": SOON}}
    found, _ = look(["abc", "RRR"], ["LLL", "RRR"], **plan)
    assert [site.access for site in found.sites] == [False], "without a way in it is told so"
    wanted = replace(WANTED, access=True)
    found, _ = look(["abc", "RRR"], ["LLL", "RRR"], wanted, **plan)
    assert found.sites == () and found.nearly[0].access_on == SOON
    assert found.nearly[0].road is not None, "which parcel of road it waits for"
    kept, _ = look(["abc", "RRR"], ["LLL", "RRR"], wanted, R={**WAITS, "kept": True})
    assert kept.nearly[0].road is None, "what is not to be cleared is not waited for"
    found, _ = look(["abc", "RRR"], ["LLL", "RRR"], replace(wanted, by=AHEAD), **plan)
    assert [site.access for site in found.sites] == [True]


def test_the_soonest_way_is_taken_and_nothing_it_can_do_without() -> None:
    found, names = look(
        ["dabce", "RRRRR"], ["LLLLL", "RRRRR"],
        d={**WAITS, "planned_on": LATE}, c={**WAITS, "planned_on": SOON}, e=WAITS,
    )  # fmt: skip
    assert lacking(found, names) == {"c": {"clearance": SOON}}
    assert found.nearly[0].area_m2 == pytest.approx(300), "e is not taken along"


def test_let_land_is_the_last_resort_whatever_its_end() -> None:
    found, names = look(
        ["dabc", "RRRR"], ["LLLL", "RRRR"], d={"leased": True, "leased_until": SOON}, c=WAITS
    )
    assert lacking(found, names) == {"c": {"clearance": NEVER}}


def test_land_that_never_reaches_the_size_says_what_is_missing() -> None:
    found, _ = look(["ab", "RR"], ["LL", "RR"])
    assert found.sites == () and found.nearly[0].missing_m2 == pytest.approx(100)


def test_a_category_is_a_class_or_a_code() -> None:
    drawing = (["abcd", "RRRR"], ["LLSS", "RRRR"])
    for category, size in (("industrial", 200), ("CN", 200), ("service", 200), ("DV", 200)):
        found, _ = look(*drawing, replace(WANTED, least_m2=150.0, category=category))
        assert [site.area_m2 for site in found.sites] == [pytest.approx(size)], category
    found, _ = look(*drawing, replace(WANTED, least_m2=150.0))
    assert [site.area_m2 for site in found.sites] == [pytest.approx(400)]
    assert look(*drawing, replace(WANTED, category="KT"))[0] == Found((), ())


def test_the_way_in_comes_first_then_the_least_land_over() -> None:
    found, _ = look(
        ["aaaa.bbbbb.ccccc", "......RRRRRRRRRR"], ["LLLL.LLLLL.LLLLL", "......RRRRRRRRRR"]
    )
    sizes = [(site.area_m2, site.access) for site in found.sites]
    assert sizes == [(500, True), (500, True), (400, False)]


def test_land_kept_as_it_is_joins_nothing() -> None:
    found, _ = look(["abc", "RRR"], ["LLL", "RRR"], c={**WAITS, "kept": True})
    assert found.sites == () and found.nearly[0].missing_m2 == pytest.approx(100)


def test_planned_hand_overs_count_from_what_is_known() -> None:
    ahead = replace(WANTED, by=AHEAD)
    assert cleared_by(CLEARED, None, ahead) == CLEARED
    assert cleared_by(None, KNOWN, ahead) == NEVER, "the day came and nothing was handed over"
    assert cleared_by(None, SOON, ahead) == SOON


def test_pieces_are_one_shape_for_the_map() -> None:
    apart = [shapely.box(0, 0, 10, 10), shapely.box(10.01, 0, 20, 10)]
    assert whole(apart, 0.05).geom_type == "Polygon"
    assert whole([shapely.box(0, 0, 1, 1), shapely.box(5, 5, 6, 6)], 0.05).geom_type == (
        "MultiPolygon"
    )
    assert fullness(cells((0, 0), (1, 0))) == pytest.approx(1)
    assert fullness(cells((0, 0), (1, 0), (0, 1))) == pytest.approx(0.75, rel=0.2)


STATES = st.sampled_from(["free", "free", "waits", "soon", "late", "leased", "reserved"])
FACTS: dict[str, dict[str, Any]] = {
    "free": {},
    "waits": WAITS,
    "soon": {**WAITS, "planned_on": SOON},
    "late": {**WAITS, "planned_on": LATE},
    "leased": {"leased": True, "leased_until": LATE},
    "reserved": {"reserved": True, "reserved_until": SOON},
}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(STATES, min_size=16, max_size=16),
    st.integers(1, 8),
    st.sampled_from([KNOWN, AHEAD]),
)
def test_random_ground_against_plain_geometry(states: list[str], size: int, by: date) -> None:
    """Sites are the parts of the union of what is free; the first next best is as early as can be,
    and lacks nothing it can do without.
    """
    places = [(x, y) for y in range(4) for x in range(4)]
    held = [
        parcel(at + 1, cells(place), **{"cleared_on": CLEARED, **FACTS[state]})
        for at, (place, state) in enumerate(zip(places, states, strict=True))
    ]
    planned = [lot(90, cells(*places)), road(91, cells(*((x, -1) for x in range(4))))]
    ground = lay(held, planned, shares(held, planned), LIMITS)
    wanted = Wanted(least_m2=size * 100.0, by=by, known_on=KNOWN)
    found = find(ground, wanted, most=50)

    def parts(day: date, *, let: bool) -> list[Any]:
        free = [
            each.shape for each, state in zip(held, states, strict=True)
            if _free_on(state) <= day and (let or state != "leased" or day == by)
        ]  # fmt: skip
        return [part for part in shapely.get_parts(shapely.union_all(free))
                if part.area >= size * 100 - 1e-6]  # fmt: skip

    expected = sorted(part.area for part in parts(by, let=False))
    assert sorted(site.area_m2 for site in found.sites) == pytest.approx(expected)
    for site in found.nearly:
        if site.missing_m2 > 0:
            continue
        assert site.area_m2 >= size * 100 - 1e-6
        shape = whole([ground.shapes[piece] for piece in site.pieces], 0.0)
        assert shape.geom_type == "Polygon", "it hangs together"
        for lack in site.lacks:
            rest = [ground.shapes[p] for p in site.pieces if ground.owner[p] != lack.parcel]
            left = shapely.get_parts(shapely.union_all(rest))
            assert all(part.area < size * 100 - 1e-6 for part in left), "it needs every one of them"
    for site in found.nearly:
        if site.missing_m2 <= 0 and site.free_on < NEVER and not any(x.is_let for x in site.lacks):
            day = site.free_on
            ground_then = whole([ground.shapes[piece] for piece in site.pieces], 0.0)
            assert any(part.buffer(0.01).contains(ground_then) for part in parts(day, let=False))


def _free_on(state: str) -> date:
    facts = FACTS[state]
    return facts.get("planned_on") or facts.get("leased_until") or facts.get("reserved_until") or (
        NEVER if state == "waits" else date.min
    )  # fmt: skip

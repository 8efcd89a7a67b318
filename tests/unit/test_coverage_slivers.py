"""What counts as an overlap, against the plainest possible reckoning."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Polygon, box

from layers.coverage import overlaps, sliver_tolerance_m2
from tests.drawn_coverages import ORIGIN, Polygons, as_drawn, wavy


def overlaps_by_hand(polygons: Polygons) -> dict[tuple[int, int], float]:
    found = {}
    for (i, a), (j, b) in itertools.combinations(enumerate(polygons), 2):
        shared = [p for p in shapely.get_parts(a.intersection(b)) if p.geom_type == "Polygon"]
        area = sum(part.area for part in shared)
        if area > 0.01 + 0.001 * sum(part.length for part in shared) / 2:
            found[i, j] = area
    return found


def test_the_rule_in_numbers() -> None:
    assert sliver_tolerance_m2(0.0) == 0.01
    assert sliver_tolerance_m2(200.0) == pytest.approx(0.11)
    assert list(sliver_tolerance_m2(np.array([0.0, 20.0]))) == pytest.approx([0.01, 0.02])


@pytest.mark.parametrize(
    ("width_m", "is_overlap"), [(0.001, False), (0.0019, False), (0.0022, True), (0.5, True)]
)
def test_a_strip_of_ten_metres_is_tolerated_up_to_two_millimetres(
    width_m: float, is_overlap: bool
) -> None:
    pair = np.array([box(0, 0, 10, 10), box(10 - width_m, 0, 20, 10)])
    assert bool(overlaps(pair)) is is_overlap


def test_an_overlap_names_pair_area_and_place() -> None:
    trio = np.array([box(0, 0, 10, 10), box(10, 0, 20, 10), box(8, 4, 12, 6)])
    found = overlaps(trio)
    assert [(each.i, each.j, each.area_m2) for each in found] == [(0, 2, 4.0), (1, 2, 4.0)]
    assert trio[0].contains(found[0].place) and trio[2].contains(found[0].place)


@pytest.mark.parametrize(
    "pair",
    [
        (box(0, 0, 10, 10), box(0, 0, 10, 10)),
        (box(0, 0, 10, 10), box(4, 4, 5, 5)),
        (box(0, 0, 10, 10), box(0, 0, 5, 10)),
        (box(0, 0, 10, 10), Polygon([(2, 2), (5, 0), (8, 2)])),
        (box(0, 0, 10, 10) - box(3, 3, 7, 7), box(2, 4, 4, 5)),
    ],
    ids=["same", "within", "half", "crossing-side", "into-the-hole"],
)
def test_every_kind_of_overlap_is_seen(pair: tuple[Polygon, Polygon]) -> None:
    assert len(overlaps(np.array(pair))) == 1
    assert len(overlaps(np.array(pair[::-1]))) == 1


@pytest.mark.parametrize(
    "pair",
    [
        (box(0, 0, 10, 10), box(10, 0, 20, 10)),
        (box(0, 0, 10, 10), box(10, 10, 20, 20)),
        (box(0, 0, 10, 10), box(10, 3, 20, 7)),
        (box(0, 0, 10, 10) - box(3, 3, 7, 7), box(3, 3, 7, 7)),
        (box(0, 0, 10, 10), box(50, 50, 60, 60)),
    ],
    ids=["side", "corner", "t-junction", "fills-the-hole", "far"],
)
def test_neighbours_do_not_overlap(pair: tuple[Polygon, Polygon]) -> None:
    assert overlaps(np.array(pair)) == []


def test_missing_polygons_take_no_part() -> None:
    found = overlaps(np.array([None, box(0, 0, 2, 2), None, box(1, 0, 3, 2)], dtype=object))
    assert [(each.i, each.j) for each in found] == [(1, 3)]
    assert overlaps(np.array([], dtype=object)) == []


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 400), st.integers(0, 400), st.integers(1, 150), st.integers(1, 150)
        ),
        min_size=1,
        max_size=12,
    ),
    st.sampled_from([0.001, 0.01, 0.1]),
)
def test_found_overlaps_equal_those_by_hand(
    boxes: list[tuple[int, int, int, int]], unit_m: float
) -> None:
    polygons = np.array(
        [
            shapely.transform(box(x, y, x + w, y + h), lambda xy: ORIGIN + xy * unit_m)
            for x, y, w, h in boxes
        ]
    )
    found = {(each.i, each.j): each.area_m2 for each in overlaps(polygons)}
    by_hand = overlaps_by_hand(polygons)
    assert found.keys() == by_hand.keys()
    for pair, area in by_hand.items():
        assert found[pair] == pytest.approx(area)


@pytest.mark.parametrize("drawn", [as_drawn(60, 3, step_m=0.01), wavy(60, 5)], ids=["cm", "wavy"])
def test_drawn_coverages_equal_the_reckoning_by_hand(drawn: Polygons) -> None:
    assert {(each.i, each.j) for each in overlaps(drawn)} == overlaps_by_hand(drawn).keys()

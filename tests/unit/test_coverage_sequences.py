"""Edits one after another, at random: the coverage stays whole and no land is lost.

Hypothesis tries each property hundreds of times; together two thousand.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Polygon

from layers.coverage import (
    Advance,
    Edit,
    InsertCorner,
    MoveCorner,
    corridor,
    draw,
    merge,
    neighbours_of,
    node_coverage,
    overlaps,
    reshape,
    split_by_area,
    split_by_line,
    split_into_parts,
)
from layers.errors import LayerError
from tests.drawn_coverages import Polygons, as_drawn

EXAMPLES = settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)
FEWER = settings(EXAMPLES, max_examples=200)
SIZE = 60


@cache
def ground(seed: int) -> Polygons:
    """A noded coverage; the same for the same seed."""
    return node_coverage(as_drawn(SIZE, seed)).polygons


def after(coverage: Polygons, targets: np.ndarray, near: np.ndarray, edit: Edit) -> Polygons:
    """The coverage with an edit carried out."""
    here = np.concatenate([targets, near])
    kept = coverage.copy()
    for gained in (*edit.reshaped, *edit.noded):
        kept[here[gained.index]] = gained.polygon
    kept = np.delete(kept, here[list(edit.removed)])
    return np.concatenate([kept, np.array([p.polygon for p in edit.added], dtype=object)])


def tolerance(*shapes: Polygons) -> float:
    """Half a millimetre along every side that may have been bent."""
    return 0.01 + 0.0005 * float(sum(shapely.length(each).sum() for each in shapes))


def whole(coverage: Polygons) -> bool:
    return bool(shapely.coverage_is_valid(coverage)) and bool(shapely.is_valid(coverage).all())


seeds = st.integers(0, 5)
picks = st.integers(0, SIZE - 1)
azimuths = st.floats(0, 360, allow_nan=False)
shares = st.floats(0.02, 0.98, allow_nan=False)


@EXAMPLES
@given(seeds, picks, shares, azimuths)
def test_a_split_by_area_is_exact_and_merging_gives_the_parcel_back(
    seed: int, pick: int, share: float, azimuth: float
) -> None:
    coverage, target = ground(seed), np.array([pick])
    near = neighbours_of(coverage, target)
    parcel = coverage[pick]
    wanted = round(parcel.area * share, 1)
    edit = split_by_area(parcel, coverage[near], wanted, Advance(azimuth))
    taken = sum(piece.polygon.area for piece in edit.added if piece.taken)
    assert taken == pytest.approx(wanted, abs=0.1)
    split = after(coverage, target, near, edit)
    assert whole(split)
    children = np.array([piece.polygon for piece in edit.added], dtype=object)
    back = merge(children).added[0].polygon
    assert abs(back.area - parcel.area) <= tolerance(np.array([parcel]))
    assert shapely.symmetric_difference(back, parcel).area <= tolerance(np.array([parcel]))


@FEWER
@given(seeds, picks, st.integers(2, 6), azimuths)
def test_parts_are_equal(seed: int, pick: int, parts: int, azimuth: float) -> None:
    coverage, target = ground(seed), np.array([pick])
    near = neighbours_of(coverage, target)
    edit = split_into_parts(coverage[pick], coverage[near], parts, Advance(azimuth))
    assert len(edit.added) == parts
    for piece in edit.added:
        assert piece.polygon.area == pytest.approx(coverage[pick].area / parts, abs=0.1)
    assert whole(after(coverage, target, near, edit))


@EXAMPLES
@given(seeds, picks, st.integers(0, 50), st.floats(-6, 6), st.floats(-6, 6))
def test_everybody_who_shares_a_corner_follows_it(
    seed: int, pick: int, corner: int, east: float, north: float
) -> None:
    coverage, target = ground(seed), np.array([pick])
    near = np.setdiff1d(np.arange(SIZE), target)
    ring = shapely.get_coordinates(coverage[pick].exterior)[:-1]
    at = tuple(ring[corner % len(ring)])
    to = tuple(np.rint((np.array(at) + np.array([east, north])) * 1000) / 1000)
    try:
        edit = reshape(coverage[target], coverage[near], [MoveCorner(at, to)])
    except LayerError:
        return
    moved = after(coverage, target, near, edit)
    assert whole(moved)
    assert not overlaps(moved)
    here = np.concatenate([target, near])
    sharing = {
        i
        for i in range(SIZE)
        if shapely.Point(at).touches(coverage[i]) and at in _corners(coverage[i])
    }
    if at != to:
        assert {int(here[each.index]) for each in edit.reshaped} == sharing
        assert all(at not in _corners(each.polygon) for each in edit.reshaped)


def _corners(polygon: Polygon) -> set[tuple[float, float]]:
    return {tuple(xy) for xy in shapely.get_coordinates(polygon)}


@EXAMPLES
@given(seeds, picks, st.integers(0, 50), shares)
def test_a_corner_in_a_shared_side_is_in_both_parcels_and_changes_no_area(
    seed: int, pick: int, side: int, along: float
) -> None:
    coverage, target = ground(seed), np.array([pick])
    near = np.setdiff1d(np.arange(SIZE), target)
    ring = shapely.get_coordinates(coverage[pick].exterior)
    place = side % (len(ring) - 1)
    a, b = ring[place], ring[place + 1]
    at = np.rint((a + (b - a) * along) * 1000) / 1000
    try:
        edit = reshape(
            coverage[target], coverage[near], [InsertCorner((tuple(a), tuple(b)), tuple(at))]
        )
    except LayerError:
        return
    done = after(coverage, target, near, edit)
    assert whole(done)
    assert abs(shapely.area(done).sum() - shapely.area(coverage).sum()) <= tolerance(
        coverage[target]
    )
    for each in edit.reshaped:
        assert tuple(at) in _corners(each.polygon)


@FEWER
@given(seeds, picks)
def test_a_retired_parcel_can_be_drawn_again_to_its_neighbours(seed: int, pick: int) -> None:
    coverage = ground(seed)
    parcel = coverage[pick]
    near = neighbours_of(coverage, np.array([pick]))
    drawn = shapely.buffer(parcel, 0.02, join_style="mitre")
    inner = np.all(
        [shapely.covered_by(parcel.boundary, shapely.union_all(coverage[near]).buffer(0.001))]
    )
    edit = draw(drawn if inner else parcel, coverage[near])
    assert edit.added[0].polygon.area == pytest.approx(
        parcel.area, abs=tolerance(np.array([parcel])) + 0.05 * parcel.length * (not inner)
    )
    rest = np.delete(coverage, pick)
    kept = rest.copy()
    position = {int(old): new for new, old in enumerate(np.delete(np.arange(SIZE), pick))}
    for gained in edit.noded:
        kept[position[int(near[gained.index])]] = gained.polygon
    assert whole(np.concatenate([kept, np.array([edit.added[0].polygon], dtype=object)]))


@EXAMPLES
@given(
    seeds,
    st.lists(
        st.tuples(st.sampled_from("smcra"), st.integers(0, 10**6), shares, azimuths),
        min_size=2,
        max_size=6,
    ),
)
def test_any_sequence_keeps_the_coverage_valid_and_the_land(
    seed: int, steps: list[tuple[str, int, float, float]]
) -> None:
    coverage = ground(seed)
    before, slack = shapely.area(coverage).sum(), 0.0
    for kind, pick, share, azimuth in steps:
        target = np.array([pick % len(coverage)])
        near = neighbours_of(coverage, target)
        try:
            target, near, edit = _edit(kind, coverage, target, near, share, azimuth)
        except LayerError:
            continue
        slack += tolerance(coverage[target], coverage[near])
        outer = edit.reshaped and kind == "r"
        held = shapely.area(coverage).sum()
        coverage = after(coverage, target, near, edit)
        if outer:  # a corner of the rim may take in or give up ground nobody holds
            before += shapely.area(coverage).sum() - held
        assert whole(coverage)
    assert not overlaps(coverage)
    assert abs(shapely.area(coverage).sum() - before) <= slack + 0.01


def _edit(
    kind: str,
    coverage: Polygons,
    target: np.ndarray,
    near: np.ndarray,
    share: float,
    azimuth: float,
) -> tuple[np.ndarray, np.ndarray, Edit]:
    parcel = coverage[target[0]]
    centre = parcel.centroid
    ahead = np.array([np.sin(np.radians(azimuth)), np.cos(np.radians(azimuth))]) * 60
    line = LineString(
        [np.array([centre.x, centre.y]) - ahead, np.array([centre.x, centre.y]) + ahead]
    )
    if kind == "a":
        return (
            target,
            near,
            split_by_area(parcel, coverage[near], parcel.area * share, Advance(azimuth)),
        )
    if kind == "s":
        return target, near, Edit.of(split_by_line(coverage[target], coverage[near], line), 1)
    if kind == "m":
        pair = np.array([target[0], near[int(share * len(near))]])
        return pair, neighbours_of(coverage, pair), merge(coverage[pair])
    if kind == "c":
        hit = np.flatnonzero(
            shapely.intersects(coverage, shapely.buffer(line, 2, cap_style="flat"))
        )
        around = neighbours_of(coverage, hit)
        return hit, around, Edit.of(corridor(coverage[hit], coverage[around], line, 4.0), len(hit))
    others = np.setdiff1d(np.arange(len(coverage)), target)
    at = shapely.get_coordinates(parcel.exterior)[0]
    to = np.rint((at + ahead * share / 30) * 1000) / 1000
    return (
        target,
        others,
        reshape(coverage[target], coverage[others], [MoveCorner(tuple(at), tuple(to))]),
    )

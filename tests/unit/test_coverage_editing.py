"""Splits and corridors keep the coverage whole, one after another and by the hundred."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely.geometry import LineString, Polygon, box

from layers.coverage import (
    GainedCorners,
    Operation,
    corridor,
    join,
    neighbours_of,
    node_coverage,
    operate,
    split_by_line,
)
from layers.errors import CoordinatesNotFinite, CutterInvalid, CutterMisses
from tests.drawn_coverages import ORIGIN, Polygons, as_drawn

NONE = np.array([], dtype=object)


def moved(shape: Polygon) -> Polygon:
    return shapely.transform(shape, lambda xy: xy + ORIGIN)


def line(*corners: tuple[float, float]) -> LineString:
    return moved(LineString(corners))


LOT = moved(box(0, 0, 30, 20))
EAST = moved(box(30, 0, 50, 20))
NORTH = moved(Polygon([(0, 20), (30, 20), (50, 20), (50, 40), (0, 40)]))


def test_a_line_divides_a_lot_and_neighbours_gain_its_ends() -> None:
    done = split_by_line(
        np.array([LOT]), np.array([EAST, NORTH]), line((-5, 5), (15, 10), (17, 45))
    )
    assert done.removed == (0,)
    assert [piece.parents for piece in done.added] == [(0,), (0,)]
    assert not any(piece.taken for piece in done.added)
    assert sum(piece.polygon.area for piece in done.added) == pytest.approx(600, abs=0.02)
    assert [gained.index for gained in done.changed] == [1]
    assert len(done.changed[0].polygon.exterior.coords) == len(NORTH.exterior.coords) + 1
    assert all(piece.polygon.exterior.is_ccw for piece in done.added)
    after = np.array([*(p.polygon for p in done.added), EAST, done.changed[0].polygon])
    assert shapely.coverage_is_valid(after)


def test_a_line_that_ends_inside_divides_nothing() -> None:
    with pytest.raises(CutterMisses):
        split_by_line(np.array([LOT]), np.array([EAST]), line((-5, 5), (15, 10)))
    with pytest.raises(CutterMisses):
        split_by_line(np.array([LOT]), np.array([EAST]), line((100, 100), (200, 100)))


def test_an_undivided_target_stays_whole() -> None:
    done = split_by_line(np.array([LOT, EAST]), NONE, line((10, -5), (10, 25)))
    assert done.removed == (0,)
    assert len(done.added) == 2
    done = split_by_line(np.array([LOT, EAST]), NONE, line((-5, 10), (30, 10)))
    assert done.removed == (0,)
    assert [type(gained) for gained in done.changed_targets] == [GainedCorners]
    assert done.changed_targets[0].index == 1


def test_a_line_is_drawn_onto_near_corners() -> None:
    askew = line((-0.02, -0.03), (30.04, 20.01))
    assert len(split_by_line(np.array([LOT]), NONE, askew).added) == 2
    snapped = split_by_line(np.array([LOT]), NONE, askew, snap_m=0.1)
    assert [len(piece.polygon.exterior.coords) for piece in snapped.added] == [4, 4]


def test_a_hole_is_split_with_its_lot() -> None:
    holed = LOT - moved(box(10, 5, 20, 15))
    done = split_by_line(np.array([holed]), NONE, line((-5, 10), (35, 10)))
    assert [len(piece.polygon.interiors) for piece in done.added] == [0, 0]
    assert sum(piece.polygon.area for piece in done.added) == pytest.approx(500)


def test_a_corridor_becomes_one_parcel_with_all_its_parents() -> None:
    road = line((-10, 12), (60, 12))
    done = corridor(np.array([LOT, EAST]), np.array([NORTH]), road, 4.0)
    taken = [piece for piece in done.added if piece.taken]
    assert [(piece.parents, piece.polygon.area) for piece in taken] == [((0, 1), 200.0)]
    assert sorted(p.polygon.area for p in done.added if not p.taken) == [120, 180, 200, 300]
    apart = corridor(np.array([LOT, EAST]), np.array([NORTH]), road, 4.0, merge=False)
    assert sorted(p.parents for p in apart.added if p.taken) == [(0,), (1,)]


def test_a_corridor_leaves_other_parcels_alone() -> None:
    road = line((-10, 21), (60, 21))  # two metres wide: just misses the targets' top side
    with pytest.raises(CutterMisses):
        corridor(np.array([LOT, EAST]), np.array([NORTH]), road, 2.0)
    done = corridor(np.array([LOT, EAST]), np.array([NORTH]), road, 4.0)
    assert sum(p.polygon.area for p in done.added if p.taken) == pytest.approx(50)
    assert done.changed == ()


def test_a_target_wholly_inside_the_corridor_is_taken() -> None:
    done = corridor(np.array([LOT]), np.array([EAST]), line((-50, 10), (80, 10)), 60.0)
    assert done.removed == (0,)
    assert [(piece.taken, piece.polygon.area) for piece in done.added] == [(True, 600)]


def test_cutters_without_substance_are_refused() -> None:
    lots = np.array([LOT])
    with pytest.raises(CutterInvalid):
        split_by_line(lots, NONE, LineString())
    with pytest.raises(CutterInvalid):
        corridor(lots, NONE, line((0, 0), (9, 9)), 0.0)
    with pytest.raises(CutterInvalid):
        corridor(lots, NONE, line((0, 0), (9, 9)), float("nan"))
    endless = shapely.transform(
        line((0, 0), (9, 9)), lambda xy: np.where(xy > ORIGIN[1] + 5, np.inf, xy)
    )
    with pytest.raises(CoordinatesNotFinite):
        split_by_line(lots, NONE, endless)


def test_an_area_of_any_shape_can_be_cut_out() -> None:
    pond = shapely.buffer(moved(box(12, 8, 14, 10)), 3)
    done = operate(np.array([LOT]), np.array([EAST]), pond)
    taken = [piece.polygon for piece in done.added if piece.taken]
    rest = [piece.polygon for piece in done.added if not piece.taken]
    assert len(taken) == len(rest) == 1
    assert len(rest[0].interiors) == 1
    assert taken[0].area == pytest.approx(pond.area, abs=0.02)


def test_merging_keeps_every_corner() -> None:
    merged = join(np.array([LOT, EAST]))
    assert len(merged) == 1
    assert merged[0].area == 1000
    assert len(merged[0].exterior.coords) == 7


def apply(coverage: Polygons, targets: np.ndarray, near: np.ndarray, done: Operation) -> Polygons:
    kept = coverage.copy()
    for gained in done.changed:
        kept[near[gained.index]] = gained.polygon
    for gained in done.changed_targets:
        kept[targets[gained.index]] = gained.polygon
    kept = np.delete(kept, targets[list(done.removed)])
    return np.concatenate([kept, np.array([piece.polygon for piece in done.added])])


def test_six_hundred_edits_in_sequence_leave_a_valid_coverage() -> None:
    random = np.random.default_rng(20240801)
    coverage = node_coverage(as_drawn(300, 7)).polygons
    outline = shapely.coverage_union_all(coverage).envelope
    before = shapely.area(coverage).sum()
    done_splits = done_corridors = 0
    while done_splits < 300 or done_corridors < 300:
        centre = shapely.Point(
            random.uniform(outline.bounds[0], outline.bounds[2]),
            random.uniform(outline.bounds[1], outline.bounds[3]),
        )
        angle, reach = random.uniform(0, np.pi), random.uniform(10, 90)
        step = reach * np.array([np.cos(angle), np.sin(angle)])
        middle = np.array(centre.coords[0])
        bend = middle + random.normal(0, 3, 2)
        cutter = LineString([middle - step, bend, middle + step])
        split = done_splits < 300 and (done_corridors >= 300 or random.random() < 0.5)
        width = 0.0 if split else random.uniform(0.5, 12)
        touched = np.flatnonzero(shapely.intersects(coverage, cutter.buffer(width / 2 + 0.01)))
        if not touched.size:
            continue
        targets = touched if not split else touched[:3]
        near = neighbours_of(coverage, targets)
        area = shapely.area(coverage[targets]).sum()
        try:
            if split:
                done = split_by_line(coverage[targets], coverage[near], cutter)
                done_splits += 1
            else:
                done = corridor(coverage[targets], coverage[near], cutter, width)
                done_corridors += 1
        except CutterMisses:
            continue
        pieces = [piece.polygon for piece in done.added]
        whole = np.delete(np.arange(len(targets)), list(done.removed))
        drift = abs(
            sum(p.area for p in pieces) + shapely.area(coverage[targets[whole]]).sum() - area
        )
        assert drift <= 0.0005 * (
            sum(p.length for p in pieces) + shapely.length(coverage[targets]).sum()
        )
        coverage = apply(coverage, targets, near, done)
        local = np.flatnonzero(shapely.dwithin(coverage, cutter, 60))
        assert shapely.coverage_is_valid(coverage[local])
    assert shapely.is_valid(coverage).all()
    assert shapely.coverage_is_valid(coverage)
    assert shapely.area(coverage).sum() == pytest.approx(before, abs=600 * 0.02)

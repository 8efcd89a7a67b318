"""Merge, draw, clean, lines of a plan, and the ways each of them is refused."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely.geometry import LineString, MultiLineString, Polygon, box

from layers.coverage import (
    Advance,
    InsertCorner,
    MoveCorner,
    RemoveCorner,
    clean,
    corridor,
    draw,
    merge,
    outline,
    reshape,
    split_by_area,
    split_by_lines,
    why_it_misses,
)
from layers.errors import (
    AreaTooLarge,
    AreaTooSmall,
    CornerIsJunction,
    CornerNotFound,
    CutterEndsInside,
    CutterMisses,
    CutterTouches,
    NotNeighbours,
    OutlineCovered,
    OutlineFallsApart,
    OutlineInvalid,
    ReshapeCrossesItself,
    ReshapeOverNeighbour,
    SideNotFound,
)
from tests.drawn_coverages import ORIGIN

NONE = np.array([], dtype=object)


def put(shape: Polygon) -> Polygon:
    return shapely.transform(shape, lambda xy: xy + ORIGIN)


def at(east: float, north: float) -> tuple[float, float]:
    return float(ORIGIN[0] + east), float(ORIGIN[1] + north)


WEST = put(Polygon([(0, 0), (50, 0), (50, 40), (50, 100), (0, 100)]))
EAST_SOUTH = put(box(50, 0, 100, 40))
EAST_NORTH = put(box(50, 40, 100, 100))


def many(*shapes: Polygon) -> np.ndarray:
    return np.array(shapes, dtype=object)


def test_the_part_lies_on_the_side_that_was_chosen() -> None:
    south = split_by_area(WEST, NONE, 1000, Advance(0))
    taken = [piece.polygon for piece in south.added if piece.taken]
    assert [round(part.area, 3) for part in taken] == [1000]
    assert taken[0].bounds == (*at(0, 0), *at(50, 20))
    north = split_by_area(WEST, NONE, 1000, Advance(180))
    assert next(p.polygon for p in north.added if p.taken).bounds == (*at(0, 80), *at(50, 100))


def test_a_cut_parallel_to_an_edge_starts_at_it() -> None:
    edge = LineString([at(0, 100), at(0, 0)])
    cut = split_by_area(WEST, NONE, 500, Advance.from_edge(WEST, edge))
    assert next(p.polygon for p in cut.added if p.taken).bounds == (*at(0, 0), *at(5, 100))
    with pytest.raises(SideNotFound):
        Advance.from_edge(WEST, LineString([at(10, 10), at(20, 10)]))


def test_a_bay_and_a_hole_are_cut_with_their_parcel() -> None:
    bay = put(Polygon([(0, 0), (90, 0), (90, 60), (60, 60), (60, 20), (30, 20), (30, 60), (0, 60)]))
    cut = split_by_area(bay, NONE, 600, Advance(180))
    assert [piece.taken for piece in cut.added].count(True) == 2
    assert sum(p.polygon.area for p in cut.added if p.taken) == pytest.approx(600, abs=0.1)
    holed = put(box(0, 0, 100, 100).difference(box(30, 30, 70, 70)))
    cut = split_by_area(holed, NONE, 4200, Advance(90))
    assert sum(p.polygon.area for p in cut.added if p.taken) == pytest.approx(4200, abs=0.1)


@pytest.mark.parametrize(
    ("area", "refused"), [(5000.0, AreaTooLarge), (9e9, AreaTooLarge), (0.0, AreaTooSmall),
                          (-5.0, AreaTooSmall), (float("nan"), AreaTooSmall)],
)  # fmt: skip
def test_an_area_that_is_no_part_is_refused(area: float, refused: type[Exception]) -> None:
    with pytest.raises(refused):
        split_by_area(WEST, NONE, area, Advance(0))


def test_only_neighbours_are_merged() -> None:
    done = merge(many(WEST, EAST_NORTH))
    assert done.removed == (0, 1)
    assert done.added[0].polygon.area == 8000
    with pytest.raises(NotNeighbours):
        merge(many(WEST, put(box(200, 0, 210, 10))))
    with pytest.raises(NotNeighbours):
        merge(many(WEST))


def test_a_t_junction_moves_with_all_three_parcels() -> None:
    done = reshape(
        many(EAST_SOUTH), many(WEST, EAST_NORTH), [MoveCorner(at(50, 40), at(55.5, 42.25))]
    )
    assert {each.index for each in done.reshaped} == {0, 1, 2}
    after = many(*(each.polygon for each in done.reshaped))
    assert shapely.coverage_is_valid(after)
    assert shapely.area(after).sum() == pytest.approx(10_000)


def test_corners_are_inserted_and_taken_away_in_both_parcels() -> None:
    put_in = reshape(
        many(EAST_SOUTH),
        many(WEST, EAST_NORTH),
        [InsertCorner((at(50, 40), at(100, 40)), at(75, 43))],
    )
    assert {each.index for each in put_in.reshaped} == {0, 2}
    south, north = (each.polygon for each in put_in.reshaped)
    back = reshape(many(south), many(WEST, north), [RemoveCorner(at(75, 43))])
    assert {round(each.polygon.area, 6) for each in back.reshaped} == {2000, 3000}


@pytest.mark.parametrize(
    ("edit", "refused"),
    [
        (MoveCorner(at(1, 1), at(2, 2)), CornerNotFound),
        (InsertCorner((at(50, 0), at(90, 0)), at(70, 0)), SideNotFound),
        (RemoveCorner(at(50, 40)), CornerIsJunction),
        (MoveCorner(at(100, 0), at(75, 60)), ReshapeCrossesItself),
        (MoveCorner(at(100, 0), at(160, 20)), ReshapeOverNeighbour),
    ],
)
def test_a_reshape_that_cannot_be_is_named(edit: MoveCorner, refused: type[Exception]) -> None:
    stranger = put(box(120, 0, 200, 60))
    with pytest.raises(refused):
        reshape(many(EAST_SOUTH), many(WEST, EAST_NORTH, stranger), [edit])


def test_a_new_parcel_fills_to_its_neighbours() -> None:
    drawn = outline([at(49, 39), at(99.97, 39), at(99.97, 99), at(49, 99)])
    done = draw(drawn, many(WEST, EAST_SOUTH))
    parcel = done.added[0].polygon
    assert parcel.area == pytest.approx(49.97 * 59, abs=0.01)
    around = [WEST, EAST_SOUTH]
    for each in done.noded:
        around[each.index] = each.polygon
    assert shapely.coverage_is_valid(many(parcel, *around))
    assert [len(shape.exterior.coords) for shape in around] == [7, 6]
    with pytest.raises(OutlineCovered):
        draw(outline([at(5, 5), at(20, 5), at(20, 20)]), many(WEST))
    with pytest.raises(OutlineFallsApart):
        draw(outline([at(-10, 10), at(60, 10), at(60, 20), at(-10, 20)]), many(WEST))
    with pytest.raises(OutlineInvalid):
        outline([at(0, 0), at(10, 10), at(10, 0), at(0, 10)])


def test_a_gap_is_closed_and_reported() -> None:
    east = put(Polygon([(50, 0), (100, 0), (100, 100), (50, 100), (50.04, 50)]))
    done = clean(many(WEST, east), NONE, 0.05)
    assert done.report["gaps_before"] == 1
    assert done.report["gap_before_m2"] == pytest.approx(2, abs=0.05)
    assert done.report["gaps_after"] == done.report["overlaps_after"] == 0
    after = [WEST, east]
    for each in (*done.reshaped, *done.noded):
        after[each.index] = each.polygon
    assert shapely.coverage_is_valid(many(*after))
    assert sum(shape.area for shape in after) == pytest.approx(10_000)
    assert clean(many(WEST, east), NONE, 0.01).reshaped == ()


def test_plan_lines_divide_and_their_slips_do_not() -> None:
    lots = MultiLineString(
        [LineString([at(-5, 50), at(60, 50)]), LineString([at(0.2, -5), at(0.2, 105)])]
    )
    done = split_by_lines(many(WEST), many(EAST_SOUTH, EAST_NORTH), lots, thin_m=0.4)
    assert sorted(round(piece.polygon.area) for piece in done.added) == [2500, 2500]
    with pytest.raises(CutterMisses):
        split_by_lines(many(WEST), NONE, LineString([at(0.2, -5), at(0.2, 105)]), thin_m=0.4)


def test_round_ends_reach_further() -> None:
    line = LineString([at(10, 20), at(40, 20)])
    flat, rounded = (
        sum(p.polygon.area for p in corridor(many(WEST), NONE, line, 4, ends=ends).added if p.taken)
        for ends in ("flat", "round")
    )
    assert flat == pytest.approx(120)
    assert rounded == pytest.approx(120 + np.pi * 4, abs=0.2)


def test_a_line_that_divides_nothing_is_told_why() -> None:
    targets = many(WEST)
    assert isinstance(why_it_misses(targets, LineString([at(-5, 5), at(9, 9)])), CutterEndsInside)
    assert isinstance(why_it_misses(targets, LineString([at(0, -5), at(0, 105)])), CutterTouches)
    missed = why_it_misses(targets, LineString([at(300, 5), at(309, 9)]))
    assert type(missed) is CutterMisses

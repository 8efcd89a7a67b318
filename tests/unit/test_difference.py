"""Two plan versions laid over each other: every square metre once, rows and columns that add up."""

from __future__ import annotations

from math import fsum
from uuid import uuid4

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry

from planning.plans.difference import (
    IN_NO_LOT,
    OUT_OF_PLAN,
    Cell,
    Cover,
    Lot,
    Overlay,
    Use,
    overlay,
    totals,
)
from planning.plans.difference_lots import lot_changes

EAST, NORTH = 432_000.0, 2_317_000.0
CN, CX, DV = Use("CN", "industrial"), Use("CX"), Use("DV", "service")
USES = (CN, CX, DV, Use("GT"))
EXACT_M2 = 0.01


def ground(west: float, south: float, east: float, north: float) -> Polygon:
    """A rectangle by its sides, metres from a corner far from the origin as real plans lie."""
    return box(EAST + west, NORTH + south, EAST + east, NORTH + north)


def lot(use: Use, shape: BaseGeometry, symbol: str = "L", **facts: object) -> Lot:
    """A lot of a use."""
    given_facts = {
        "legal_area_m2": None, "density_pct": None, "storeys_max": None, "floor_area_ratio": None,
        **facts,
    }  # fmt: skip
    return Lot(
        version_id=0, lot_id=uuid4(), symbol=symbol, category=use.category, leasable=use.leasable,
        area_m2=shape.area, shape=shape, **given_facts,
    )  # type: ignore[arg-type]  # fmt: skip


def cover(*lots: Lot, boundary: BaseGeometry | None = None) -> Cover:
    """A version of lots."""
    return Cover(tuple(lots), boundary)


def test_ground_that_changes_use_is_a_cell_and_the_rest_stays_on_the_diagonal() -> None:
    was = cover(lot(CN, ground(0, 0, 300, 100)), lot(CX, ground(300, 0, 400, 100)))
    now = cover(lot(CN, ground(0, 0, 250, 100)), lot(CX, ground(250, 0, 400, 100)))
    laid = overlay(was, now)
    assert laid.matrix() == pytest.approx(
        {Cell(CN, CN): 25_000, Cell(CN, CX): 5_000, Cell(CX, CX): 10_000}, abs=EXACT_M2
    )
    assert Cell(CN, CX).leaves_leasing
    assert [laid.cell(piece) for piece in laid.changed()] == [Cell(CN, CX)]


def test_ground_in_no_lot_and_ground_outside_are_rows_and_columns_of_their_own() -> None:
    """Before: a boundary of 4 ha with a lot of 1 ha. After: it reaches 1 ha further and has 2 lots,
    one of them where no lot was, one on the ground that is new.
    """
    was = cover(lot(CN, ground(0, 0, 100, 100)), boundary=ground(0, 0, 400, 100))
    now = cover(
        lot(CN, ground(0, 0, 100, 100)),
        lot(DV, ground(100, 0, 200, 100)),
        lot(CX, ground(400, 0, 450, 100)),
        boundary=ground(0, 0, 500, 100),
    )
    assert overlay(was, now).matrix() == pytest.approx(
        {
            Cell(CN, CN): 10_000,
            Cell(IN_NO_LOT, DV): 10_000,
            Cell(IN_NO_LOT, IN_NO_LOT): 20_000,
            Cell(OUT_OF_PLAN, CX): 5_000,
            Cell(OUT_OF_PLAN, IN_NO_LOT): 5_000,
        },
        abs=EXACT_M2,
    )
    back = overlay(now, was).matrix()
    assert back[Cell(DV, IN_NO_LOT)] == pytest.approx(10_000, abs=EXACT_M2)
    assert back[Cell(CX, OUT_OF_PLAN)] == pytest.approx(5_000, abs=EXACT_M2)
    assert back[Cell(IN_NO_LOT, OUT_OF_PLAN)] == pytest.approx(5_000, abs=EXACT_M2)


def test_overlapping_lots_count_their_ground_once_and_say_how_much() -> None:
    was = cover(lot(CN, ground(0, 0, 200, 100)), lot(CX, ground(150, 0, 300, 100)))
    laid = overlay(was, cover(lot(CN, ground(0, 0, 300, 100))))
    assert laid.excess == pytest.approx((5_000, 0), abs=EXACT_M2)
    assert laid.matrix() == pytest.approx(
        {Cell(CN, CN): 20_000, Cell(CX, CN): 10_000}, abs=EXACT_M2
    )


def test_the_same_symbol_of_another_class_is_another_use() -> None:
    """KT is storage in one plan and utilities in another."""
    store, works = Use("KT", "industrial"), Use("KT")
    laid = overlay(
        cover(lot(store, ground(0, 0, 100, 100))), cover(lot(works, ground(0, 0, 100, 100)))
    )
    (cell,) = laid.matrix()
    assert cell.changes
    assert cell.leaves_leasing


def test_nothing_on_either_side_is_nothing() -> None:
    assert overlay(cover(), cover()).matrix() == {}
    only = overlay(cover(), cover(lot(CN, ground(0, 0, 10, 10)))).matrix()
    assert only == pytest.approx({Cell(OUT_OF_PLAN, CN): 100}, abs=EXACT_M2)


@st.composite
def covers(draw: st.DrawFn) -> Cover:
    """A version of rectangles that may overlap, leave gaps, and reach over the boundary."""
    lots = []
    for _ in range(draw(st.integers(0, 7))):
        west, south = draw(st.integers(0, 400)) / 1, draw(st.integers(0, 400)) / 1
        wide, high = draw(st.integers(1, 200)), draw(st.integers(1, 200))
        turned = shapely.affinity.rotate(
            ground(west, south, west + wide, south + high), draw(st.sampled_from([0, 0, 17, 45]))
        )
        lots.append(lot(draw(st.sampled_from(USES)), turned))
    sides = draw(st.tuples(st.integers(0, 200), st.integers(250, 600)))
    edge = ground(sides[0], sides[0], sides[1], sides[1])
    return Cover(tuple(lots), draw(st.sampled_from([None, edge])))


def whole(side: Cover) -> BaseGeometry:
    """All ground of a version: its lots and what its boundary holds."""
    lots = shapely.union_all([each.shape for each in side.lots])
    return lots if side.boundary is None else shapely.union(lots, side.boundary)


def by_use(side: Cover) -> dict[Use, BaseGeometry]:
    """Ground by use, worked out by plain unions and differences in the order of the lots."""
    taken: BaseGeometry = MultiPolygon()
    found: dict[Use, list[BaseGeometry]] = {}
    for each in side.lots:
        found.setdefault(each.use, []).append(shapely.difference(each.shape, taken))
        taken = shapely.union(taken, each.shape)
    found[IN_NO_LOT] = [shapely.difference(whole(side), taken)]
    return {use: shapely.union_all(shapes) for use, shapes in found.items()}


@settings(max_examples=120, deadline=None)
@given(covers(), covers())
def test_rows_and_columns_close_to_both_versions(was: Cover, now: Cover) -> None:
    laid = overlay(was, now)
    rows, columns = totals(laid.matrix())
    assert fsum(area for use, area in rows.items() if use != OUT_OF_PLAN) == pytest.approx(
        whole(was).area, abs=EXACT_M2
    )
    assert fsum(area for use, area in columns.items() if use != OUT_OF_PLAN) == pytest.approx(
        whole(now).area, abs=EXACT_M2
    )
    for side, sums, excess in ((was, rows, laid.excess[0]), (now, columns, laid.excess[1])):
        lots = fsum(area for use, area in sums.items() if use not in (IN_NO_LOT, OUT_OF_PLAN))
        assert lots + excess == pytest.approx(
            fsum(each.shape.area for each in side.lots), abs=EXACT_M2
        )


@settings(max_examples=120, deadline=None)
@given(covers(), covers())
def test_every_cell_is_the_ground_both_uses_share(was: Cover, now: Cover) -> None:
    """The same by another way: unions by use, intersected."""
    matrix = overlay(was, now).matrix()
    before, after = by_use(was), by_use(now)
    for one, first in before.items():
        for other, second in after.items():
            common = shapely.intersection(first, second).area
            assert matrix.get(Cell(one, other), 0) == pytest.approx(common, abs=EXACT_M2)
        gone = shapely.difference(first, whole(now)).area
        assert matrix.get(Cell(one, OUT_OF_PLAN), 0) == pytest.approx(gone, abs=EXACT_M2)


@settings(max_examples=60, deadline=None)
@given(covers(), covers())
def test_shapes_of_pieces_have_the_areas_they_state_and_do_not_overlap(
    was: Cover, now: Cover
) -> None:
    pieces = [piece for piece in overlay(was, now).pieces if piece.shape is not None]
    for piece in pieces:
        assert piece.shape.area == pytest.approx(piece.area_m2, abs=EXACT_M2)  # type: ignore[union-attr]
    union = shapely.union_all([piece.shape for piece in pieces])
    assert union.area == pytest.approx(fsum(piece.area_m2 for piece in pieces), abs=EXACT_M2)


def changes(was: Cover, now: Cover) -> list[tuple[str, str | None, str | None]]:
    """What became of the lots, by symbol."""
    laid: Overlay = overlay(was, now)
    return [
        (each.kind, each.before and each.before.symbol, each.after and each.after.symbol)
        for each in lot_changes(laid)
    ]


def test_lots_are_known_by_their_ground_not_by_their_symbol() -> None:
    was = cover(
        lot(CN, ground(0, 0, 100, 100), "CN-1"),
        lot(CN, ground(100, 0, 200, 100), "CN-2"),
        lot(CN, ground(200, 0, 300, 100), "CN-3"),
        lot(CX, ground(300, 0, 400, 100), "CX-1"),
    )
    now = cover(
        lot(CN, ground(0, 0, 100, 100), "CN-1"),
        lot(CN, ground(100, 0, 200, 100), "CN-7"),
        lot(CN, ground(200, 0, 330, 100), "CN-3"),
        lot(DV, ground(500, 0, 600, 100), "CX-1"),
    )
    assert changes(was, now) == [
        ("removed", "CX-1", None),
        ("reshaped", "CN-3", "CN-3"),
        ("revised", "CN-2", "CN-7"),
        ("added", None, "CX-1"),
    ]


def test_an_attribute_that_differs_is_named() -> None:
    was = cover(lot(CN, ground(0, 0, 100, 100), density_pct=60, storeys_max=3))
    now = cover(lot(CN, ground(0, 0, 100, 100), density_pct=70, storeys_max=3))
    (change,) = lot_changes(overlay(was, now))
    assert [(field.name, field.before, field.after) for field in change.fields] == [
        ("density_pct", 60, 70)
    ]
    assert change.moved_m2 == 0


def test_an_edge_noded_anew_is_no_change() -> None:
    """A corner a millimetre off, as the grid leaves it."""
    bent = Polygon([(EAST, NORTH), (EAST + 100, NORTH), (EAST + 100.001, NORTH + 50),
                    (EAST + 100, NORTH + 100), (EAST, NORTH + 100)])  # fmt: skip
    assert changes(cover(lot(CN, ground(0, 0, 100, 100))), cover(lot(CN, bent))) == []

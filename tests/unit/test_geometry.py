"""Validity with reason and place, rings, explosion, the grid and measures."""

from __future__ import annotations

import struct

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import GeometryCollection, LineString, MultiPolygon, Polygon, box

from layers import geometry
from layers.errors import (
    CoordinatesNotFinite,
    GeometryEmpty,
    GeometryInvalid,
    GeometryNotPolygon,
)

BOW_TIE = Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
HOLED = box(0, 0, 10, 10) - box(4, 4, 6, 6)


def test_a_flaw_has_a_reason_and_a_place() -> None:
    found = geometry.flaw(BOW_TIE)
    assert found == geometry.Flaw("self-intersection", 1.0, 1.0)
    with pytest.raises(GeometryInvalid) as refused:
        geometry.require_valid(BOW_TIE)
    assert refused.value.context == {"reason": "self-intersection", "x": 1.0, "y": 1.0}


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        (Polygon([(0, 0), (1, 0), (1, 1)], [[(5, 5), (6, 5), (6, 6)]]), "hole-outside-shell"),
        (MultiPolygon([box(0, 0, 4, 4), box(1, 1, 2, 2)]), "nested-shells"),
        (
            Polygon(box(0, 0, 9, 9).exterior, [box(1, 1, 8, 8).exterior, box(2, 2, 3, 3).exterior]),
            "holes-are-nested",
        ),
        (Polygon(), "empty"),
    ],
)
def test_reasons_are_slugs(shape: Polygon, reason: str) -> None:
    found = geometry.flaw(shape)
    assert found is not None and found.reason == reason


def test_valid_shapes_have_no_flaw() -> None:
    assert geometry.flaw(HOLED) is None
    geometry.require_valid(HOLED)
    assert geometry.flaws(np.array([HOLED, BOW_TIE, Polygon()])).keys() == {1, 2}


def test_a_coordinate_that_is_no_number_is_found() -> None:
    flat = [0, 0, 1, 0, float("nan"), 1, 0, 0]
    with np.errstate(invalid="ignore"):
        bad = shapely.from_wkb(struct.pack("<bIII8d", 1, 3, 1, 4, *flat))
    assert not geometry.is_finite(bad)
    found = geometry.flaw(bad)
    assert found is not None and found.reason == "not-finite"
    assert geometry.flaws(np.array([bad])) == {0: found}
    with pytest.raises(CoordinatesNotFinite) as refused:
        geometry.require_valid(bad)
    assert refused.value.context == {"count": 1}
    with pytest.raises(GeometryEmpty):
        geometry.require_valid(Polygon())


def test_rings_turn_as_rfc_7946_wants() -> None:
    backwards = Polygon(
        [(0, 0), (0, 9), (9, 9), (9, 0)], [[(1, 1), (2, 1), (2, 2), (1, 2), (1, 1)]]
    )
    turned = geometry.right_handed(backwards)
    assert turned.exterior.is_ccw and not turned.interiors[0].is_ccw
    assert turned.equals(backwards)


def test_polygons_are_exploded() -> None:
    pair = MultiPolygon([box(0, 0, 1, 1), box(2, 0, 3, 1)])
    assert [p.area for p in geometry.polygons_of(pair)] == [1, 1]
    nested = GeometryCollection([GeometryCollection([pair]), box(5, 5, 6, 6)])
    assert len(geometry.polygons_of(nested)) == 3
    assert geometry.multipolygon(HOLED).geom_type == "MultiPolygon"
    assert not geometry.polygons_of(shapely.force_3d(HOLED))[0].has_z
    with pytest.raises(GeometryNotPolygon) as refused:
        geometry.polygons_of(GeometryCollection([LineString([(0, 0), (1, 1)]), pair]))
    assert refused.value.context == {"kind": "LineString"}
    with pytest.raises(GeometryEmpty):
        geometry.polygons_of(MultiPolygon())


def test_lines_are_left_out_of_shared_ground() -> None:
    mixed = GeometryCollection([LineString([(0, 0), (9, 9)]), box(0, 0, 1, 1)])
    assert geometry.perimeter_m(geometry.polygonal(mixed)) == 4
    kept = geometry.polygonal(np.array([mixed, HOLED, LineString([(0, 0), (1, 1)])]))
    assert [shape.area for shape in kept] == [1, 96, 0]


def test_measures_are_planar() -> None:
    assert geometry.area_m2(HOLED) == 96
    assert geometry.perimeter_m(HOLED) == 48
    assert geometry.length_m(LineString([(0, 0), (3, 4)])) == 5
    assert geometry.vertex_count(HOLED) == 8
    assert list(geometry.vertex_count(np.array([HOLED, box(0, 0, 1, 1)]))) == [8, 4]
    assert HOLED.covers(geometry.place(HOLED))


def test_the_grid_refuses_invalid_shapes_before_touching_them() -> None:
    with pytest.raises(GeometryInvalid):
        geometry.on_grid(np.array([HOLED, BOW_TIE]))


def test_a_neck_narrower_than_the_grid_is_cut() -> None:
    dumb_bell = Polygon(
        [
            *[(0, 0), (5, 0), (5, 2), (7, 2), (7, 0), (12, 0), (12, 5)],
            *[(7, 5), (7, 2.0002), (5, 2.0002), (5, 5), (0, 5)],
        ]
    )
    assert dumb_bell.is_valid
    cut = geometry.on_grid(np.array([dumb_bell]))[0]
    assert cut.is_valid and cut.geom_type == "MultiPolygon"
    assert cut.area == pytest.approx(50)


def test_a_shape_smaller_than_the_grid_comes_back_empty() -> None:
    east, north = 500_000, 2_335_000
    speck = box(east, north, east + 0.0004, north + 0.0004)
    line = box(east, north, east + 0.0004, north + 5)
    gone, flat, kept = geometry.on_grid(np.array([speck, line, HOLED]))
    assert gone.is_empty and flat.is_empty
    assert kept.equals(HOLED)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(0, 50, allow_nan=False), st.floats(0, 50, allow_nan=False)),
        min_size=4,
        max_size=12,
    )
)
def test_the_grid_keeps_shapes_valid_and_areas_within_half_a_step(
    corners: list[tuple[float, float]],
) -> None:
    hull = shapely.convex_hull(shapely.multipoints([(580_000 + x, 2.3e6 + y) for x, y in corners]))
    if hull.geom_type != "Polygon":
        return
    rounded = geometry.on_grid(np.array([hull]))[0]
    assert rounded.is_valid
    assert abs(rounded.area - hull.area) <= 0.001 * hull.length + 1e-6
    steps = shapely.get_coordinates(rounded) * 1000
    assert np.abs(steps - np.rint(steps)).max(initial=0) < 1e-3
    again = geometry.on_grid(np.array([rounded]))[0]
    assert again.equals_exact(rounded, 0)

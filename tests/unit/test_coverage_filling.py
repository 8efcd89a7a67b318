"""How polygons fill a ground, against plain set operations on the same shapes."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely import MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry

from layers.coverage import Filling, filling
from layers.geometry import Polygons

GROUND = box(0, 0, 100, 60)


def array(*shapes: BaseGeometry) -> Polygons:
    found = np.empty(len(shapes), dtype=object)
    found[:] = shapes
    return found


def by_union(polygons: Polygons, ground: BaseGeometry) -> tuple[float, float, float]:
    """Overlap, beyond and gap by unions and differences."""
    whole = shapely.union_all(polygons)
    overlap = shapely.area(polygons).sum() - whole.area
    return overlap, whole.difference(ground).area, ground.difference(whole).area


def measured(found: Filling) -> tuple[float, float, float]:
    return found.overlap_m2, found.beyond_m2, found.gap_m2


def test_a_coverage_that_fits_leaves_nothing_over() -> None:
    cells = array(*(box(x, y, x + 20, y + 20) for x in range(0, 100, 20) for y in (0, 20, 40)))
    assert filling(cells, shapely.segmentize(GROUND, 20)) == Filling()
    assert measured(filling(cells, GROUND)) == pytest.approx((0, 0, 0))


def test_holes_and_islands() -> None:
    ring = Polygon(GROUND.exterior.coords, [box(30, 20, 60, 40).exterior.coords])
    island = box(30, 20, 60, 40)
    assert measured(filling(array(ring, island), GROUND)) == (0, 0, 0)
    only = filling(array(ring), GROUND)
    assert measured(only) == (0, 0, 600) and only.gaps[0].equals(island)
    twice = filling(array(ring, island, island), GROUND)
    assert measured(twice) == (600, 0, 0) and twice.overlaps[0].equals(island)
    assert measured(filling(array(island), MultiPolygon([island, box(200, 0, 201, 1)]))) == (
        0,
        0,
        1,
    )


def test_claimed_three_times_inside_and_out() -> None:
    sheet = box(90, 0, 110, 10)
    found = filling(array(GROUND, sheet, sheet), GROUND)
    # inside: two too many on 100 m2; outside: beyond 100 m2, one too many on the same
    assert measured(found) == (200 + 100, 100, 0)


def test_nothing_fills_nothing() -> None:
    assert filling(array(), Polygon()) == Filling()
    assert measured(filling(array(), GROUND)) == (0, 0, GROUND.area)
    assert measured(filling(array(GROUND), Polygon())) == (0, GROUND.area, 0)


@pytest.mark.parametrize("seed", range(40))
def test_random_pieces_against_unions(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shapes: list[BaseGeometry] = []
    for _ in range(rng.integers(1, 14)):
        x, y = rng.integers(-20, 100), rng.integers(-20, 60)
        if rng.random() < 0.5:
            shapes.append(box(x, y, x + rng.integers(1, 50), y + rng.integers(1, 40)))
        else:
            corners = rng.integers(-15, 90, (3, 2)) + rng.random((3, 2)).round(3)
            triangle = Polygon(corners)
            if triangle.is_valid and triangle.area > 0.1:
                shapes.append(triangle)
    polygons = array(*shapes)
    found = filling(polygons, GROUND)
    assert measured(found) == pytest.approx(by_union(polygons, GROUND), abs=1e-6)
    sums = shapely.area(polygons).sum() - found.overlap_m2 - found.beyond_m2 + found.gap_m2
    assert sums == pytest.approx(GROUND.area, abs=1e-6)
    assert sum(piece.area for piece in found.gaps) == pytest.approx(found.gap_m2, abs=1e-6)
    for piece in found.beyond:
        assert piece.intersection(GROUND).area < 1e-6

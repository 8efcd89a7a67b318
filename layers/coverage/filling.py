"""How well polygons fill a ground: what two of them claim, what none claims, what lies beyond.

Sides that neighbours share, and sides on the ground's own boundary, cancel in opposite directions.
What is left over bounds exactly the places that are claimed too often or not at all: of a coverage
without a fault nothing is left, and no intersection is computed. The cost is that of the faults.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from layers.geometry import Polygons, polygons_of

Sides = NDArray[np.float64]
"""Rows (x1, y1, x2, y2)."""

_AT_ONCE: Final = 4_000_000
"""Pairs of place and side looked at in one stroke."""


@dataclass(frozen=True)
class Filling:
    """Ground claimed twice (counted as often as it is too often), beyond, and unclaimed.

    Areas in m²; the pieces are polygons, (E, N). Σ polygons − overlap − beyond + gap = ground.
    """

    overlap_m2: float = 0.0
    beyond_m2: float = 0.0
    gap_m2: float = 0.0
    overlaps: tuple[Polygon, ...] = ()
    beyond: tuple[Polygon, ...] = ()
    gaps: tuple[Polygon, ...] = ()


def filling(polygons: Polygons, ground: BaseGeometry) -> Filling:
    """Say how valid polygons fill a ground (E, N; metres of one plane)."""
    sides, weights = _left_over(polygons, ground)
    if not len(sides):
        return Filling()
    lines = shapely.linestrings(sides.reshape(-1, 2, 2))
    noded = shapely.get_parts(shapely.unary_union(lines))
    faces = shapely.get_parts(shapely.polygonize(noded))
    faces = faces[shapely.area(faces) > 0]
    excess = _excess(shapely.point_on_surface(faces), sides, weights)
    double, beyond, overlap_m2 = _claimed(faces[excess > 0], excess[excess > 0], ground)
    gaps = faces[excess < 0]
    return Filling(
        overlap_m2=overlap_m2,
        beyond_m2=float(shapely.area(beyond).sum()),
        gap_m2=float((shapely.area(gaps) * -excess[excess < 0]).sum()),
        overlaps=_pieces(double),
        beyond=_pieces(beyond),
        gaps=_pieces(gaps),
    )


def _left_over(polygons: Polygons, ground: BaseGeometry) -> tuple[Sides, NDArray[np.int64]]:
    """Sides that nothing cancels, with how often they are left over, in their own direction."""
    own, against = _sides(polygons), _sides(np.asarray(shapely.get_parts(ground), dtype=object))
    sides = np.concatenate([own, against])
    signs = np.concatenate([np.ones(len(own), np.int64), -np.ones(len(against), np.int64)])
    turned = (sides[:, 0] > sides[:, 2]) | (
        (sides[:, 0] == sides[:, 2]) & (sides[:, 1] > sides[:, 3])
    )
    sides[turned] = sides[turned][:, [2, 3, 0, 1]]
    signs[turned] *= -1
    order = np.lexsort(sides.T)
    sides, signs = sides[order], signs[order]
    new = np.ones(len(sides), dtype=bool)
    new[1:] = (sides[1:] != sides[:-1]).any(axis=1)
    weights = np.add.reduceat(signs, np.flatnonzero(new)) if len(sides) else signs
    kept = weights != 0
    return sides[new][kept], weights[kept]


def _sides(polygons: Any) -> Sides:
    """Every side of every ring, shells counter-clockwise and holes clockwise."""
    if not len(polygons):
        return np.empty((0, 4))
    rings = shapely.get_rings(shapely.orient_polygons(polygons))
    points, ring = shapely.get_coordinates(rings, return_index=True)
    within = ring[1:] == ring[:-1]
    sides: Sides = np.hstack([points[:-1], points[1:]])[within]
    return sides


def _excess(places: Any, sides: Sides, weights: NDArray[np.int64]) -> NDArray[np.int64]:
    """How much oftener a place is claimed than it should be: the winding of what is left over."""
    points = shapely.get_coordinates(places)
    x1, y1, x2, y2 = sides.T
    found = np.empty(len(points), dtype=np.int64)
    step = max(1, _AT_ONCE // max(1, len(sides)))
    for start in range(0, len(points), step):
        x, y = points[start : start + step, :1], points[start : start + step, 1:]
        up, down = (y1 <= y) & (y < y2), (y2 <= y) & (y < y1)
        left = (x2 - x1) * (y - y1) - (x - x1) * (y2 - y1)
        crossed = (up & (left > 0)).astype(np.int64) - (down & (left < 0))
        found[start : start + step] = crossed @ weights
    return found


def _claimed(faces: Any, excess: NDArray[np.int64], ground: BaseGeometry) -> tuple[Any, Any, float]:
    """Faces claimed too often, parted by the ground: inside once is right, outside never."""
    inside = shapely.intersection(faces, ground)
    outside = shapely.difference(faces, ground)
    too_often = (shapely.area(inside) * excess).sum()
    beyond_twice = shapely.area(outside) * (excess - 1)
    double = np.concatenate([inside[shapely.area(inside) > 0], outside[beyond_twice > 0]])
    return double, outside[shapely.area(outside) > 0], float(too_often + beyond_twice.sum())


def _pieces(faces: Any) -> tuple[Polygon, ...]:
    """Faces that touch along a side are one place; largest first."""
    if not len(faces):
        return ()
    whole = shapely.union_all(faces)
    parts = [
        part for part in shapely.get_parts(whole) if part.geom_type == "Polygon" and part.area > 0
    ]
    return tuple(sorted((p for part in parts for p in polygons_of(part)), key=lambda p: -p.area))

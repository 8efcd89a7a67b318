"""Node everything once: all linework in one call, then ask of each face whose ground it is.

Cutting parcel by parcel bends each side differently where it is rounded to the grid, and leaves
overlaps behind. Noding the union of all linework on the grid bends a shared side once.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon

from layers.geometry import GRID_M, Polygons, polygons_of, right_handed

Positions = NDArray[np.int64]

NOBODY: Final = -1


def node_once(linework: Any, grid_m: float = GRID_M) -> Polygons:
    """Return the faces between lines: every bounded piece of ground, on the grid, edge-matched.

    ``linework`` is an array of lines or rings in the metres of one plane. Loose ends are dropped.
    """
    noded = shapely.union_all(np.asarray(linework, dtype=object), grid_size=grid_m)
    pieces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    return np.asarray(pieces, dtype=object)


def sides_of(polygons: Polygons) -> Polygons:
    """Return the distinct sides of polygons, shared ones once, as two-point lines."""
    rings = shapely.get_rings(polygons)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    start = np.flatnonzero(ring[:-1] == ring[1:])
    ends = np.stack([xy[start], xy[start + 1]], axis=1)
    backwards = (ends[:, 0, 0] > ends[:, 1, 0]) | (
        (ends[:, 0, 0] == ends[:, 1, 0]) & (ends[:, 0, 1] > ends[:, 1, 1])
    )
    ends[backwards] = ends[backwards][:, ::-1]
    return np.asarray(shapely.linestrings(np.unique(ends, axis=0)), dtype=object)


def classify(faces: Polygons, polygons: Polygons) -> tuple[Positions, Positions]:
    """Tell whose ground each face is: pairs of (face, polygon) positions, ordered.

    A face belongs to every polygon that holds a point from its inside; a face in no pair is
    nobody's.
    """
    inside = shapely.point_on_surface(faces)
    face, polygon = shapely.STRtree(polygons).query(inside, predicate="within")
    order = np.lexsort((polygon, face))
    return face[order], polygon[order]


def owners(
    faces: Polygons, polygons: Polygons, standing: NDArray[np.bool_] | None = None
) -> Positions:
    """Give each face to one polygon, or to NOBODY.

    Claimed twice, it goes to one that is ``standing``, then to the smaller, then to the earlier.
    """
    if standing is None:
        standing = np.zeros(len(polygons), dtype=bool)
    owner = np.full(len(faces), NOBODY, dtype=np.int64)
    face, polygon = classify(faces, polygons)
    # The last writing wins, so the strongest claim comes last.
    claim = np.lexsort((-polygon, -shapely.area(polygons)[polygon], standing[polygon]))
    owner[face[claim]] = polygon[claim]
    return owner


def join(faces: Polygons) -> list[Polygon]:
    """Join edge-matched faces into as few polygons as touch along sides, keeping every corner."""
    if len(faces) == 1:
        return [right_handed(faces[0])]
    return [right_handed(part) for part in polygons_of(shapely.coverage_union_all(faces))]

"""Rebuilding a crooked piece of coverage from its faces, each sliver given to one owner."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon

from layers.coverage.faces import NOBODY, Positions, join, node_once, owners
from layers.coverage.slivers import sliver_tolerance_m2
from layers.geometry import Polygons

GAP_WIDTH_M: Final = 0.01
"""A gap whose area is a sliver's and whose mean width is at most this is closed."""


def reface(polygons: Polygons, standing: NDArray[np.bool_], grid_m: float) -> list[Polygon | None]:
    """Node valid polygons together and return each anew; None where nothing whole is left.

    A polygon that comes out with the same corners is returned as the very same object. Ground
    claimed twice goes to the one that is ``standing`` already, then to the smaller, then to the
    first; a gap that is a sliver goes to the neighbour with the longest common border that does
    not stand already.
    """
    faces = node_once(shapely.boundary(polygons), grid_m)
    owner = owners(faces, polygons, standing)
    _close_gaps(faces, owner, standing)
    order = np.argsort(owner, kind="stable")
    owned = order[np.searchsorted(owner[order], 0) :]
    starts = np.searchsorted(owner[owned], np.arange(len(polygons) + 1))
    result: list[Polygon | None] = []
    for position, old in enumerate(polygons):
        mine = faces[owned[starts[position] : starts[position + 1]]]
        result.append(_kept(_whole(mine), old))
    return result


def _close_gaps(faces: Polygons, owner: Positions, standing: NDArray[np.bool_]) -> None:
    """Give each sliver of nobody's ground to the neighbour along its longest border."""
    area, perimeter = shapely.area(faces), shapely.length(faces)
    sliver = (area <= sliver_tolerance_m2(perimeter)) & (2 * area <= GAP_WIDTH_M * perimeter)
    gaps = np.flatnonzero((owner == NOBODY) & sliver)
    if not gaps.size:
        return
    gap, face = shapely.STRtree(faces).query(faces[gaps], predicate="touches")
    held = (owner[face] != NOBODY) & ~standing[owner[face]]
    gap, face = gap[held], face[held]
    borders = shapely.intersection(
        shapely.boundary(faces[gaps[gap]]), shapely.boundary(faces[face])
    )
    common: NDArray[np.float64] = shapely.length(borders)
    along = common > 0
    gap, heir, common = gap[along], owner[face[along]], common[along]
    best = np.lexsort((-heir, common))  # longest border last, then the earlier polygon
    owner[gaps[gap[best]]] = heir[best]


def _whole(faces: Polygons) -> Polygon | None:
    """Join faces to one polygon; crumbs that do not touch it along a side are let go."""
    if not len(faces):
        return None
    parts = sorted(join(faces), key=lambda part: part.area, reverse=True)
    crumbs = parts[1:]
    if any(part.area > sliver_tolerance_m2(part.length) for part in crumbs):
        return None
    return parts[0]


def _kept(new: Polygon | None, old: Polygon) -> Polygon | None:
    if new is None:
        return None
    return old if new.normalize().equals_exact(old.normalize(), 0) else new

"""Making corners one that are the same but for rounding."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.coverage.rings import (
    Coordinates,
    Positions,
    Rings,
    among,
    assembled,
    distinct,
    near_corners,
    pair,
)
from layers.geometry import Polygons

Mask = NDArray[np.bool_]

_ON_SIDE: Final = 0.75
"""A corner on the grid lies on an oblique side to within half a grid diagonal: 0.71 steps."""


def weld_near_corners(
    polygons: Polygons, standing: Mask, reach_m: float, grid_m: float
) -> Positions:
    """Make corners of different polygons one where they are less than ``reach_m`` apart.

    The corner that more polygons use stays; corners of ``standing`` polygons never move, and
    corners near a standing side are drawn onto it. Two corners of one polygon are never made
    one. ``polygons`` (valid, on the grid, none missing) is changed in place; a polygon that would
    become invalid holds back the welding around it. Returns the positions of changed polygons.
    """
    rings = Rings.of(polygons)
    lonely = rings.unmatched_sides()
    loose = rings.loose_corners(lonely)
    fixed = np.zeros(len(rings.corner_xy), dtype=bool)
    fixed[rings.corner[standing[rings.polygon]]] = True
    target = rings.corner_xy.copy()
    one, other = _near_pairs(rings, loose, fixed, reach_m)
    moves = np.zeros(len(target), dtype=bool)
    moves[one] = True
    settled = ~moves[other]  # never onto a corner that itself moves; a later round sees to it
    one, other = one[settled], other[settled]
    target[one] = rings.corner_xy[other]
    if standing.any():
        firm = lonely[standing[rings.polygon[lonely]]]
        free = loose[~fixed[loose] & (target[loose] == rings.corner_xy[loose]).all(axis=1)]
        _draw_onto_sides(rings, firm, free, target, reach_m, grid_m)
    return _moved(polygons, rings, target)


def _near_pairs(
    rings: Rings, loose: Positions, fixed: Mask, reach_m: float
) -> tuple[Positions, Positions]:
    """Pair each corner that should move with the strongest corner near it."""
    points: Any = shapely.points(rings.corner_xy[loose])
    one, other = shapely.STRtree(points).query(points, predicate="dwithin", distance=reach_m)
    one, other = loose[one], loose[other]
    use = np.bincount(rings.corner, minlength=len(fixed))
    rank = np.lexsort((-np.arange(len(use)), use, fixed))
    strength = np.empty(len(use), dtype=np.int64)
    strength[rank] = np.arange(len(use))
    weaker = (strength[one] < strength[other]) & ~fixed[one]
    one, other = one[weaker], other[weaker]
    apart = ~_in_one_polygon(one, other, rings)
    one, other = one[apart], other[apart]
    order = np.lexsort((strength[other], one))
    one, other = one[order], other[order]
    last = np.ones(len(one), dtype=bool)
    last[:-1] = one[1:] != one[:-1]
    return one[last], other[last]


def _in_one_polygon(one: Positions, other: Positions, rings: Rings) -> Mask:
    """Which pairs of corners are both corners of some one polygon."""
    base = len(rings.owner) + 1
    uses = distinct(pair(rings.corner, rings.polygon, base))
    first = np.searchsorted(uses, pair(one, np.zeros_like(one), base))
    last = np.searchsorted(uses, pair(one + 1, np.zeros_like(one), base))
    at = np.repeat(np.arange(len(one)), last - first)
    step = np.arange(len(at)) - np.repeat(np.cumsum(last - first) - (last - first), last - first)
    polygon = uses[first[at] + step] % base
    shared = among(pair(other[at], polygon, base), uses)
    return np.asarray(np.bincount(at[shared], minlength=len(one)) > 0)


def _draw_onto_sides(
    rings: Rings,
    sides: Positions,
    corners: Positions,
    target: Coordinates,
    reach_m: float,
    grid_m: float,
) -> None:
    """Send corners beside standing sides to the grid point nearest to their foot on the side."""
    side, found, along = near_corners(rings.xy, sides, rings.corner_xy[corners], reach_m)
    a, b = rings.xy[sides[side]], rings.xy[sides[side] + 1]
    foot = a + along[:, None] * (b - a)
    off = np.hypot(*(rings.corner_xy[corners[found]] - foot).T)
    order = np.lexsort((-off, found))  # the nearest side is written last
    order = order[off[order] > _ON_SIDE * grid_m]
    steps = 1 / grid_m
    target[corners[found[order]]] = np.rint(foot[order] * steps) / steps


def _moved(polygons: Polygons, rings: Rings, target: Coordinates) -> Positions:
    """Send corners to their targets; where a polygon would break, its corners stay put."""
    while True:
        moving = (target != rings.corner_xy).any(axis=1)[rings.corner]
        changed = distinct(rings.polygon[moving])
        if not changed.size:
            return changed
        touched = rings.of_polygons(changed)
        xy = target[rings.corner[touched]]
        result = assembled(xy, rings.ring[touched], rings.owner, changed)
        broken = changed[~shapely.is_valid(result)]
        if not broken.size:
            polygons[changed] = result
            return changed
        stay = rings.corner[moving & rings.of_polygons(broken)]
        target[stay] = rings.corner_xy[stay]

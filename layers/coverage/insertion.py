"""Giving a side the corners of its neighbours that lie on it: the T-junctions of drawings."""

from __future__ import annotations

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


def insert_missing_corners(
    polygons: Polygons, standing: NDArray[np.bool_], reach_m: float, grid_m: float
) -> Positions:
    """Insert into every unmatched side the corners of others that lie on it or near it.

    Near is ``reach_m``, but for sides of ``standing`` polygons only what rounding to the grid can
    do: those are not bent. No corner moves and no new place is invented, so neighbours that
    agreed before still agree. ``polygons`` (valid, on the grid, none missing) is changed in
    place; one that would become invalid is left as it was. Returns the positions of the changed.
    """
    rings = Rings.of(polygons)
    lonely = rings.unmatched_sides()
    if not lonely.size:
        return np.empty(0, dtype=np.int64)
    loose = rings.loose_corners(lonely)
    side, found, along = near_corners(rings.xy, lonely, rings.corner_xy[loose], reach_m)
    found = loose[found]
    start = lonely[side]
    owner = rings.polygon[start]
    # A polygon never takes a corner it already has: sides would touch, and no end would come.
    count = len(rings.corner_xy)
    right = ~among(pair(owner, found, count), pair(rings.polygon, rings.corner, count))
    foot = rings.xy[start] + along[:, None] * (rings.xy[start + 1] - rings.xy[start])
    off = np.hypot(*(rings.corner_xy[found] - foot).T)
    right &= ~standing[owner] | (off <= 1.5 * grid_m)
    start, found, along, owner = start[right], found[right], along[right], owner[right]
    _, once = np.unique(pair(owner, found, count), return_index=True)
    if not once.size:
        return np.empty(0, dtype=np.int64)
    position = start[once] + along[once]
    return _woven(polygons, rings, position, rings.corner_xy[found[once]], owner[once])


def _woven(
    polygons: Polygons,
    rings: Rings,
    position: Coordinates,
    inserted: Coordinates,
    owner: Positions,
) -> Positions:
    """Weave coordinates in at fractional positions and put the valid results back."""
    changed = distinct(owner)
    old = np.flatnonzero(rings.of_polygons(changed))
    order = np.argsort(np.concatenate([old.astype(np.float64), position]), kind="stable")
    xy = np.concatenate([rings.xy[old], inserted])[order]
    ring = np.concatenate([rings.ring[old], rings.ring[position.astype(np.int64)]])[order]
    result = assembled(xy, ring, rings.owner, changed)
    sound = shapely.is_valid(result)
    polygons[changed[sound]] = result[sound]
    return changed[sound]

"""Giving both sides of a boundary the same corners.

Corners of different parcels that are the same but for rounding become one, and a corner of one
parcel that lies on (or within ``reach_m`` of) the side of its neighbour is inserted into that
side. No new place is invented and equal corners stay equal, so neighbours that agreed before
still agree. This repairs the T-junctions of ordinary drawings; whatever is worse is left to the
faces.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.geometry import Polygons

Coordinates = NDArray[np.float64]
Positions = NDArray[np.int64]


@dataclass(frozen=True)
class _Rings:
    """All rings of a coverage as flat arrays: one row a coordinate, the closing one included."""

    xy: Coordinates
    ring: Positions
    """Ring of each coordinate."""
    owner: Positions
    """Polygon of each ring."""

    @classmethod
    def of(cls, polygons: Polygons) -> _Rings:
        rings, owner = shapely.get_rings(polygons, return_index=True)
        xy, ring = shapely.get_coordinates(rings, return_index=True)
        return cls(xy, ring, owner)

    def unmatched_sides(self, corner: Positions) -> Positions:
        """Return the first coordinate of every side that no other polygon runs along in full."""
        start = np.flatnonzero(self.ring[:-1] == self.ring[1:])
        low = np.minimum(corner[start], corner[start + 1])
        high = np.maximum(corner[start], corner[start + 1])
        key = _pair(low, high, int(corner.max(initial=0)) + 1)
        order = np.argsort(key, kind="stable")
        again = key[order[1:]] == key[order[:-1]]
        matched = np.zeros(len(key), dtype=bool)
        matched[order[1:][again]] = matched[order[:-1][again]] = True
        return start[~matched]

    def polygons(self) -> Polygons:
        rings: Any = shapely.linearrings(self.xy, indices=self.ring)
        return np.asarray(shapely.polygons(rings, indices=self.owner), dtype=object)


def weld_near_corners(polygons: Polygons, reach_m: float) -> Positions:
    """Make corners of different polygons one where they are less than ``reach_m`` apart.

    The corner that more polygons use stays. Two corners of one polygon are never made one.
    ``polygons`` (valid, on the grid, none missing) is changed in place; a polygon that would
    become invalid holds back the welding around it. Returns the positions of changed polygons.
    """
    rings = _Rings.of(polygons)
    corner, corner_xy = _numbered(rings.xy)
    use = np.bincount(corner, minlength=1)
    lonely = rings.unmatched_sides(corner)
    loose = _distinct(corner[np.concatenate([lonely, lonely + 1])])
    points: Any = shapely.points(corner_xy[loose])
    one, other = shapely.STRtree(points).query(points, predicate="dwithin", distance=reach_m)
    one, other = loose[one], loose[other]
    stronger = (use[other] > use[one]) | ((use[other] == use[one]) & (other < one))
    one, other = one[stronger], other[stronger]
    apart = ~_in_one_polygon(one, other, corner, rings.owner[rings.ring])
    one, other = one[apart], other[apart]
    order = np.lexsort((-other, use[other]))
    target = np.arange(len(corner_xy))
    target[one[order]] = other[order]  # the strongest is written last
    target = np.where(target[target] == target, target, np.arange(len(target)))
    return _moved(polygons, rings, corner, corner_xy, target)


def _moved(
    polygons: Polygons, rings: _Rings, corner: Positions, corner_xy: Coordinates, target: Positions
) -> Positions:
    """Send corners to their targets; where a polygon would break, its corners stay put."""
    owner = rings.owner[rings.ring]
    while True:
        moving = target[corner] != corner
        changed = _distinct(owner[moving])
        if not changed.size:
            return changed
        touched = np.isin(owner, changed)
        kept_rings, ring = np.unique(rings.ring[touched], return_inverse=True)
        owners = np.searchsorted(changed, rings.owner[kept_rings])
        xy = corner_xy[target[corner[touched]]]
        result = _Rings(xy, ring.astype(np.int64), owners).polygons()
        broken = changed[~shapely.is_valid(result)]
        if not broken.size:
            polygons[changed] = result
            return changed
        stay = corner[moving & np.isin(owner, broken)]
        target[stay] = stay


def _in_one_polygon(
    one: Positions, other: Positions, corner: Positions, owner: Positions
) -> NDArray[np.bool_]:
    """Which pairs of corners are both corners of some one polygon."""
    base = int(owner.max(initial=0)) + 1
    uses = _distinct(_pair(corner, owner, base))
    first = np.searchsorted(uses, _pair(one, np.zeros_like(one), base))
    last = np.searchsorted(uses, _pair(one + 1, np.zeros_like(one), base))
    pair = np.repeat(np.arange(len(one)), last - first)
    step = np.arange(len(pair)) - np.repeat(np.cumsum(last - first) - (last - first), last - first)
    polygon = uses[first[pair] + step] % base
    shared = np.isin(_pair(other[pair], polygon, base), uses)
    return np.asarray(np.bincount(pair[shared], minlength=len(one)) > 0)


def insert_missing_corners(polygons: Polygons, reach_m: float) -> Positions:
    """Insert into every unmatched side the corners of others that lie within ``reach_m`` of it.

    ``polygons`` (valid, on the grid, none missing) is changed in place; a polygon that would
    become invalid is left as it was. Returns the positions of the polygons that were changed.
    """
    rings = _Rings.of(polygons)
    corner, corner_xy = _numbered(rings.xy)
    lonely = rings.unmatched_sides(corner)
    if not lonely.size:
        return np.empty(0, dtype=np.int64)
    # Only an end of an unmatched side can be missing in another one.
    loose = _distinct(corner[np.concatenate([lonely, lonely + 1])])
    side, found, along = _near_corners(rings.xy, lonely, corner_xy[loose], reach_m)
    found = loose[found]
    owner = rings.owner[rings.ring[lonely[side]]]
    # A polygon never takes a corner it already has: sides would touch, and no end would come.
    own = _pair(rings.owner[rings.ring], corner, len(corner_xy))
    new = ~np.isin(_pair(owner, found, len(corner_xy)), own)
    side, found, along, owner = side[new], found[new], along[new], owner[new]
    _, once = np.unique(_pair(owner, found, len(corner_xy)), return_index=True)
    side, found, along, owner = side[once], found[once], along[once], owner[once]
    if not side.size:
        return np.empty(0, dtype=np.int64)
    return _rebuilt(polygons, rings, lonely[side] + along, corner_xy[found], owner)


def _rebuilt(
    polygons: Polygons,
    rings: _Rings,
    position: Coordinates,
    inserted: Coordinates,
    owner: Positions,
) -> Positions:
    """Weave coordinates in at fractional positions and put the valid results back."""
    changed = _distinct(owner)
    touched = np.isin(rings.owner[rings.ring], changed)
    old = np.flatnonzero(touched)
    order = np.argsort(np.concatenate([old.astype(np.float64), position]), kind="stable")
    xy = np.concatenate([rings.xy[old], inserted])[order]
    ring = np.concatenate([rings.ring[old], rings.ring[position.astype(np.int64)]])[order]
    kept_rings, ring = np.unique(ring, return_inverse=True)
    owners = np.searchsorted(changed, rings.owner[kept_rings])
    result = _Rings(xy, ring.astype(np.int64), owners).polygons()
    sound = shapely.is_valid(result)
    polygons[changed[sound]] = result[sound]
    return changed[sound]


def _numbered(xy: Coordinates) -> tuple[Positions, Coordinates]:
    """Number equal coordinates alike; return each coordinate's number and the distinct ones."""
    order = np.lexsort((xy[:, 1], xy[:, 0]))
    ordered = xy[order]
    fresh = np.ones(len(xy), dtype=bool)
    fresh[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    number = np.empty(len(xy), dtype=np.int64)
    number[order] = np.cumsum(fresh) - 1
    return number, ordered[fresh]


def _near_corners(
    xy: Coordinates, starts: Positions, corner_xy: Coordinates, reach_m: float
) -> tuple[Positions, Positions, Coordinates]:
    """Find, for sides beginning at ``starts``, the corners beside them and how far along."""
    a, b = xy[starts], xy[starts + 1]
    points: Any = shapely.points(corner_xy)
    tree = shapely.STRtree(points)
    sides = shapely.linestrings(np.stack([a, b], axis=1))
    side, found = tree.query(sides, predicate="dwithin", distance=reach_m)
    run = b[side] - a[side]
    along = ((corner_xy[found] - a[side]) * run).sum(axis=1) / (run**2).sum(axis=1)
    between = (along > 0) & (along < 1)
    side, found, along = side[between], found[between], along[between]
    # An end of the side itself projects to 0 or 1 only up to rounding.
    ends = (corner_xy[found] == a[side]).all(axis=1) | (corner_xy[found] == b[side]).all(axis=1)
    return side[~ends], found[~ends], along[~ends]


def _pair(one: Positions, other: Positions, base: int) -> Positions:
    return one * np.int64(base) + other


def _distinct(numbers: Positions) -> Positions:
    ordered = np.sort(numbers)  # numpy's own unique hashes, several times slower on this data
    fresh = np.ones(len(ordered), dtype=bool)
    fresh[1:] = ordered[1:] != ordered[:-1]
    return ordered[fresh]

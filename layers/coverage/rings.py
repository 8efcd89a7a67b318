"""The rings of a coverage as flat arrays, so that thousands of parcels are handled at once."""

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
class Rings:
    """All rings: one row a coordinate, the closing one included; equal coordinates numbered alike.

    ``xy`` and ``corner`` (its number) and ``ring`` belong to each coordinate, ``owner`` (the
    polygon) to each ring, ``corner_xy`` to each number.
    """

    xy: Coordinates
    corner: Positions
    corner_xy: Coordinates
    ring: Positions
    owner: Positions

    @classmethod
    def of(cls, polygons: Polygons) -> Rings:
        """Take polygons apart."""
        rings, owner = shapely.get_rings(polygons, return_index=True)
        xy, ring = shapely.get_coordinates(rings, return_index=True)
        return cls(xy, *_numbered(xy), ring, owner)

    def of_polygons(self, polygons: Positions) -> NDArray[np.bool_]:
        """Tell which coordinates belong to some polygons."""
        chosen = np.zeros(int(self.owner.max(initial=-1)) + 1, dtype=bool)
        chosen[polygons] = True
        return np.asarray(chosen[self.polygon])

    @property
    def polygon(self) -> Positions:
        """Polygon of each coordinate."""
        return self.owner[self.ring]

    def unmatched_sides(self) -> Positions:
        """Return the first coordinate of every side that no other polygon runs along in full."""
        start = np.flatnonzero(self.ring[:-1] == self.ring[1:])
        low = np.minimum(self.corner[start], self.corner[start + 1])
        high = np.maximum(self.corner[start], self.corner[start + 1])
        key = pair(low, high, len(self.corner_xy))
        order = np.argsort(key, kind="stable")
        again = key[order[1:]] == key[order[:-1]]
        matched = np.zeros(len(key), dtype=bool)
        matched[order[1:][again]] = matched[order[:-1][again]] = True
        return start[~matched]

    def loose_corners(self, sides: Positions) -> Positions:
        """Return the corners at the ends of sides: only these can be missing elsewhere."""
        return distinct(self.corner[np.concatenate([sides, sides + 1])])


def assembled(xy: Coordinates, ring: Positions, owner: Positions, polygons: Positions) -> Polygons:
    """Build ``polygons`` (their numbers, ascending) anew from coordinates of their rings.

    ``ring`` holds the ring number of each coordinate, ``owner`` the polygon of each ring number.
    """
    kept, place = np.unique(ring, return_inverse=True)
    rings: Any = shapely.linearrings(xy, indices=place)
    found = shapely.polygons(rings, indices=np.searchsorted(polygons, owner[kept]))
    return np.asarray(found, dtype=object)


def near_corners(
    xy: Coordinates, starts: Positions, corner_xy: Coordinates, reach_m: float
) -> tuple[Positions, Positions, Coordinates]:
    """Find, for sides beginning at ``starts``, the corners beside them and how far along (0–1)."""
    a, b = xy[starts], xy[starts + 1]
    points: Any = shapely.points(corner_xy)
    sides = shapely.linestrings(np.stack([a, b], axis=1))
    side, found = shapely.STRtree(points).query(sides, predicate="dwithin", distance=reach_m)
    run = b[side] - a[side]
    along = ((corner_xy[found] - a[side]) * run).sum(axis=1) / (run**2).sum(axis=1)
    between = (along > 0) & (along < 1)
    side, found, along = side[between], found[between], along[between]
    # An end of the side itself projects to 0 or 1 only up to rounding.
    ends = (corner_xy[found] == a[side]).all(axis=1) | (corner_xy[found] == b[side]).all(axis=1)
    return side[~ends], found[~ends], along[~ends]


def pair(one: Positions, other: Positions, base: int) -> Positions:
    """Pack two numbers, the second below ``base``, into one."""
    return one * np.int64(base) + other


def distinct(numbers: Positions) -> Positions:
    """Return the distinct numbers in order; numpy's own way hashes, several times slower here."""
    ordered = np.sort(numbers)
    fresh = np.ones(len(ordered), dtype=bool)
    fresh[1:] = ordered[1:] != ordered[:-1]
    return ordered[fresh]


def among(keys: Positions, known: Positions) -> NDArray[np.bool_]:
    """Tell which keys are among known ones."""
    ordered = np.sort(known)
    if not ordered.size:
        return np.zeros(len(keys), dtype=bool)
    at = np.minimum(np.searchsorted(ordered, keys), len(ordered) - 1)
    return np.asarray(ordered[at] == keys)


def _numbered(xy: Coordinates) -> tuple[Positions, Coordinates]:
    order = np.lexsort((xy[:, 1], xy[:, 0]))
    ordered = xy[order]
    fresh = np.ones(len(xy), dtype=bool)
    fresh[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    number = np.empty(len(xy), dtype=np.int64)
    number[order] = np.cumsum(fresh) - 1
    return number, ordered[fresh]

"""Coverages as draughtsmen leave them: T-junctions without a corner, rounded coordinates."""

from __future__ import annotations

import heapq
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

Polygons = NDArray[np.object_]

ORIGIN = np.array([580_000.0, 2_300_000.0])


def subdivided(count: int, seed: int = 0, lot_m2: float = 600.0) -> Polygons:
    """Rectangles that fill a square exactly, halved at random; corners lie unmatched on sides."""
    random = np.random.default_rng(seed)
    side = float(np.sqrt(count * lot_m2))
    heap: list[tuple[float, int, tuple[float, float, float, float]]] = []
    heapq.heappush(heap, (-side * side, 0, (0.0, 0.0, side, side)))
    born = 1
    while len(heap) < count:
        _, _, (x0, y0, x1, y1) = heapq.heappop(heap)
        share = random.uniform(0.35, 0.65)
        if x1 - x0 > y1 - y0:
            cut = x0 + share * (x1 - x0)
            halves = [(x0, y0, cut, y1), (cut, y0, x1, y1)]
        else:
            cut = y0 + share * (y1 - y0)
            halves = [(x0, y0, x1, cut), (x0, cut, x1, y1)]
        for half in halves:
            heapq.heappush(heap, (-(half[2] - half[0]) * (half[3] - half[1]), born, half))
            born += 1
    return np.asarray(shapely.box(*np.array([entry[2] for entry in heap]).T), dtype=object)


def as_drawn(
    count: int,
    seed: int = 0,
    *,
    angle: float = 0.37,
    step_m: float | None = 0.001,
    densify_m: float | None = None,
) -> Polygons:
    """The same, turned so that sides are oblique, and written with ``step_m`` precision."""
    drawn: Any = subdivided(count, seed)
    if densify_m is not None:
        drawn = shapely.segmentize(drawn, densify_m)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    drawn = shapely.transform(drawn, lambda xy: xy @ turn + ORIGIN)
    if step_m is not None:
        steps = 1 / step_m
        drawn = shapely.transform(drawn, lambda xy: np.rint(xy * steps) / steps)
    return np.asarray(drawn, dtype=object)


def wavy(count: int, seed: int = 0) -> Polygons:
    """Each parcel bent on its own: neighbours cross, leaving slivers of overlap and of gap."""
    drawn: Any = shapely.segmentize(subdivided(count, seed), 8.0)

    def bend(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        x, y = xy[:, 0], xy[:, 1]
        east = x + 8 * np.sin(y / 170) + 4 * np.sin(x / 90)
        north = y + 8 * np.cos(x / 150) + 3 * np.sin(y / 60)
        return np.rint((np.column_stack([east, north]) + ORIGIN) * 1000) / 1000

    return np.asarray(shapely.transform(drawn, bend), dtype=object)

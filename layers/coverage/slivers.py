"""When two parcels overlap for real, and when they only meet carelessly.

Two parcels overlap when their interiors meet and the shared area exceeds
0.01 m² + 1 mm × half the perimeter of the shared part. This module is the one place of that rule
in Python; the database keeps the same rule in the operator of its exclusion constraint.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Point

from layers.geometry import Polygons, place, polygonal

SLIVER_AREA_M2: Final = 0.01
SLIVER_WIDTH_M: Final = 0.001


@dataclass(frozen=True)
class Overlap:
    """Ground that two polygons both claim: their positions, the shared m² and a place on it."""

    i: int
    j: int
    area_m2: float
    place: Point


def sliver_tolerance_m2(shared_perimeter_m: Any) -> Any:
    """How much shared ground two neighbours may have by careless drawing, in m².

    ``shared_perimeter_m`` is the perimeter of the shared part: a number or an array.
    """
    return SLIVER_AREA_M2 + SLIVER_WIDTH_M * shared_perimeter_m / 2


def overlaps(polygons: Polygons) -> list[Overlap]:
    """List every pair of valid polygons that share more ground than a sliver.

    Pairs are ordered by position, ``i < j``. Missing (None) polygons take no part.
    """
    first, second, shared = shared_ground(polygons)
    area = shapely.area(shared)
    real = area > sliver_tolerance_m2(shapely.length(shared))
    return [
        Overlap(int(i), int(j), float(m2), place(ground))
        for i, j, m2, ground in zip(
            first[real], second[real], area[real], shared[real], strict=True
        )
    ]


def shared_ground(
    polygons: Polygons,
) -> tuple[NDArray[np.int64], NDArray[np.int64], Polygons]:
    """Return positions ``i``, ``j`` and the shared polygons of every pair whose interiors meet."""
    here = np.flatnonzero(~shapely.is_missing(polygons))
    present = polygons[here]
    # The coverage check is linear and flags at least one of any two that overlap: of a parcel
    # drawn within another only the inner one.
    flagged = np.flatnonzero(~shapely.is_empty(shapely.coverage_invalid_edges(present)))
    one, other = shapely.STRtree(present).query(present[flagged])
    one = flagged[one]
    both = np.zeros(len(present), dtype=bool)
    both[flagged] = True
    pair = (one < other) | ((one > other) & ~both[other])  # flagged pairs come twice
    first, second = np.minimum(one, other)[pair], np.maximum(one, other)[pair]
    shared = polygonal(shapely.intersection(present[first], present[second]))
    meets = shapely.area(shared) > 0
    first, second, shared = first[meets], second[meets], shared[meets]
    order = np.lexsort((second, first))
    return here[first[order]], here[second[order]], shared[order]

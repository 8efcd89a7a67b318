"""How far a file's outline must be moved to lie on known ground, and how surely that is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

from layers.crs.registry import VN2000_GEOGRAPHIC
from layers.crs.transform import coordinates_replaned, coordinates_to_wgs84

Polygons = NDArray[np.object_]

_SAMPLE: Final = 1500
_STEPS_M: Final = (256.0, 128.0, 64.0, 32.0, 16.0, 8.0, 4.0, 2.0, 1.0)
_MATERIAL: Final = 0.002
"""A change of the misfit below 0.2 % of the area says nothing: drawings are not that good."""


@dataclass(frozen=True)
class ShiftFit:
    """The move (metres east, metres north) by which polygons fit a reference area best.

    ``misfit_here`` and ``misfit_there`` are the shares (0 to 1) of the smaller ground that lies
    outside the other, before and after the move. ``slack_m`` is how far one can go on from the
    best place, in the freest direction, without it fitting materially worse: a file that fills
    its zone has little slack, a few parcels in its middle a lot, and then nothing is proven.
    """

    east_m: float
    north_m: float
    misfit_here: float
    misfit_there: float
    slack_m: float

    @property
    def distance_m(self) -> float:
        """Length of the move."""
        return float(np.hypot(self.east_m, self.north_m))

    @property
    def is_sharp(self) -> bool:
        """Whether the place is known well enough to speak of a displacement at all."""
        return self.slack_m < 100 and self.misfit_there < 0.05

    def is_about(self, vector: tuple[float, float]) -> bool:
        """Whether this move is a known one (metres east, north), within what is known of it."""
        off = float(np.hypot(self.east_m - vector[0], self.north_m - vector[1]))
        return self.is_sharp and self.distance_m > 0 and off <= max(20.0, self.slack_m)


class Ground:
    """A reference area to which polygons of the same plane are compared at many places."""

    def __init__(self, polygons: Polygons, reference: BaseGeometry) -> None:
        # A stride keeps the sample spread over the file, which is usually in spatial order.
        stride = max(1, -(-len(polygons) // _SAMPLE))
        self._polygons = polygons[::stride]
        self._total = float(shapely.area(polygons).sum())
        self._sampled = float(shapely.area(self._polygons).sum())
        self._reference = reference
        self._whole = polygons
        self._file_is_larger = self._total > 1.02 * reference.area

    def misfit(self, east_m: float = 0.0, north_m: float = 0.0) -> float:
        """Share of the smaller ground that lies outside the other after a move of the polygons."""
        reference = translate(self._reference, -east_m, -north_m)
        polygons = self._whole if self._file_is_larger else self._polygons
        common = common_m2(polygons, reference)
        smaller = reference.area if self._file_is_larger else self._sampled
        return max(0.0, 1.0 - common / smaller) if smaller else 1.0


def common_m2(polygons: Polygons, area: BaseGeometry) -> float:
    """Ground in m² that non-overlapping polygons share with an area."""
    shapely.prepare(area)
    inside = shapely.contains_properly(area, polygons)
    edge = polygons[~inside & shapely.intersects(area, polygons)]
    on_edge = shapely.area(shapely.intersection(edge, area)).sum()
    return float(shapely.area(polygons[inside]).sum() + on_edge)


def datum_vector(east: float, north: float, srid: int) -> tuple[float, float]:
    """Return how far WGS 84 numbers lie from VN-2000 ones at a place of a plane, in metres.

    About (+195, −111) anywhere in Vietnam. A file whose WGS 84 numbers are declared VN-2000
    fits after the opposite move.
    """
    here = np.array([[east, north]])
    wgs84 = coordinates_replaned(coordinates_to_wgs84(here, srid), VN2000_GEOGRAPHIC, srid)
    return float(wgs84[0, 0] - east), float(wgs84[0, 1] - north)


def fit_shift(polygons: Any, reference: BaseGeometry, srid: int) -> ShiftFit:
    """Measure by which move polygons would fit a reference area (both in the plane ``srid``).

    Looks around where the file is and where the datum step, applied or undone, would put it.
    Staying wins unless a move fits materially better.
    """
    shapes = np.atleast_1d(np.asarray(polygons, dtype=object))
    ground = Ground(shapes, shapely.simplify(reference, 0.5))
    middle = reference.centroid
    east, north = datum_vector(middle.x, middle.y, srid)
    here = ground.misfit()
    best, at = here, (0.0, 0.0)
    if here > _MATERIAL:
        starts = [(0.0, 0.0), (-east, -north), (east, north)]
        best, at = min((_descend(ground, start) for start in starts), key=lambda end: end[0])
        if here - best <= _MATERIAL:
            best, at = here, (0.0, 0.0)
    return ShiftFit(at[0], at[1], here, best, _slack(ground, at, best))


def _descend(ground: Ground, start: tuple[float, float]) -> tuple[float, tuple[float, float]]:
    best, at = ground.misfit(*start), start
    for step in _STEPS_M:
        for _ in range(4):
            around = [(at[0] + step * e, at[1] + step * n) for e, n in _COMPASS]
            found, place = min((ground.misfit(*place), place) for place in around)
            if found >= best:
                break
            best, at = found, place
    return best, at


_COMPASS: Final = ((1, 0), (-1, 0), (0, 1), (0, -1))
_SLACKS_M: Final = (5.0, 10.0, 20.0, 40.0, 80.0, 160.0, 320.0)


def _slack(ground: Ground, at: tuple[float, float], best: float) -> float:
    """Go out in four directions until it fits materially worse; return the longest way."""
    free = 0.0
    for e, n in _COMPASS:
        for far in _SLACKS_M:
            if ground.misfit(at[0] + far * e, at[1] + far * n) > best + _MATERIAL:
                break
            free = max(free, far)
    return free

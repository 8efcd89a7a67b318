"""The ways in which a column of numbers can have been meant, and where each puts a file.

A reading is what must be undone (axes swapped, millimetres, a zone number in front of the
easting) and the coordinate system the numbers are then in. Everything is brought into one plane,
easting first, in metres, so that places can be compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from itertools import product
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from layers.crs.registry import (
    GEOGRAPHIC,
    PLANES,
    SIX_DEGREE_SCALE,
    THREE_DEGREE_SCALE,
    VN2000_GEOGRAPHIC,
    WGS84,
    Plane,
    find_plane,
)
from layers.crs.transform import (
    coordinates_from_wgs84,
    coordinates_replaned,
    coordinates_to_wgs84,
)
from layers.errors import CoordinatesNotFinite

Coordinates = NDArray[np.float64]

_PREFIX = 1_000_000


class Departure(StrEnum):
    """In what a file departs from what it says of itself. The values are error codes."""

    AXES_SWAPPED = "axes-swapped"
    WRONG_MERIDIAN = "wrong-meridian"
    WRONG_SCALE = "wrong-scale"
    DEGREES_AS_METRES = "degrees-as-metres"
    METRES_AS_DEGREES = "metres-as-degrees"
    NO_DATUM_SHIFT = "no-datum-shift"
    MILLIMETRES = "drawing-in-millimetres"
    ZONE_PREFIX = "zone-prefix"


class Frame(StrEnum):
    """What kind of numbers a reading takes them for."""

    PLANE = "plane"
    """Easting, northing of the VN-2000 plane ``srid``."""
    OTHER_SCALE = "other-scale"
    """As ``PLANE``, but projected with 0.9996 for 0.9999 or the reverse."""
    WGS84_PLANE = "wgs84-plane"
    """WGS 84 projected as the plane is: the datum step was forgotten when the file was made."""
    SHIFTED_TWICE = "shifted-twice"
    """VN-2000 of the plane sent through the datum step as if it had been WGS 84."""
    DEGREES = "degrees"
    """Longitude, latitude of ``srid`` 4326 or 4756."""


@dataclass(frozen=True)
class Meaning:
    """One way to mean the numbers; ``srid`` is a legal plane, 4326 or 4756."""

    srid: int
    frame: Frame = Frame.PLANE
    swapped: bool = False
    unit_m: float = 1.0
    prefixed: bool = False

    def coordinates(self, numbers: Coordinates, to_srid: int) -> Coordinates:
        """Bring N×2 numbers as read into easting, northing of the plane ``to_srid``.

        Raises:
            CoordinatesNotFinite: meant like this, the numbers are no place on earth.
        """
        xy = numbers[:, ::-1] if self.swapped else numbers
        xy = xy * self.unit_m
        if self.prefixed:
            xy = np.column_stack([xy[:, 0] % _PREFIX, xy[:, 1]])
        if self.frame is Frame.DEGREES:
            if self.srid == WGS84:
                return coordinates_from_wgs84(xy, to_srid)
            return coordinates_replaned(xy, VN2000_GEOGRAPHIC, to_srid)
        if self.frame is Frame.WGS84_PLANE:
            degrees = coordinates_replaned(xy, self.srid, VN2000_GEOGRAPHIC)
            return coordinates_from_wgs84(degrees, to_srid)
        if self.frame is Frame.SHIFTED_TWICE:
            degrees = coordinates_to_wgs84(xy, self.srid)
            return coordinates_replaned(degrees, VN2000_GEOGRAPHIC, to_srid)
        if self.frame is Frame.OTHER_SCALE:
            xy = _from_other_scale(xy, PLANES[self.srid])
        return coordinates_replaned(xy, self.srid, to_srid)

    def shapes(self, geometries: Any, to_srid: int) -> Any:
        """Bring one shape, or an array of shapes, into the plane ``to_srid``; heights are lost."""
        moved = shapely.transform(geometries, lambda xy: self.coordinates(xy, to_srid))
        return shapely.set_srid(moved, to_srid)

    def departures(self, declared_srid: int | None) -> tuple[Departure, ...]:
        """Name what has to be undone for a file that says it is in ``declared_srid``."""
        return tuple(self._departures(declared_srid))

    def _departures(self, declared_srid: int | None) -> Iterator[Departure]:
        declared = find_plane(declared_srid)
        if self.frame is Frame.DEGREES:
            if declared is not None:
                yield Departure.DEGREES_AS_METRES
            elif declared_srid in GEOGRAPHIC and declared_srid != self.srid:
                yield Departure.NO_DATUM_SHIFT
        elif declared_srid in GEOGRAPHIC:
            yield Departure.METRES_AS_DEGREES
        elif declared is not None:
            own = PLANES[self.srid]
            if own.central_meridian_deg != declared.central_meridian_deg:
                yield Departure.WRONG_MERIDIAN
            elif own.scale != declared.scale:
                yield Departure.WRONG_SCALE
        if self.swapped:
            yield Departure.AXES_SWAPPED
        if self.frame is Frame.OTHER_SCALE:
            yield Departure.WRONG_SCALE
        if self.unit_m != 1.0:
            yield Departure.MILLIMETRES
        if self.prefixed:
            yield Departure.ZONE_PREFIX
        if self.frame in (Frame.WGS84_PLANE, Frame.SHIFTED_TWICE):
            yield Departure.NO_DATUM_SHIFT


def meanings(numbers: Coordinates) -> Iterator[Meaning]:
    """Yield every way to mean the numbers that their size allows: degrees or a legal plane.

    Axes, unit and zone prefix are judged by size. Ways that differ by a few hundred metres only
    are left to ``variants``.
    """
    middle = np.median(numbers, axis=0)
    for swapped, unit_m, prefixed in product((False, True), (1.0, 0.001), (False, True)):
        east, north = (middle[::-1] if swapped else middle) * unit_m
        if unit_m == 1.0 and not prefixed and 100 < east < 120 and 5 < north < 25:
            yield Meaning(WGS84, Frame.DEGREES, swapped)
            yield Meaning(VN2000_GEOGRAPHIC, Frame.DEGREES, swapped)
        if prefixed:
            if int(east // _PREFIX) not in (48, 49):
                continue
            east %= _PREFIX
        if -400_000 < east < 1_400_000 and 850_000 < north < 2_700_000:
            for srid in PLANES:
                yield Meaning(srid, Frame.PLANE, swapped, unit_m, prefixed)


def variants(meaning: Meaning) -> Iterator[Meaning]:
    """Yield what a plane could be mistaken for a few hundred metres away: datum and scale."""
    if meaning.frame is not Frame.PLANE:
        return
    own = PLANES[meaning.srid]
    meridians = [each.central_meridian_deg for each in PLANES.values()]
    for frame in (Frame.WGS84_PLANE, Frame.SHIFTED_TWICE, Frame.OTHER_SCALE):
        # Where the other scale on the same meridian is a legal plane, that plane is tried itself.
        if frame is not Frame.OTHER_SCALE or meridians.count(own.central_meridian_deg) == 1:
            yield replace(meaning, frame=frame)


def declared_meaning(srid: int) -> Meaning:
    """Return what a file says of itself by its SRID: a legal plane, 4326 or 4756."""
    return Meaning(srid, Frame.PLANE if srid in PLANES else Frame.DEGREES)


@cache
def _scale_transformer(meridian_deg: float, from_scale: float) -> Transformer:
    there = THREE_DEGREE_SCALE if from_scale == SIX_DEGREE_SCALE else SIX_DEGREE_SCALE
    old, new = (
        f"+proj=tmerc +lat_0=0 +lon_0={meridian_deg:g} +k={scale:g} +x_0=500000 +y_0=0 +ellps=WGS84"
        for scale in (from_scale, there)
    )
    return Transformer.from_pipeline(f"+proj=pipeline +step +inv {old} +step {new}")


def _from_other_scale(xy: Coordinates, plane: Plane) -> Coordinates:
    """Turn numbers projected with the scale the plane does not have into those of the plane."""
    other = SIX_DEGREE_SCALE if plane.scale == THREE_DEGREE_SCALE else THREE_DEGREE_SCALE
    moved = _scale_transformer(plane.central_meridian_deg, other).transform(xy[:, 0], xy[:, 1])
    return np.column_stack(moved)


def placed(meaning: Meaning, numbers: Coordinates, to_srid: int) -> Coordinates | None:
    """Return the coordinates a meaning gives in ``to_srid``, or None where it gives none."""
    try:
        return meaning.coordinates(numbers, to_srid)
    except CoordinatesNotFinite:
        return None

"""VN-2000 planes to WGS 84 and back by one pinned operation, and plane to plane by none.

The operation is EPSG:6960, coordinate frame rotation, with the numbers and signs of Decision
05/2007/QĐ-BTNMT. It is written out as a pipeline because PROJ, when asked for
"VN-2000 to WGS 84", picks EPSG:5194 inside a box around the Mekong, 0.8 m away.

Heights are dropped: the register is two-dimensional. There and back is not the identity
(up to 1.3 mm, because the height is dropped), so an edited coordinate never makes the round trip.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Final, TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from pyproj.enums import TransformDirection
from shapely.geometry.base import BaseGeometry

from layers.crs.registry import GEOGRAPHIC, VN2000_GEOGRAPHIC, WGS84, plane
from layers.errors import CoordinatesNotFinite

Shapes = TypeVar("Shapes", bound=BaseGeometry | NDArray[Any])
Coordinates = NDArray[np.float64]

OPERATION: Final = "EPSG:6960"
"""Name of the pinned operation, for manifests."""

HELMERT: Final = (
    "+proj=helmert +x=-191.90441429 +y=-39.30318279 +z=-111.45032835 "
    "+rx=-0.00928836 +ry=0.01975479 +rz=-0.00427372 +s=0.252906278 +convention=coordinate_frame"
)
"""Decision 05/2007/QĐ-BTNMT: metres, arc-seconds and parts per million, signs as printed."""

_DEGREES_IN = "+step +proj=unitconvert +xy_in=deg +xy_out=rad"
_DEGREES_OUT = "+step +proj=unitconvert +xy_in=rad +xy_out=deg"
_DATUM = (
    "+step +proj=push +v_3 +step +proj=cart +ellps=WGS84 "
    f"+step {HELMERT} +step +inv +proj=cart +ellps=WGS84 +step +proj=pop +v_3"
)


def _into_geographic(srid: int) -> str:
    if srid == VN2000_GEOGRAPHIC:
        return _DEGREES_IN
    return f"+step +inv {plane(srid).projection}"


def _out_of_geographic(srid: int) -> str:
    if srid == VN2000_GEOGRAPHIC:
        return _DEGREES_OUT
    return f"+step {plane(srid).projection}"


@cache
def _datum_transformer(srid: int) -> Transformer:
    pipeline = f"+proj=pipeline {_into_geographic(srid)} {_DATUM} {_DEGREES_OUT}"
    return Transformer.from_pipeline(pipeline)


@cache
def _plane_transformer(from_srid: int, to_srid: int) -> Transformer:
    pipeline = f"+proj=pipeline {_into_geographic(from_srid)} {_out_of_geographic(to_srid)}"
    return Transformer.from_pipeline(pipeline)


def _run(transformer: Transformer, xy: Coordinates, *, inverse: bool = False) -> Coordinates:
    direction = TransformDirection.INVERSE if inverse else TransformDirection.FORWARD
    x, y = transformer.transform(xy[:, 0], xy[:, 1], direction=direction)
    moved = np.column_stack([x, y])
    bad = int((~np.isfinite(moved).all(axis=1)).sum())
    if bad:
        raise CoordinatesNotFinite(count=bad)
    return moved


def coordinates_to_wgs84(xy: Coordinates, srid: int) -> Coordinates:
    """Turn N×2 VN-2000 coordinates into N×2 WGS 84 longitude, latitude in degrees.

    ``srid`` is a legal plane (easting, northing in metres) or 4756 (longitude, latitude).

    Raises:
        CoordinatesNotFinite: a coordinate is NaN, infinite or cannot be projected.
    """
    return _run(_datum_transformer(srid), xy)


def coordinates_from_wgs84(lonlat: Coordinates, srid: int) -> Coordinates:
    """Turn N×2 WGS 84 longitude, latitude in degrees into VN-2000 coordinates of ``srid``.

    Raises:
        CoordinatesNotFinite: a coordinate is NaN, infinite or cannot be projected.
    """
    return _run(_datum_transformer(srid), lonlat, inverse=True)


def coordinates_replaned(xy: Coordinates, from_srid: int, to_srid: int) -> Coordinates:
    """Move N×2 coordinates between VN-2000 planes (or 4756): projection only, no datum step."""
    if from_srid == to_srid:
        return xy
    return _run(_plane_transformer(from_srid, to_srid), xy)


def to_wgs84(geometry: Shapes, srid: int) -> Shapes:
    """Give the WGS 84 twin of a shape, or of an array of shapes, in longitude, latitude.

    ``srid`` is a legal VN-2000 plane (easting, northing, metres) or 4756 (longitude, latitude).
    Rings keep their order; heights are dropped; missing shapes stay missing.

    Raises:
        CrsUnknown, CrsDeprecated, CrsWebMercator, CrsNotAPlane: ``srid`` is not VN-2000.
        CoordinatesNotFinite: a coordinate is NaN, infinite or cannot be projected.
    """
    moved: Shapes = _moved(geometry, lambda xy: coordinates_to_wgs84(xy, srid), WGS84)
    return moved


def from_wgs84(geometry: Shapes, srid: int) -> Shapes:
    """Bring a WGS 84 shape (longitude, latitude), or an array of them, into a VN-2000 plane.

    Raises:
        CrsUnknown, CrsDeprecated, CrsWebMercator, CrsNotAPlane: ``srid`` is not VN-2000.
        CoordinatesNotFinite: a coordinate is NaN, infinite or cannot be projected.
    """
    moved: Shapes = _moved(geometry, lambda xy: coordinates_from_wgs84(xy, srid), srid)
    return moved


def replane(geometry: Shapes, from_srid: int, to_srid: int) -> Shapes:
    """Move a shape, or an array of shapes, from one VN-2000 plane to another.

    Both sides are VN-2000, so this is projection alone, without any datum step.

    Raises:
        CrsUnknown, CrsDeprecated, CrsWebMercator, CrsNotAPlane: a side is not VN-2000.
        CoordinatesNotFinite: a coordinate is NaN, infinite or cannot be projected.
    """
    for srid in (from_srid, to_srid):
        if srid not in GEOGRAPHIC or srid == WGS84:
            plane(srid)
    moved: Shapes = _moved(
        geometry, lambda xy: coordinates_replaned(xy, from_srid, to_srid), to_srid
    )
    return moved


def _moved(geometry: Any, move: Callable[[Coordinates], Coordinates], srid: int) -> Any:
    return shapely.set_srid(shapely.transform(geometry, move), srid)

"""Control points from what a georeferenced file states of itself."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

from layers.crs import (
    PLANES,
    VN2000_GEOGRAPHIC,
    WEB_MERCATOR,
    WGS84,
    coordinates_from_wgs84,
    coordinates_replaned,
)
from layers.errors import CoordinatesNotFinite
from layers.raster.content import FilePlace
from layers.raster.errors import ReferenceRefused
from layers.raster.georeference import ControlPoint, Kind, fit
from layers.tiles import plane_grid

_NET: Final = 4
_STRAIGHT_M: Final = 0.05
_UTM: Final = range(32_646, 32_651)
"""WGS 84 / UTM zones 46N to 50N: what scanners of Vietnamese sheets are set to by mistake."""


def stated_points(
    place: FilePlace, width: int, height: int, srid: int
) -> tuple[list[ControlPoint], Kind] | None:
    """A net of control points over a sheet that states its place, and the kind that carries them.

    Between VN-2000 planes nothing but the projection changes; from WGS 84 the pinned operation is
    used. ``None`` when the stated system is not one of these, or leads out of the plane.
    """
    net = np.meshgrid(np.linspace(0, width, _NET), np.linspace(0, height, _NET))
    cols, rows = net[0].ravel(), net[1].ravel()
    e0, ec, er, n0, nc, nr = place.transform
    stated = np.column_stack((e0 + ec * cols + er * rows, n0 + nc * cols + nr * rows))
    try:
        ground = _into_plane(stated, place.epsg, srid)
    except CoordinatesNotFinite:
        return None
    if ground is None:
        return None
    points = [
        ControlPoint(float(c), float(r), float(e), float(n))
        for c, r, (e, n) in zip(cols, rows, ground, strict=True)
    ]
    for kind in (Kind.AFFINE, Kind.POLYNOMIAL):
        try:
            found = fit(
                points, kind, width=width, height=height, scale_denominator=1_000,
                extent=plane_grid(srid).extent,
            )  # fmt: skip
        except ReferenceRefused:
            return None
        if max(each.error_m for each in found.points) <= _STRAIGHT_M:
            break
    return points, kind


def _into_plane(
    stated: NDArray[np.float64], epsg: int | None, srid: int
) -> NDArray[np.float64] | None:
    if epsg is None:
        return None
    if epsg in PLANES or epsg == VN2000_GEOGRAPHIC:
        return coordinates_replaned(stated, epsg, srid)
    if epsg == WGS84:
        return coordinates_from_wgs84(stated, srid)
    if epsg in _UTM or epsg in WEB_MERCATOR:
        there = Transformer.from_crs(epsg, WGS84, always_xy=True)
        return coordinates_from_wgs84(
            np.column_stack(there.transform(stated[:, 0], stated[:, 1])), srid
        )
    return None

"""Shapes as the land register wants them: valid, finite, on the 1 mm grid, measured in metres.

Everything here is planar and two-dimensional, easting first, in the metres of a VN-2000 plane;
the SRID stands beside the shape in the caller's hands. Functions accept one shape or, where they
say so, an array of shapes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from layers.errors import CoordinatesNotFinite, GeometryEmpty, GeometryInvalid, GeometryNotPolygon

GRID_M: Final = 0.001
"""Every stored coordinate is a whole number of millimetres."""

Polygons = NDArray[np.object_]
"""An array of shapely polygons; shapely keeps shapes in arrays of objects."""

_POLYGON = 3
_MULTIPOLYGON = 6
_PLACE = re.compile(r"^(?P<reason>.*?)\s*\[(?P<x>\S+)\s+(?P<y>\S+)\]$")


@dataclass(frozen=True)
class Flaw:
    """Why a shape is not valid, and where: easting ``x`` and northing ``y`` in metres."""

    reason: str
    x: float | None
    y: float | None

    def error(self) -> GeometryInvalid:
        """Return the same facts as an error to raise."""
        return GeometryInvalid(reason=self.reason, x=self.x, y=self.y)


def flaw(geometry: BaseGeometry) -> Flaw | None:
    """Say why a shape is invalid and where, or None when it is valid.

    Reasons are slugs: ``self-intersection``, ``ring-self-intersection``, ``hole-outside-shell``,
    ``nested-holes``, ``nested-shells``, ``interior-is-disconnected``, ``duplicate-rings``,
    ``too-few-points``, ``not-finite``, ``empty``.
    """
    if geometry.is_empty:
        return Flaw("empty", None, None)
    if not is_finite(geometry):
        return Flaw("not-finite", None, None)
    if shapely.is_valid(geometry):
        return None
    told = _PLACE.match(shapely.is_valid_reason(geometry))
    if told is None:
        return Flaw("invalid", None, None)
    return Flaw(_slug(told["reason"]), float(told["x"]), float(told["y"]))


def flaws(geometries: Polygons) -> dict[int, Flaw]:
    """Return the flaw of every invalid, empty or non-finite shape of an array, by position."""
    suspect = ~shapely.is_valid(geometries) | shapely.is_empty(geometries)
    found = {}
    for position in np.flatnonzero(suspect):
        reason = flaw(geometries[position])
        if reason is not None:
            found[int(position)] = reason
    return found


def _slug(reason: str) -> str:
    words = reason.lower().replace("lies ", "")
    if words.startswith(("too few", "invalid number of points")):
        return "too-few-points"
    return re.sub(r"[^a-z]+", "-", words).strip("-")


def is_finite(geometry: BaseGeometry) -> bool:
    """Whether no coordinate is NaN or infinite."""
    return bool(np.isfinite(shapely.get_coordinates(geometry)).all())


def require_finite(geometries: BaseGeometry | Polygons) -> None:
    """Let only finite coordinates pass.

    Raises:
        CoordinatesNotFinite: with the count of bad coordinates.
    """
    bad = int((~np.isfinite(shapely.get_coordinates(geometries)).all(axis=1)).sum())
    if bad:
        raise CoordinatesNotFinite(count=bad)


def require_valid(geometry: BaseGeometry) -> None:
    """Let only a valid, finite, non-empty shape pass.

    Raises:
        GeometryEmpty, CoordinatesNotFinite, GeometryInvalid: with reason and place.
    """
    if geometry.is_empty:
        raise GeometryEmpty()
    require_finite(geometry)
    found = flaw(geometry)
    if found is not None:
        raise found.error()


def right_handed(geometry: Any) -> Any:
    """Turn rings as RFC 7946 wants them: shells counter-clockwise, holes clockwise.

    Takes and returns one shape or an array of shapes; coordinates do not change.
    """
    return shapely.orient_polygons(geometry, exterior_cw=False)


def polygons_of(geometry: BaseGeometry) -> list[Polygon]:
    """Explode a polygon, multipolygon or collection into its polygons; heights are dropped.

    Raises:
        GeometryEmpty: nothing is in it.
        GeometryNotPolygon: a point or a line is in it.
    """
    if geometry.is_empty:
        raise GeometryEmpty()
    parts = shapely.get_parts(shapely.force_2d(geometry))
    while (shapely.get_type_id(parts) > _POLYGON).any():  # a collection inside a collection
        parts = shapely.get_parts(parts)
    for part in parts:
        if not isinstance(part, Polygon):
            raise GeometryNotPolygon(kind=part.geom_type)
    return list(parts)


def multipolygon(geometry: BaseGeometry) -> MultiPolygon:
    """Return a polygon, multipolygon or collection of polygons as one multipolygon.

    Raises:
        GeometryEmpty: nothing is in it.
        GeometryNotPolygon: a point or a line is in it.
    """
    return MultiPolygon(polygons_of(geometry))


def polygonal(geometries: Any) -> Any:
    """Keep only the polygons of each shape: what an intersection shares in area, not in lines."""
    kinds = shapely.get_type_id(geometries)
    if np.ndim(kinds) == 0:
        return _polygonal(geometries)
    kept = np.array(geometries, dtype=object)
    for position in np.flatnonzero((kinds != _POLYGON) & (kinds != _MULTIPOLYGON)):
        kept[position] = _polygonal(kept[position])
    return kept


def _polygonal(geometry: BaseGeometry) -> BaseGeometry:
    if shapely.get_type_id(geometry) in (_POLYGON, _MULTIPOLYGON):
        return geometry
    parts = shapely.get_parts(geometry)
    return MultiPolygon([part for part in parts if isinstance(part, Polygon)])


def on_grid(geometries: Polygons, grid_m: float = GRID_M) -> Polygons:
    """Round polygons to whole grid steps and keep them valid; areas move by ≤ ½ grid × perimeter.

    Coordinates are rounded one by one, so a vertex shared by neighbours stays shared. A polygon
    that this would break (a neck narrower than the grid) is rebuilt by the precision model and
    may come back as a multipolygon or empty: the caller looks at it.

    Raises:
        GeometryInvalid: an input polygon is invalid; the precision model cannot be trusted then.
    """
    invalid = np.flatnonzero(~shapely.is_valid(geometries))
    if invalid.size:
        found = flaw(geometries[invalid[0]])
        raise found.error() if found else GeometryInvalid(reason="invalid", x=None, y=None)
    steps = 1 / grid_m
    flat = shapely.force_2d(geometries)
    rounded = shapely.transform(flat, lambda xy: np.rint(xy * steps) / steps)
    whole = shapely.is_valid(rounded)
    rounded[whole] = shapely.remove_repeated_points(rounded[whole], 0)
    broken = np.flatnonzero(~whole)
    if broken.size:
        rounded[broken] = shapely.set_precision(flat[broken], grid_m, mode="valid_output")
        rounded[broken] = polygonal(rounded[broken])
    return np.asarray(rounded, dtype=object)


def area_m2(geometry: Any) -> Any:
    """Planar area in m², of one shape or of each shape of an array."""
    return shapely.area(geometry)


def perimeter_m(geometry: Any) -> Any:
    """Length of all rings, holes too, in m: of one shape or of each shape of an array."""
    return shapely.length(geometry)


def length_m(geometry: Any) -> Any:
    """Length of a line in m, of one shape or of each shape of an array."""
    return shapely.length(geometry)


def vertex_count(geometry: Any) -> Any:
    """Number of corners, not counting the point that closes a ring; missing shapes have none."""
    if np.ndim(geometry) == 0:
        return int(_vertex_counts(np.array([geometry]))[0])
    return _vertex_counts(np.asarray(geometry, dtype=object))


def _vertex_counts(geometries: Polygons) -> NDArray[np.int64]:
    parts, shape = shapely.get_parts(geometries, return_index=True)
    rings = shapely.get_num_interior_rings(parts) + (shapely.get_type_id(parts) == _POLYGON)
    closing = np.bincount(shape, weights=rings, minlength=len(geometries))
    return shapely.get_num_coordinates(geometries).astype(np.int64) - closing.astype(np.int64)


def same_corners(one: Polygons, other: Polygons) -> NDArray[np.bool_]:
    """Which shapes of two arrays have the same corners, whatever ring start and direction.

    A missing shape is like no other.
    """
    same = np.zeros(len(one), dtype=bool)
    both = np.flatnonzero(~shapely.is_missing(one) & ~shapely.is_missing(other))
    same[both] = shapely.equals_exact(one[both], other[both], 0)
    differ = both[~same[both]]
    same[differ] = shapely.equals_exact(
        shapely.normalize(one[differ]), shapely.normalize(other[differ]), 0
    )
    return same


def place(geometry: BaseGeometry) -> Point:
    """Return a point that surely lies on the shape: where to send a person to look."""
    return shapely.point_on_surface(geometry)

"""Shapes as they leave for maps and files: in the zone's plane, or RFC 7946 longitude, latitude."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import orjson
import shapely

from layers.crs import to_wgs84

PLANE_DECIMALS: Final = 3
DEGREE_DECIMALS: Final = 9


def geometry(shape: Any, srid: int, *, in_plane: bool) -> Any:
    """A shape of a plane as a GeoJSON geometry: E, N to the millimetre, or degrees."""
    decimals = PLANE_DECIMALS
    if not in_plane:
        shape, decimals = to_wgs84(shape, srid), DEGREE_DECIMALS
    rounded = shapely.transform(shape, lambda xy: np.round(xy, decimals))
    return orjson.loads(shapely.to_geojson(shapely.orient_polygons(rounded)))


def collection(
    features: list[dict[str, Any]], srid: int, *, in_plane: bool, **more: object
) -> dict[str, Any]:
    """Features as a collection; in a plane it names the plane, which RFC 7946 leaves to us."""
    answer: dict[str, Any] = {"type": "FeatureCollection"}
    if in_plane:
        answer["crs"] = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{srid}"}}
    return {**answer, **more, "features": features}

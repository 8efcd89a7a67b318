"""Coordinate systems: the legal VN-2000 planes, the pinned datum operation, a file's passport."""

from layers.crs.passport import Passport, Reading, examine
from layers.crs.provinces import Province, planes_since_2025, province, provinces
from layers.crs.readings import Departure, Frame, Meaning
from layers.crs.registry import (
    DEPRECATED,
    PLANES,
    PRIVATE_SRID_BASE,
    TOWGS84,
    VN2000_GEOGRAPHIC,
    WEB_MERCATOR,
    WGS84,
    Plane,
    find_plane,
    is_legal,
    meridian_text,
    plane,
    three_degree_plane,
)
from layers.crs.shift import ShiftFit, datum_vector, fit_shift
from layers.crs.transform import (
    HELMERT,
    OPERATION,
    coordinates_from_wgs84,
    coordinates_replaned,
    coordinates_to_wgs84,
    from_wgs84,
    replane,
    to_wgs84,
)

__all__ = [
    "DEPRECATED",
    "HELMERT",
    "OPERATION",
    "PLANES",
    "PRIVATE_SRID_BASE",
    "TOWGS84",
    "VN2000_GEOGRAPHIC",
    "WEB_MERCATOR",
    "WGS84",
    "Departure",
    "Frame",
    "Meaning",
    "Passport",
    "Plane",
    "Province",
    "Reading",
    "ShiftFit",
    "coordinates_from_wgs84",
    "coordinates_replaned",
    "coordinates_to_wgs84",
    "datum_vector",
    "examine",
    "find_plane",
    "fit_shift",
    "from_wgs84",
    "is_legal",
    "meridian_text",
    "plane",
    "planes_since_2025",
    "province",
    "provinces",
    "replane",
    "three_degree_plane",
    "to_wgs84",
]

"""The legal planes of Vietnam: VN-2000 in twenty projections, and the codes that are refused.

Decision 83/2000/QĐ-TTg (VN-2000); 3° zones with scale 0.9999 for cadastre and planning,
6° zones with scale 0.9996 for topographic maps. All planes: easting first, metres,
false easting 500,000, false northing 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from layers.errors import CrsDeprecated, CrsNotAPlane, CrsUnknown, CrsWebMercator

WGS84: Final = 4326
"""EPSG:4326, always used here as longitude, latitude in degrees."""

VN2000_GEOGRAPHIC: Final = 4756
"""EPSG:4756, always used here as longitude, latitude in degrees."""

TOWGS84: Final = (
    "-191.90441429,-39.30318279,-111.45032835,0.00928836,-0.01975479,0.00427372,0.252906278"
)
"""Decision 05/2007/QĐ-BTNMT in the signs that ``+towgs84`` wants (position vector)."""

PRIVATE_SRID_BASE: Final = 980_000

THREE_DEGREE_SCALE: Final = 0.9999
SIX_DEGREE_SCALE: Final = 0.9996


def meridian_text(degrees: float) -> str:
    """Write a meridian as Vietnamese documents do: ``107°45'``."""
    whole, minutes = divmod(round(degrees * 60), 60)
    return f"{whole}°{minutes:02d}'"


@dataclass(frozen=True)
class Plane:
    """One legal VN-2000 plane: axis order easting, northing; metres."""

    epsg: int
    central_meridian_deg: float
    scale: float

    @property
    def meridian(self) -> str:
        """The central meridian as written in documents, such as ``105°45'``."""
        return meridian_text(self.central_meridian_deg)

    @property
    def zone_width_deg(self) -> int:
        """3 for cadastral and planning planes, 6 for topographic ones."""
        return 3 if self.scale == THREE_DEGREE_SCALE else 6

    @property
    def name_vi(self) -> str:
        """Name in Vietnamese."""
        return f"VN-2000, kinh tuyến trục {self.meridian}, múi chiếu {self.zone_width_deg}°"

    @property
    def name_en(self) -> str:
        """Name in English."""
        return f"VN-2000, central meridian {self.meridian}, {self.zone_width_deg}° zone"

    @property
    def private_srid(self) -> int:
        """The SRID without authority that the database transforms by."""
        return PRIVATE_SRID_BASE + self.epsg

    @property
    def projection(self) -> str:
        """The map projection alone, as PROJ parameters, no datum."""
        return (
            f"+proj=tmerc +lat_0=0 +lon_0={self.central_meridian_deg:g} +k={self.scale:g} "
            "+x_0=500000 +y_0=0 +ellps=WGS84"
        )

    @property
    def proj4(self) -> str:
        """Full definition with the pinned datum operation, for PostGIS, GDAL and proj4js."""
        return f"{self.projection} +towgs84={TOWGS84} +units=m +no_defs +type=crs"


_SIX_DEGREE = {3405: 105.0, 3406: 111.0}
_THREE_DEGREE = {
    5896: 102.0,
    5897: 105.0,
    5898: 108.0,
    5899: 107.75,
    9205: 103.0,
    9206: 104.0,
    9207: 104.5,
    9208: 104.75,
    9209: 105.5,
    9210: 105.75,
    9211: 106.0,
    9212: 106.25,
    9213: 106.5,
    9214: 107.0,
    9215: 107.25,
    9216: 107.5,
    9217: 108.25,
    9218: 108.5,
}

PLANES: Final = MappingProxyType(
    {srid: Plane(srid, lon, SIX_DEGREE_SCALE) for srid, lon in _SIX_DEGREE.items()}
    | {srid: Plane(srid, lon, THREE_DEGREE_SCALE) for srid, lon in _THREE_DEGREE.items()}
)
"""Every plane in which legal geometry may be stored, by EPSG code."""

DEPRECATED: Final = MappingProxyType({6956: 5896, 6957: 5897, 6958: 5898, 6959: 5899})
"""Withdrawn codes (false easting and northing swapped) and the code that replaced each."""

WEB_MERCATOR: Final = frozenset({3857, 3785, 900913, 102100, 102113})
"""Every code under which Web Mercator has been published."""

GEOGRAPHIC: Final = frozenset({WGS84, VN2000_GEOGRAPHIC})


def plane(srid: int) -> Plane:
    """Return the legal plane with this EPSG code.

    Raises:
        CrsDeprecated: 6956 to 6959.
        CrsWebMercator: Web Mercator under any of its codes.
        CrsNotAPlane: WGS 84 or VN-2000 in degrees.
        CrsUnknown: any other code.
    """
    found = PLANES.get(srid)
    if found is not None:
        return found
    if srid in DEPRECATED:
        raise CrsDeprecated(srid=srid, use_srid=DEPRECATED[srid])
    if srid in WEB_MERCATOR:
        raise CrsWebMercator(srid=srid)
    if srid in GEOGRAPHIC:
        raise CrsNotAPlane(srid=srid)
    raise CrsUnknown(srid=srid)


def find_plane(srid: int | None) -> Plane | None:
    """Return the legal plane with this EPSG code, None when there is none or no code."""
    return None if srid is None else PLANES.get(srid)


def is_legal(srid: int) -> bool:
    """Whether legal geometry may be stored in this SRID."""
    return srid in PLANES


def three_degree_plane(meridian_deg: float) -> Plane:
    """Return the 3° plane of a central meridian given in decimal degrees.

    Raises:
        CrsUnknown: no 3° plane of VN-2000 has this meridian.
    """
    for candidate in PLANES.values():
        if candidate.scale == THREE_DEGREE_SCALE and candidate.central_meridian_deg == meridian_deg:
            return candidate
    raise CrsUnknown(srid=meridian_text(meridian_deg))

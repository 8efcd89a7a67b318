"""Which plane a file's numbers are in, whether they fit to the zone, and their way into its
plane.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from layers.crs import (
    OPERATION,
    VN2000_GEOGRAPHIC,
    WGS84,
    from_wgs84,
    plane,
    replane,
)
from layers.crs.passport import Passport, examine
from layers.errors import CrsMissing, CrsNotAPlane, CrsOfFileUnknown, CrsUnknown
from layers.sandbox import Parsed
from planning.changes.imports.findings import RowFinding
from planning.changes.imports.request import Layer, Request
from planning.changes.imports.surroundings import Surroundings

SURVEYED_ONLY: Final = frozenset({Layer.PARCELS, Layer.PLAN_LOTS})
"""Layers whose legal geometry never comes from WGS 84."""
FILLS: Final = 0.7
"""A file that covers this share of its zone shows a displacement shorter than the zone; a few
parcels that reach over the boundary prove nothing and are told row by row."""
VIETNAM: Final = box(102.0, 8.3, 110.0, 23.5)
"""Longitudes and latitudes of the mainland: all that is known where the register is still empty."""


@dataclass(slots=True)
class Placed:
    """Shapes in the zone's plane, the passport's facts, notes, and the request as it now stands."""

    shapes: NDArray[np.object_]
    facts: dict[str, Any]
    request: Request
    notes: list[RowFinding] = field(default_factory=list)


def to_plane(parsed: Parsed, request: Request, around: Surroundings) -> Placed:
    """Bring a file's shapes into the zone's plane.

    From another VN-2000 plane this is projection alone, exact to far below the grid. From WGS 84
    it is the pinned operation EPSG:6960 (accuracy 1 m), so a boundary becomes `schematic`.

    Raises:
        CrsMissing: the file does not say and nobody was asked.
        CrsDeprecated, CrsWebMercator, CrsOfFileUnknown, CrsNotAPlane: it says something unusable.
        PassportRefused: the numbers do not put the file where the zone is.
    """
    if not (~shapely.is_missing(parsed.geometries)).any():
        return Placed(parsed.geometries, {}, request)
    srid, asked = _srid(parsed, request)
    if srid is None:
        # nobody says: the numbers themselves propose a plane, a person decides
        raise _passport(parsed, None, request.layer, around).refusal or CrsMissing()
    if srid == WGS84 and request.layer in SURVEYED_ONLY:
        raise CrsNotAPlane(srid=srid)
    facts: dict[str, Any] = {
        "srid": srid,
        "asked": asked,
        "said": parsed.crs.name or parsed.crs.text[:120],
        "origin": parsed.crs.origin,
        "zone_srid": around.srid,
        "operation": None,
    }
    placed = Placed(parsed.geometries, facts, request)
    if asked:
        placed.notes.append(RowFinding(0, "import-crs-asked", {"srid": srid}))
    _check_passport(parsed, srid, request.layer, around, facts)
    if srid == WGS84:
        placed.shapes = from_wgs84(parsed.geometries, around.srid)
        facts["operation"] = OPERATION
        if request.layer is Layer.BOUNDARY:
            placed.request = replace(request, certainty="schematic")
        placed.notes.append(RowFinding(0, "import-from-wgs84", {"srid": around.srid}))
    elif srid != around.srid:
        placed.shapes = replane(parsed.geometries, srid, around.srid)
        facts["operation"] = "projection"
        context = {"from": srid, "to": around.srid}
        placed.notes.append(RowFinding(0, "import-replaned", context))
    return placed


def _srid(parsed: Parsed, request: Request) -> tuple[int | None, bool]:
    """The SRID of the numbers (None: nobody says), and whether a person had to say it."""
    said = parsed.crs
    if said.epsg is not None and (said.stated or parsed.axis.order == "degrees"):
        try:
            return _usable(said.epsg), False
        except CrsUnknown as unknown:
            named = f"{said.name} · EPSG:{said.epsg}" if said.name else f"EPSG:{said.epsg}"
            raise CrsOfFileUnknown(said=named) from unknown
    if said.stated and said.epsg is None:
        raise CrsOfFileUnknown(said=said.name or said.text[:60])
    return (None if request.srid is None else _usable(request.srid)), True


def _usable(srid: int) -> int:
    if srid not in (WGS84, VN2000_GEOGRAPHIC):
        plane(srid)
    return srid


def _passport(parsed: Parsed, srid: int | None, layer: Layer, around: Surroundings) -> Passport:
    """Hold the file against the ground it claims to lie on."""
    shapes = parsed.geometries[~shapely.is_missing(parsed.geometries)]
    kinds = shapely.get_type_id(shapes)
    sound = shapes[((kinds == 3) | (kinds == 6)) & shapely.is_valid(shapes)]
    expected, expected_srid, fills = _expected(layer, around)
    closely = fills and float(shapely.area(sound).sum()) >= FILLS * expected.area
    return examine(
        shapely.get_coordinates(shapes),
        srid,
        expected,
        expected_srid,
        polygons=shapely.get_parts(sound) if closely else None,
    )


def _check_passport(
    parsed: Parsed, srid: int, layer: Layer, around: Surroundings, facts: dict[str, Any]
) -> None:
    passport = _passport(parsed, srid, layer, around)
    facts["passport"] = {
        "accepted": passport.accepted_srid,
        "readings": [
            {
                "srid": reading.srid,
                "departures": [str(each) for each in reading.departures],
                "share": reading.share,
                "displacement_m": reading.displacement_m,
                "confidence": reading.confidence,
            }
            for reading in passport.readings[:5]
        ],
    }
    if passport.refusal is not None:
        raise passport.refusal


def _expected(layer: Layer, around: Surroundings) -> tuple[BaseGeometry, int, bool]:
    """The ground to compare with, its SRID, and whether the file must fill or stay inside it."""
    if layer in SURVEYED_ONLY and around.zone.shape is not None:
        return around.zone.shape, around.srid, True
    if layer is Layer.BOUNDARY and around.zone.shape is not None:
        return around.zone.shape, around.srid, False
    if around.where is not None and not (layer is Layer.ADMIN_UNITS and around.zone.shape is None):
        return around.where, around.srid, False
    return VIETNAM, WGS84, False

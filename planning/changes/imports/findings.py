"""What was found about rows on their way into the register, as codes with facts and a place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from shapely.geometry.base import BaseGeometry

from layers.vector.findings import FINDING_CODES, Finding, Severity

__all__ = ["FINDINGS", "Place", "RowFinding", "Severity", "of_file"]

_OWN: Final = {
    # the file as a whole (row 0)
    "import-crs-asked": Severity.NOTICE,
    "import-replaned": Severity.NOTICE,
    "import-from-wgs84": Severity.NOTICE,
    "import-rounded": Severity.NOTICE,
    "import-neighbours-noded": Severity.NOTICE,
    "import-neighbour-left": Severity.NOTICE,
    "import-parts-joined": Severity.REPAIRED,
    "import-categories-proposed": Severity.NOTICE,
    # shapes
    "row-geometry-invalid": Severity.REFUSED,
    "row-geometry-collapses": Severity.REFUSED,
    "row-multipart": Severity.REFUSED,
    "row-exploded": Severity.REPAIRED,
    "row-noded": Severity.REPAIRED,
    "row-reshaped": Severity.REPAIRED,
    "row-coverage-unstable": Severity.REFUSED,
    "row-overlaps-row": Severity.REFUSED,
    "row-overlaps-parcel": Severity.REFUSED,
    "row-overlaps-lot": Severity.REFUSED,
    "lot-overlaps-row": Severity.NOTICE,
    "lot-overlaps-lot": Severity.NOTICE,
    "row-outside-zone": Severity.REFUSED,
    "row-outside-plan": Severity.REFUSED,
    "row-too-small": Severity.REFUSED,
    "row-in-child-zone": Severity.NOTICE,
    "row-straddles-child-zone": Severity.NOTICE,
    "row-area-differs": Severity.NOTICE,
    # numbers and words
    "row-number-repeated": Severity.REFUSED,
    "row-number-in-register": Severity.REFUSED,
    "row-number-repeated-allowed": Severity.NOTICE,
    "row-land-use-unknown": Severity.NOTICE,
    "row-category-unknown": Severity.REFUSED,
    "row-code-repeated": Severity.REFUSED,
    "row-code-in-register": Severity.REFUSED,
    # rows that name parcels
    "row-parcel-not-found": Severity.REFUSED,
    "row-parcel-not-yet": Severity.REFUSED,
    "row-parcel-ambiguous": Severity.REFUSED,
    "row-parcel-repeated": Severity.REFUSED,
    "row-parcel-taken": Severity.REFUSED,
    "row-reservation-forever": Severity.REFUSED,
    "row-lessor-power": Severity.REFUSED,
    "row-item-not-recovered": Severity.REFUSED,
    "row-item-in-part": Severity.REFUSED,
    "row-parent-not-found": Severity.REFUSED,
    "row-parent-missing": Severity.REFUSED,
    "row-disagrees": Severity.REFUSED,
    "row-outside-parent": Severity.REFUSED,
    "row-tax-code": Severity.REFUSED,
    "row-with-refused": Severity.REFUSED,
    "row-areas-added": Severity.NOTICE,
    "row-before-zone": Severity.REFUSED,
    "row-day-ahead": Severity.REFUSED,
    "row-status-unknown": Severity.REFUSED,
    # what the database said
    "row-boundary-leaves-parcel": Severity.REFUSED,
    "row-boundary-too-small": Severity.REFUSED,
    "row-database-refused": Severity.REFUSED,
}
FINDINGS: Final[Mapping[str, Severity]] = MappingProxyType({**FINDING_CODES, **_OWN})
"""Every code a row can be given, with what it means for the row."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where to look: a point and the box to zoom to, (E, N) in metres of the zone's plane."""

    easting: float
    northing: float
    box: tuple[float, float, float, float]

    @classmethod
    def of(cls, shape: BaseGeometry | None, margin_m: float = 0.0) -> Place | None:
        """Return where a shape lies; None for a missing or empty one."""
        if shape is None or shape.is_empty:
            return None
        point = shape.representative_point() if shape.is_valid else shape.envelope.centroid
        west, south, east, north = shape.bounds
        box = (west - margin_m, south - margin_m, east + margin_m, north + margin_m)
        return cls(round(point.x, 3), round(point.y, 3), box)

    @classmethod
    def at(cls, easting: float, northing: float, margin_m: float = 10.0) -> Place:
        """Return a place around a point."""
        box = (easting - margin_m, northing - margin_m, easting + margin_m, northing + margin_m)
        return cls(round(easting, 3), round(northing, 3), box)

    def as_json(self) -> dict[str, Any]:
        """Return X (north) and Y (east) as documents write them, and the box (E, N, E, N)."""
        return {
            "x_north": self.northing,
            "y_east": self.easting,
            "box": [round(v, 3) for v in self.box],
        }


@dataclass(frozen=True, slots=True)
class RowFinding:
    """One fact about one row (0: the whole file) or, after explosion, about one part of it."""

    row: int
    code: str
    context: Mapping[str, object] = field(default_factory=dict)
    field: str | None = None
    place: Place | None = None
    part: int = 0

    @property
    def severity(self) -> Severity:
        """Whether the row is refused, was repaired, or only deserves a look."""
        return FINDINGS[self.code]


def of_file(found: Finding) -> RowFinding:
    """Take over what reading the file and its fields found about a row."""
    return RowFinding(found.row, found.code, dict(found.context), found.field)

"""The table of corners printed in a decision: point, X (northing), Y (easting), perhaps lengths.

Written by people: decimal commas, columns the other way round, the first point repeated at the
end, a meridian of the neighbouring province. What can be told from the numbers is told.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from layers.coverage.drawing import outline
from layers.crs import PLANES, replane
from layers.errors import (
    CoordinatesNotFinite,
    OutlineInvalid,
    TableFarAway,
    TableUnreadable,
    TableWrongMeridian,
)
from layers.fields.numbers import NumberStyle, parse_number

Order = Literal["xy", "yx"]
_NEAR_M: Final = 1000.0
_LEAST_NORTHING_M: Final = 880_000.0
_EDGE_TOLERANCE_M: Final = 0.02
_SEPARATORS: Final = re.compile(r"[\t;|]+|\s{1,}")


@dataclass(frozen=True)
class TablePoint:
    """A row: the point's name, x = northing and y = easting in metres."""

    name: str
    x: float
    y: float


@dataclass(frozen=True)
class Edge:
    """A side from point to point: length in m, azimuth in degrees from grid north, as stated."""

    start: str
    end: str
    length_m: float
    azimuth_deg: float
    stated_m: float | None = None


@dataclass(frozen=True)
class Finding:
    """Something to look at, by code, with the facts of its sentence."""

    code: str
    context: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class CoordinateTable:
    """A table as understood. ``corners`` are (E, N), the first one not repeated."""

    points: tuple[TablePoint, ...]
    corners: tuple[tuple[float, float], ...]
    order: Order
    was_closed: bool
    edges: tuple[Edge, ...]
    area_m2: float
    stated_area_m2: float | None
    findings: tuple[Finding, ...]

    @property
    def polygon(self) -> Polygon:
        """The parcel the corners go round."""
        return outline(self.corners)


def rows_of(text: str) -> list[tuple[str, float, float]]:
    """Read lines of a pasted table: ``name first second`` or ``first second``; blank lines pass.

    Raises:
        TableUnreadable: a line has other than two or three columns, or no number where one must be.
    """
    found: list[tuple[str, float, float]] = []
    for line, said in enumerate(text.splitlines(), 1):
        cells = [cell for cell in _SEPARATORS.split(said.strip()) if cell]
        heading = not found and not any(character.isdigit() for character in said)
        if not cells or heading:
            continue
        if len(cells) not in (2, 3):
            raise TableUnreadable(line=line, text=said.strip()[:80])
        name = cells[0] if len(cells) == 3 else str(len(found) + 1)
        try:
            first, second = (_metres(cell) for cell in cells[-2:])
        except ValueError:
            raise TableUnreadable(line=line, text=said.strip()[:80]) from None
        found.append((name, first, second))
    return found


def _metres(text: str) -> float:
    """The reading that can be a coordinate of a plane: 428.765 is 428,765 m, 428765.4 is itself."""
    readings = []
    for style in (NumberStyle.VI, NumberStyle.EN):
        try:
            readings.append(float(parse_number(text, style)))
        except ValueError:
            continue
    if not readings:
        raise ValueError(text)
    return max(readings)


def understand(
    rows: Sequence[tuple[str, float, float]],
    srid: int,
    ground: BaseGeometry,
    *,
    order: Order | None = None,
    stated_area_m2: float | None = None,
    stated_edges_m: Sequence[float | None] = (),
) -> CoordinateTable:
    """Understand a table for a zone: order, closing, sides and area beside the stated ones.

    ``ground`` is the zone's boundary in its plane ``srid``. Without ``order`` it is told from the
    numbers.

    Raises:
        TableWrongMeridian, TableFarAway: the numbers do not lie at the zone.
        OutlineInvalid: fewer than three corners, or the sides cross.
    """
    findings: list[Finding] = []
    told: Order = order or _order(rows)
    if told == "yx":
        findings.append(Finding("table-order-yx"))
    points = [TablePoint(n, a, b) if told == "xy" else TablePoint(n, b, a) for n, a, b in rows]
    points = [TablePoint(p.name, _on_grid(p.x), _on_grid(p.y)) for p in points]
    points, was_closed = _once(points, findings)
    if len(points) < 3:
        raise OutlineInvalid(reason="too-few-points", x=None, y=None)
    if not was_closed:
        findings.append(Finding("table-not-closed"))
    corners = tuple((float(point.y), float(point.x)) for point in points)
    _require_place(corners, srid, ground)
    polygon = outline(corners)
    edges = _edges(points, stated_edges_m, findings)
    if stated_area_m2 is not None and abs(polygon.area - stated_area_m2) > _area_tolerance(polygon):
        findings.append(
            Finding("table-area-differs", {"area_m2": polygon.area, "stated_m2": stated_area_m2})
        )
    return CoordinateTable(
        tuple(points), corners, told, was_closed, edges, polygon.area, stated_area_m2,
        tuple(findings),
    )  # fmt: skip


def _on_grid(metres: float) -> float:
    return float(np.rint(metres * 1000) / 1000)


def _order(rows: Sequence[tuple[str, float, float]]) -> Order:
    first = [row[1] for row in rows]
    second = [row[2] for row in rows]
    swapped = first and max(first) < _LEAST_NORTHING_M <= min(second)
    return "yx" if swapped else "xy"


def _once(points: list[TablePoint], findings: list[Finding]) -> tuple[list[TablePoint], bool]:
    kept: list[TablePoint] = []
    for point in points:
        if kept and (kept[-1].x, kept[-1].y) == (point.x, point.y):
            findings.append(Finding("table-point-repeated", {"point": point.name}))
            continue
        kept.append(point)
    closed = len(kept) > 1 and (kept[0].x, kept[0].y) == (kept[-1].x, kept[-1].y)
    return (kept[:-1] if closed else kept), closed


def _require_place(
    corners: tuple[tuple[float, float], ...], srid: int, ground: BaseGeometry
) -> None:
    spots = shapely.multipoints(np.asarray(corners))
    away = float(shapely.distance(spots, ground))
    if away <= _NEAR_M:
        return
    for other, plane in PLANES.items():
        if other == srid:
            continue
        try:
            there = replane(spots, other, srid)
        except CoordinatesNotFinite:
            continue
        if shapely.distance(there, ground) <= _NEAR_M:
            raise TableWrongMeridian(
                srid=srid,
                proposed_srid=other,
                meridian=plane.meridian,
            )
    raise TableFarAway(displacement_m=away)


def _edges(
    points: list[TablePoint], stated: Sequence[float | None], findings: list[Finding]
) -> tuple[Edge, ...]:
    edges = []
    for place, point in enumerate(points):
        after = points[(place + 1) % len(points)]
        north, east = after.x - point.x, after.y - point.y
        length = math.hypot(north, east)
        said = stated[place] if place < len(stated) else None
        azimuth = math.degrees(math.atan2(east, north)) % 360
        edges.append(Edge(point.name, after.name, length, azimuth, said))
        if said is not None and abs(said - length) > _EDGE_TOLERANCE_M:
            facts = {"start": point.name, "end": after.name, "length_m": length, "stated_m": said}
            findings.append(Finding("table-edge-differs", facts))
    return tuple(edges)


def _area_tolerance(polygon: Polygon) -> float:
    """What centimetres in the coordinates do to an area, and its rounding to 0.1 m²."""
    return 0.1 + 0.005 * polygon.length / 2

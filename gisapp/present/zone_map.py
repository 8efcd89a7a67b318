"""The overview's small map: every zone as a shape coloured by how full it is, drawn as SVG."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import shapely

from gisapp.present.day import dated_url
from gisapp.present.formats import language
from gisapp.present.indicators import display

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal
    from uuid import UUID

    from shapely.geometry.base import BaseGeometry

    from gisapp.present.overview import ZoneLine

WIDTH: Final = 480
HEIGHT: Final = 360
MARGIN: Final = 16
STEPS: Final = (20, 40, 60, 80)
"""Upper ends of the classes of occupancy, in percent; the last class has none."""
SMALLEST_PX: Final = 10.0
LABEL: Final = 16
GAP: Final = 28
ROOM_FOR_LABEL: Final = 92.0
LEAST_ROOM: Final = 92.0


@dataclass(frozen=True)
class DrawnZone:
    """A zone on the map: its path and place in pixels, its class, and what to say of it.

    `level` is 0 (empty) to 4 (full), None without a figure; `dot` marks a zone too small to see;
    a label stands inside, or below where there is no room.
    """

    code: str
    name: str
    url: str
    said: str
    level: int | None
    holds_others: bool
    path: str
    x: float
    y: float
    label_x: float
    label_y: float
    dot: bool


@dataclass(frozen=True)
class ZoneMap:
    """The whole drawing: zones that hold others first, so that the inner ones lie on top."""

    width: int
    height: int
    zones: tuple[DrawnZone, ...]


def level_of(percent: Decimal | None) -> int | None:
    """The class of an occupancy: 0 to 20 %, to 40, to 60, to 80, above; None when unknown."""
    return None if percent is None else sum(percent > step for step in STEPS)


def zone_map(
    lines: Sequence[ZoneLine], ratio: str, shapes: Mapping[UUID, BaseGeometry]
) -> ZoneMap | None:
    """Draw the zones that have a boundary, all at one scale; None when none has.

    Zones near each other keep their places; groups far apart are moved together, else a province
    would be a white sheet with dots.
    """
    drawn = [line for line in lines if line.zone.id in shapes]
    if not drawn:
        return None
    _west, south, _east, north = shapely.total_bounds([shapes[line.zone.id] for line in drawn])
    # a degree of longitude is shorter than one of latitude away from the equator
    narrow = math.cos(math.radians((south + north) / 2))
    grounds = [
        shapely.transform(shapes[line.zone.id], lambda xy: xy * (narrow, -1.0)) for line in drawn
    ]
    groups = _groups(drawn, grounds)
    boxes = [shapely.total_bounds([grounds[i] for i in group]) for group in groups]
    scale, places, height = _packed([(box[2] - box[0], box[3] - box[1]) for box in boxes])
    parents = {line.zone.parent_code for line in drawn}
    zones = []
    for group, box, place in zip(groups, boxes, places, strict=True):
        for i in group:
            shape = shapely.transform(
                grounds[i],
                lambda xy, box=box, place=place: (xy - box[:2]) * scale + place,  # type: ignore[misc]
            )
            zones.append(_zone(drawn[i], ratio, shape, drawn[i].zone.code in parents))
    zones.sort(key=lambda zone: not zone.holds_others)
    return ZoneMap(WIDTH, height, tuple(zones))


def _groups(lines: Sequence[ZoneLine], grounds: Sequence[BaseGeometry]) -> list[list[int]]:
    """Zones that lie in each other or nearer than their own size, largest group first."""
    reach = [
        shapely.box(*shapely.bounds(ground)).buffer(
            0.25 * max(box[2] - box[0], box[3] - box[1]), join_style="mitre"
        )
        for ground in grounds
        for box in [shapely.bounds(ground)]
    ]
    groups: list[list[int]] = []
    for i in range(len(lines)):
        near = [group for group in groups if any(reach[i].intersects(reach[j]) for j in group)]
        groups = [group for group in groups if group not in near]
        groups.append(sorted([i, *(j for group in near for j in group)]))
    return sorted(groups, key=lambda group: -sum(grounds[i].area for i in group))


def _packed(sizes: Sequence[tuple[float, float]]) -> tuple[float, list[tuple[float, float]], int]:
    """The largest scale at which groups fit on rows below each other, their places, the height."""
    scale = min(
        (WIDTH - 2 * MARGIN) / max(max(width for width, _ in sizes), 1e-6),
        (HEIGHT - 2 * MARGIN - LABEL) / max(max(height for _, height in sizes), 1e-6),
    )
    while True:
        places, x, y, row = [], float(MARGIN), float(MARGIN), 0.0
        for width, height in sizes:
            wide, high = max(width * scale, LEAST_ROOM), max(height * scale, SMALLEST_PX)
            if x > MARGIN and x + wide > WIDTH - MARGIN:
                x, y, row = float(MARGIN), y + row + LABEL + GAP, 0.0
            places.append((x + (wide - width * scale) / 2, y))
            x, row = x + wide + GAP, max(row, high)
        whole = y + row + LABEL + MARGIN
        if whole <= HEIGHT or scale * max(max(size) for size in sizes) < SMALLEST_PX:
            return scale, places, math.ceil(whole)
        scale *= 0.93


def _zone(line: ZoneLine, ratio: str, shape: BaseGeometry, holds_others: bool) -> DrawnZone:
    ground = shapely.simplify(shape, 0.4)
    west, north, east, south = shapely.bounds(ground)
    middle = shapely.point_on_surface(ground)
    small = east - west < ROOM_FOR_LABEL
    value = line.figures[ratio].answer.value
    x = float((west + east) / 2 if small else shapely.get_x(middle))
    return DrawnZone(
        code=line.zone.code,
        name=line.name,
        url=dated_url("zones.show", code=line.zone.code),
        said=f"{line.name} · {display(value, 'percent', language())}",
        level=level_of(value),
        holds_others=holds_others,
        path=_path(ground),
        x=round(x, 1),
        y=round(float(shapely.get_y(middle)), 1),
        label_x=round(min(max(x, ROOM_FOR_LABEL / 2), WIDTH - ROOM_FOR_LABEL / 2), 1),
        label_y=round(float(south) + 13 if small else float(shapely.get_y(middle)) + 4, 1),
        dot=bool(max(east - west, south - north) < SMALLEST_PX),
    )


def _path(shape: BaseGeometry) -> str:
    rings = []
    for part in shapely.get_parts(shape):
        for ring in (part.exterior, *part.interiors):
            points = " ".join(f"{x:.1f},{y:.1f}" for x, y in shapely.get_coordinates(ring)[:-1])
            rings.append(f"M{points}Z")
    return "".join(rings)

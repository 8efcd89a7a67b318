"""Cutting a parcel by an area: so many m² from one side, or into equal parts.

The cut is a straight line across the direction in which it advances. Its place follows from the
area; on the 1 mm grid a line of L metres hits an area only to within about L × ½ mm, so the ends
of a long line are tried a millimetre to either side until the area is met.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, Polygon, box

from layers.coverage.edit import Edit
from layers.coverage.editing import Piece, operate
from layers.coverage.faces import node_once
from layers.errors import AreaNotReached, AreaTooLarge, AreaTooSmall, SideNotFound
from layers.geometry import GRID_M, Polygons

LEAST_PART_M2: Final = 0.5
"""Below this a part is no parcel but a slip of the hand."""
EXACT_M2: Final = 0.1
_GOOD_M2: Final = 0.04
_TRIES: Final = 240

Coordinates = NDArray[np.float64]


@dataclass(frozen=True)
class Advance:
    """The direction in which a cut advances over a parcel, from the side it starts at.

    ``azimuth_deg`` counts clockwise from grid north; the part is cut off at the start.
    """

    azimuth_deg: float

    @classmethod
    def from_edge(cls, target: Polygon, edge: LineString) -> Advance:
        """Advance from an edge of the parcel into it, so that the cut is parallel to the edge.

        Raises:
            SideNotFound: the edge has no length or does not run along the parcel.
        """
        (e0, n0), (e1, n1) = edge.coords[0][:2], edge.coords[-1][:2]
        length = math.hypot(e1 - e0, n1 - n0)
        middle = shapely.Point((e0 + e1) / 2, (n0 + n1) / 2)
        if length <= GRID_M or shapely.distance(target.boundary, middle) > 0.05:
            raise SideNotFound(x=middle.x, y=middle.y)
        for east, north in (((n1 - n0), -(e1 - e0)), (-(n1 - n0), (e1 - e0))):
            step = 0.1 / length
            probe = shapely.Point(middle.x + east * step, middle.y + north * step)
            if shapely.intersects(target, probe):
                return cls(math.degrees(math.atan2(east, north)) % 360)
        raise SideNotFound(x=middle.x, y=middle.y)


class _Frame:
    """Coordinates along the advance (first) and across it, from a corner near the parcel."""

    def __init__(self, target: Polygon, advance: Advance) -> None:
        angle = math.radians(advance.azimuth_deg)
        ahead = (math.sin(angle), math.cos(angle))
        self.turn = np.array([ahead, (-ahead[1], ahead[0])])
        west, south, east, north = target.bounds
        self.origin = np.array([west, south])
        self.reach = 2 * math.hypot(east - west, north - south) + 10
        self.local: Polygon = shapely.transform(target, self.inward)

    def inward(self, xy: Coordinates) -> Coordinates:
        """Plane to frame."""
        turned: Coordinates = (xy - self.origin) @ self.turn.T
        return turned

    def outward(self, along: Coordinates) -> Coordinates:
        """Frame to plane."""
        back: Coordinates = along @ self.turn + self.origin
        return back

    def area_before(self, at: float) -> float:
        """Ground of the parcel passed when the cut stands at ``at`` metres."""
        passed = box(-self.reach, -self.reach, at, self.reach)
        return float(shapely.area(shapely.intersection(self.local, passed)))

    def place_of(self, area_m2: float) -> float:
        """Where the cut has passed that much ground."""
        low, _, high, _ = self.local.bounds
        for _ in range(80):
            middle = (low + high) / 2
            if self.area_before(middle) < area_m2:
                low = middle
            else:
                high = middle
            if high - low < 1e-9:
                break
        return (low + high) / 2

    def chord(self, at: float) -> tuple[float, float]:
        """The two ends across the advance between which the cut at ``at`` runs in the parcel."""
        line = LineString([(at, -self.reach), (at, self.reach)])
        _, low, _, high = shapely.intersection(line, self.local).bounds
        return low, high

    def cutter(
        self, at: float, chord: tuple[float, float], shift: tuple[float, ...], bend: float
    ) -> LineString:
        """The cutting line, its ends (and perhaps one bend) moved by millimetres along the way."""
        low, high = chord
        first, last = at + shift[0], at + shift[-1]
        length = max(high - low, GRID_M)
        slope = (last - first) / length
        across = [low - 1.0, high + 1.0]
        along = [first - slope, last + slope]
        if len(shift) == 3:
            across.insert(1, low + bend * length)
            along.insert(1, at + shift[1])
        return LineString(self.outward(np.column_stack([along, across])))


def split_by_area(target: Polygon, neighbours: Polygons, area_m2: float, advance: Advance) -> Edit:
    """Cut ``area_m2`` off the parcel where the cut starts; those pieces are ``taken``.

    A parcel with bays or holes may fall into more than two pieces; the taken ones together have
    the area, to 0.1 m².

    Raises:
        AreaTooSmall, AreaTooLarge: a part would be no parcel, or the parcel is not that large.
        AreaNotReached: no cut on the grid meets the area.
    """
    return _cut(target, neighbours, [area_m2], advance)


def split_into_parts(target: Polygon, neighbours: Polygons, parts: int, advance: Advance) -> Edit:
    """Cut the parcel into ``parts`` of the same area (to 0.1 m² each), one behind the other.

    Raises:
        AreaTooSmall: fewer than two parts, or parts too small to be parcels.
        AreaNotReached: no cut on the grid meets the area.
    """
    share = target.area / max(parts, 1)
    if parts < 2 or share < LEAST_PART_M2:
        raise AreaTooSmall(area_m2=share, least_m2=LEAST_PART_M2)
    return _cut(target, neighbours, [share * n for n in range(1, parts)], advance)


def _cut(target: Polygon, neighbours: Polygons, areas: list[float], advance: Advance) -> Edit:
    if not all(math.isfinite(area) for area in areas) or areas[0] < LEAST_PART_M2:
        raise AreaTooSmall(area_m2=areas[0], least_m2=LEAST_PART_M2)
    if areas[-1] > target.area - LEAST_PART_M2:
        raise AreaTooLarge(area_m2=areas[-1], available_m2=target.area)
    frame = _Frame(target, advance)
    places = [frame.place_of(area) for area in areas]
    cutters = [_exact(target, frame, *each) for each in zip(places, areas, strict=True)]
    done = operate(np.array([target]), neighbours, shapely.MultiLineString(cutters))
    first = [
        Piece(piece.polygon, piece.parents, _inside(frame, piece.polygon) < places[0])
        for piece in done.added
    ]
    edit = Edit.of(done, 1)
    return Edit(edit.removed, tuple(first), edit.reshaped, edit.noded)


def _inside(frame: _Frame, polygon: Polygon) -> float:
    """How far along the advance a point inside a polygon lies."""
    spot = shapely.point_on_surface(polygon)
    return float(frame.inward(np.array([[spot.x, spot.y]]))[0, 0])


def _exact(target: Polygon, frame: _Frame, at: float, area_m2: float) -> LineString:
    """The cutter whose noded result comes nearest to the area."""
    chord = frame.chord(at)
    best: tuple[float, LineString] | None = None
    for shift, bend in _shifts(chord[1] - chord[0]):
        cutter = frame.cutter(at, chord, shift, bend)
        error = abs(_taken_area(target, frame, cutter, at) - area_m2)
        if best is None or error < best[0]:
            best = error, cutter
        if error <= _GOOD_M2:
            break
    assert best is not None  # noqa: S101 - there is always a first try
    if best[0] > EXACT_M2:
        raise AreaNotReached(area_m2=area_m2, nearest_m2=area_m2 + best[0])
    return best[1]


def _shifts(length_m: float) -> Iterator[tuple[tuple[float, ...], float]]:
    """Shifts of the ends in metres, the plain cut first, then straight, then with one bend."""
    yield (0.0, 0.0), 0.0
    steps = (0.0, 0.0005, -0.0005, 0.001, -0.001)
    for first in steps:
        for last in steps:
            yield (first, last), 0.0
    if length_m < 1.0:
        return
    random = np.random.default_rng(round(length_m * 1000))
    for _ in range(_TRIES):
        shifts = random.uniform(-0.0012, 0.0012, 3)
        yield tuple(shifts.tolist()), float(random.uniform(0.15, 0.85))


def _taken_area(target: Polygon, frame: _Frame, cutter: LineString, at: float) -> float:
    cut = shapely.intersection(cutter, target)
    faces = node_once([shapely.boundary(target), cut])
    shapely.prepare(target)
    spots = shapely.point_on_surface(faces)
    ahead = frame.inward(shapely.get_coordinates(spots))[:, 0]
    mine = shapely.contains(target, spots) & (ahead < at)
    return float(shapely.area(faces[mine]).sum())

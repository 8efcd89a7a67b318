"""Pieces of ground: what each parcel shares with each lot of the plan, and which pieces touch.

Shapes are (E, N) in metres of one plane. Pure: no database.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

import numpy as np
import shapely
from numpy.typing import NDArray

from planning.sites.limits import Limits

LEASABLE: Final = ("industrial", "service")
_WHOLE_M2: Final = 0.001
"""A share that misses its parcel by less is the whole parcel: ten square centimetres."""

Shapes = NDArray[np.object_]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel on a day: its shape, whether it is cleared, let, reserved, in use, kept as it is.

    `…_until` is the first day on which the right no longer holds, None: no end is known.
    `planned_on`: the day its case means to hand it over.
    """

    parcel_id: UUID
    version_id: int
    zone: str
    commune: str | None
    sheet: str | None
    number: str | None
    land_use: str | None
    area_m2: float
    shape: Any
    cleared_on: date | None = None
    leased: bool = False
    leased_until: date | None = None
    reserved: bool = False
    reserved_until: date | None = None
    in_use: bool = False
    kept: bool = False
    planned_on: date | None = None

    @property
    def name(self) -> str:
        """Sheet and number as people write them."""
        return f"{self.sheet or '?'}/{self.number or '?'}"


@dataclass(frozen=True, slots=True)
class Lot:
    """A lot of the plan in force; areas in m²."""

    version_id: int
    symbol: str
    category: str
    leasable: str
    legal_area_m2: float | None
    area_m2: float
    shape: Any


@dataclass(frozen=True, slots=True)
class Ground:
    """Pieces of parcels on lots, each one polygon, and the pairs of them that touch.

    `owner` and `lot` are places in `parcels` and `lots` (lot −1: a road by cadastral use alone).
    `area_m2` is legal (scaled to the lot's legal area where it has one), `measured_m2` planar.
    `metres` is the length of planned road a piece is, 0 for land. Pairs: land with land, road
    with road (sides longer than `contact_m`), land with road (at least `frontage_m`).
    """

    parcels: Sequence[Parcel]
    lots: Sequence[Lot]
    owner: Numbers
    lot: Numbers
    road: NDArray[np.bool_]
    area_m2: NDArray[np.float64]
    measured_m2: NDArray[np.float64]
    metres: NDArray[np.float64]
    shapes: Shapes
    land_pairs: Numbers
    road_pairs: Numbers
    access_pairs: Numbers


def strip_width_m(area_m2: float, perimeter_m: float) -> float:
    """Mean width of a strip: the shorter side of the rectangle of the same area and perimeter.

    A shape rounder than any rectangle is as wide as the square of its area.
    """
    half = perimeter_m / 2
    under = half * half - 4 * area_m2
    return (half - math.sqrt(under)) / 2 if under > 0 else math.sqrt(area_m2)


def lay(
    parcels: Sequence[Parcel],
    lots: Sequence[Lot],
    shares: Sequence[tuple[int, int, float]],
    limits: Limits,
) -> Ground:
    """Cut parcels along lots and find which pieces touch.

    `shares`: version of a parcel, version of a lot, stored m². Only lots that can be let and lots
    that are road make pieces.
    """
    place = {parcel.version_id: at for at, parcel in enumerate(parcels)}
    lot_place = {
        lot.version_id: at
        for at, lot in enumerate(lots)
        if lot.leasable in LEASABLE or lot.category in limits.road_categories
    }
    pairs = [
        (place[version], lot_place[lot], area)
        for version, lot, area in shares
        if version in place and lot in lot_place
    ]
    owner = np.array([pair[0] for pair in pairs], dtype=np.int64)
    on = np.array([pair[1] for pair in pairs], dtype=np.int64)
    stored = np.array([pair[2] for pair in pairs], dtype=float)
    shapes = _cut(_shapes(parcels), _shapes(lots), owner, on, stored)
    by_use = _by_use(parcels, owner, shapes, limits)
    owner = np.concatenate([owner, np.array([each for each, _ in by_use], dtype=np.int64)])
    on = np.concatenate([on, np.full(len(by_use), -1, dtype=np.int64)])
    shapes = np.concatenate([shapes, _array([shape for _, shape in by_use])])
    return _joined(parcels, lots, *_single(owner, on, shapes, limits), limits)


def _shapes(things: Sequence[Parcel] | Sequence[Lot]) -> Shapes:
    return _array([each.shape for each in things])


def _array(shapes: Sequence[Any]) -> Shapes:
    found: Shapes = np.empty(len(shapes), dtype=object)
    found[:] = shapes
    return found


def _cut(ground: Shapes, lots: Shapes, owner: Numbers, on: Numbers, stored: Any) -> Shapes:
    """The shape of every share; a parcel that lies whole on its lot is not cut."""
    shapes = ground[owner] if len(owner) else _array([])
    parted = np.abs(shapely.area(shapes) - stored) > _WHOLE_M2
    if parted.any():
        shapes = shapes.copy()
        shapes[parted] = shapely.intersection(shapes[parted], lots[on[parted]])
    return shapes


def _by_use(
    parcels: Sequence[Parcel], owner: Numbers, shapes: Shapes, limits: Limits
) -> list[tuple[int, Any]]:
    """Roads by cadastral use: what is left of them outside lots that can be let or are road."""
    found = []
    for at, parcel in enumerate(parcels):
        if parcel.land_use in limits.road_uses:
            planned = shapes[owner == at]
            rest = parcel.shape
            if len(planned):
                rest = shapely.difference(rest, shapely.union_all(planned))
            found.append((at, rest))
    return found


def _single(
    owner: Numbers, on: Numbers, shapes: Shapes, limits: Limits
) -> tuple[Numbers, Numbers, Shapes]:
    """Pieces of one polygon each; what is thinner than a line on paper is dropped."""
    parts, whole = shapely.get_parts(shapes, return_index=True)
    while (shapely.get_type_id(parts) > 3).any():  # collections of collections
        parts, inner = shapely.get_parts(parts, return_index=True)
        whole = whole[inner]
    kept = (shapely.get_type_id(parts) == 3) & (shapely.area(parts) >= limits.piece_min_m2)
    return owner[whole[kept]], on[whole[kept]], parts[kept]


def _joined(
    parcels: Sequence[Parcel],
    lots: Sequence[Lot],
    owner: Numbers,
    on: Numbers,
    shapes: Shapes,
    limits: Limits,
) -> Ground:
    measured = shapely.area(shapes)
    road = np.array(
        [at < 0 or lots[at].category in limits.road_categories for at in on], dtype=bool
    )
    scale = np.array([_legal_scale(lots[at]) if at >= 0 else 1.0 for at in on], dtype=float)
    widths = {at: _width(lots[at]) for at in np.unique(on) if at >= 0}
    metres = np.array(
        [
            area / widths[at] if is_road and at >= 0 else 0.0
            for area, at, is_road in zip(measured, on, road, strict=True)
        ],
        dtype=float,
    )
    first, second, length = touching(shapes, min(limits.contact_m, limits.frontage_m), limits)
    same = road[first] == road[second]
    side = same & (length > limits.contact_m)
    access = ~same & (length >= limits.frontage_m)
    ends = np.stack([first, second], axis=1)
    into = ends[access]
    turned = road[into[:, 0]]
    into[turned] = into[turned][:, ::-1]
    return Ground(
        parcels, lots, owner, on, road,
        np.where(road, 0.0, measured * scale), measured, metres, shapes,
        ends[side & ~road[first]], ends[side & road[first]], into,
    )  # fmt: skip


def _legal_scale(lot: Lot) -> float:
    return 1.0 if lot.legal_area_m2 is None else lot.legal_area_m2 / lot.area_m2


def _width(lot: Lot) -> float:
    return strip_width_m(float(shapely.area(lot.shape)), float(shapely.length(lot.shape)))


def touching(
    shapes: Shapes, least_m: float, limits: Limits
) -> tuple[Numbers, Numbers, NDArray[np.float64]]:
    """Pairs of shapes whose sides run along each other, and for how many metres.

    The length is the lesser of the two boundaries' lengths within `snap_m` of the other shape: a
    corner that touches measures about `snap_m`, no more.
    """
    first, second = shapely.STRtree(shapes).query(shapes, "dwithin", distance=limits.snap_m)
    once = first < second
    first, second = first[once], second[once]
    boxes = shapely.bounds(shapes)
    low = np.maximum(boxes[first, :2], boxes[second, :2]) - limits.snap_m
    high = np.minimum(boxes[first, 2:], boxes[second, 2:]) + limits.snap_m
    wide = np.hypot(*(high - low).T) >= least_m
    first, second = first[wide], second[wide]
    sides, near = shapely.boundary(shapes), shapely.buffer(shapes, limits.snap_m)
    one = shapely.length(shapely.intersection(sides[first], near[second]))
    other = shapely.length(shapely.intersection(sides[second], near[first]))
    return first.astype(np.int64), second.astype(np.int64), np.minimum(one, other)


def whole(shapes: Sequence[Any], snap_m: float) -> Any:
    """Pieces as one shape; cracks narrower than `snap_m` are closed."""
    joined = shapely.union_all(_array(list(shapes)))
    if shapely.get_num_geometries(joined) == 1:
        return joined
    closed = shapely.buffer(shapely.buffer(joined, snap_m, join_style="mitre"), -snap_m,
                            join_style="mitre")  # fmt: skip
    return (
        closed
        if shapely.get_num_geometries(closed) < shapely.get_num_geometries(joined)
        else (joined)
    )


def fullness(shape: Any) -> float:
    """How rectangular a shape is: its area over that of the smallest rectangle around it."""
    around = float(shapely.area(shapely.minimum_rotated_rectangle(shape)))
    return float(shapely.area(shape)) / around if around else 0.0


def neighbours(count: int, pairs: Numbers) -> list[list[int]]:
    """Whom each piece touches, by pairs."""
    found: list[list[int]] = [[] for _ in range(count)]
    for one, other in pairs.tolist():
        found[one].append(other)
        found[other].append(one)
    return found

"""The ground of two plan versions laid over each other: what every square metre was and becomes.

Areas are m², measured in the plane both versions share; shapes are (E, N). A piece is ground that
lies in one lot before and one lot after. Ground inside a plan's boundary but in no lot, and ground
outside it, are uses of their own, so that rows and columns add up to both versions. Where lots of
one version overlap, the ground counts once, for the lot recorded first, and the excess is named.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import fsum
from typing import Final
from uuid import UUID

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

SPECK_M2: Final = 1e-6
"""Less is rounding of coordinates, not ground."""
DRAWN_M2: Final = 1e-4
"""A remainder smaller than this keeps its area but gets no shape."""
NO_LOT, OUTSIDE = -1, -2
"""Places that are no lot: inside the boundary of the plan but in no lot, and outside it."""

Shapes = npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True, order=True)
class Use:
    """What ground is for in a version: a lot category with its leasable class, or no lot at all."""

    category: str
    leasable: str = "none"


IN_NO_LOT: Final = Use("no_lot")
OUT_OF_PLAN: Final = Use("outside")


@dataclass(frozen=True, slots=True)
class Lot:
    """A lot of a version as it is compared; areas m², `shape` (E, N)."""

    version_id: int
    lot_id: UUID
    symbol: str
    category: str
    leasable: str
    legal_area_m2: Decimal | None
    density_pct: Decimal | None
    storeys_max: int | None
    floor_area_ratio: Decimal | None
    area_m2: float
    shape: BaseGeometry

    @property
    def use(self) -> Use:
        """Category and leasable class."""
        return Use(self.category, self.leasable)


@dataclass(frozen=True, slots=True)
class Cover:
    """The lots of a version and its boundary (None: no boundary known, the lots are the plan)."""

    lots: tuple[Lot, ...]
    boundary: BaseGeometry | None = None

    def use(self, place: int) -> Use:
        """The use of a lot by its place in `lots`, of `NO_LOT` and of `OUTSIDE`."""
        if place == NO_LOT:
            return IN_NO_LOT
        return OUT_OF_PLAN if place == OUTSIDE else self.lots[place].use


@dataclass(frozen=True, slots=True)
class Piece:
    """Ground that is in one lot (or none) before and one (or none) after; a speck has no shape."""

    before: int
    after: int
    area_m2: float
    shape: BaseGeometry | None


@dataclass(frozen=True, slots=True)
class Cell:
    """Ground that was of one use and becomes of another."""

    before: Use
    after: Use

    @property
    def changes(self) -> bool:
        """Whether the use differs."""
        return self.before != self.after

    @property
    def leaves_leasing(self) -> bool:
        """Ground that could be let and can no longer be."""
        return self.before.leasable != "none" and self.after.leasable == "none"

    @property
    def enters_leasing(self) -> bool:
        """Ground that can be let from now on."""
        return self.before.leasable == "none" and self.after.leasable != "none"


@dataclass(frozen=True, slots=True)
class Overlay:
    """Two versions laid over each other. `excess` m²: ground counted twice by lots of a version."""

    before: Cover
    after: Cover
    pieces: tuple[Piece, ...]
    excess: tuple[float, float]

    def cell(self, piece: Piece) -> Cell:
        """The cell of the matrix a piece belongs to."""
        return Cell(self.before.use(piece.before), self.after.use(piece.after))

    def matrix(self) -> dict[Cell, float]:
        """From-use × to-use, m²: rows add up to the version before, columns to the one after."""
        found: dict[Cell, list[float]] = {}
        for piece in self.pieces:
            found.setdefault(self.cell(piece), []).append(piece.area_m2)
        return {cell: fsum(areas) for cell, areas in found.items()}

    def changed(self) -> Iterator[Piece]:
        """Pieces whose use differs."""
        return (piece for piece in self.pieces if self.cell(piece).changes)


def totals(matrix: Mapping[Cell, float]) -> tuple[dict[Use, float], dict[Use, float]]:
    """Return the sums of rows (before) and of columns (after), m²; `OUT_OF_PLAN` among them."""
    rows: dict[Use, list[float]] = {}
    columns: dict[Use, list[float]] = {}
    for cell, area in matrix.items():
        rows.setdefault(cell.before, []).append(area)
        columns.setdefault(cell.after, []).append(area)
    return (
        {use: fsum(areas) for use, areas in rows.items()},
        {use: fsum(areas) for use, areas in columns.items()},
    )


def overlay(before: Cover, after: Cover) -> Overlay:
    """Lay two versions over each other; both lie in the same plane."""
    first, first_excess = _disjoint(_shapes(before.lots))
    second, second_excess = _disjoint(_shapes(after.lots))
    shared = list(_shared(first, second))
    pieces = shared + list(_unshared(before, after, first, second, shared))
    return Overlay(before, after, tuple(pieces), (first_excess, second_excess))


def _shapes(lots: Sequence[Lot]) -> Shapes:
    found = np.empty(len(lots), dtype=object)
    found[:] = [lot.shape for lot in lots]
    return found


def _disjoint(shapes: Shapes) -> tuple[Shapes, float]:
    """Take from each shape what an earlier one holds; return the shapes and what was taken, m²."""
    whole = fsum(shapely.area(shapes))
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = one < other
    one, other = one[pairs], other[pairs]
    common = shapely.area(shapely.intersection(shapes[one], shapes[other]))
    real = common > SPECK_M2
    if not real.any():
        return shapes, 0.0
    apart = shapes.copy()
    for earlier, later in sorted(zip(one[real], other[real], strict=True)):
        apart[later] = shapely.difference(apart[later], shapes[earlier])
    return apart, whole - fsum(shapely.area(apart))


def _shared(first: Shapes, second: Shapes) -> Iterator[Piece]:
    """Ground in a lot on both sides. Lots drawn alike on both sides share ground with no other."""
    codes = {code: place for place, code in enumerate(shapely.to_wkb(second))}
    alike = {
        place: codes[code]
        for place, code in enumerate(shapely.to_wkb(first))
        if code in codes and not shapely.is_empty(first[place])
    }
    for one, other in alike.items():
        yield Piece(one, other, float(shapely.area(first[one])), first[one])
    rest = np.array([place for place in range(len(first)) if place not in alike], dtype=int)
    taken = set(alike.values())
    others = np.array([place for place in range(len(second)) if place not in taken], dtype=int)
    if not len(rest) or not len(others):
        return
    here, there = shapely.STRtree(second[others]).query(first[rest], predicate="intersects")
    ones, seconds = rest[here], others[there]
    common = shapely.intersection(first[ones], second[seconds])
    for one, other, shape, area in zip(ones, seconds, common, shapely.area(common), strict=True):
        if area > SPECK_M2:
            yield Piece(int(one), int(other), float(area), shape)


def _unshared(
    before: Cover, after: Cover, first: Shapes, second: Shapes, shared: Sequence[Piece]
) -> Iterator[Piece]:
    """Ground in a lot on one side only, and ground in no lot of either inside their boundaries."""
    whole_first, whole_second = _ground(before, first), _ground(after, second)
    lots_first, lots_second = shapely.union_all(first), shapely.union_all(second)
    open_first = shapely.difference(whole_first, lots_first)
    open_second = shapely.difference(whole_second, lots_second)
    left = {NO_LOT: [], OUTSIDE: []}  # type: dict[int, list[float]]
    right = {NO_LOT: [], OUTSIDE: []}  # type: dict[int, list[float]]
    for place, rest in _rests(first, second, shared, mine=0):
        for other, area, shape in _split(rest, whole_second):
            right[other].append(area)
            yield Piece(place, other, area, shape)
    for place, rest in _rests(second, first, shared, mine=1):
        for other, area, shape in _split(rest, whole_first):
            left[other].append(area)
            yield Piece(other, place, area, shape)
    both = shapely.intersection(open_first, open_second)
    common = float(shapely.area(both))
    if common > SPECK_M2:
        yield Piece(NO_LOT, NO_LOT, common, both)
    gone = float(shapely.area(open_first)) - fsum(left[NO_LOT]) - common
    if gone > SPECK_M2:
        shape = shapely.difference(open_first, shapely.union(whole_second, lots_second))
        yield Piece(NO_LOT, OUTSIDE, gone, shape if gone > DRAWN_M2 else None)
    fresh = float(shapely.area(open_second)) - fsum(right[NO_LOT]) - common
    if fresh > SPECK_M2:
        shape = shapely.difference(open_second, shapely.union(whole_first, lots_first))
        yield Piece(OUTSIDE, NO_LOT, fresh, shape if fresh > DRAWN_M2 else None)


def _ground(cover: Cover, shapes: Shapes) -> BaseGeometry:
    return shapely.union_all(shapes) if cover.boundary is None else cover.boundary


def _rests(
    own: Shapes, others: Shapes, shared: Sequence[Piece], *, mine: int
) -> Iterator[tuple[int, tuple[float, BaseGeometry | None]]]:
    """What of each lot no lot of the other version covers: its area, and its shape if it shows."""
    areas = shapely.area(own)
    met: dict[int, list[Piece]] = {}
    for piece in shared:
        met.setdefault(piece.after if mine else piece.before, []).append(piece)
    for place, area in enumerate(areas):
        pieces = met.get(place, [])
        rest = float(area) - fsum(piece.area_m2 for piece in pieces)
        if rest <= SPECK_M2:
            continue
        shape = None
        if rest > DRAWN_M2:
            partners = [piece.before if mine else piece.after for piece in pieces]
            shape = shapely.difference(own[place], shapely.union_all(others[partners]))
        yield place, (rest, shape)


def _split(
    rest: tuple[float, BaseGeometry | None], ground: BaseGeometry
) -> Iterator[tuple[int, float, BaseGeometry | None]]:
    """Part a rest into what lies inside the other version's boundary and what lies outside."""
    area, shape = rest
    if shape is None:
        yield OUTSIDE, area, None
        return
    inside = shapely.intersection(shape, ground)
    kept = min(float(shapely.area(inside)), area)
    if area - kept <= SPECK_M2:
        kept = area
    if kept > SPECK_M2:
        yield NO_LOT, kept, inside
    if area - kept > SPECK_M2:
        beyond = shapely.difference(shape, ground) if area - kept > DRAWN_M2 else None
        yield OUTSIDE, area - kept, beyond

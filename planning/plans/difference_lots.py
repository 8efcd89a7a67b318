"""Which lots two versions have in common, and what became of each: drawn anew, renamed, gone, new.

Lots are the same lot when they share most of both grounds; symbols are no identity, for an
adjustment renumbers. Areas m², tolerances from the grid of 1 mm.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import fsum
from typing import Final

import shapely

from planning.plans.difference import Lot, Overlay

MOST: Final = 0.5
"""Two lots are one when the ground they share is more than this part of each of them."""
GRID_M: Final = 0.001
SPECK_M2: Final = 0.01
COMPARED: Final = (
    "symbol", "category", "leasable", "legal_area_m2", "density_pct", "storeys_max",
    "floor_area_ratio",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One attribute that differs."""

    name: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class LotChange:
    """What became of a lot. `moved_m2`: ground only one of the two shapes holds."""

    before: Lot | None
    after: Lot | None
    fields: tuple[FieldChange, ...] = ()
    moved_m2: float = 0.0

    @property
    def kind(self) -> str:
        """`added`, `removed`, `reshaped` (attributes may differ too) or `revised`."""
        if self.before is None:
            return "added"
        if self.after is None:
            return "removed"
        return "reshaped" if self.moved_m2 else "revised"


def lot_changes(laid: Overlay) -> list[LotChange]:
    """Return every lot that is not exactly as it was, removed ones first, then by symbol."""
    found = list(_changes(laid))
    return sorted(found, key=lambda change: (change.after is not None, _symbol(change)))


def _symbol(change: LotChange) -> str:
    lot = change.after or change.before
    return lot.symbol if lot else ""


def _changes(laid: Overlay) -> Iterator[LotChange]:
    pairs = _pairs(laid)
    for place, lot in enumerate(laid.before.lots):
        if place not in pairs:
            yield LotChange(lot, None, moved_m2=lot.area_m2)
    heirs = set(pairs.values())
    for place, lot in enumerate(laid.after.lots):
        if place not in heirs:
            yield LotChange(None, lot, moved_m2=lot.area_m2)
    for one, other in pairs.items():
        was, now = laid.before.lots[one], laid.after.lots[other]
        fields = tuple(_differing(was, now))
        moved = _moved(was, now)
        if fields or moved:
            yield LotChange(was, now, fields, moved)


def _pairs(laid: Overlay) -> dict[int, int]:
    """Lots that are one and the same: each shares more than half of both grounds."""
    shared: dict[tuple[int, int], list[float]] = {}
    for piece in laid.pieces:
        if piece.before >= 0 and piece.after >= 0:
            shared.setdefault((piece.before, piece.after), []).append(piece.area_m2)
    found = {}
    for (one, other), areas in shared.items():
        common = fsum(areas)
        larger = max(laid.before.lots[one].area_m2, laid.after.lots[other].area_m2)
        if common > MOST * larger:
            found[one] = other
    return found


def _differing(was: Lot, now: Lot) -> Iterator[FieldChange]:
    for name in COMPARED:
        before, after = getattr(was, name), getattr(now, name)
        if before != after:
            yield FieldChange(name, before, after)


def _moved(was: Lot, now: Lot) -> float:
    """The symmetric difference, 0 when it is no more than edges noded anew on the grid."""
    if shapely.equals_exact(was.shape, now.shape):
        return 0.0
    moved = float(shapely.area(shapely.symmetric_difference(was.shape, now.shape)))
    edge = float(shapely.length(was.shape) + shapely.length(now.shape)) / 2
    return moved if moved > SPECK_M2 + GRID_M * edge / 2 else 0.0

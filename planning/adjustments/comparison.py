"""Two plan versions compared: ground, lots, what lies on it, and what the figures become."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from planning.adjustments.figures import LeasableGround, Shift, leasable_ground, shifted_figures
from planning.adjustments.touched import Parcel, Project, Right, Touched, touched
from planning.clocks import Moment
from planning.plans.difference import Cell, Overlay, Piece, overlay
from planning.plans.difference_lots import LotChange, lot_changes
from planning.plans.difference_sides import Side, both_sides


@dataclass(frozen=True)
class Comparison:
    """A version laid over another; areas m². `broken` are leases that lose leasable ground."""

    before: Side
    after: Side
    laid: Overlay
    matrix: dict[Cell, float]
    lots: list[LotChange]
    touched: Touched
    broken: list[tuple[Right, float]]
    shifts: tuple[Shift, ...]
    leasable: LeasableGround

    @property
    def broken_m2(self) -> float:
        """Leasable ground that leases lose."""
        return sum(area for _right, area in self.broken)

    @property
    def changed_m2(self) -> float:
        """Ground whose use differs."""
        return sum(area for cell, area in self.matrix.items() if cell.changes)


def compare(
    session: Session,
    at: Moment,
    before: UUID,
    after: UUID,
    *,
    zones: Sequence[UUID] | None = None,
) -> Comparison:
    """Compare two versions as known at the moment, with the rights in force that day.

    `zones`: only parcels of these zones are looked at (None: all). Raises NotFound, PlanesDiffer.
    """
    first, second = both_sides(session, at, before, after)
    laid = overlay(first.cover, second.cover)
    matrix = laid.matrix()
    met = touched(
        session, at, laid, srid=second.facts.srid, scale_denominator=_coarser(first, second),
        zones=zones,
    )  # fmt: skip
    return Comparison(
        first,
        second,
        laid,
        matrix,
        lot_changes(laid),
        met,
        met.broken_leases(),
        shifted_figures(session, at, first.facts, second.facts),
        leasable_ground(matrix),
    )


def _coarser(first: Side, second: Side) -> int:
    return max(first.facts.scale_denominator, second.facts.scale_denominator)


@dataclass(frozen=True)
class CellContents:
    """One cell of the matrix: pieces of ground, and the parcels, rights and projects on them."""

    cell: Cell
    laid: Overlay
    pieces: list[Piece]
    parcels: list[tuple[Parcel, float]]
    rights: list[tuple[Right, float]]
    projects: list[tuple[Project, float]]

    @property
    def area_m2(self) -> float:
        """The ground of the cell."""
        return sum(piece.area_m2 for piece in self.pieces)


def open_cells(
    session: Session,
    at: Moment,
    before: UUID,
    after: UUID,
    wanted: Callable[[Cell], bool],
    *,
    zones: Sequence[UUID] | None = None,
) -> CellContents | None:
    """Return what lies in the cells asked for, those where nothing changes too; None if nothing."""
    first, second = both_sides(session, at, before, after)
    laid = overlay(first.cover, second.cover)
    pieces = [piece for piece in laid.pieces if wanted(laid.cell(piece))]
    if not pieces:
        return None
    met = touched(
        session, at, laid, srid=second.facts.srid, scale_denominator=_coarser(first, second),
        pieces=pieces, zones=zones,
    )  # fmt: skip
    return CellContents(
        laid.cell(pieces[0]),
        laid,
        sorted(pieces, key=lambda piece: -piece.area_m2),
        met.parcels(wanted),
        met.rights_on(wanted),
        met.projects_on(wanted),
    )

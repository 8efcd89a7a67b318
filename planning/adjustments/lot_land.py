"""What lies on one lot of a plan version: parcels with the ground they share, live rights.

Shared ground is the stored conformance of the two versions, m² in their plane. Rights count with
the ground of their parcels on the lot, the area of the contract stands beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum
from uuid import UUID

from sqlalchemy.orm import Session

from planning.adjustments.touched import Right, rights_of
from planning.clocks import Moment, moment_parameters
from planning.plans.difference import Lot
from planning.statements import statement


@dataclass(frozen=True, slots=True)
class ParcelOnLot:
    """A parcel in force with ground on the lot; areas m², as measured."""

    parcel_id: UUID
    zone: str
    commune: str | None
    sheet: str | None
    number: str | None
    area_m2: float
    shared_m2: float
    lot_m2: float

    @property
    def share(self) -> float:
        """How much of the parcel lies on the lot, 0 to 1."""
        return self.shared_m2 / self.area_m2

    @property
    def share_of_lot(self) -> float:
        """How much of the lot the parcel takes, 0 to 1."""
        return self.shared_m2 / self.lot_m2


@dataclass(frozen=True)
class LotLand:
    """Parcels on a lot, largest ground first, and the rights that hold them with their m² here."""

    lot: Lot
    parcels: tuple[ParcelOnLot, ...]
    rights: tuple[tuple[Right, float], ...]

    @property
    def bare_m2(self) -> float:
        """Ground of the lot that is in no parcel."""
        return max(0.0, self.lot.area_m2 - fsum(each.shared_m2 for each in self.parcels))


def land_on_lot(
    session: Session, at: Moment, lot: Lot, *, zones: Sequence[UUID] | None = None
) -> LotLand:
    """Return what lies on a lot at a moment; only parcels of `zones` (None: of all)."""
    values = {
        **moment_parameters(at),
        "lot": lot.version_id,
        "zones": None if zones is None else list(zones),
    }
    rows = session.execute(statement("adjustments/lot_parcels"), values)
    found = tuple(ParcelOnLot(**row._mapping, lot_m2=lot.area_m2) for row in rows)
    here = {each.parcel_id: each.shared_m2 for each in found}
    held = [
        (right, fsum(here[parcel] for parcel in right.parcels))
        for right in rights_of(session, at, list(here))
    ]
    return LotLand(lot, found, tuple(sorted(held, key=lambda pair: (-pair[1], pair[0].number))))

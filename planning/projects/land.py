"""Parcels of a zone as people name them: sheet/number, several of them in a line."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from planning.clocks import Moment, in_force
from planning.errors import RuleViolated
from planning.parcels.model import ParcelVersion


class ParcelNotNamed(RuleViolated):
    """No parcel of the zone goes by that sheet and number, or several do. Context: ``name``,
    ``count``.
    """

    code = "parcel-not-named"


def names_of(text: str) -> list[tuple[str, str]]:
    """Read ``5/12, 5/13`` into sheets and numbers; a name without a sheet has an empty one."""
    pieces = (piece.strip() for piece in text.replace(";", ",").split(","))
    found = [piece.rpartition("/") for piece in pieces if piece]
    return [(sheet.strip(), number.strip()) for sheet, _slash, number in found]


def parcels_named(
    session: Session, at: Moment, zone_id: UUID, names: Iterable[tuple[str, str]]
) -> list[UUID]:
    """Return the parcels of a zone by sheet and number. Raises ParcelNotNamed."""
    wanted = list(dict.fromkeys(names))
    parcel = ParcelVersion
    rows = session.execute(
        select(parcel.parcel_id, parcel.sheet_no, parcel.parcel_no).where(
            parcel.zone_id == zone_id,
            in_force(parcel, at),
            parcel.parcel_no.in_([number for _sheet, number in wanted]),
        )
    ).all()
    found = []
    for sheet, number in wanted:
        fit = [
            row.parcel_id
            for row in rows
            if row.parcel_no == number and (not sheet or row.sheet_no == sheet)
        ]
        if len(fit) != 1:
            raise ParcelNotNamed(name=f"{sheet}/{number}".lstrip("/")[:60], count=len(fit))
        found.append(fit[0])
    return found

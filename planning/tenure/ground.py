"""The land a right is to hold: is it there, whose is it, how large is it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from planning.clocks import valid_on
from planning.parcels.model import ParcelVersion
from planning.statements import statement
from planning.tenure.errors import LandTaken, ParcelNotHere, RightNeedsLand
from planning.tenure.model import LandRightParcel, LandRightVersion

USERS: Final = (2, 3)
"""Tiers of which a parcel has one at a time: it is let to somebody or kept for somebody."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A parcel on a day: sheet and number, its area by paper and as measured (m²)."""

    id: UUID
    name: str
    zone_id: UUID
    legal_area_m2: Decimal | None
    area_m2: float


def pieces(
    session: Session, zone_id: UUID, parcels: Iterable[UUID], day: date, *, number: str
) -> list[Piece]:
    """Return the parcels, in the order given, as they stand on a day in a zone or its inner zones.

    Raises:
        RightNeedsLand: none is given.
        ParcelNotHere: one is not there on that day, or lies elsewhere.
    """
    wanted = list(dict.fromkeys(parcels))
    if not wanted:
        raise RightNeedsLand(number=number)
    inside = set(session.scalars(statement("zone_and_inner"), {"zone_id": zone_id}))
    held = ParcelVersion
    rows = session.execute(
        select(
            held.parcel_id, held.sheet_no, held.parcel_no, held.zone_id, held.legal_area_m2,
            held.area_m2,
        ).where(held.parcel_id.in_(wanted), held.closed_by.is_(None), valid_on(held, day))
    )  # fmt: skip
    found = {
        row[0]: Piece(row[0], f"{row[1] or '?'}/{row[2] or '?'}", row[3], row[4], row[5])
        for row in rows
        if row[3] in inside
    }
    if missing := len(set(wanted) - found.keys()):
        raise ParcelNotHere(count=missing, day=day)
    return [found[each] for each in wanted]


def area_of(land: Sequence[Piece]) -> Decimal:
    """What the land measures by paper, where a parcel has none as measured; m², one decimal."""
    total = sum((each.legal_area_m2 or Decimal(str(each.area_m2)) for each in land), Decimal(0))
    return total.quantize(Decimal("0.1"))


def require_free(
    session: Session,
    land: Sequence[Piece],
    since: date,
    until: date | None,
    *,
    tiers: Sequence[int] = USERS,
    but: Iterable[UUID] = (),
) -> None:
    """Refuse land that another right of these tiers holds on one of the days `[since, until)`.

    The database refuses it too, whatever path it comes by; this names parcel and contract.
    `but`: rights that do not count. Raises LandTaken.
    """
    held, terms = LandRightParcel, LandRightVersion
    question = (
        select(held.parcel_id, held.land_right_id, held.valid_from, held.valid_to)
        .where(
            held.parcel_id.in_([each.id for each in land]),
            held.tier.in_(tiers),
            held.closed_by.is_(None),
            held.land_right_id.not_in(list(but)),
            text("valid && daterange(:since, :until)").bindparams(since=since, until=until),
        )
        .order_by(held.valid_from, held.parcel_id)
        .limit(1)
    )
    row = session.execute(question).one_or_none()
    if row is None:
        return
    number = session.scalar(
        select(terms.number)
        .where(terms.land_right_id == row.land_right_id, terms.closed_by.is_(None))
        .order_by(terms.valid_from.desc())
        .limit(1)
    )
    name = next(each.name for each in land if each.id == row.parcel_id)
    last = None if row.valid_to is None else row.valid_to - timedelta(days=1)
    raise LandTaken(parcel_name=name, number=number or "", since=row.valid_from, until=last)

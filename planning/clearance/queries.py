"""Questions to the clearance context: hand-overs at a moment, and which parcels are cleared."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planning.clearance.model import Handover, HandoverParcel, HandoverVersion
from planning.clocks import Moment, in_force


@dataclass(frozen=True, slots=True)
class HandoverRow:
    """A hand-over at a moment: its minutes, day, stated area (m²), parcels it clears."""

    id: UUID
    zone_id: UUID
    number: str
    day: date
    stated_area_m2: Decimal | None
    document_id: UUID | None
    parcels: int


def handovers(session: Session, at: Moment, zone_id: UUID | None = None) -> list[HandoverRow]:
    """Return the hand-overs up to the moment (of a zone), oldest first."""
    counted = (
        select(func.count())
        .where(HandoverParcel.handover_id == Handover.id, in_force(HandoverParcel, at))
        .scalar_subquery()
    )
    minutes = HandoverVersion
    question = (
        select(
            Handover.id,
            Handover.zone_id,
            minutes.number,
            minutes.valid_from,
            minutes.stated_area_m2,
            minutes.document_id,
            counted,
        )
        .join(minutes, (minutes.handover_id == Handover.id) & in_force(minutes, at))
        .order_by(minutes.valid_from, minutes.number)
    )
    if zone_id is not None:
        question = question.where(Handover.zone_id == zone_id)
    return [HandoverRow(*tuple(row)) for row in session.execute(question)]


def cleared_on(session: Session, at: Moment, parcels: Collection[UUID]) -> dict[UUID, date]:
    """Return, of the parcels asked about, those cleared at the moment and since when."""
    rows = session.execute(
        select(HandoverParcel.parcel_id, HandoverParcel.valid_from).where(
            HandoverParcel.parcel_id.in_(parcels), in_force(HandoverParcel, at)
        )
    )
    return {row.parcel_id: row.valid_from for row in rows}

"""Writing verbs of the clearance context: hand cleared land over, take a hand-over back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from layers.copying import copy_rows
from planning import days
from planning.clearance.model import (
    ClearanceItemParcel,
    ClearanceStep,
    HandoverParcel,
    HandoverVersion,
)
from planning.clocks import close
from planning.errors import NotFound


@dataclass(frozen=True, slots=True)
class NewHandover:
    """Minutes of a hand-over (biên bản bàn giao mặt bằng): number, day, parcels, stated area in m².

    From `day` on the parcels count as cleared.
    """

    zone_id: UUID
    number: str
    day: date
    parcels: Sequence[UUID]
    stated_area_m2: Decimal | None = None
    document_id: UUID | None = None
    id: UUID = field(default_factory=uuid4)


def hand_over(
    session: Session,
    change: int,
    *,
    zone_id: UUID,
    number: str,
    day: date,
    parcels: Sequence[UUID],
    stated_area_m2: Decimal | None = None,
    document_id: UUID | None = None,
) -> UUID:
    """Record that parcels were handed over on a day; return the hand-over's id.

    The database refuses a parcel that is handed over already. Raises EventAhead.
    """
    minutes = NewHandover(zone_id, number, day, parcels, stated_area_m2, document_id)
    return hand_over_all(session, change, [minutes])[0]


def hand_over_all(session: Session, change: int, handovers: Sequence[NewHandover]) -> list[UUID]:
    """Record many hand-overs by COPY; return their ids in the order given. See `hand_over`."""
    for minutes in handovers:
        days.happened("handover", minutes.day)
    copy_rows(
        session,
        "land.handover",
        ("id", "zone_id", "opened_by"),
        ((minutes.id, minutes.zone_id, change) for minutes in handovers),
    )
    copy_rows(
        session,
        "land.handover_version",
        ("handover_id", "number", "stated_area_m2", "document_id", "valid_from", "opened_by"),
        (
            (each.id, each.number, each.stated_area_m2, each.document_id, each.day, change)
            for each in handovers
        ),
    )
    copy_rows(
        session,
        "land.handover_parcel",
        ("handover_id", "parcel_id", "valid_from", "opened_by"),
        (
            (minutes.id, parcel, minutes.day, change)
            for minutes in handovers
            for parcel in dict.fromkeys(minutes.parcels)
        ),
    )
    return [minutes.id for minutes in handovers]


def withdraw_handover(session: Session, change: int, *, handover_id: UUID) -> None:
    """Correct: the hand-over never took place. What was believed stays in the history.

    Raises NotFound when the register does not hold it.
    """
    _take_back_steps(session, change, handover_id)
    for table in (HandoverVersion, HandoverParcel):
        rows = session.scalars(
            select(table.version_id).where(
                table.handover_id == handover_id, table.closed_by.is_(None)
            )
        ).all()
        if not rows and table is HandoverVersion:
            raise NotFound(kind="handover", key=str(handover_id))
        close(session, table, change, list(rows))


def _take_back_steps(session: Session, change: int, handover_id: UUID) -> None:
    """Items whose land the minutes handed over have not been handed over either."""
    step, member, ground = ClearanceStep, ClearanceItemParcel, HandoverParcel
    rows = session.scalars(
        select(step.version_id)
        .distinct()
        .join(member, (member.item_id == step.item_id) & member.closed_by.is_(None))
        .join(ground, (ground.parcel_id == member.parcel_id) & ground.closed_by.is_(None))
        .where(
            step.kind == "handed_over", step.closed_by.is_(None), ground.handover_id == handover_id
        )
    ).all()
    close(session, step, change, list(rows))

"""Questions to open changes: what is in them, and the ground as they see it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from planning.changes.drafts.model import Draft
from planning.changes.drafts.replay import replay, steps_of
from planning.changes.effect import feature
from planning.changes.undo import undone_by
from planning.parcels.model import ParcelVersion
from planning.records.model import Change, Document


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A change of one's own: open, committed (with its number in the register) or discarded."""

    id: UUID
    kind: str
    reason: str
    effective_on: date
    actor: str
    status: str
    number: int | None
    created_at: datetime
    finished_at: datetime | None
    document_id: UUID
    document_number: str
    document_issued_on: date
    document_issuer: str
    document_page: int | None


MOST_SHOWN = 3_000
"""Parcels that can be edited in one view."""


def drafts(session: Session, actor: str, status: str | None = None) -> list[DraftRow]:
    """Return an actor's own changes, latest first, at most a hundred."""
    asked = _rows().where(Draft.actor == actor).order_by(Draft.created_at.desc()).limit(100)
    if status is not None:
        asked = asked.where(Draft.status == status)
    return [DraftRow(*row) for row in session.execute(asked)]


def draft_row(session: Session, draft_id: UUID) -> DraftRow:
    """Return one change with its document."""
    return DraftRow(*session.execute(_rows().where(Draft.id == draft_id)).one())


def _rows() -> Any:
    return select(
        Draft.id,
        Draft.kind,
        Draft.reason,
        Draft.effective_on,
        Draft.actor,
        Draft.status,
        Draft.change_number,
        Draft.created_at,
        Draft.finished_at,
        Draft.document_id,
        Document.number,
        Document.issued_on,
        Document.issuer,
        Draft.document_page,
    ).join(Document, Document.id == Draft.document_id)


def operations(session: Session, draft_id: UUID) -> list[dict[str, Any]]:
    """Return the operations of a change as they were told when they were added."""
    return [
        {
            "step": each.step,
            "operation": each.operation,
            "parameters": each.parameters,
            "taken_back": each.taken_back,
            "effect": each.effect,
        }
        for each in steps_of(session, draft_id)
    ]


def net(session: Session, draft: Draft) -> dict[str, Any]:
    """What an open change does altogether: parcels that cease, and parcels as they become.

    Raises:
        ChangeConflicts: others changed its parcels meanwhile.
    """
    ground = replay(session, draft, steps_of(session, draft.id))
    amended = ground.amended
    after = [*ground.born, *(each for _, each in amended)]
    before_m2 = sum(held.area_m2 for held in ground.retired) + sum(b.area_m2 for b, _ in amended)
    return {
        "removed": [str(held.parcel_id) for held in ground.retired],
        "parcels": {"type": "FeatureCollection", "features": [feature(each) for each in after]},
        "area_before_m2": before_m2,
        "area_after_m2": sum(each.area_m2 for each in after),
    }


def seen_ground(
    session: Session, draft: Draft, srid: int, envelope: tuple[float, float, float, float]
) -> list[dict[str, Any]]:
    """Return the parcels of a plane in an envelope as an open change sees them, as features.

    Raises:
        TooManyParcels: more than can be edited in one view.
        ChangeConflicts: others changed its parcels meanwhile.
    """
    ground = replay(session, draft, steps_of(session, draft.id))
    return [
        feature(each, changed=each.version < 0, zone_id=str(each.zone_id))
        for each in ground.near(envelope, srid, MOST_SHOWN)
    ]


def committed_number(session: Session, change_id: UUID) -> int | None:
    """Return the register's number of a committed change, by its own id or its open change's."""
    asked = select(Draft.change_number).where(Draft.id == change_id, Draft.status == "committed")
    number = session.scalar(asked)
    if number is not None:
        return number
    return session.scalar(
        select(Change.number).where(Change.id == change_id, Change.committed_at.is_not(None))
    )


def zones_of_change(session: Session, number: int) -> frozenset[UUID]:
    """Return the zones whose parcels a change opened or closed."""
    mine = or_(ParcelVersion.opened_by == number, ParcelVersion.closed_by == number)
    return frozenset(session.scalars(select(ParcelVersion.zone_id).where(mine).distinct()))


def standing(session: Session, row: DraftRow) -> dict[str, int | None]:
    """Whether a committed change was taken back, and by which number."""
    number = row.number
    return {"undone_by": None if number is None else undone_by(session, number)}

"""Writing verbs of the living conformance: waive a finding, withdraw a waiver."""

from datetime import date, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from planning.clocks import close, record
from planning.conformance.errors import WaiverDaysRefused, WaiverEnded
from planning.conformance.finding import Boundary, Finding, Lot, Parcel, Scope
from planning.conformance.model import Waiver
from planning.errors import NotFound
from planning.records.commands import open_change


def waive(
    session: Session,
    finding: Finding,
    *,
    reason: str,
    actor: str,
    granted_on: date,
    expires_on: date | None = None,
    document_id: UUID | None = None,
) -> UUID:
    """Let a finding stand from a day on, perhaps until the end of another; answer the waiver's id.

    It names the versions of both sides: when one changes, it speaks of nothing any more. Without a
    document it is a change of the kind `setup`: it moves no land.

    Raises:
        WaiverDaysRefused: it would end before it begins.
        What the database refuses: one's own work, a side that moved, a second waiver.
    """
    if expires_on is not None and expires_on < granted_on:
        raise WaiverDaysRefused(granted_on=granted_on, expires_on=expires_on)
    change = open_change(
        session,
        kind="act" if document_id else "setup",
        reason=reason,
        actor=actor,
        effective_on=granted_on,
        document_id=document_id,
    )
    waiver_id = uuid4()
    row = {
        **_sides(finding),
        "waiver_id": waiver_id,
        "zone_id": finding.parcel.zone_id,
        "kind": finding.kind,
        "area_m2": finding.area_m2,
        "reason": reason,
        "granted_by": actor,
        "document_id": document_id,
        "valid_from": granted_on,
        "valid_to": None if expires_on is None else expires_on + timedelta(days=1),
    }
    record(session, Waiver, change, [row])
    return waiver_id


def _sides(finding: Finding) -> dict[str, int | None]:
    other = finding.other
    east, north = finding.place or (None, None)
    return {
        "parcel_version_id": finding.parcel.version_id,
        "other_parcel_version_id": other.version_id if isinstance(other, Parcel) else None,
        "lot_version_id": other.version_id if isinstance(other, Lot) else None,
        "boundary_version_id": other.version_id if isinstance(other, Boundary) else None,
        "plan_status_id": other.version_id if isinstance(other, Scope) else None,
        "right_version_id": finding.right.version_id if finding.right else None,
        "place_e_mm": east,
        "place_n_mm": north,
    }


def waiver_zone(session: Session, waiver_id: UUID) -> UUID:
    """Return the zone of a waiver. Raises NotFound."""
    found = session.scalar(select(Waiver.zone_id).where(Waiver.waiver_id == waiver_id).limit(1))
    if found is None:
        raise NotFound(kind="waiver", key=str(waiver_id))
    return found


def withdraw(session: Session, waiver_id: UUID, *, reason: str, actor: str, day: date) -> int:
    """End a waiver on a day, for a reason: the finding is open again. Answer the change's number.

    Raises:
        NotFound: no such waiver.
        WaiverEnded: it ended before that day.
    """
    columns = [column for column in Waiver.__table__.columns if column.computed is None]
    row = (
        session.execute(
            select(*columns)
            .where(Waiver.waiver_id == waiver_id, Waiver.closed_by.is_(None))
            .with_for_update()
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise NotFound(kind="waiver", key=str(waiver_id))
    if row["withdrawn_by"] or (row["valid_to"] is not None and row["valid_to"] <= day):
        raise WaiverEnded(day=row["valid_to"])
    change = open_change(
        session,
        kind="act" if row["document_id"] else "setup",
        reason=reason,
        actor=actor,
        effective_on=day,
        document_id=row["document_id"],
    )
    close(session, Waiver, change, [row["version_id"]])
    kept = {key: row[key] for key in row if key not in ("version_id", "opened_by", "closed_by")}
    ended = {
        "valid_to": max(day, row["valid_from"]),
        "withdrawn_by": actor,
        "withdrawal_reason": reason,
    }
    record(session, Waiver, change, [{**kept, **ended}])
    return change

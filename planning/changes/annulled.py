"""Figures touched by an annulment: what was known of days on which the plan is no longer in force.

What was known stays known: each figure is counted once as the register knew it just before the
annulment was recorded, and once as it knows it now.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from planning.changes.plan_preview import Moved, moved
from planning.clocks import Moment, today
from planning.indicators.queries import land
from planning.records.model import AuditEvent, Change
from planning.statements import statement

DAYS_AT_MOST = 12
EVENTS_AT_MOST = 50


@dataclass(frozen=True, slots=True)
class Issued:
    """Something that left the register while the plan was believed in force on its day."""

    at: datetime
    actor: str
    action: str
    subject: str
    as_of: date


@dataclass(frozen=True)
class Touched:
    """An annulment recorded by a change: the days it takes away, figures then and now."""

    since: date
    change: int
    figures: tuple[tuple[date, Moved], ...]
    issued: tuple[Issued, ...]


def touched_by_annulment(session: Session, plan_version_id: UUID, zone: str) -> Touched | None:
    """Return what an annulment changed of what was said before; None when there is none.

    Figures are counted at the ends of the years and of the days the annulment takes away.
    """
    row = session.execute(
        statement("annulled_from"), {"plan_version_id": plan_version_id}
    ).one_or_none()
    if row is None:
        return None
    since, change = row.since, row.change
    last = min(row.believed_to - timedelta(days=1), today())
    days = _days(since, last)
    figures = []
    for day in days:
        then = land(session, Moment(day, change - 1), zone=zone, flows=False)
        now = land(session, Moment(day), zone=zone, flows=False)
        figures += [(day, each) for each in moved(then, now) if each.difference or _lost(each)]
    issued = _issued(session, change, since, last, zone)
    return Touched(since, change, tuple(figures), issued)


def _lost(figure: Moved) -> bool:
    return (figure.before is None) != (figure.after is None)


def _days(since: date, last: date) -> list[date]:
    if last < since:
        return []
    ends = [date(year, 12, 31) for year in range(since.year, last.year)]
    return sorted({since, *ends, last})[-DAYS_AT_MOST:]


def _issued(
    session: Session, change: int, since: date, last: date, zone: str
) -> tuple[Issued, ...]:
    """Exports noted before the annulment was known, of days it takes away, of this zone or all."""
    told = select(Change.committed_at).where(Change.number == change).scalar_subquery()
    events = session.execute(
        select(
            AuditEvent.at,
            AuditEvent.actor,
            AuditEvent.action,
            AuditEvent.subject,
            AuditEvent.detail,
        )
        .where(AuditEvent.detail.op("?")("as_of"), AuditEvent.at < told)
        .order_by(AuditEvent.at.desc())
        .limit(2_000)
    )
    found = []
    for at, actor, action, subject, detail in events:
        day = date.fromisoformat(str(detail["as_of"]))
        if detail.get("zone") in (None, zone) and since <= day <= last:
            found.append(Issued(at, actor, action, subject, day))
    return tuple(found[:EVENTS_AT_MOST])

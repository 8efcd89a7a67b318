"""Who read which households when: for the auditor, without what was read and without a name."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planning.records.model import AuditEvent

NAMES, AMOUNTS = "household-read", "household-amounts-read"
KINDS: Final = (NAMES, AMOUNTS)
"""Names and numbers of people; what they are granted and paid."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading: when, by whom, of what kind, of which case and items, on which legal day."""

    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    count: int
    as_of: date | None


@dataclass(frozen=True, slots=True)
class ReadingsAsked:
    """What to look for: kind, part of account, part of case and item, instants [since, until)."""

    kind: str = ""
    actor: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None


def readings(
    session: Session, asked: ReadingsAsked, *, first: int, count: int, oldest_first: bool = False
) -> tuple[list[Reading], int]:
    """Return `count` readings from position `first` (0 = the newest), and how many there are."""
    event = AuditEvent
    many = func.jsonb_array_length(func.coalesce(event.detail["households"], event.detail["items"]))
    rows = select(
        event.id, event.at, event.actor, event.action, event.subject, many,
        event.detail["as_of"].as_string(),
    ).where(event.action.in_([asked.kind] if asked.kind in KINDS else KINDS))  # fmt: skip
    if asked.actor:
        rows = rows.where(event.actor.icontains(asked.actor, autoescape=True))
    if asked.subject:
        rows = rows.where(event.subject.icontains(asked.subject, autoescape=True))
    if asked.since is not None:
        rows = rows.where(event.at >= asked.since)
    if asked.until is not None:
        rows = rows.where(event.at < asked.until)
    whole = session.scalar(select(func.count()).select_from(rows.subquery())) or 0
    ordered = rows.order_by(event.id if oldest_first else event.id.desc())
    page: Any = session.execute(ordered.offset(first).limit(count))
    return [
        Reading(
            row[0],
            row[1],
            row[2],
            row[3],
            row[4],
            int(row[5] or 0),
            date.fromisoformat(row[6]) if row[6] else None,
        )
        for row in page
    ], int(whole)

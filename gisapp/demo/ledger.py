"""Events of the demo in the order in which the register learned of them, each hanging on a
document.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from gisapp.demo.story import KNOWN_UNTIL
from planning.clocks import HANOI
from planning.records.commands import open_change, register_document
from planning.records.model import Change

ACTOR = "demo"
PROVINCE = "UBND tỉnh (minh hoạ)"
BOARD = "Ban Quản lý (minh hoạ)"


@dataclass(frozen=True, slots=True)
class Event:
    """One act: the legal day, the day the register learned it, its document, and what it writes."""

    day: date
    known_on: date
    number: str
    issuer: str
    reason: str
    write: Callable[[Session, int], None]
    document: str = "decision"
    kind: str = "act"


def learned(day: date, order: int) -> date:
    """Return a plausible later day on which the register learns of something."""
    return day + timedelta(days=3 + 7 * order % 25)


def instant(day: date, order: int) -> datetime:
    """Return a working hour of a day in Vietnam; `order` keeps a day's events apart."""
    return datetime.combine(day, time(8, 30), HANOI) + timedelta(seconds=order)


def paper_of(session: Session, change: int) -> UUID:
    """Return the document a change of the ledger hangs on."""
    found = session.get_one(Change, change).document_id
    if found is None:
        raise LookupError(change)
    return found


def replay(session: Session, events: list[Event], on_progress: Callable[[int], None]) -> int:
    """Write events in the order they became known, one change each; return how many."""
    told = [event for event in events if event.known_on <= KNOWN_UNTIL]
    ordered = sorted(told, key=lambda event: event.known_on)
    for order, event in enumerate(ordered):
        document = register_document(
            session,
            number=event.number,
            issued_on=event.day,
            issuer=event.issuer,
            actor=ACTOR,
            kind=event.document,
            title=event.reason,
        )
        change = open_change(
            session,
            kind=event.kind,
            reason=event.reason,
            actor=ACTOR,
            effective_on=event.day,
            document_id=document,
            dated_back_to=instant(event.known_on, order),
        )
        event.write(session, change)
        on_progress(order + 1)
    return len(ordered)

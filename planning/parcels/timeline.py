"""What happened to a parcel, change by change, on both clocks: when it held and when it was learnt.

A change often records a row again only because its neighbour in time moved; the timeline shows news
alone. Versions that only gained a neighbour's vertex (`noded`) are never news.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import groupby
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from planning.errors import NotFound
from planning.parcels.cards import last_seen
from planning.published import Sight
from planning.records.queries import ChangeSummary, changes
from planning.statements import statement


@dataclass(frozen=True, slots=True)
class Fact:
    """One recorded row: `payload` is its content, [valid_from, valid_to) its days."""

    kind: str
    entity: str
    label: str | None
    detail: str | None
    payload: str
    area_m2: float | None
    land_use: str | None
    noded: bool
    valid_from: date
    valid_to: date | None
    opened_by: int
    closed_by: int | None
    shape: str | None = None

    def holds_on(self, day: date) -> bool:
        """Whether its days contain one."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class Event:
    """News: `what` is began, changed, corrected, ended, withdrawn, restored or carried; `on` the
    legal day. Restored: an end was taken back.

    Carried: a right, hand-over or project that moved on with the ground when the parcel was divided
    or merged. `changed` names what a changed or corrected parcel no longer says as before: label,
    area_m2, land_use or shape; `former_…` is what it said.
    """

    kind: str
    what: str
    on: date
    label: str | None
    detail: str | None
    area_m2: float | None
    land_use: str | None
    changed: tuple[str, ...] = ()
    former_label: str | None = None
    former_area_m2: float | None = None
    former_land_use: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A change as the parcel felt it: legal day, moment of knowledge, who, document, news.

    `undoes` is the change it took back, `undone_by` the one that took it back and itself stands.
    """

    change: int
    kind: str
    effective_on: date
    recorded_at: datetime | None
    actor: str
    reason: str
    document_number: str | None
    document_issued_on: date | None
    document_issuer: str | None
    document_id: UUID | None
    document_has_file: bool
    document_page: int | None
    undoes: int | None
    undone_by: int | None
    events: list[Event] = field(default_factory=list)


BEGAN, CHANGED, CORRECTED = "began", "changed", "corrected"
ENDED, WITHDRAWN, CARRIED, RESTORED = "ended", "withdrawn", "carried", "restored"
_OWN: Final = frozenset({"parcel", "became", "came_from", "project_status"})
_TOLD: Final = ("label", "area_m2", "land_use", "shape")
_LATEST: Final = 2**63 - 2


def history(session: Session, sight: Sight, parcel_id: UUID) -> list[Entry]:
    """Return the timeline of a parcel as known at the moment, the latest legal day first.

    Raises:
        NotFound: no such parcel is known, or it lies outside the zones in sight.
    """
    last_seen(session, sight, parcel_id)
    known = _LATEST if sight.at.known is None else sight.at.known
    rows = session.execute(
        statement("parcel_history"), {"parcel_id": parcel_id, "known": known}
    ).all()
    facts = [
        Fact(**{**row._mapping, "closed_by": _seen_closing(row.closed_by, known)}) for row in rows
    ]
    if not facts:
        raise NotFound(kind="parcel", key=str(parcel_id))
    numbers = {fact.opened_by for fact in facts} | {fact.closed_by or 0 for fact in facts} - {0}
    return fold(facts, changes(session, sorted(numbers)))


def _seen_closing(closed_by: int | None, known: int) -> int | None:
    return closed_by if closed_by is not None and closed_by <= known else None


def fold(facts: Iterable[Fact], by_number: dict[int, ChangeSummary]) -> list[Entry]:
    """Fold recorded rows into entries, one a change that brought news, latest legal day first."""
    kept = list(facts)
    undone = _undone(by_number.values())
    entries = []
    for number, change in by_number.items():
        touched = [fact for fact in kept if number in (fact.opened_by, fact.closed_by)]
        touched.sort(key=lambda fact: (fact.kind, fact.entity, fact.valid_from))
        events = [
            event
            for _, group in groupby(touched, key=lambda fact: (fact.kind, fact.entity))
            for event in _news(list(group), number, change.kind == "correction")
        ]
        moved = any(event.kind in {"became", "came_from"} for event in events)
        if moved or (change.undoes is not None and any(event.kind == "parcel" for event in events)):
            events = [event if event.kind in _OWN else _carried(event) for event in events]
        if events:
            in_order = sorted(events, key=lambda event: event.on)
            entries.append(_entry(change, undone.get(number), in_order))
    return sorted(entries, key=lambda entry: (entry.effective_on, entry.change), reverse=True)


def _undone(known: Iterable[ChangeSummary]) -> dict[int, int]:
    """Which change took which back; an undo that was itself undone took nothing back."""
    undone: dict[int, int] = {}
    for change in sorted(known, key=lambda each: each.number, reverse=True):
        if change.undoes is not None and change.number not in undone:
            undone[change.undoes] = change.number
    return undone


def _entry(change: ChangeSummary, undone_by: int | None, events: list[Event]) -> Entry:
    return Entry(
        change=change.number,
        kind=change.kind,
        effective_on=change.effective_on,
        recorded_at=change.committed_at,
        actor=change.actor,
        reason=change.reason,
        document_number=change.document_number,
        document_issued_on=change.document_issued_on,
        document_issuer=change.document_issuer,
        document_id=change.document_id,
        document_has_file=change.document_has_file,
        document_page=change.document_page,
        undoes=change.undoes,
        undone_by=undone_by,
        events=events,
    )


def _news(facts: list[Fact], number: int, correction: bool) -> Iterator[Event]:
    opened = [fact for fact in facts if fact.opened_by == number]
    closed = [fact for fact in facts if fact.closed_by == number and fact.opened_by != number]
    if not opened:
        yield from (_event(fact, WITHDRAWN, fact.valid_from) for fact in closed)
    for fact in opened:
        again = [
            former
            for former in closed
            if former.payload == fact.payload and former.valid_from == fact.valid_from
        ]
        if again:
            followed = any(each.valid_from == fact.valid_to for each in opened)
            ended = again[0].valid_to
            if ended is not None and (fact.valid_to is None or fact.valid_to > ended):
                yield _event(fact, RESTORED, ended)
                continue
            if fact.valid_to is not None and fact.valid_to != again[0].valid_to and not followed:
                yield _event(fact, ENDED, fact.valid_to)
        elif not fact.noded:
            before = [former for former in closed if former.holds_on(fact.valid_from)]
            if before:
                yield _replacing(before[0], fact, CORRECTED if correction else CHANGED)
            else:
                yield _event(fact, BEGAN, fact.valid_from)


def _replacing(former: Fact, fact: Fact, what: str) -> Event:
    """News of a fact that took another's place, with what that one said."""
    return replace(
        _event(fact, what, fact.valid_from),
        changed=tuple(name for name in _TOLD if getattr(former, name) != getattr(fact, name)),
        former_label=former.label,
        former_area_m2=former.area_m2,
        former_land_use=former.land_use,
    )


def _carried(event: Event) -> Event:
    moved = {BEGAN, ENDED, RESTORED, WITHDRAWN}
    return replace(event, what=CARRIED) if event.what in moved else event


def _event(fact: Fact, what: str, on: date) -> Event:
    return Event(fact.kind, what, on, fact.label, fact.detail, fact.area_m2, fact.land_use)

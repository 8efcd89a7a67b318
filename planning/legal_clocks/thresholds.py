"""Thresholds of the legal clocks: dated rows that count once confirmed by name."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from planning.legal_clocks.model import ClockThreshold, ThresholdConfirmation
from planning.legal_clocks.rules import CLOCKS
from planning.records.commands import note_event
from planning.records.terms import TermMoved, confirm, refuse_unless

CODES: Final = ("idle", "schedule", "extension", "warning", "urgent")
"""Two clocks and the extension (law, in months), then two lead times (working rules, in days)."""
STARTS: Final = ("last_part", "first_part")
PROJECT_KINDS: Final = ("fdi", "ddi", "public")
MOST_DAYS, MOST_MONTHS = 3_660, 600


@dataclass(frozen=True, slots=True)
class NewThreshold:
    """A threshold as somebody enters it: months for what the law says, days for a lead time.

    ``counts_from`` is told by the clocks alone: the first or the last part of the land handed over.
    """

    code: str
    months: int | None
    days: int | None
    counts_from: str | None
    project_kinds: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    clause: str
    source: str


@dataclass(frozen=True, slots=True)
class Threshold(NewThreshold):
    """A threshold as it counts: until ``valid_to``, or the next row of its code, begins."""

    id: int
    verification: str

    @property
    def verified(self) -> bool:
        """Whether it was compared with the text."""
        return self.verification == "verified"

    def on(self, day: date) -> bool:
        """Whether clocks of a day are judged by it."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class ThresholdRow:
    """A row of the book: the threshold, who entered it, who compared it with the text and where.

    ``standing``: no later row of the same code and first day that counts corrects it. ``founding``:
    it came with the register and counts as it is.
    """

    id: int
    version: int
    said: Threshold
    recorded_by: str
    recorded_at: datetime
    confirmed_by: str | None
    confirmed_at: datetime | None
    seen_in: str | None
    standing: bool
    founding: bool

    @property
    def waits(self) -> bool:
        """Entered by somebody and confirmed by nobody: it does not count yet."""
        return not self.founding and self.confirmed_by is None

    @property
    def verified(self) -> bool:
        """Whether it was compared with the text."""
        return self.said.verified


def unit(code: str) -> str:
    """What a threshold is counted in: months by law, days for a lead time."""
    return "days" if code in ("warning", "urgent") else "months"


def thresholds(session: Session) -> list[Threshold]:
    """Return the thresholds as they count, by code and day; a row that waits does not."""
    rows = session.execute(
        text(
            "SELECT code, months, days, counts_from, project_kinds, valid_from, valid_to, clause,"
            " source, id, verification FROM land.clock_thresholds()"
        )
    )
    found = [_said(dict(row._mapping)) for row in rows]
    return sorted(found, key=lambda each: (CODES.index(each.code), each.valid_from))


def _said(facts: dict[str, Any]) -> Threshold:
    return Threshold(**{**facts, "project_kinds": tuple(facts["project_kinds"])})


def threshold_book(session: Session) -> list[ThresholdRow]:
    """Return every row ever entered, by code, the newest first day first."""
    rows = session.execute(
        select(ClockThreshold, ThresholdConfirmation)
        .outerjoin(ThresholdConfirmation, ThresholdConfirmation.threshold_id == ClockThreshold.id)
        .order_by(ClockThreshold.valid_from.desc(), ClockThreshold.version.desc())
    ).all()
    counted: set[tuple[str, date]] = set()
    found: list[ThresholdRow] = []
    for row, joined in sorted(rows, key=lambda each: CODES.index(each[0].code)):
        seen: ThresholdConfirmation | None = joined
        facts = {name: getattr(row, name) for name in (*NewThreshold.__slots__, "id")}
        verified = "verified" if seen is not None else row.verification
        place = (row.code, row.valid_from)
        found.append(
            ThresholdRow(
                id=row.id,
                version=row.version,
                said=_said({**facts, "verification": verified}),
                recorded_by=row.recorded_by,
                recorded_at=row.recorded_at,
                confirmed_by=seen.confirmed_by if seen is not None else None,
                confirmed_at=seen.confirmed_at if seen is not None else None,
                seen_in=seen.seen_in if seen is not None else None,
                standing=place not in counted,
                founding=row.founding,
            )
        )
        if not found[-1].waits:
            counted.add(place)
    return found


def enter_threshold(session: Session, new: NewThreshold, *, follows: int, actor: str) -> int:
    """Enter the next row of a code and first day (`follows` 0: the first); return its id.

    Raises:
        TermRefused: a field does not hold what it must.
        TermMoved: another row than `follows` is the newest of that day.
    """
    _check(new)
    newest = session.scalar(
        select(func.coalesce(func.max(ClockThreshold.version), 0)).where(
            ClockThreshold.code == new.code, ClockThreshold.valid_from == new.valid_from
        )
    )
    if newest != follows:
        raise TermMoved()
    facts = {name: getattr(new, name) for name in NewThreshold.__slots__}
    facts["project_kinds"] = list(new.project_kinds)
    made = session.scalars(
        insert(ClockThreshold)
        .values(**facts, version=follows + 1, verification="unverified", recorded_by=actor)
        .returning(ClockThreshold.id)
    ).one()
    note_event(session, actor=actor, action="threshold-entered", subject=f"{new.code}/{made}")
    return made


def _check(new: NewThreshold) -> None:
    in_days = unit(new.code) == "days"
    fine = {
        "code": new.code in CODES,
        "months": (new.months is None) == in_days
        and (new.months is None or 1 <= new.months <= MOST_MONTHS),
        "days": (new.days is None) != in_days and (new.days is None or 1 <= new.days <= MOST_DAYS),
        "counts_from": new.counts_from in STARTS if new.code in CLOCKS else new.counts_from is None,
        "project_kinds": bool(new.project_kinds) and set(new.project_kinds) <= set(PROJECT_KINDS),
        "valid_to": new.valid_to is None or new.valid_to > new.valid_from,
    }
    refuse_unless(fine)


def confirm_threshold(session: Session, threshold_id: int, *, seen_in: str, actor: str) -> None:
    """Say by name that a row was compared with the text, and where; from then on it counts.

    Raises:
        NotFound, TermConfirmedAlready. What the database refuses besides: one's own entry.
    """
    confirm(
        session, ClockThreshold, ThresholdConfirmation, threshold_id,
        seen_in=seen_in, actor=actor, action="threshold-confirmed",
    )  # fmt: skip

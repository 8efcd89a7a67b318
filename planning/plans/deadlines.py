"""How long a step of a plan may take: dated rows, entered and confirmed by name."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from planning.plans.model import DeadlineConfirmation, PlanDeadline
from planning.plans.pipeline import WAITING
from planning.records.commands import note_event
from planning.records.terms import TermMoved, confirm, refuse_unless
from planning.vocabulary import PLAN_LEVELS

MOST_DAYS = 3_660


@dataclass(frozen=True, slots=True)
class NewDeadline:
    """A row as somebody enters it: days, both ends counted; ``level`` None: every level."""

    step: str
    level: str | None
    valid_from: date
    valid_to: date | None
    least_days: int | None
    most_days: int | None
    waits_for_vi: str
    waits_for_en: str
    clause_vi: str
    clause_en: str
    source: str


@dataclass(frozen=True, slots=True)
class Deadline(NewDeadline):
    """A row as it stands: who entered it, who compared it with the text and where.

    ``standing``: no later row of the same step, level and first day corrects it.
    """

    id: int
    version: int
    recorded_by: str
    recorded_at: datetime
    verified: bool
    confirmed_by: str | None
    confirmed_at: datetime | None
    seen_in: str | None
    standing: bool

    def on(self, day: date) -> bool:
        """Whether steps that begin on a day are judged by the row, unless a later one is."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


def deadlines(session: Session) -> list[Deadline]:
    """Return every row, by step, level and first day, the newest first."""
    rows = session.execute(
        select(PlanDeadline, DeadlineConfirmation)
        .outerjoin(DeadlineConfirmation, DeadlineConfirmation.deadline_id == PlanDeadline.id)
        .order_by(PlanDeadline.id.desc())
    ).all()
    newest = {
        key: max(row.version for row, _ in rows if _key(row) == key)
        for key in {_key(row) for row, _ in rows}
    }
    found = [_shown(row, seen, row.version == newest[_key(row)]) for row, seen in rows]
    levels = [None, *PLAN_LEVELS]
    return sorted(
        found,
        key=lambda row: (
            WAITING.index(row.step), levels.index(row.level), -row.valid_from.toordinal(),
            -row.version,
        ),
    )  # fmt: skip


def _key(row: PlanDeadline) -> tuple[str, str | None, date]:
    return row.step, row.level, row.valid_from


def _shown(row: PlanDeadline, seen: DeadlineConfirmation | None, standing: bool) -> Deadline:
    return Deadline(
        **{name: getattr(row, name) for name in NewDeadline.__slots__},
        id=row.id,
        version=row.version,
        recorded_by=row.recorded_by,
        recorded_at=row.recorded_at,
        verified=seen is not None or row.verification == "verified",
        confirmed_by=seen.confirmed_by if seen is not None else None,
        confirmed_at=seen.confirmed_at if seen is not None else None,
        seen_in=seen.seen_in if seen is not None else None,
        standing=standing,
    )


def enter_deadline(session: Session, new: NewDeadline, *, follows: int, actor: str) -> int:
    """Enter the next row of a step, level and first day (`follows` 0: the first); return its id.

    Raises:
        TermRefused: a field does not hold what it must.
        TermMoved: another row than `follows` is the newest.
    """
    _check(new)
    newest = session.scalar(
        select(func.coalesce(func.max(PlanDeadline.version), 0)).where(
            PlanDeadline.step == new.step,
            PlanDeadline.level.is_not_distinct_from(new.level),
            PlanDeadline.valid_from == new.valid_from,
        )
    )
    if newest != follows:
        raise TermMoved()
    facts = {name: getattr(new, name) for name in NewDeadline.__slots__}
    made = session.scalars(
        insert(PlanDeadline)
        .values(**facts, version=follows + 1, verification="unverified", recorded_by=actor)
        .returning(PlanDeadline.id)
    ).one()
    note_event(session, actor=actor, action="deadline-entered", subject=f"{new.step}/{made}")
    return made


def _check(new: NewDeadline) -> None:
    days = [each for each in (new.least_days, new.most_days) if each is not None]
    fine = {
        "step": new.step in WAITING,
        "level": new.level is None or new.level in PLAN_LEVELS,
        "valid_to": new.valid_to is None or new.valid_to > new.valid_from,
        "least_days": all(1 <= each <= MOST_DAYS for each in days),
        "most_days": sorted(days) == days,
    }
    refuse_unless(fine)


def confirm_deadline(session: Session, deadline_id: int, *, seen_in: str, actor: str) -> None:
    """Say by name that a row was compared with the text, and where; never one's own entry.

    Raises:
        NotFound, TermConfirmedAlready. What the database refuses besides.
    """
    confirm(
        session, PlanDeadline, DeadlineConfirmation, deadline_id,
        seen_in=seen_in, actor=actor, action="deadline-confirmed",
    )  # fmt: skip

"""Questions to legal clocks: every clock at a moment, a project's land, evidence, letters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from planning.clocks import Moment, known, moment_parameters
from planning.legal_clocks.model import (
    ProjectExtension,
    ProjectSuspension,
    ReminderDraft,
    ReminderLetter,
)
from planning.legal_clocks.rules import next_act, ticking
from planning.records.model import Document
from planning.statements import statement


@dataclass(frozen=True, slots=True)
class ClockRow:
    """One clock of a project at a moment; fields in the order in which `clocks/listing` tells them.

    `anchor_on` is the day it counts from, `base_on` the end of the law's own term, `breach_on` the
    end of the term as extended and stopped: a forecast while it lies ahead. `running_days` count
    against the investor; `board_days` (land that came late) and `stopped_days` do not.
    """

    project_id: UUID
    code: str
    name_vi: str
    name_en: str | None
    kind: str
    status: str
    zone_id: UUID
    zone: str
    investor: str | None
    clock: str
    state: str
    severity: int
    step: str | None
    planned_on: date | None
    anchor_on: date | None
    first_on: date | None
    last_on: date | None
    parts_missing: int
    limit_months: int | None
    base_on: date | None
    breach_on: date | None
    extended_months: int | None
    ended_on: date | None
    running_days: int | None
    stopped_days: int
    board_days: int
    clause: str | None
    verification: str | None
    source: str | None
    reminded_on: date | None

    @property
    def open(self) -> bool:
        """Whether it runs towards a breach, or has passed it."""
        return ticking(self.state)

    @property
    def due_on(self) -> date | None:
        """The day of breach of a clock that still matters."""
        return self.breach_on if self.open else None

    @property
    def next_act(self) -> str | None:
        """What comes next: see `rules.next_act`."""
        return next_act(
            self.state,
            extended=self.extended_months is not None,
            reminded=self.reminded_on is not None,
            parts_missing=self.parts_missing,
        )

    @property
    def term_days(self) -> int | None:
        """Days the whole term has, stops left out."""
        if self.anchor_on is None or self.breach_on is None:
            return None
        return max((self.breach_on - self.anchor_on).days - self.stopped_days, 1)

    @property
    def share(self) -> Decimal | None:
        """How much of the term is used, 0 to 1; None when it does not run."""
        if self.term_days is None or self.running_days is None:
            return None
        return min(Decimal(self.running_days) / self.term_days, Decimal(1))


def clocks(
    session: Session,
    at: Moment,
    *,
    zone_ids: Sequence[UUID] | None = None,
    project_id: UUID | None = None,
) -> list[ClockRow]:
    """Return the clocks of projects (of zones, or of one), the most pressing first."""
    asked = {
        **moment_parameters(at),
        "zone_ids": None if zone_ids is None else list(zone_ids),
        "project": project_id,
    }
    return [ClockRow(*row) for row in session.execute(statement("clocks/listing"), asked)]


@dataclass(frozen=True, slots=True)
class LandPart:
    """Parcels of a project that were promised and handed over together (legal m²)."""

    attached_on: date | None
    promised_on: date | None
    handed_on: date | None
    told_by: str | None
    handover_id: UUID | None
    handover: str | None
    parcels: int
    area_m2: Decimal | None
    names: str | None
    board_days: int | None


def land_parts(session: Session, at: Moment, project_id: UUID) -> list[LandPart]:
    """Return a project's land by hand-over: promised, handed over, days between that are the
    board's.
    """
    asked = {**moment_parameters(at), "project": project_id}
    return [LandPart(**row._mapping) for row in session.execute(statement("clocks/land"), asked)]


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact the clocks rest on: what it says, its day, its paper, and the change it came with."""

    kind: str
    day: date
    until: date | None
    said: str
    change: int
    change_id: UUID
    reason: str
    committed_at: datetime | None
    document_id: UUID | None
    document_number: str | None
    issued_on: date | None
    issuer: str | None
    has_file: bool | None


def evidence(session: Session, at: Moment, project_id: UUID) -> list[Fact]:
    """Return every fact used for a project's clocks, by day, as known at the moment."""
    asked = {**moment_parameters(at), "project": project_id}
    return [Fact(**row._mapping) for row in session.execute(statement("clocks/evidence"), asked)]


@dataclass(frozen=True, slots=True)
class Stop:
    """A suspension: days `[since, until)`, its cause and paper."""

    id: UUID
    cause: str
    reason: str
    since: date
    until: date | None
    document: str


def suspensions(session: Session, at: Moment, project_id: UUID) -> list[Stop]:
    """Return the suspensions of a project begun by the moment."""
    fact = ProjectSuspension
    rows = session.execute(
        select(
            fact.suspension_id,
            fact.cause,
            fact.reason,
            fact.valid_from,
            fact.valid_to,
            Document.number,
        )
        .join(Document, Document.id == fact.document_id)
        .where(fact.project_id == project_id, fact.valid_from <= at.as_of, known(fact, at))
        .order_by(fact.valid_from)
    )
    return [Stop(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Extension:
    """A project's one extension: months, and the decision that gave it."""

    id: UUID
    months: int
    day: date
    document: str


def extension(session: Session, at: Moment, project_id: UUID) -> Extension | None:
    """Return the extension a project was given by the moment, None when it had none."""
    fact = ProjectExtension
    row = session.execute(
        select(fact.extension_id, fact.months, fact.valid_from, Document.number)
        .join(Document, Document.id == fact.document_id)
        .where(fact.project_id == project_id, fact.valid_from <= at.as_of, known(fact, at))
    ).one_or_none()
    if row is None:
        return None
    return Extension(row.extension_id, row.months, row.valid_from, row.number)


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder: drafted by whom from the facts of which day, and issued or not."""

    id: UUID
    project_id: UUID
    clock: str
    as_of: date
    known: int
    breach_on: date
    facts: dict[str, object]
    drafted_by: str
    drafted_at: datetime
    issued_on: date | None
    document: str | None


def reminders(
    session: Session, at: Moment, *, project_id: UUID | None = None, draft_id: UUID | None = None
) -> list[Reminder]:
    """Return reminders, latest first; what was issued later than the moment is not yet issued."""
    draft, letter = ReminderDraft, ReminderLetter
    question = (
        select(
            draft.id,
            draft.project_id,
            draft.clock,
            draft.as_of,
            draft.known,
            draft.breach_on,
            draft.facts,
            draft.drafted_by,
            draft.drafted_at,
            letter.valid_from,
            Document.number,
        )
        .outerjoin(
            letter,
            (letter.draft_id == draft.id) & (letter.valid_from <= at.as_of) & known(letter, at),
        )
        .outerjoin(Document, Document.id == letter.document_id)
        .where(draft.as_of <= at.as_of)
        .order_by(draft.drafted_at.desc())
    )
    if project_id is not None:
        question = question.where(draft.project_id == project_id)
    if draft_id is not None:
        question = question.where(draft.id == draft_id)
    return [Reminder(*row) for row in session.execute(question)]

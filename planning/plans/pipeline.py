"""Where every plan stands: its step, since when, who it waits for, and how long that may take."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from planning.clocks import Moment, moment_parameters
from planning.errors import NotFound
from planning.plans.model import Plan, PlanVersion
from planning.statements import statement
from planning.zones.model import Zone

WAITING: Final = ("proposed", "task", "drafting", "consultation", "appraisal", "approved")
"""Steps somebody has to act in; from publication on, nothing is waited for."""


@dataclass(frozen=True, slots=True)
class Stand:
    """A plan version on a day: its step, document, who it waits for, and the step's time limit."""

    plan_id: UUID
    plan: str
    name_vi: str
    name_en: str | None
    level: str
    scale_denominator: int
    zone: str
    plan_version_id: UUID
    number: int
    status: str
    since: date
    area_m2: float
    document_number: str | None
    document_issued_on: date | None
    document_issuer: str | None
    waits_for: str | None
    waits_for_vi: str | None
    waits_for_en: str | None
    least_days: int | None
    most_days: int | None
    clause_vi: str | None
    clause_en: str | None
    limit_source: str | None
    verification: str | None
    adjustment: str | None
    parent_number: int | None
    registered_whole: bool
    as_of: date

    @property
    def waiting(self) -> bool:
        """Whether somebody has to act; what was done before the register knew it waits no more."""
        return self.status in WAITING and not self.registered_whole

    @property
    def days(self) -> int | None:
        """Days the step has waited by the end of the day; None when nothing is waited for."""
        return (self.as_of - self.since).days if self.waiting else None

    @property
    def due(self) -> date | None:
        """The last day of the step by its limit."""
        if not self.waiting or self.most_days is None:
            return None
        return self.since + timedelta(days=self.most_days)

    @property
    def days_over(self) -> int:
        """Days past the limit; 0 within it."""
        return max(0, (self.as_of - self.due).days) if self.due is not None else 0

    @property
    def too_early(self) -> bool:
        """Whether the step has not yet lasted as long as it must at least."""
        return self.least_days is not None and self.days is not None and self.days < self.least_days


def pipeline(session: Session, at: Moment, zone_ids: Sequence[UUID]) -> list[Stand]:
    """Return what every version of the zones' plans is at a moment, by level, code and number."""
    values = {**moment_parameters(at), "zone_ids": list(zone_ids)}
    rows = session.execute(statement("plan_pipeline"), values)
    return [Stand(**row._mapping, as_of=at.as_of) for row in rows]


@dataclass(frozen=True, slots=True)
class Taken:
    """A step as it was taken: its days, its document, who recorded it and when."""

    plan_id: UUID
    number: int
    plan_version_id: UUID
    status: str
    valid_from: date
    valid_to: date | None
    area_m2: float
    document_id: UUID | None
    document_number: str | None
    document_issued_on: date | None
    document_issuer: str | None
    has_file: bool
    change: int
    actor: str
    reason: str
    committed_at: datetime | None

    def days(self, today: date) -> int:
        """How long it lasted, or has lasted by a day."""
        return max(0, ((self.valid_to or today) - self.valid_from).days)


def timeline(session: Session, at: Moment, *plan_ids: UUID) -> list[Taken]:
    """Return every step of the plans' versions as known at the moment, in the order of days."""
    values = {**moment_parameters(at), "plan_ids": list(plan_ids)}
    return [Taken(**row._mapping) for row in session.execute(statement("plan_timeline"), values)]


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """A plan itself: what never changes of it."""

    id: UUID
    code: str
    name_vi: str
    name_en: str | None
    level: str
    scale_denominator: int
    srid: int
    zone_id: UUID
    zone: str
    versions: tuple[tuple[int, UUID], ...]


def plan_facts(session: Session, code: str) -> PlanFacts:
    """Return a plan by code with its versions. Raises NotFound."""
    row = session.execute(
        select(
            Plan.id,
            Plan.code,
            Plan.name_vi,
            Plan.name_en,
            Plan.level,
            Plan.scale_denominator,
            Plan.srid,
            Plan.zone_id,
            Zone.code.label("zone"),
        )
        .join(Zone, Zone.id == Plan.zone_id)
        .where(Plan.code == code)
    ).one_or_none()
    if row is None:
        raise NotFound(kind="plan", key=code)
    versions = session.execute(
        select(PlanVersion.number, PlanVersion.id)
        .where(PlanVersion.plan_id == row.id)
        .order_by(PlanVersion.number)
    )
    return PlanFacts(**row._mapping, versions=tuple((number, id_) for number, id_ in versions))

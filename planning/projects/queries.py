"""Questions to the projects context: projects with progress and lateness at a moment."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from planning.clocks import Moment, in_force, moment_parameters
from planning.errors import NotFound
from planning.projects.model import (
    Project,
    ProjectCapital,
    ProjectMilestone,
    ProjectParcel,
    ProjectProgress,
    ProjectVersion,
)
from planning.projects.rules import Milestone
from planning.statements import statement
from planning.tenure.model import PartyVersion


@dataclass(frozen=True, slots=True)
class Capital:
    """Capital in one currency."""

    currency: str
    registered: Decimal
    implemented: Decimal | None


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """A project at a moment; percentages of completion, days behind its schedule (0 = not late)."""

    id: UUID
    code: str
    zone_id: UUID
    name_vi: str
    name_en: str | None
    kind: str
    status: str
    investor_id: UUID | None
    investor: str | None
    certificate_no: str | None
    since: date
    seen_on: date | None
    planned_pct: Decimal | None
    actual_pct: Decimal | None
    late_step: str | None
    late_days: int
    capital: tuple[Capital, ...]
    milestones: tuple[Milestone, ...]

    @property
    def late(self) -> bool:
        """True when a step of the schedule is behind."""
        return self.late_days > 0


def projects(session: Session, at: Moment, zone_id: UUID | None = None) -> list[ProjectRow]:
    """Return the projects known of at the moment (of a zone), by code."""
    facts, seen, investor = ProjectVersion, ProjectProgress, PartyVersion
    question = (
        select(
            Project.id,
            Project.code,
            Project.zone_id,
            facts.name_vi,
            facts.name_en,
            facts.kind,
            facts.status,
            facts.investor_id,
            investor.name_vi.label("investor"),
            facts.certificate_no,
            facts.valid_from.label("since"),
            seen.valid_from.label("seen_on"),
            seen.planned_pct,
            seen.actual_pct,
        )
        .join(facts, (facts.project_id == Project.id) & in_force(facts, at))
        .outerjoin(investor, (investor.party_id == facts.investor_id) & in_force(investor, at))
        .outerjoin(seen, (seen.project_id == Project.id) & in_force(seen, at))
        .order_by(Project.code)
    )
    if zone_id is not None:
        question = question.where(Project.zone_id == zone_id)
    rows = session.execute(question).all()
    ids = [row.id for row in rows]
    steps, money = _milestones(session, at, ids), _capital(session, at, ids)
    late = _late(session, at, rows)
    found = []
    for row in rows:
        step, days = late.get(row.id, (None, 0))
        found.append(
            ProjectRow(
                **row._mapping,
                late_step=step,
                late_days=days,
                capital=tuple(money[row.id]),
                milestones=tuple(steps[row.id]),
            )
        )
    return found


def _late(session: Session, at: Moment, rows: Sequence[Any]) -> dict[UUID, tuple[str, int]]:
    """The step each late project is furthest behind with, and by how many days, fairly counted."""
    asked = {**moment_parameters(at), "ids": [row.id for row in rows]}
    asked["statuses"] = [row.status for row in rows]
    found = session.execute(statement("late_steps"), asked)
    return {row.project_id: (row.step, row.days) for row in found}


def _milestones(
    session: Session, at: Moment, ids: Iterable[UUID]
) -> defaultdict[UUID, list[Milestone]]:
    found: defaultdict[UUID, list[Milestone]] = defaultdict(list)
    plan = ProjectMilestone
    rows = session.execute(
        select(plan.project_id, plan.step, plan.planned_on, plan.actual_on)
        .where(plan.project_id.in_(ids), in_force(plan, at))
        .order_by(plan.planned_on)
    )
    for row in rows:
        found[row.project_id].append(Milestone(row.step, row.planned_on, row.actual_on))
    return found


def _capital(session: Session, at: Moment, ids: Iterable[UUID]) -> defaultdict[UUID, list[Capital]]:
    found: defaultdict[UUID, list[Capital]] = defaultdict(list)
    money = ProjectCapital
    rows = session.execute(
        select(money.project_id, money.currency, money.registered, money.implemented)
        .where(money.project_id.in_(ids), in_force(money, at))
        .order_by(money.currency)
    )
    for row in rows:
        found[row.project_id].append(Capital(row.currency, row.registered, row.implemented))
    return found


def milestone_of(session: Session, at: Moment, project_id: UUID, step: str) -> Milestone | None:
    """Return one step of a schedule at the moment, None when it was never planned."""
    plan = ProjectMilestone
    row = session.execute(
        select(plan.step, plan.planned_on, plan.actual_on).where(
            plan.project_id == project_id, plan.step == step, in_force(plan, at)
        )
    ).one_or_none()
    return None if row is None else Milestone(*row)


def code_of(session: Session, name: str) -> str:
    """Return a project's code by its id; what is no id of a project is taken for a code."""
    try:
        known = UUID(name)
    except ValueError:
        return name
    return session.scalar(select(Project.code).where(Project.id == known)) or name


def find_project(session: Session, code: str) -> UUID:
    """Return a project's id by code. Raises NotFound."""
    found = session.scalar(select(Project.id).where(Project.code == code))
    if found is None:
        raise NotFound(kind="project", key=code)
    return found


def parcels_of_project(session: Session, at: Moment, project_id: UUID) -> list[UUID]:
    """Return the parcels a project stands on at the moment."""
    rows = session.scalars(
        select(ProjectParcel.parcel_id).where(
            ProjectParcel.project_id == project_id, in_force(ProjectParcel, at)
        )
    )
    return list(rows)


def projects_of_parcel(session: Session, at: Moment, parcel_id: UUID) -> list[UUID]:
    """Return the projects that stand on a parcel at the moment."""
    rows = session.scalars(
        select(ProjectParcel.project_id).where(
            ProjectParcel.parcel_id == parcel_id, in_force(ProjectParcel, at)
        )
    )
    return list(rows)

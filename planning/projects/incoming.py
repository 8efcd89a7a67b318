"""Lists of projects brought in as tables: milestones, capital, disbursement, workers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from planning.clocks import Moment, in_force
from planning.incoming import Line, Listed, ListKind, Paper, Places, RowRefused
from planning.projects.commands import set_capital, set_milestone
from planning.projects.facts_model import Currency
from planning.projects.listed import listed
from planning.projects.model import Project, ProjectMilestone
from planning.projects.permits import (
    CurrencyUnknown,
    count_workers,
    set_disbursement,
)


class RowProjectUnknown(RowRefused):
    """No such project, or one the account may not see. Context: ``project``, ``field``."""

    code = "list-row-project"


class RowValueMissing(RowRefused):
    """A row of disbursement with neither plan nor actual. Context: ``field``."""

    code = "list-row-value-missing"


@dataclass(frozen=True, slots=True)
class Around:
    """What rows are held against: projects seen by code, days reached, currencies there are."""

    projects: Mapping[str, UUID]
    reached: Mapping[tuple[UUID, str], date | None]
    currencies: frozenset[str]

    def project(self, line: Line) -> UUID:
        """The project a row names. Raises RowProjectUnknown."""
        code = line.text("code") or ""
        if code not in self.projects:
            raise RowProjectUnknown(project=code, field="code")
        return self.projects[code]

    def currency(self, line: Line) -> str:
        """The currency a row names. Raises CurrencyUnknown."""
        code = line.text("currency") or ""
        if code not in self.currencies:
            raise CurrencyUnknown(currency=code[:12], field="currency")
        return code


@dataclass(frozen=True, slots=True)
class MilestoneRow:
    """A step as a row plans it; ``actual_on`` keeps the day known before when the cell is empty."""

    project: UUID
    step: str
    planned_on: date
    actual_on: date | None


@dataclass(frozen=True, slots=True)
class CapitalRow:
    """Capital as a row says it."""

    project: UUID
    currency: str
    registered: Decimal
    implemented: Decimal | None


@dataclass(frozen=True, slots=True)
class SpentRow:
    """Disbursement of a period as a row says it."""

    project: UUID
    currency: str
    period_from: date
    period_to: date
    planned: Decimal | None
    actual: Decimal | None


@dataclass(frozen=True, slots=True)
class WorkersRow:
    """Workers as a row counts them; without a day they were counted on the day of the paper."""

    project: UUID
    counted_on: date | None
    total: int
    foreigners: int


def _survey(session: Session, at: Moment, places: Places) -> Around:
    rows = session.execute(
        select(Project.code, Project.id).where(Project.zone_id.in_(list(places.zones.values())))
    )
    projects = {row.code.upper(): row.id for row in rows}
    plan = ProjectMilestone
    reached = session.execute(
        select(plan.project_id, plan.step, plan.actual_on).where(
            plan.project_id.in_(list(projects.values())), in_force(plan, at)
        )
    )
    return Around(
        projects,
        {(row.project_id, row.step): row.actual_on for row in reached},
        frozenset(session.scalars(select(Currency.code))),
    )


def _milestone(around: Around, line: Line) -> MilestoneRow:
    project, step = around.project(line), line.text("step") or ""
    planned = line.day("planned_on")
    if planned is None:
        raise RowValueMissing(field="planned_on")
    known = around.reached.get((project, step))
    return MilestoneRow(project, step, planned, line.day("actual_on") or known)


def _capital(around: Around, line: Line) -> CapitalRow:
    return CapitalRow(
        around.project(line),
        around.currency(line),
        line.number_of("registered") or Decimal(0),
        line.number_of("implemented"),
    )


def _spent(around: Around, line: Line) -> SpentRow:
    planned, actual = line.number_of("planned"), line.number_of("actual")
    first, last = line.day("period_from"), line.day("period_to")
    if first is None or last is None or (planned is None and actual is None):
        raise RowValueMissing(field="planned" if first and last else "period_from")
    return SpentRow(around.project(line), around.currency(line), first, last, planned, actual)


def _workers(around: Around, line: Line) -> WorkersRow:
    return WorkersRow(
        around.project(line),
        line.day("counted_on"),
        int(line.number_of("total") or 0),
        int(line.number_of("foreigners") or 0),
    )


def _write_milestones(session: Session, paper: Paper, rows: Sequence[MilestoneRow]) -> None:
    for row in rows:
        set_milestone(
            session, paper.change, project_id=row.project, step=row.step,
            planned_on=row.planned_on, actual_on=row.actual_on, day=paper.day,
        )  # fmt: skip


def _write_capital(session: Session, paper: Paper, rows: Sequence[CapitalRow]) -> None:
    for row in rows:
        set_capital(
            session, paper.change, project_id=row.project, currency=row.currency,
            registered=row.registered, implemented=row.implemented, day=paper.day,
        )  # fmt: skip


def _write_spent(session: Session, paper: Paper, rows: Sequence[SpentRow]) -> None:
    for row in rows:
        set_disbursement(
            session, paper.change, project_id=row.project, currency=row.currency,
            period_from=row.period_from, period_to=row.period_to, planned=row.planned,
            actual=row.actual, day=paper.day,
        )  # fmt: skip


def _write_workers(session: Session, paper: Paper, rows: Sequence[WorkersRow]) -> None:
    for row in rows:
        count_workers(
            session, paper.change, project_id=row.project, day=row.counted_on or paper.day,
            total=row.total, foreigners=row.foreigners,
        )  # fmt: skip


def _listed(name: str) -> Listed:
    def rows(session: Session, at: Moment, places: Places) -> Sequence[Mapping[str, object]]:
        found = listed(session, at, name, list(places.zones.values()))
        return [dict(row) for row in found]

    return rows


MILESTONES: Final = ListKind(
    "project-milestones", _survey, _milestone, _write_milestones,
    key=lambda row: (row.project, row.step),
    listed=_listed("project-milestones"), named=("code", "step"),
)  # fmt: skip
CAPITAL: Final = ListKind(
    "project-capital", _survey, _capital, _write_capital,
    key=lambda row: (row.project, row.currency),
    listed=_listed("project-capital"), named=("code", "currency"),
)  # fmt: skip
DISBURSEMENT: Final = ListKind(
    "project-disbursement", _survey, _spent, _write_spent,
    key=lambda row: (row.project, row.currency, row.period_from),
    listed=_listed("project-disbursement"), named=("code", "currency", "period_from"),
)  # fmt: skip
WORKERS: Final = ListKind(
    "project-workers", _survey, _workers, _write_workers,
    key=lambda row: (row.project, row.counted_on),
    listed=_listed("project-workers"), dated="row", named=("code", "counted_on"),
)  # fmt: skip

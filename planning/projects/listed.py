"""Facts of many projects at a moment, as tables that come back in as they went out."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping, Select, select
from sqlalchemy.orm import Session

from planning.clocks import Moment, in_force
from planning.projects.facts_model import ProjectDisbursement, ProjectWorkers
from planning.projects.model import Project, ProjectCapital, ProjectMilestone


def _of(table: Any, at: Moment, *columns: Any) -> Select[Any]:
    return (
        select(Project.code, *columns)
        .join(table, table.project_id == Project.id)
        .where(in_force(table, at))
        .order_by(Project.code, *columns[:2])
    )


def _milestones(at: Moment) -> Select[Any]:
    plan = ProjectMilestone
    return _of(plan, at, plan.planned_on, plan.step, plan.actual_on)


def _capital(at: Moment) -> Select[Any]:
    money = ProjectCapital
    return _of(money, at, money.currency, money.registered, money.implemented)


def _disbursement(at: Moment) -> Select[Any]:
    money = ProjectDisbursement
    return _of(
        money, at, money.currency, money.period_from, money.period_to, money.planned, money.actual
    )


def _workers(at: Moment) -> Select[Any]:
    work = ProjectWorkers
    return _of(work, at, work.valid_from.label("counted_on"), work.total, work.foreigners)


_QUESTIONS: Final[Mapping[str, Callable[[Moment], Select[Any]]]] = {
    "project-milestones": _milestones,
    "project-capital": _capital,
    "project-disbursement": _disbursement,
    "project-workers": _workers,
}
NAMES: Final = tuple(_QUESTIONS)
"""Lists that leave by the name they come in by."""


def listed(
    session: Session, at: Moment, name: str, zone_ids: Sequence[UUID]
) -> Sequence[RowMapping]:
    """Return a list of the projects of some zones, its columns named as they are brought in."""
    asked = _QUESTIONS[name](at).where(Project.zone_id.in_(list(zone_ids)))
    return session.execute(asked).mappings().all()

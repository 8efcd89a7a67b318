"""Writing verbs of the projects context: create, change step, capital, land, schedule, progress."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from shapely.geometry.base import BaseGeometry
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from layers.copying import ewkb_hex
from planning import days
from planning.clocks import amend, end, record, set_from
from planning.errors import AlreadyExists
from planning.projects.model import (
    Project,
    ProjectCapital,
    ProjectMilestone,
    ProjectParcel,
    ProjectProgress,
    ProjectVersion,
)


@dataclass(frozen=True, slots=True)
class NewProject:
    """A project: kind fdi, ddi or public; `shape` (E, N) of plane `srid` if it is drawn."""

    code: str
    zone_id: UUID
    srid: int
    kind: str
    name_vi: str
    valid_from: date
    status: str = "certified"
    name_en: str | None = None
    investor_id: UUID | None = None
    certificate_no: str | None = None
    shape: BaseGeometry | None = None
    id: UUID = field(default_factory=uuid4)


def create_project(
    session: Session, change: int, project: NewProject | None = None, **facts: Any
) -> UUID:
    """Record a project, given whole or by its facts (see `NewProject`); return its id.

    Raises AlreadyExists.
    """
    return create_projects(session, change, [project or NewProject(**facts)])[0]


def create_projects(session: Session, change: int, projects: Sequence[NewProject]) -> list[UUID]:
    """Record many projects; return their ids in the order given. Raises AlreadyExists."""
    if not projects:
        return []
    codes = [project.code for project in projects]
    taken = session.scalar(select(Project.code).where(Project.code.in_(codes)).limit(1))
    if taken is not None:
        raise AlreadyExists(kind="project", key=taken)
    heads = [
        {"id": each.id, "code": each.code, "zone_id": each.zone_id, "opened_by": change}
        for each in projects
    ]
    session.execute(insert(Project), heads)
    rows = [
        {
            "project_id": each.id,
            "name_vi": each.name_vi,
            "name_en": each.name_en,
            "kind": each.kind,
            "investor_id": each.investor_id,
            "certificate_no": each.certificate_no,
            "status": each.status,
            "srid": each.srid,
            "geom": None if each.shape is None else ewkb_hex([each.shape], each.srid)[0],
            "valid_from": each.valid_from,
        }
        for each in projects
    ]
    record(session, ProjectVersion, change, rows)
    return [each.id for each in projects]


def set_status(session: Session, change: int, *, project_id: UUID, day: date, status: str) -> None:
    """Move a project to a step from a day on. Raises NotFound, LaterVersionsExist."""
    mine = ProjectVersion.project_id == project_id
    amend(session, ProjectVersion, change, mine, day, {"status": status})


def change_project(
    session: Session, change: int, *, project_id: UUID, day: date, values: Mapping[str, object]
) -> None:
    """Say from a day on what becomes of a project's facts: names, kind, step, investor.

    Raises NotFound, LaterVersionsExist.
    """
    amend(session, ProjectVersion, change, ProjectVersion.project_id == project_id, day, values)


def set_capital(
    session: Session,
    change: int,
    *,
    project_id: UUID,
    currency: str,
    registered: Decimal,
    day: date,
    implemented: Decimal | None = None,
) -> None:
    """Set registered and implemented capital in a currency from a day on.

    Currencies are never added up. The database refuses fractions of a đồng: nothing is rounded.
    Raises LaterVersionsExist.
    """
    values = {"registered": registered, "implemented": implemented}
    key = {"project_id": project_id, "currency": currency}
    set_from(session, ProjectCapital, change, key, day, values)


def attach_parcels(
    session: Session, change: int, *, project_id: UUID, parcels: Iterable[UUID], day: date
) -> None:
    """Record that a project stands on parcels from a day on."""
    row = {"project_id": project_id, "valid_from": day}
    rows = [{**row, "parcel_id": parcel} for parcel in dict.fromkeys(parcels)]
    record(session, ProjectParcel, change, rows)


def detach_parcels(
    session: Session, change: int, *, project_id: UUID, parcels: Iterable[UUID], day: date
) -> None:
    """Record that a project no longer stands on parcels. Raises NotFound, LaterVersionsExist."""
    mine = (ProjectParcel.project_id == project_id) & ProjectParcel.parcel_id.in_(set(parcels))
    end(session, ProjectParcel, change, mine, day)


def set_milestone(
    session: Session,
    change: int,
    *,
    project_id: UUID,
    step: str,
    planned_on: date,
    day: date,
    actual_on: date | None = None,
) -> None:
    """Set a step of the schedule (land, permit, construction, installation, operation) from a day.

    A step counts as reached on `actual_on`. Raises LaterVersionsExist.
    """
    key = {"project_id": project_id, "step": step}
    values = {"planned_on": planned_on, "actual_on": actual_on}
    set_from(session, ProjectMilestone, change, key, day, values)


def reach_milestone(
    session: Session, change: int, *, project_id: UUID, step: str, day: date
) -> None:
    """Record that a step was reached on a day. Raises EventAhead, NotFound, LaterVersionsExist."""
    days.happened("milestone", day)
    mine = (ProjectMilestone.project_id == project_id) & (ProjectMilestone.step == step)
    amend(session, ProjectMilestone, change, mine, day, {"actual_on": day})


def note_progress(
    session: Session,
    change: int,
    *,
    project_id: UUID,
    day: date,
    actual_pct: Decimal,
    planned_pct: Decimal | None = None,
    note: str | None = None,
) -> None:
    """Note progress seen on a day, in per cent; it holds until the next note.

    Raises EventAhead, LaterVersionsExist.
    """
    days.happened("progress", day)
    values = {"actual_pct": actual_pct, "planned_pct": planned_pct, "note": note}
    set_from(session, ProjectProgress, change, {"project_id": project_id}, day, values)

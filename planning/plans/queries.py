"""Questions to the plans context: plans and versions by key, plans in force at a moment."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from planning.clocks import Moment, in_force
from planning.errors import NotFound
from planning.plans.model import Plan, PlanStatus, PlanVersion
from planning.records.model import Document
from planning.zones.model import Zone


def find_plan(session: Session, code: str) -> UUID:
    """Return a plan's id by code. Raises NotFound."""
    found = session.scalar(select(Plan.id).where(Plan.code == code))
    if found is None:
        raise NotFound(kind="plan", key=code)
    return found


def find_version(session: Session, plan_id: UUID, number: int | None = None) -> UUID:
    """Return a plan version's id by number, the newest when none is given. Raises NotFound."""
    newest = (
        select(func.max(PlanVersion.number)).where(PlanVersion.plan_id == plan_id).scalar_subquery()
    )
    found = session.scalar(
        select(PlanVersion.id).where(
            PlanVersion.plan_id == plan_id,
            PlanVersion.number == (newest if number is None else number),
        )
    )
    if found is None:
        raise NotFound(kind="plan_version", key=str(number or 1))
    return found


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A plan version at a moment: status, period, the decision that approved it."""

    plan_id: UUID
    plan_version_id: UUID
    code: str
    number: int
    level: str
    scale_denominator: int
    name_vi: str
    name_en: str | None
    status: str
    valid_from: date
    valid_to: date | None
    decision_number: str | None
    decision_issued_on: date | None
    area_m2: float


def plan_versions(session: Session, at: Moment, zone_id: UUID) -> list[PlanRow]:
    """Return the versions of a zone's plans with what they are at the moment, by level, code and
    number.
    """
    rows = session.execute(
        select(
            Plan.id,
            PlanVersion.id,
            Plan.code,
            PlanVersion.number,
            Plan.level,
            Plan.scale_denominator,
            Plan.name_vi,
            Plan.name_en,
            PlanStatus.status,
            PlanStatus.valid_from,
            PlanStatus.valid_to,
            Document.number,
            Document.issued_on,
            PlanStatus.area_m2,
        )
        .join(PlanVersion, PlanVersion.plan_id == Plan.id)
        .join(PlanStatus, (PlanStatus.plan_version_id == PlanVersion.id) & in_force(PlanStatus, at))
        .outerjoin(Document, Document.id == PlanStatus.decision_id)
        .where(Plan.zone_id == zone_id)
        .order_by(Plan.level, Plan.code, PlanVersion.number)
    )
    return [PlanRow(*tuple(row)) for row in rows]


@dataclass(frozen=True, slots=True)
class PlanHead:
    """A plan with the numbers of its versions, whatever they are at any moment."""

    id: UUID
    code: str
    zone_code: str
    level: str
    name_vi: str
    versions: tuple[int, ...]


def plan_heads(session: Session, zone_ids: Collection[UUID]) -> list[PlanHead]:
    """Return the plans of some zones by code, those without a version too."""
    numbers = func.array_agg(
        aggregate_order_by(PlanVersion.number, PlanVersion.number.asc())
    ).filter(PlanVersion.number.is_not(None))
    rows = session.execute(
        select(Plan.id, Plan.code, Zone.code, Plan.level, Plan.name_vi, numbers)
        .join(Zone, Zone.id == Plan.zone_id)
        .outerjoin(PlanVersion, PlanVersion.plan_id == Plan.id)
        .where(Plan.zone_id.in_(zone_ids))
        .group_by(Plan.id, Zone.code)
        .order_by(Plan.code)
    )
    return [
        PlanHead(plan_id, code, zone, level, name, tuple(versions or ()))
        for plan_id, code, zone, level, name, versions in rows
    ]


def zone_of_plan(session: Session, plan_id: UUID) -> str:
    """Return the code of the zone a plan belongs to."""
    return session.scalars(
        select(Zone.code).join(Plan, Plan.zone_id == Zone.id).where(Plan.id == plan_id)
    ).one()

"""Reading the two sides of a comparison: a plan version with its lots, boundary and decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import shapely
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planning.clocks import Moment, known, moment_parameters
from planning.errors import NotFound, PlanningError
from planning.plans.difference import Cover, Lot
from planning.plans.model import Plan, PlanLot, PlanVersion
from planning.statements import statement
from planning.vocabulary import IN_FORCE_STATUSES


class PlanesDiffer(PlanningError):
    """Versions of different VN-2000 planes share no ground. Context: ``first``, ``second``."""

    code = "difference-planes-differ"


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """A plan version as it stands on a day; `decision_*` are those of its approval.

    `status` None: nothing was recorded of it up to that day. `drafted_by` made the version.
    """

    plan_version_id: UUID
    plan_id: UUID
    code: str
    number: int
    parent_id: UUID | None
    zone_id: UUID
    zone: str
    zone_kind: str
    srid: int
    level: str
    scale_denominator: int
    name_vi: str
    name_en: str | None
    status: str | None
    in_force: bool
    in_force_from: date | None
    in_force_to: date | None
    appraised_on: date | None
    decision_number: str | None
    decision_issued_on: date | None
    decision_issuer: str | None
    drafted_by: str

    @property
    def key(self) -> str:
        """How the version is named in addresses: plan code, slash, number."""
        return f"{self.code}/{self.number}"

    @property
    def approved(self) -> bool:
        """Whether it ever was in force, as far as is known."""
        return self.in_force_from is not None


@dataclass(frozen=True, slots=True)
class Side:
    """A version with its ground."""

    facts: VersionFacts
    cover: Cover


def version_by_key(session: Session, key: str) -> UUID:
    """Return a version's id by `PLAN/NUMBER` or by its identifier. Raises NotFound."""
    try:
        wanted = PlanVersion.id == UUID(key)
    except ValueError:
        code, _, number = key.rpartition("/")
        if not (number.isascii() and number.isdigit() and len(number) < 9):
            raise NotFound(kind="plan_version", key=key[:60]) from None
        wanted = (Plan.code == code) & (PlanVersion.number == int(number))
    found = session.scalar(
        select(PlanVersion.id).join(Plan, Plan.id == PlanVersion.plan_id).where(wanted)
    )
    if found is None:
        raise NotFound(kind="plan_version", key=key[:60])
    return found


def version_facts(
    session: Session, at: Moment, version_ids: Sequence[UUID] | None = None
) -> list[VersionFacts]:
    """Return versions (all when none are named) by level, plan and number, newest first."""
    values = {
        **moment_parameters(at),
        "versions": None if version_ids is None else list(version_ids),
        "in_force": list(IN_FORCE_STATUSES),
    }
    rows = session.execute(statement("difference/versions"), values)
    return [VersionFacts(**row._mapping) for row in rows]


def side(session: Session, at: Moment, version_id: UUID) -> Side:
    """Read a version with its lots and boundary as known at the moment. Raises NotFound."""
    facts = version_facts(session, at, [version_id])
    if not facts:
        raise NotFound(kind="plan_version", key=str(version_id))
    boundary = session.scalar(
        statement("difference/boundary"),
        {**moment_parameters(at), "version": version_id, "in_force": list(IN_FORCE_STATUSES)},
    )
    ground = shapely.from_wkb(bytes(boundary)) if boundary is not None else None
    return Side(facts[0], Cover(tuple(lots_of(session, at, version_id)), ground))


def lots_of(session: Session, at: Moment, version_id: UUID) -> list[Lot]:
    """Read the lots of a version as known at the moment, in the order they were recorded."""
    rows = session.execute(
        select(
            PlanLot.version_id,
            PlanLot.lot_id,
            PlanLot.symbol,
            PlanLot.category,
            PlanLot.leasable,
            PlanLot.legal_area_m2,
            PlanLot.density_pct,
            PlanLot.storeys_max,
            PlanLot.floor_area_ratio,
            PlanLot.area_m2,
            func.ST_AsBinary(PlanLot.geom).label("shape"),
        )
        .where(PlanLot.plan_version_id == version_id, known(PlanLot, at))
        .order_by(PlanLot.version_id)
    ).all()
    shapes = shapely.from_wkb([bytes(row.shape) for row in rows])
    return [
        Lot(**{**row._mapping, "shape": shape}) for row, shape in zip(rows, shapes, strict=True)
    ]


def both_sides(session: Session, at: Moment, before: UUID, after: UUID) -> tuple[Side, Side]:
    """Read two versions of one plane. Raises NotFound, PlanesDiffer."""
    first, second = side(session, at, before), side(session, at, after)
    if first.facts.srid != second.facts.srid:
        raise PlanesDiffer(first=first.facts.srid, second=second.facts.srid)
    return first, second

"""Projects as lists and pages show them: one question for all, the parts of one beside it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from planning.clocks import Moment, in_force, known, moment_parameters
from planning.errors import NotFound
from planning.parcels.model import ParcelVersion
from planning.projects.facts_model import (
    ProjectCertificate,
    ProjectDisbursement,
    ProjectWorkers,
)
from planning.projects.model import (
    ProjectCapital,
    ProjectMilestone,
    ProjectParcel,
    ProjectProgress,
)
from planning.projects.queries import Capital, find_project
from planning.projects.rules import Milestone
from planning.records.model import Document
from planning.statements import statement


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """A project at a moment: land in m², progress in per cent, days behind (0 = not late).

    ``since`` is the day of its present step, ``first_on`` the first day it is known for;
    ``lateness`` is a class of the map: on_time, behind, late, overdue, done, over.
    """

    id: UUID
    code: str
    zone_id: UUID
    zone: str
    version_id: int
    name_vi: str
    name_en: str | None
    kind: str
    status: str
    certificate_no: str | None
    since: date
    first_on: date
    srid: int
    investor: str | None
    area_m2: float
    parcels: int
    planned_pct: Decimal | None
    actual_pct: Decimal | None
    seen_on: date | None
    workers: int | None
    foreigners: int | None
    counted_on: date | None
    starts_on: date | None
    ends_on: date | None
    next_step: str | None
    next_on: date | None
    late_step: str | None
    late_days: int
    lateness: str


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """A certificate (amendment 0) or amendment with its paper."""

    certificate: str
    amendment: int
    changes: tuple[str, ...]
    summary: str | None
    since: date
    until: date | None
    document_id: UUID
    number: str
    issued_on: date
    issuer: str
    has_file: bool


@dataclass(frozen=True, slots=True)
class Spent:
    """Money planned and spent in a period (both days in it), in one currency."""

    currency: str
    period_from: date
    period_to: date
    planned: Decimal | None
    actual: Decimal | None


@dataclass(frozen=True, slots=True)
class Observed:
    """Progress as seen on a day, per cent."""

    day: date
    planned_pct: Decimal | None
    actual_pct: Decimal
    note: str | None


@dataclass(frozen=True, slots=True)
class Counted:
    """Workers as counted on a day."""

    day: date
    total: int
    foreigners: int


@dataclass(frozen=True, slots=True)
class ParcelHere:
    """A parcel a project stands on: sheet and number, m², since when."""

    id: UUID
    zone_id: UUID
    sheet_no: str | None
    parcel_no: str | None
    area_m2: float
    since: date

    @property
    def name(self) -> str:
        """Sheet and number as people say them."""
        return f"{self.sheet_no or '?'}/{self.parcel_no or '?'}"


def lines(
    session: Session,
    at: Moment,
    zone_ids: Sequence[UUID] | None = None,
    project_id: UUID | None = None,
) -> list[ProjectLine]:
    """Return the projects known of at the moment (of some zones, or one), by code."""
    asked = {
        **moment_parameters(at),
        "zone_ids": None if zone_ids is None else list(zone_ids),
        "project_id": project_id,
    }
    rows = session.execute(statement("projects/lines"), asked)
    return [ProjectLine(*row) for row in rows]


def line(session: Session, at: Moment, code: str) -> ProjectLine:
    """Return one project by code. Raises NotFound: unknown, or not known of at the moment."""
    found = lines(session, at, project_id=find_project(session, code))
    if not found:
        raise NotFound(kind="project", key=code)
    return found[0]


def capital(
    session: Session, at: Moment, ids: Iterable[UUID] | None = None
) -> defaultdict[UUID, list[Capital]]:
    """Return capital by project, a row a currency; ``ids`` None is every project."""
    money = ProjectCapital
    asked = select(money.project_id, money.currency, money.registered, money.implemented).where(
        in_force(money, at)
    )
    if ids is not None:
        asked = asked.where(money.project_id.in_(list(ids)))
    found: defaultdict[UUID, list[Capital]] = defaultdict(list)
    for row in session.execute(asked.order_by(money.currency)):
        found[row.project_id].append(Capital(row.currency, row.registered, row.implemented))
    return found


def milestones(session: Session, at: Moment, project_id: UUID) -> list[Milestone]:
    """Return the schedule in the order of its planned days."""
    plan = ProjectMilestone
    rows = session.execute(
        select(plan.step, plan.planned_on, plan.actual_on)
        .where(plan.project_id == project_id, in_force(plan, at))
        .order_by(plan.planned_on)
    )
    return [Milestone(*row) for row in rows]


def certificates(session: Session, at: Moment, project_id: UUID) -> list[CertificateRow]:
    """Return certificates and amendments issued by the day, oldest first."""
    held, paper = ProjectCertificate, Document
    rows = session.execute(
        select(
            held.certificate,
            held.amendment,
            held.changes,
            held.summary,
            held.valid_from,
            held.valid_to,
            paper.id,
            paper.number,
            paper.issued_on,
            paper.issuer,
            paper.file_sha256.is_not(None),
        )
        .join(paper, paper.id == held.document_id)
        .where(held.project_id == project_id, known(held, at), held.valid_from <= at.as_of)
        .order_by(paper.issued_on, held.certificate.desc(), held.amendment)
    )
    return [CertificateRow(row[0], row[1], tuple(row[2]), *row[3:]) for row in rows]


def disbursement(session: Session, at: Moment, project_id: UUID) -> list[Spent]:
    """Return what is planned and was spent, period by period, as the day knew it."""
    money = ProjectDisbursement
    rows = session.execute(
        select(money.currency, money.period_from, money.period_to, money.planned, money.actual)
        .where(money.project_id == project_id, in_force(money, at))
        .order_by(money.currency, money.period_from)
    )
    return [Spent(*row) for row in rows]


def progress(session: Session, at: Moment, project_id: UUID) -> list[Observed]:
    """Return every observation up to the day, oldest first."""
    seen = ProjectProgress
    rows = session.execute(
        select(seen.valid_from, seen.planned_pct, seen.actual_pct, seen.note)
        .where(seen.project_id == project_id, known(seen, at), seen.valid_from <= at.as_of)
        .where(seen.valid_to.is_(None) | (seen.valid_to > seen.valid_from))
        .order_by(seen.valid_from)
    )
    return [Observed(*row) for row in rows]


def workers(session: Session, at: Moment, project_id: UUID) -> list[Counted]:
    """Return every count up to the day, oldest first."""
    work = ProjectWorkers
    rows = session.execute(
        select(work.valid_from, work.total, work.foreigners)
        .where(work.project_id == project_id, known(work, at), work.valid_from <= at.as_of)
        .where(work.valid_to.is_(None) | (work.valid_to > work.valid_from))
        .order_by(work.valid_from)
    )
    return [Counted(*row) for row in rows]


def parcels_here(session: Session, at: Moment, project_id: UUID) -> list[ParcelHere]:
    """Return the parcels a project stands on, by sheet and number."""
    held, parcel = ProjectParcel, ParcelVersion
    rows = session.execute(
        select(
            parcel.parcel_id,
            parcel.zone_id,
            parcel.sheet_no,
            parcel.parcel_no,
            parcel.area_m2,
            held.valid_from,
        )
        .join(parcel, (parcel.parcel_id == held.parcel_id) & in_force(parcel, at))
        .where(held.project_id == project_id, in_force(held, at))
        .order_by(parcel.sheet_no, parcel.parcel_no)
    )
    return [ParcelHere(*row) for row in rows]

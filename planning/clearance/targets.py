"""Cleared in a period against the year's target, and against the same period a year ago.

Stock is what is cleared at the end of a day; flow is the rise between two days. They never mix.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from planning.clearance.model import ClearanceTarget, ReportingScheme
from planning.clearance.periods import Period, same_a_year_ago
from planning.clocks import Moment, in_force, moment_parameters, valid_on
from planning.errors import NotFound
from planning.records.model import Document
from planning.statements import statement
from planning.zones.model import Board, Zone


@dataclass(frozen=True, slots=True)
class Target:
    """A year's target of a zone, or of a board as a whole (`zone_id` None), in m²."""

    board_id: UUID
    zone_id: UUID | None
    year: int
    area_m2: Decimal
    document: str


@dataclass(frozen=True, slots=True)
class Scheme:
    """How reporting periods close; `last_day` None: with the calendar month."""

    code: str
    last_day: int | None
    name_vi: str
    name_en: str
    source: str


@dataclass(frozen=True, slots=True)
class Achievement:
    """Cleared in a period (flow, m²) with its stock before and after, target and year before.

    `target_m2` is the whole year's, so the share of a part of the year is progress towards it.
    """

    period: Period
    stock_before_m2: Decimal
    stock_m2: Decimal
    target_m2: Decimal | None
    year_ago_m2: Decimal

    @property
    def cleared_m2(self) -> Decimal:
        """The flow: what was handed over in the period."""
        return self.stock_m2 - self.stock_before_m2

    @property
    def completion(self) -> Decimal | None:
        """Flow ÷ the year's target; None without a target."""
        return self.cleared_m2 / self.target_m2 if self.target_m2 else None

    @property
    def growth(self) -> Decimal | None:
        """Against the same period a year ago; None when nothing was cleared then."""
        return self.cleared_m2 / self.year_ago_m2 - 1 if self.year_ago_m2 else None


def schemes(session: Session, day: date | None = None) -> list[Scheme]:
    """Return the reporting schemes in their order; those that hold on a day, when one is given."""
    question = select(ReportingScheme).order_by(ReportingScheme.position)
    if day is not None:
        question = question.where(valid_on(ReportingScheme, day))
    rows = session.scalars(question)
    return [Scheme(row.code, row.last_day, row.name_vi, row.name_en, row.source) for row in rows]


def scheme(session: Session, code: str) -> Scheme:
    """Return one reporting scheme. Raises NotFound."""
    for each in schemes(session):
        if each.code == code:
            return each
    raise NotFound(kind="reporting_scheme", key=code)


def targets(session: Session, at: Moment, year: int) -> list[Target]:
    """Return the targets of a year in force at a moment."""
    table = ClearanceTarget
    rows: Any = session.execute(
        select(table.board_id, table.zone_id, table.year, table.area_m2, Document.number)
        .join(Document, Document.id == table.document_id)
        .where(table.year == year, in_force(table, at))
        .order_by(table.board_id, table.zone_id)
    )
    return [Target(*tuple(row)) for row in rows]


@dataclass(frozen=True, slots=True)
class TargetLine:
    """A year's target as decided: whose, how much (m²), by which decision, from which day."""

    whose: str
    year: int
    area_m2: Decimal
    document: str
    decided_on: date
    valid_from: date


def target_lines(
    session: Session, at: Moment, boards: Collection[str], zones: Collection[str]
) -> list[TargetLine]:
    """Return the targets of whole boards and of zones in force at a moment, the latest first."""
    table = ClearanceTarget
    rows: Any = session.execute(
        select(
            func.coalesce(Zone.code, Board.code).label("whose"), table.year, table.area_m2,
            Document.number, Document.issued_on, table.valid_from,
        )
        .join(Board, Board.id == table.board_id)
        .outerjoin(Zone, Zone.id == table.zone_id)
        .join(Document, Document.id == table.document_id)
        .where(
            in_force(table, at),
            or_(
                table.zone_id.is_(None) & Board.code.in_(list(boards)), Zone.code.in_(list(zones))
            ),
        )
        .order_by(table.year.desc(), "whose")
    )  # fmt: skip
    return [TargetLine(*tuple(row)) for row in rows]


def cleared_stock(
    session: Session, at: Moment, zones: Collection[UUID], days: Sequence[date]
) -> dict[date, dict[UUID, Decimal]]:
    """Return the land cleared by the end of each day, by innermost zone, as known at the moment."""
    asked = {
        "zones": list(zones),
        "days": sorted(set(days)),
        "known": moment_parameters(at)["known"],
    }
    found: dict[date, dict[UUID, Decimal]] = {day: {} for day in days}
    rows: Any = session.execute(statement("clearance/cleared"), asked)
    for row in rows:
        found[row.day][row.zone_id] = row.area_m2
    return found


def achievements(
    session: Session,
    at: Moment,
    groups: Mapping[str, Collection[UUID]],
    period: Period,
    targets_m2: Mapping[str, Decimal],
) -> dict[str, Achievement]:
    """Return what groups of zones (a zone with those inside it, a board) cleared in a period."""
    ago = same_a_year_ago(period)
    days = [period.before, period.last, ago.before, ago.last]
    every = {zone for zones in groups.values() for zone in zones}
    stock = cleared_stock(session, at, every, days)

    def of(zones: Collection[UUID], day: date) -> Decimal:
        return sum((stock[day].get(zone, Decimal(0)) for zone in zones), Decimal(0))

    return {
        name: Achievement(
            period,
            of(zones, period.before),
            of(zones, period.last),
            targets_m2.get(name),
            of(zones, ago.last) - of(zones, ago.before),
        )
        for name, zones in groups.items()
    }

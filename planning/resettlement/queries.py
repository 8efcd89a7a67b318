"""Questions to the resettlement context: areas with their plots ready at a moment."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from planning.clearance.model import ClearanceCase, ClearanceItem
from planning.clocks import Moment, in_force, known, moment_parameters
from planning.errors import NotFound
from planning.records.model import Change, Document
from planning.resettlement.model import (
    PlotAssignment,
    ResettlementArea,
    ResettlementAreaVersion,
    ResettlementPlot,
    ResettlementPlotVersion,
    ResettlementProgress,
)
from planning.statements import statement


@dataclass(frozen=True, slots=True)
class AreaRow:
    """A resettlement area at a moment; a plot that is assigned was ready before, so it counts."""

    id: UUID
    code: str
    board_id: UUID
    zone_id: UUID | None
    name_vi: str
    name_en: str | None
    status: str
    ready_on: date | None
    plots_planned: int | None
    area_m2: float
    plots: int
    plots_ready: int
    plots_assigned: int
    progress_pct: Decimal | None
    progress_on: date | None


def areas(
    session: Session, at: Moment, board_id: UUID | None = None, zone_id: UUID | None = None
) -> list[AreaRow]:
    """Return the resettlement areas in being at the moment, by code."""
    plot, state = ResettlementPlot, ResettlementPlotVersion
    promised = (
        select(PlotAssignment.version_id)
        .where(PlotAssignment.resettlement_plot_id == plot.id, in_force(PlotAssignment, at))
        .exists()
    )
    counted = (
        select(
            plot.resettlement_area_id,
            func.count().label("plots"),
            func.count().filter(state.status.in_(("ready", "assigned"))).label("ready"),
            func.count().filter(or_(state.status == "assigned", promised)).label("assigned"),
        )
        .join(state, (state.resettlement_plot_id == plot.id) & in_force(state, at))
        .group_by(plot.resettlement_area_id)
        .subquery()
    )
    facts = ResettlementAreaVersion
    question = (
        select(
            ResettlementArea.id,
            ResettlementArea.code,
            ResettlementArea.board_id,
            ResettlementArea.zone_id,
            facts.name_vi,
            facts.name_en,
            facts.status,
            facts.ready_on,
            facts.plots_planned,
            facts.area_m2,
            func.coalesce(counted.c.plots, 0),
            func.coalesce(counted.c.ready, 0),
            func.coalesce(counted.c.assigned, 0),
            ResettlementProgress.percent,
            ResettlementProgress.valid_from,
        )
        .join(facts, (facts.resettlement_area_id == ResettlementArea.id) & in_force(facts, at))
        .outerjoin(counted, counted.c.resettlement_area_id == ResettlementArea.id)
        .outerjoin(
            ResettlementProgress,
            (ResettlementProgress.resettlement_area_id == ResettlementArea.id)
            & in_force(ResettlementProgress, at),
        )
        .order_by(ResettlementArea.code)
    )
    if board_id is not None:
        question = question.where(ResettlementArea.board_id == board_id)
    if zone_id is not None:
        question = question.where(ResettlementArea.zone_id == zone_id)
    return [AreaRow(*tuple(row)) for row in session.execute(question)]


def find_area(session: Session, code: str) -> UUID:
    """Return a resettlement area's id by code. Raises NotFound."""
    found = session.scalar(select(ResettlementArea.id).where(ResettlementArea.code == code))
    if found is None:
        raise NotFound(kind="resettlement_area", key=code)
    return found


@dataclass(frozen=True, slots=True)
class PlotRow:
    """A plot at a moment: when ready, promised to which item, and when that item's land goes.

    `too_late`: the land goes before the plot is ready.
    """

    id: UUID
    number: str
    status: str
    legal_area_m2: Decimal | None
    ready_on: date | None
    case_code: str | None
    item_number: str | None
    assigned_on: date | None
    needed_on: date | None
    handed_over: bool
    measured_m2: float | None
    too_late: bool | None


def plots(session: Session, at: Moment, area_id: UUID) -> list[PlotRow]:
    """Return the plots of an area at a moment, by number."""
    asked = {"area": area_id, **moment_parameters(at)}
    rows: Any = session.execute(statement("resettlement/plots"), asked)
    return [PlotRow(*tuple(row)) for row in rows]


@dataclass(frozen=True, slots=True)
class Reported:
    """The infrastructure of an area as reported for a day, in percent."""

    day: date
    percent: Decimal
    note: str | None
    document: str


def progress(session: Session, at: Moment, area_id: UUID) -> list[Reported]:
    """Return what was reported of an area's infrastructure up to the moment, oldest first."""
    told = ResettlementProgress
    rows: Any = session.execute(
        select(told.valid_from, told.percent, told.note, Document.number)
        .join(Document, Document.id == told.document_id)
        .where(
            told.resettlement_area_id == area_id,
            told.valid_from <= at.as_of,
            told.valid_to.is_(None) | (told.valid_to > told.valid_from),
            known(told, at),
        )
        .order_by(told.valid_from)
    )
    return [Reported(*tuple(row)) for row in rows]


@dataclass(frozen=True, slots=True)
class Assigned:
    """A promise of a plot as the register learnt it, newest first: by whom and when it was written.

    `change` is what an undo takes back; `until` is the day it was taken back by an act.
    """

    change: int
    plot: str
    case_code: str
    item_number: str
    day: date
    until: date | None
    document: str
    actor: str
    written_at: datetime


def assignments(session: Session, at: Moment, area_id: UUID, most: int) -> list[Assigned]:
    """Return the promises of an area's plots that stand at the moment, last written first."""
    home = PlotAssignment
    rows: Any = session.execute(
        select(
            home.opened_by, ResettlementPlot.number, ClearanceCase.code, ClearanceItem.number,
            home.valid_from, home.valid_to, Document.number, Change.actor, Change.committed_at,
        )
        .join(ResettlementPlot, ResettlementPlot.id == home.resettlement_plot_id)
        .join(ClearanceItem, ClearanceItem.id == home.item_id)
        .join(ClearanceCase, ClearanceCase.id == ClearanceItem.case_id)
        .join(Document, Document.id == home.document_id)
        .join(Change, Change.number == home.opened_by)
        .where(
            ResettlementPlot.resettlement_area_id == area_id,
            home.valid_from <= at.as_of,
            known(home, at),
        )
        .order_by(home.opened_by.desc(), home.version_id.desc())
        .limit(most)
    )  # fmt: skip
    return [Assigned(*tuple(row)) for row in rows]

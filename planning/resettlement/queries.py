"""Questions to the resettlement context: areas with their plots ready at a moment."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from planning.clocks import Moment, in_force, moment_parameters
from planning.errors import NotFound
from planning.resettlement.model import (
    PlotAssignment,
    ResettlementArea,
    ResettlementAreaVersion,
    ResettlementPlot,
    ResettlementPlotVersion,
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
        )
        .join(facts, (facts.resettlement_area_id == ResettlementArea.id) & in_force(facts, at))
        .outerjoin(counted, counted.c.resettlement_area_id == ResettlementArea.id)
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

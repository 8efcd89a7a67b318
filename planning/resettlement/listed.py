"""Resettlement as the register holds it, in the rows of its lists: what leaves comes back in."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from planning.clearance.model import ClearanceCase, ClearanceItem
from planning.clocks import Moment, in_force, known
from planning.incoming import Places
from planning.records.model import Document
from planning.resettlement.model import (
    PlotAssignment,
    ResettlementArea,
    ResettlementAreaVersion,
    ResettlementPlot,
    ResettlementPlotVersion,
    ResettlementProgress,
)

Rows = Sequence[Mapping[str, object]]


def areas_seen(session: Session, places: Places) -> Mapping[str, UUID]:
    """Areas of the boards in sight, or for a zone in sight, by code."""
    boards, zones = list(places.boards.values()), list(places.zones.values())
    area = ResettlementArea
    rows = session.execute(
        select(area.code, area.id).where(area.board_id.in_(boards) | area.zone_id.in_(zones))
    )
    return {row.code: row.id for row in rows}


def _rows(session: Session, question: Any) -> Rows:
    return [dict(row) for row in session.execute(question).mappings()]


def readiness(session: Session, at: Moment, places: Places) -> Rows:
    """How far areas are, and when they are, or will be, ready."""
    area, said = ResettlementArea, ResettlementAreaVersion
    return _rows(
        session,
        select(area.code.label("area_code"), said.status, said.ready_on, said.plots_planned)
        .join(said, (said.resettlement_area_id == area.id) & in_force(said, at))
        .where(area.id.in_(list(areas_seen(session, places).values())))
        .order_by(area.code),
    )


def progress(session: Session, at: Moment, places: Places) -> Rows:
    """What was reported of the infrastructure of areas up to the day."""
    area, said = ResettlementArea, ResettlementProgress
    return _rows(
        session,
        select(
            area.code.label("area_code"), said.valid_from.label("day"), said.percent, said.note,
            Document.number.label("document_no"), Document.issued_on.label("document_date"),
            Document.issuer,
        )
        .join(said, said.resettlement_area_id == area.id)
        .join(Document, Document.id == said.document_id)
        .where(
            area.id.in_(list(areas_seen(session, places).values())), known(said, at),
            said.valid_from <= at.as_of,
            said.valid_to.is_(None) | (said.valid_to > said.valid_from),
        )
        .order_by(area.code, said.valid_from),
    )  # fmt: skip


def plots(session: Session, at: Moment, places: Places) -> Rows:
    """Plots with the day each is ready; promised or not is said by the list of promises."""
    area, plot, said = ResettlementArea, ResettlementPlot, ResettlementPlotVersion
    return _rows(
        session,
        select(
            area.code.label("area_code"), plot.number, said.legal_area_m2, said.ready_on,
            case((said.status == "planned", "planned"), else_="ready").label("status"),
        )
        .join(plot, plot.resettlement_area_id == area.id)
        .join(said, (said.resettlement_plot_id == plot.id) & in_force(said, at))
        .where(area.id.in_(list(areas_seen(session, places).values())))
        .order_by(area.code, plot.number),
    )  # fmt: skip


def promises(session: Session, at: Moment, places: Places) -> Rows:
    """Plots promised to items."""
    area, plot, home = ResettlementArea, ResettlementPlot, PlotAssignment
    return _rows(
        session,
        select(
            area.code.label("area_code"), plot.number.label("plot"),
            ClearanceCase.code.label("case_code"), ClearanceItem.number,
            home.valid_from.label("day"),
        )
        .join(plot, plot.resettlement_area_id == area.id)
        .join(home, (home.resettlement_plot_id == plot.id) & in_force(home, at))
        .join(ClearanceItem, ClearanceItem.id == home.item_id)
        .join(ClearanceCase, ClearanceCase.id == ClearanceItem.case_id)
        .where(area.id.in_(list(areas_seen(session, places).values())))
        .order_by(area.code, plot.number),
    )  # fmt: skip

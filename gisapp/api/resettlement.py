"""Resettlement for programs: areas, plots, infrastructure, supply against demand."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from gisapp.api.clearance_models import AreaList, AreaOut, CurveOut, PlotList, ProgressList
from gisapp.api.models import DayQuery, api_blueprint
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from gisapp.seen_clearance import seen_area, seen_areas
from planning.clocks import moment
from planning.resettlement.curves import curves
from planning.resettlement.queries import plots, progress
from planning.zones.queries import boards, zones

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session

    from planning.clocks import Moment
    from planning.resettlement.curves import Curve
    from planning.resettlement.queries import AreaRow, PlotRow

api = api_blueprint("resettlement", __name__, "Tái định cư · resettlement")


@api.get("/resettlement/areas")
@api.input(DayQuery, location="query", arg_name="query")
@api.output(AreaList)
@api.doc(summary="Khu tái định cư · resettlement areas and their first day of shortage")
@requires(Permission.READ)
def areas(query: DayQuery) -> dict[str, Any]:
    """Every area of a board or for a zone the caller may see."""
    day = query.shown()
    with database().reading() as db:
        at = moment(db, day.as_of, day.known_at)
        found = seen_areas(db, at)
        told = curves(db, at, [each.id for each in found])
        names = _codes(db, at)
    return {"as_of": at.as_of, "areas": [_area(each, told[each.id], names) for each in found]}


@api.get("/resettlement/areas/<code>")
@api.input(DayQuery, location="query", arg_name="query")
@api.output(AreaOut)
@api.doc(summary="Một khu tái định cư · one resettlement area")
@requires(Permission.READ)
def area(code: str, query: DayQuery) -> dict[str, Any]:
    """One area with its plots counted."""
    day = query.shown()
    with database().reading() as db:
        at = moment(db, day.as_of, day.known_at)
        found = seen_area(db, at, code)
        told = curves(db, at, [found.id])
        names = _codes(db, at)
    return _area(found, told[found.id], names)


@api.get("/resettlement/areas/<code>/plots")
@api.input(DayQuery, location="query", arg_name="query")
@api.output(PlotList)
@api.doc(summary="Các lô của khu · plots, to whose item they are promised, and alarms")
@requires(Permission.READ)
def area_plots(code: str, query: DayQuery) -> dict[str, Any]:
    """Plots by number; no household is named, only the item."""
    day = query.shown()
    with database().reading() as db:
        at = moment(db, day.as_of, day.known_at)
        rows = plots(db, at, seen_area(db, at, code).id)
    return {"area": code, "as_of": at.as_of, "plots": [_plot(row) for row in rows]}


@api.get("/resettlement/areas/<code>/curve")
@api.input(DayQuery, location="query", arg_name="query")
@api.output(CurveOut)
@api.doc(summary="Cung và cầu theo ngày · plots ready and needed, day by day")
@requires(Permission.READ)
def curve(code: str, query: DayQuery) -> dict[str, Any]:
    """Days on which supply or demand changes, and the first on which plots are missing."""
    day = query.shown()
    with database().reading() as db:
        at = moment(db, day.as_of, day.known_at)
        found = seen_area(db, at, code)
        told = curves(db, at, [found.id])[found.id]
    return {
        "area": code, "as_of": at.as_of,
        "points": [{**asdict(point), "short": point.short} for point in told.points],
        "first_shortage": told.first_shortage.day if told.first_shortage else None,
        "enough_again": told.enough_again, "undated_ready": told.undated_ready,
        "undated_needed": told.undated_needed,
    }  # fmt: skip


@api.get("/resettlement/areas/<code>/progress")
@api.input(DayQuery, location="query", arg_name="query")
@api.output(ProgressList)
@api.doc(summary="Tiến độ hạ tầng · infrastructure as reported, by day")
@requires(Permission.READ)
def infrastructure(code: str, query: DayQuery) -> dict[str, Any]:
    """What was reported of the area's infrastructure up to the day."""
    day = query.shown()
    with database().reading() as db:
        at = moment(db, day.as_of, day.known_at)
        rows = progress(db, at, seen_area(db, at, code).id)
    return {"area": code, "as_of": at.as_of, "progress": [asdict(row) for row in rows]}


def _codes(db: Session, at: Moment) -> dict[UUID, str]:
    codes = {board.id: board.code for board in boards(db, at)}
    return codes | {zone.id: zone.code for zone in zones(db, at)}


def _area(area: AreaRow, told: Curve, names: dict[UUID, str]) -> dict[str, Any]:
    short, worst = told.first_shortage, told.worst
    return {
        **asdict(area),
        "board": names[area.board_id],
        "zone": names.get(area.zone_id) if area.zone_id else None,
        "first_shortage": short.day if short else None,
        "most_short": worst.short if worst else 0,
    }


def _plot(plot: PlotRow) -> dict[str, Any]:
    facts = asdict(plot)
    return {**facts, "case": plot.case_code, "item": plot.item_number}

"""Tái định cư: areas with homes ready against homes needed, and the plots of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template

from gisapp.pages.clearance import as_file
from gisapp.present.day import shown_day
from gisapp.present.frame import facts
from gisapp.present.resettlement import (
    STATUSES,
    Supplied,
    area_columns,
    drawing,
    plot_columns,
)
from gisapp.present.tables import Filter, whole_asked
from gisapp.present.tables import listing as listed
from gisapp.present.words import folded
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from gisapp.security.scope import reader_scope
from gisapp.texts import gettext as _
from planning.clocks import moment
from planning.errors import NotFound
from planning.resettlement.curves import curves
from planning.resettlement.queries import AreaRow, areas, plots
from planning.zones.queries import boards, zones

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planning.clocks import Moment

pages = Blueprint("resettlement", __name__)


@pages.get("")
@requires(Permission.READ)
def listing() -> str | Response:
    """All resettlement areas the reader may see, and where homes will be missing."""
    day = shown_day()
    wanted = Filter("q", _("Tìm mã hoặc tên"))
    with database().reading() as db:
        at = moment(db, day.as_of, day.known_at)
        seen = _seen_areas(db, at)
        told = curves(db, at, [area.id for area in seen])
    rows = [Supplied(area, told[area.id], day.as_of) for area in seen]
    rows = [one for one in rows if folded(wanted.current) in folded(f"{one.area.code} {one.name}")]
    shown = listed(
        rows, area_columns(), default_sort="code", filters=[wanted], workbook=True,
        totals_label=_("Cộng"), empty=_("Chưa có khu tái định cư nào vào ngày này."),
    )  # fmt: skip
    if whole_asked():
        return as_file(shown, "tai-dinh-cu", "resettlement-areas")
    drawn = [(one, drawing(one.curve, day.as_of)) for one in shown.rows]
    return render_template("pages/resettlement/listing.html", listing=shown, drawn=drawn)


@pages.get("/<code>")
@requires(Permission.READ)
def show(code: str) -> str | Response:
    """One area: its curve, its plots, and for which items."""
    day = shown_day()
    with database().reading() as db:
        at = moment(db, day.as_of, day.known_at)
        area = next((each for each in _seen_areas(db, at) if each.code == code), None)
        if area is None:
            raise NotFound(kind="resettlement_area", key=code)
        one = Supplied(area, curves(db, at, [area.id])[area.id], day.as_of)
        rows = plots(db, at, area.id)
    shown = listed(
        rows, plot_columns(), default_sort="number", workbook=True, totals_label=_("Cộng"),
        empty=_("Khu này chưa có lô nào."),
    )  # fmt: skip
    if whole_asked():
        return as_file(shown, f"tai-dinh-cu-{code}", f"resettlement-plots {code}")
    return render_template(
        "pages/resettlement/show.html", one=one, drawn=drawing(one.curve, day.as_of),
        listing=shown, status=STATUSES[area.status],
    )  # fmt: skip


def _seen_areas(db: Session, at: Moment) -> list[AreaRow]:
    """Areas of boards the reader may see, or for a zone the reader may see."""
    scope, board = reader_scope(), facts().board
    mine = {each.id for each in boards(db, at) if scope.covers_board(each.code)}
    inside = {zone.id for zone in zones(db, at) if scope.covers(zone)}
    chosen = {each.id for each in boards(db, at) if board is None or each.code == board.code}
    return [
        area
        for area in areas(db, at)
        if area.board_id in chosen and (area.board_id in mine or area.zone_id in inside)
    ]

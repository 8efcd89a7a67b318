"""Tái định cư: areas with homes ready against homes needed, and the plots of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request

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
from gisapp.seen_clearance import seen_area, seen_areas
from gisapp.texts import gettext as _
from planning.clocks import moment
from planning.resettlement.curves import curves
from planning.resettlement.queries import PlotRow, assignments, plots, progress

if TYPE_CHECKING:
    from collections.abc import Sequence

pages = Blueprint("resettlement", __name__)

RECENT = 8


@pages.get("")
@requires(Permission.READ)
def listing() -> str | Response:
    """All resettlement areas the reader may see, and where homes will be missing."""
    day, board = shown_day(), facts().board
    wanted = Filter("q", _("Tìm mã hoặc tên"))
    with database().reading() as db:
        at = moment(db, day.as_of, day.known_at)
        seen = seen_areas(db, at, board.code if board else None)
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
    """One area: its curve, its infrastructure, its plots, and for which items."""
    return area_page(code)


def area_page(code: str, problem: str | None = None) -> str | Response:
    """The page of an area; the whole list of its plots when a file is asked for."""
    day = shown_day()
    filters = [
        Filter("q", _("Tìm lô hoặc mục")),
        Filter("which", _("Lô"), [("free", _("chưa giao")), ("given", _("đã giao")),
                                  ("late", _("đất đi trước lô"))]),
    ]  # fmt: skip
    with database().reading() as db:
        at = moment(db, day.as_of, day.known_at)
        area = seen_area(db, at, code)
        one = Supplied(area, curves(db, at, [area.id])[area.id], day.as_of)
        rows, told = plots(db, at, area.id), progress(db, at, area.id)
        recent = assignments(db, at, area.id, RECENT)
    kept = _fitting(rows, filters[0].current, filters[1].current)
    shown = listed(
        kept, plot_columns(day.as_of), default_sort="number", filters=filters, workbook=True,
        totals_label=_("Cộng"), empty=_("Khu này chưa có lô nào."),
    )  # fmt: skip
    if whole_asked():
        return as_file(shown, f"tai-dinh-cu-{code}", f"resettlement-plots {code}")
    return render_template(
        "pages/resettlement/show.html", one=one, drawn=drawing(one.curve, day.as_of),
        listing=shown, status=STATUSES[area.status], statuses=STATUSES, progress=told,
        recent=recent, problem=problem, given=request.form,
        free=[plot.number for plot in rows if plot.item_number is None],
        promised=[plot for plot in rows if plot.item_number is not None],
        late=[plot for plot in rows if plot.too_late],
    )  # fmt: skip


def _fitting(rows: Sequence[PlotRow], wanted: str, which: str) -> list[PlotRow]:
    """Plots of the filter row: by number or item; free, given, or promised too late."""
    kept = []
    for plot in rows:
        given = plot.item_number is not None
        fits = {"free": not given, "given": given, "late": bool(plot.too_late)}.get(which, True)
        names = f"{plot.number} {plot.case_code or ''} {plot.item_number or ''}"
        if fits and folded(wanted) in folded(names):
            kept.append(plot)
    return kept

"""Writing on a resettlement area: infrastructure reported, readiness, plots promised and undone."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from flask import flash, redirect, request, url_for

from gisapp.lists import LISTS
from gisapp.pages.clearance_acts import act, actor, attempt
from gisapp.pages.import_form import FormRefused, day_asked, whole_number, word_asked
from gisapp.pages.list_imports import bring_routes
from gisapp.pages.resettlement import area_page, pages
from gisapp.present import formats
from gisapp.present.resettlement import STATUSES
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from gisapp.seen_clearance import seen_area, seen_head
from gisapp.texts import gettext as _
from planning.changes.undo import undo
from planning.clearance.register import item
from planning.clocks import moment
from planning.errors import NotFound
from planning.resettlement.commands import (
    assign_plot,
    report_progress,
    set_readiness,
    take_back_plot,
)
from planning.resettlement.queries import assignments, plots

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from gisapp.pages.refusing import Answer

__all__ = ["pages"]

MOST_UNDOABLE = 1_000

bring_routes(pages, LISTS["resettlement-plots"], back="resettlement.listing", rule="/plots/import")
bring_routes(
    pages, LISTS["plot-assignments"], back="resettlement.listing", rule="/assignments/import"
)


def _done(code: str, work: Callable[[Session], object]) -> Answer:
    problem = attempt(work)
    if problem is not None:
        return area_page(code, problem), 422
    flash(_("Đã ghi."))
    return redirect(url_for("resettlement.show", code=code))


@pages.post("/<code>/progress")
@requires(Permission.CLEARANCE_STEPS)
def report(code: str) -> Answer:
    """Say how far the infrastructure is on a day, in percent."""

    def work(db: Session) -> None:
        area = seen_area(db, moment(db), code)
        percent = _percent()
        done = act(db, f"{code}: tiến độ hạ tầng {percent} %", kind="other")
        report_progress(
            db, done.change, area_id=area.id, day=done.day, percent=percent,
            document_id=done.document_id, note=request.form.get("note", "").strip()[:2000] or None,
        )  # fmt: skip

    return _done(code, work)


def _percent() -> Decimal:
    try:
        return Decimal(word_asked(request.form, "percent").replace(",", "."))
    except InvalidOperation:
        raise FormRefused(field="percent") from None


@pages.post("/<code>/readiness")
@requires(Permission.CLEARANCE_STEPS)
def readiness(code: str) -> Answer:
    """Say which step the area has reached, and from which day its plots are ready."""

    def work(db: Session) -> None:
        status = request.form.get("status", "")
        if status not in STATUSES:
            raise FormRefused(field="status")
        area, ready = seen_area(db, moment(db), code), day_asked(request.form, "ready_on")
        done = act(db, f"{code}: {STATUSES[status][1]}", kind="decision")
        set_readiness(db, done.change, area_id=area.id, day=done.day, status=status, ready_on=ready)

    return _done(code, work)


@pages.post("/<code>/assign")
@requires(Permission.CLEARANCE_STEPS)
def assign(code: str) -> Answer:
    """Promise a plot to the household of an item; say at once when the land goes before it."""
    form = request.form

    def work(db: Session) -> None:
        at = moment(db)
        area = seen_area(db, at, code)
        file = seen_head(db, at, word_asked(form, "case").upper())
        row = item(db, at, file.id, word_asked(form, "item"))
        number = word_asked(form, "plot")
        done = act(db, f"{file.code} · {row.number}: giao lô tái định cư", "decision")
        assign_plot(
            db, done.change, area_id=area.id, number=number, item_id=row.id, day=done.day,
            document_id=done.document_id,
        )  # fmt: skip

    answer = _done(code, work)
    _warn_of(code, form.get("plot", "").strip())
    return answer


def _warn_of(code: str, number: str) -> None:
    """The alarm: the land goes before the plot is ready."""
    with database().reading() as db:
        at = moment(db)
        plot = next(
            (each for each in plots(db, at, seen_area(db, at, code).id) if each.number == number),
            None,
        )
    if plot is not None and plot.too_late:
        flash(
            _(
                "Lô %(plot)s sẵn sàng ngày %(ready)s, sau ngày bàn giao đất %(needed)s.",
                plot=plot.number, ready=formats.day(plot.ready_on),
                needed=formats.day(plot.needed_on),
            ),
            "error",
        )  # fmt: skip


@pages.post("/<code>/take-back")
@requires(Permission.CLEARANCE_STEPS)
def take_back(code: str) -> Answer:
    """End the promise of a plot on a day, by decision: it may go to another household."""

    def work(db: Session) -> None:
        area, number = seen_area(db, moment(db), code), word_asked(request.form, "plot")
        done = act(db, f"{code} · {number}: thu lại lô tái định cư", kind="decision")
        plot = next((p for p in plots(db, moment(db), area.id) if p.number == number), None)
        if plot is None:
            raise NotFound(kind="resettlement_plot", key=number)
        take_back_plot(db, done.change, plot_id=plot.id, day=done.day)

    return _done(code, work)


@pages.post("/<code>/undo")
@requires(Permission.CLEARANCE_STEPS)
def undo_assignment(code: str) -> Answer:
    """Take a promise back as if never made: a correction, refused when others build on it."""

    def work(db: Session) -> None:
        at, number = moment(db), whole_number(request.form, "change") or 0
        area = seen_area(db, at, code)
        known = {each.change for each in assignments(db, at, area.id, MOST_UNDOABLE)}
        if number not in known:
            raise NotFound(kind="change", key=str(number))
        undo(db, number, actor=actor(), reason=f"{code}: giao nhầm lô tái định cư")

    return _done(code, work)

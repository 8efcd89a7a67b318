"""Ngưỡng của đồng hồ pháp lý: entered and confirmed by name, on the page of the terms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request, url_for

from gisapp.pages.deadlines import actor, follows, pages, seen_in, sentence
from gisapp.pages.norm_forms import RefusedField, read_day, read_text, read_whole
from gisapp.present import clocks as words
from gisapp.present.projects import KINDS
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from gisapp.texts import gettext as _
from planning.errors import NotFound, PlanningError
from planning.legal_clocks.rules import CLOCKS
from planning.legal_clocks.thresholds import (
    CODES,
    MOST_DAYS,
    MOST_MONTHS,
    PROJECT_KINDS,
    NewThreshold,
    confirm_threshold,
    enter_threshold,
    threshold_book,
    unit,
)

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

    from gisapp.pages.refusing import Answer
    from planning.legal_clocks.thresholds import ThresholdRow

__all__ = ["pages"]


@pages.get("/clocks/<code>/new")
@requires(Permission.ADMIN)
def new_threshold(code: str) -> str:
    """The form of a threshold, filled with the row it follows: the one named, else the newest."""
    with database().reading() as db:
        rows = [row for row in threshold_book(db) if row.said.code == code]
    if not rows:
        raise NotFound(kind="clock_threshold", key=code)
    named = [row for row in rows if row.id == request.args.get("after", 0, int)]
    return _form(code, _given((named or rows)[0], rows))


def _given(row: ThresholdRow, rows: list[ThresholdRow]) -> dict[str, Any]:
    names = ("months", "days", "counts_from", "project_kinds", "valid_from", "valid_to",
             "clause", "source")  # fmt: skip
    same_day = [each.version for each in rows if each.said.valid_from == row.said.valid_from]
    return {**{name: getattr(row.said, name) for name in names}, "follows": max(same_day)}


def _form(code: str, given: Any, problem: str | None = None) -> str:
    return render_template(
        "pages/deadlines/threshold.html", code=code, given=given, problem=problem, unit=unit(code),
        starts=words.STARTS.items() if code in CLOCKS else (),
        kinds=KINDS.items() if code in CLOCKS else (),
        ticked=_ticked(given), what=words.THRESHOLDS[code],
        most=MOST_DAYS if unit(code) == "days" else MOST_MONTHS,
    )  # fmt: skip


def _ticked(given: Any) -> set[str]:
    several = given.getlist("project_kinds") if hasattr(given, "getlist") else None
    return set(given["project_kinds"] if several is None else several)


@pages.post("/clocks/<code>")
@requires(Permission.ADMIN)
def enter_clock_threshold(code: str) -> Answer:
    """Enter a threshold; nothing is overwritten, and it counts once another has confirmed it."""
    if code not in CODES:
        raise NotFound(kind="clock_threshold", key=code)
    form = request.form
    try:
        with database().transaction() as db:
            asked = _read(code, form)
            mine = [
                row.version for row in threshold_book(db)
                if (row.said.code, row.said.valid_from) == (code, asked.valid_from)
            ]  # fmt: skip
            enter_threshold(db, asked, follows=follows(form, mine), actor=actor())
    except (RefusedField, PlanningError) as refused:
        return _form(code, form, sentence(refused)), 422
    flash(_("Đã ghi ngưỡng. Ngưỡng được tính khi người khác đối chiếu và xác nhận."))
    return redirect(url_for("deadlines.show", _anchor="of-clocks"))


def _read(code: str, form: MultiDict[str, str]) -> NewThreshold:
    valid_from = read_day(form, "valid_from")
    if valid_from is None:
        raise RefusedField("valid_from")
    length = read_whole(form, unit(code), 99_999_999)
    return NewThreshold(
        code=code,
        months=length if unit(code) == "months" else None,
        days=length if unit(code) == "days" else None,
        counts_from=form.get("counts_from", "") if code in CLOCKS else None,
        project_kinds=tuple(dict.fromkeys(form.getlist("project_kinds")))
        if code in CLOCKS
        else PROJECT_KINDS,
        valid_from=valid_from,
        valid_to=read_day(form, "valid_to"),
        clause=read_text(form, "clause", 200),
        source=read_text(form, "source", 500),
    )


@pages.post("/clocks/<int:row_id>/confirm")
@requires(Permission.ADMIN)
def confirm_clock_threshold(row_id: int) -> Answer:
    """Say by name that a threshold was compared with the text; from then on clocks run by it."""
    with database().transaction() as db:
        confirm_threshold(db, row_id, seen_in=seen_in(), actor=actor())
    flash(_("Đã xác nhận bằng tên %(name)s.", name=actor()))
    return redirect(url_for("deadlines.show", _anchor="of-clocks"))

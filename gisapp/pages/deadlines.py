"""Thời hạn: dated terms of plans, clearance and clocks; who entered them, who confirmed them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from gisapp.messages import render
from gisapp.pages.norm_forms import RefusedField, read_day, read_text, read_whole
from gisapp.present import clearance as clearance_words
from gisapp.present import clocks as clock_words
from gisapp.present import plans as plan_words
from gisapp.present.day import shown_day
from gisapp.present.formats import language
from gisapp.present.projects import KINDS
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.guard import signed_in_user
from gisapp.security.permissions import Permission
from gisapp.texts import gettext as _
from planning.clearance.steps import Term
from planning.clearance.terms import (
    MOST_MONTHS,
    NewTerm,
    TermRow,
    confirm_term,
    enter_term,
    term_book,
)
from planning.errors import NotFound, PlanningError
from planning.legal_clocks.thresholds import threshold_book, thresholds
from planning.plans.deadlines import (
    MOST_DAYS,
    Deadline,
    NewDeadline,
    confirm_deadline,
    deadlines,
    enter_deadline,
)
from planning.plans.pipeline import WAITING
from planning.records.terms import TermRefused
from planning.vocabulary import PLAN_LEVELS

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

    from gisapp.pages.refusing import Answer

pages = Blueprint("deadlines", __name__)
_DEADLINE_TEXTS = {
    "waits_for_vi": 200, "waits_for_en": 200, "clause_vi": 300, "clause_en": 300, "source": 500,
}  # fmt: skip


def actor() -> str:
    """Who writes, by name."""
    user = signed_in_user()
    return user.username if user else ""


@pages.get("")
@requires(Permission.ADMIN)
def show() -> str:
    """Every row of the three tables, and which of them count on the day shown."""
    day = shown_day().as_of
    with database().reading() as db:
        steps, terms, law = deadlines(db), term_book(db), threshold_book(db)
        counting = {row.id for row in thresholds(db) if row.on(day)}
    return render_template(
        "pages/deadlines/show.html", steps=steps, terms=terms, law=law, day=day,
        counting=counting, project_kinds=KINDS, words=plan_words,
        clearance=clearance_words, clocks=clock_words,
    )  # fmt: skip


@pages.get("/plans/new")
@requires(Permission.ADMIN)
def new_deadline() -> str:
    """The form of a deadline, filled with the row it follows when one is named."""
    with database().reading() as db:
        known = {row.id: row for row in deadlines(db)}
    followed = known.get(request.args.get("after", 0, int))
    return _deadline_form(_deadline_given(followed) if followed else {})


def _deadline_given(row: Deadline) -> dict[str, Any]:
    names = ("step", "level", "least_days", "most_days", "valid_from", "valid_to", *_DEADLINE_TEXTS)
    return {**{name: getattr(row, name) for name in names}, "follows": row.version}


def _deadline_form(given: Any, problem: str | None = None) -> str:
    steps = [(step, plan_words.step_word(step)) for step in WAITING]
    levels = [("", _("mọi cấp")), *((level, plan_words.level_word(level)) for level in PLAN_LEVELS)]
    return render_template(
        "pages/deadlines/plan.html", given=given, problem=problem, steps=steps, levels=levels,
        most=MOST_DAYS,
    )  # fmt: skip


@pages.post("/plans")
@requires(Permission.ADMIN)
def enter_plan_deadline() -> Answer:
    """Enter a deadline; nothing is overwritten."""
    form = request.form
    try:
        with database().transaction() as db:
            known = [(row.step, row.level, row.valid_from, row.version) for row in deadlines(db)]
            asked = _read_deadline(form)
            mine = [v for *key, v in known if key == [asked.step, asked.level, asked.valid_from]]
            enter_deadline(db, asked, follows=follows(form, mine), actor=actor())
    except (RefusedField, PlanningError) as refused:
        return _deadline_form(form, sentence(refused)), 422
    flash(_("Đã ghi dòng thời hạn. Người khác cần đối chiếu và xác nhận."))
    return redirect(url_for("deadlines.show"))


def _read_deadline(form: MultiDict[str, str]) -> NewDeadline:
    valid_from = read_day(form, "valid_from")
    if valid_from is None:
        raise RefusedField("valid_from")
    return NewDeadline(
        step=form.get("step", ""),
        level=form.get("level") or None,
        valid_from=valid_from,
        valid_to=read_day(form, "valid_to"),
        least_days=read_whole(form, "least_days", MOST_DAYS),
        most_days=read_whole(form, "most_days", MOST_DAYS),
        **{name: read_text(form, name, longest) for name, longest in _DEADLINE_TEXTS.items()},
    )


def follows(form: MultiDict[str, str], versions: list[int]) -> int:
    """The row a form was filled from, when it is of the same day; a new day begins at nought."""
    return (read_whole(form, "follows", 1_000_000) or 0) if versions else 0


def sentence(refused: RefusedField | PlanningError) -> str:
    """What a refusal says, its field by the words of these forms."""
    fault = TermRefused(field=refused.field) if isinstance(refused, RefusedField) else refused
    return render(fault.code, fault.context, language())


@pages.post("/plans/<int:row_id>/confirm")
@requires(Permission.ADMIN)
def confirm_plan_deadline(row_id: int) -> Answer:
    """Say by name that a deadline was compared with the text."""
    with database().transaction() as db:
        confirm_deadline(db, row_id, seen_in=seen_in(), actor=actor())
    flash(_("Đã xác nhận bằng tên %(name)s.", name=actor()))
    return redirect(url_for("deadlines.show"))


def seen_in() -> str:
    """Where a row was compared with the text. Raises TermRefused."""
    seen = request.form.get("seen_in", "").strip()
    if not 3 <= len(seen) <= 500 or "\x00" in seen:
        raise TermRefused(field="seen_in")
    return seen


@pages.get("/clearance/<code>/new")
@requires(Permission.ADMIN)
def new_term(code: str) -> str:
    """The form of a term of clearance, filled with the newest of its code."""
    row = _newest(code)
    given = {
        "from_step": row.term.from_step, "days": row.term.days, "months": row.term.months,
        "clause": row.term.clause, "valid_from": row.term.valid_from,
        "valid_to": row.term.valid_to, "follows": row.version,
    }  # fmt: skip
    return _term_form(row.term, given)


def _newest(code: str) -> TermRow:
    with database().reading() as db:
        for row in term_book(db):
            if row.term.code == code:
                return row
    raise NotFound(kind="clearance_term", key=code)


def _term_form(term: Term, given: Any, problem: str | None = None) -> str:
    with database().reading() as db:
        steps = sorted({row.term.from_step for row in term_book(db)})
    return render_template(
        "pages/deadlines/term.html", term=term, given=given, problem=problem,
        steps=[(step, clearance_words.STEPS[step]) for step in steps], words=clearance_words,
        most_days=MOST_DAYS, most_months=MOST_MONTHS, language=language,
    )  # fmt: skip


@pages.post("/clearance/<code>")
@requires(Permission.ADMIN)
def enter_clearance_term(code: str) -> Answer:
    """Enter a term; nothing is overwritten, and nothing binds before it is confirmed."""
    form, kin = request.form, _newest(code)
    try:
        with database().transaction() as db:
            asked = _read_term(code, form)
            mine = [
                row.version for row in term_book(db)
                if (row.term.code, row.term.valid_from) == (code, asked.valid_from)
            ]  # fmt: skip
            enter_term(db, asked, follows=follows(form, mine), actor=actor())
    except (RefusedField, PlanningError) as refused:
        return _term_form(kin.term, form, sentence(refused)), 422
    flash(_("Đã ghi dòng thời hạn. Người khác cần đối chiếu và xác nhận."))
    return redirect(url_for("deadlines.show"))


def _read_term(code: str, form: MultiDict[str, str]) -> NewTerm:
    valid_from = read_day(form, "valid_from")
    if valid_from is None:
        raise RefusedField("valid_from")
    return NewTerm(
        code=code,
        from_step=form.get("from_step", ""),
        days=read_whole(form, "days", MOST_DAYS),
        months=read_whole(form, "months", MOST_MONTHS),
        valid_from=valid_from,
        valid_to=read_day(form, "valid_to"),
        clause=read_text(form, "clause", 200),
    )


@pages.post("/clearance/<int:row_id>/confirm")
@requires(Permission.ADMIN)
def confirm_clearance_term(row_id: int) -> Answer:
    """Say by name that a term was compared with the text; from then on it binds."""
    with database().transaction() as db:
        confirm_term(db, row_id, seen_in=seen_in(), actor=actor())
    flash(_("Đã xác nhận bằng tên %(name)s.", name=actor()))
    return redirect(url_for("deadlines.show"))

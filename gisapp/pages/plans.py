"""Quy hoạch: where every plan stands, one plan with its versions, one version with its lots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request

from gisapp.pages.once import new_key
from gisapp.plan_steps import DRAFT_STEPS, STEP_WORDS, seen_plan, step_permission, version_id
from gisapp.present import norms as norm_words
from gisapp.present import plans as words
from gisapp.present.balance import balance_table, balance_workbook, plan_sheet
from gisapp.present.day import shown_day
from gisapp.present.formats import language
from gisapp.present.frame import facts
from gisapp.present.plan_lots import lot_columns
from gisapp.present.tables import Filter, as_csv
from gisapp.present.tables import listing as listed
from gisapp.present.words import folded
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.guard import can, signed_in_user
from gisapp.security.permissions import Permission
from gisapp.security.scope import reader_scope
from gisapp.texts import gettext as _
from planning.changes.annulled import touched_by_annulment
from planning.clocks import moment
from planning.plans.approval import faults, mark
from planning.plans.balance import balance
from planning.plans.deadlines import deadlines as deadline_rows
from planning.plans.lots import lots, symbol_groups
from planning.plans.norms_queries import report as judged_by_norms
from planning.plans.pipeline import pipeline, timeline
from planning.plans.stated import StatedRow, stated_table
from planning.plans.steps import next_steps, standing
from planning.vocabulary import PLAN_LEVELS, lot_categories
from planning.zones.queries import find_zone, zones

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planning.clocks import Moment
    from planning.plans.pipeline import Stand

pages = Blueprint("plans", __name__)

VIEWS = ("board", "table", "timeline")


@pages.get("")
@requires(Permission.READ)
def listing() -> str | Response:
    """The board, the table or the timeline of all plans the reader may see."""
    day = shown_day()
    filters = _filters()
    with database().reading() as db:
        at = moment(db, day.as_of, day.known_at)
        found = _stands(db, at)
        ids = {row.plan_id: (row.plan, words.plan_word(row)) for row in found}
        steps = timeline(db, at, *ids) if request.args.get("view") == "timeline" else []
    rows = [row for row in found if _wanted(row, filters)]
    shown = listed(
        rows,
        words.columns(),
        default_sort="plan",
        filters=filters,
        totals_label=_("Cộng các dòng trong bảng"),
        empty=_("Chưa có quy hoạch nào vào ngày này."),
    )
    if request.args.get("format") == "csv":
        return as_csv(shown, "plans")
    kept = {row.plan_id for row in rows}
    view = request.args.get("view", "board")
    return render_template(
        "pages/plans/listing.html",
        view=view if view in VIEWS else "board",
        listing=shown,
        rows=rows,
        columns=words.COLUMNS,
        lanes=words.lanes([s for s in steps if s.plan_id in kept], ids, day.as_of),
        words=words,
    )


def _filters() -> list[Filter]:
    return [
        Filter("q", _("Tìm mã hoặc tên")),
        Filter("level", _("Cấp"), [(code, words.level_word(code)) for code in PLAN_LEVELS]),
        Filter("step", _("Bước"), [(code, str(word)) for code, word in STEP_WORDS.items()]),
        Filter("zone", _("Mã khu")),
    ]


def _wanted(row: Stand, filters: list[Filter]) -> bool:
    text, level, step, zone = (each.current for each in filters)
    return (
        (not level or row.level == level)
        and (not step or row.status == step)
        and (not zone or folded(zone) in folded(row.zone))
        and folded(text) in folded(f"{row.plan} {row.name_vi} {row.name_en or ''}")
    )


def _stands(db: Session, at: Moment) -> list[Stand]:
    board = facts().board
    scope = reader_scope()
    seen = [zone.id for zone in zones(db, at, board.code if board else None) if scope.covers(zone)]
    return pipeline(db, at, seen)


@pages.get("/deadlines")
@requires(Permission.READ)
def deadlines() -> str:
    """The dated table of time limits, with its sources."""
    with database().reading() as db:
        rows = [row for row in deadline_rows(db) if row.standing]
    return render_template("pages/plans/deadlines.html", rows=rows, words=words)


@pages.get("/<code>")
@requires(Permission.READ)
def show(code: str) -> str:
    """One plan: what it is, its versions, everything that happened to them."""
    day = shown_day()
    with database().reading() as db:
        at = moment(db, day.as_of, day.known_at)
        plan = seen_plan(db, code)
        stands = [row for row in pipeline(db, at, [plan.zone_id]) if row.plan_id == plan.id]
        steps = timeline(db, at, plan.id)
        in_force = [row for row in stands if row.status in ("approved", "published")]
    names = {plan.id: (plan.code, words.plan_word(plan))}
    return render_template(
        "pages/plans/show.html",
        plan=plan,
        stands=stands,
        steps=steps,
        in_force=in_force[0] if in_force else None,
        lanes=words.lanes(steps, names, day.as_of),
        words=words,
    )


@pages.get("/<code>/<int:number>")
@requires(Permission.READ)
def version(code: str, number: int) -> str:
    """One version: its steps, what may follow, its faults and its lots."""
    return version_page(code, number)


def version_page(code: str, number: int, problem: str | None = None) -> str:
    """The page of a version, with the refusal of a form that was sent from it."""
    day = shown_day()
    with database().reading() as db:
        at = moment(db, day.as_of, day.known_at)
        plan = seen_plan(db, code)
        held = version_id(plan, number)
        stands = standing(db, held)
        rows = lots(db, held, at)
        found = balance(db, held, at)
        shown = {
            "steps": [step for step in timeline(db, at, plan.id) if step.number == number],
            "stand": next(
                (s for s in pipeline(db, at, [plan.zone_id]) if s.plan_version_id == held), None
            ),
            "faults": faults(db, held) if stands.status in DRAFT_STEPS else [],
            "offered": _offered(db, stands.status),
            "seen": mark(db, held),
            "table_text": _as_text(stated_table(db, held)),
            "touched": words.touched(touched_by_annulment(db, held, plan.zone)),
        }
    user = signed_in_user()
    return render_template(
        "pages/plans/version.html",
        plan=plan,
        number=number,
        standing=stands,
        draft=stands.status in DRAFT_STEPS,
        balance=found,
        groups=symbol_groups(rows),
        lots=listed(
            rows, lot_columns(code, number), default_sort="symbol", empty=_("Chưa có lô nào.")
        ),
        categories=lot_categories(),
        once=new_key(),
        problem=problem,
        given=request.form,
        actor=user.username if user else "",
        words=words,
        **shown,
    )


def _as_text(rows: list[StatedRow]) -> str:
    return "\n".join(f"{row.label}; {row.category or ''}; {row.area_m2 / 10_000:f}" for row in rows)


def _offered(db: Session, status: str | None) -> list[str]:
    """Steps the reader may record from here, without approval, annulment and what they cause."""
    return [
        step
        for step in next_steps(db, status)
        if step not in ("approved", "annulled", "superseded") and can(step_permission(step))
    ]


@pages.get("/<code>/<int:number>/balance")
@requires(Permission.READ)
def land_balance(code: str, number: int) -> str | Response:
    """The land balance of a version beside its decision's own table; a page of A4, or a file."""
    day = shown_day()
    with database().reading() as db:
        at = moment(db, day.as_of, day.known_at)
        plan = seen_plan(db, code)
        held = version_id(plan, number)
        found = balance(db, held, at)
        zone = find_zone(db, plan.zone, at)
        stands = next((s for s in timeline(db, at, plan.id)[::-1] if s.number == number), None)
        by_norms = judged_by_norms(db, at, held)
    rows = balance_table(found)
    match request.args.get("format"):
        case "csv":
            return as_csv(plan_sheet(rows), f"{code}-{number}-balance")
        case "xlsx":
            return balance_workbook(found, rows, f"{code}-{number}-balance")
    return render_template(
        "pages/plans/balance.html",
        plan=plan,
        number=number,
        zone=zone,
        step=stands,
        balance=found,
        rows=rows,
        norm_report=by_norms,
        norms=norm_words,
        words=words,
        english=language() == "en",
    )

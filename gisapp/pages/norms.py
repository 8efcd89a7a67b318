"""Sổ quy chuẩn: the dated rulebook, plan versions judged by it, plans that would fail another."""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from gisapp.judging import judged_version, seen_version, seen_zone_ids, sign_for, take_back
from gisapp.pages.norm_forms import RefusedField, given_rule, read_rule
from gisapp.pages.norm_tables import (
    book_file,
    outlook_columns,
    outlook_filters,
    report_file,
    wanted_outlook,
)
from gisapp.present import norms as words
from gisapp.present.day import dated_url, parse_day, shown_day, today
from gisapp.present.formats import language
from gisapp.present.tables import as_csv
from gisapp.present.tables import listing as listed
from gisapp.present.words import ZONE_KINDS
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.guard import signed_in_user
from gisapp.security.permissions import Permission
from gisapp.texts import gettext as _
from planning.clocks import Moment, moment
from planning.errors import PlanningError
from planning.plans.norms import PEOPLE, standing
from planning.plans.norms_commands import (
    confirm_rule,
    enter_rule,
    state_people,
)
from planning.plans.norms_errors import NormRuleRefused
from planning.plans.norms_queries import outlook as looked_ahead
from planning.plans.norms_queries import rule as rule_by_id
from planning.plans.norms_queries import rules
from planning.vocabulary import PLAN_LEVELS

if TYPE_CHECKING:
    from uuid import UUID

    from gisapp.pages.refusing import Answer

pages = Blueprint("norms", __name__)


def _reason() -> str:
    reason = request.form.get("reason", "").strip()
    if not 3 <= len(reason) <= 2000 or "\x00" in reason:
        raise NormRuleRefused(field="reason")
    return reason


def _actor() -> str:
    user = signed_in_user()
    return user.username if user else ""


@pages.get("/norms")
@requires(Permission.READ)
def listing() -> str | Response:
    """Every rule ever entered, by norm, the newest days first."""
    with database().reading() as db:
        found = rules(db)
    if request.args.get("format") == "csv":
        return book_file(found)
    by_code = groupby(found, key=lambda rule: rule.code)
    book = [
        (code, sorted(versions, key=lambda rule: (rule.valid_from, rule.version), reverse=True))
        for code, versions in by_code
    ]
    kept = {rule.id for rule in standing(found)}
    return render_template("pages/norms/listing.html", book=book, standing=kept, norms=words)


@pages.get("/norms/new")
@requires(Permission.ADMIN)
def new() -> str:
    """The form of a rule, filled with the newest of the norm when one is named."""
    code = request.args.get("code", "")
    with database().reading() as db:
        known = [rule for rule in rules(db) if rule.code == code]
    return _form(given_rule(known[-1]) if known else {})


def _form(given: Any, problem: str | None = None) -> str:
    place = 1 if language() == "en" else 0
    levels = [(level, names[place]) for level, names in PLAN_LEVELS.items()]
    return render_template(
        "pages/norms/new.html", given=given, problem=problem, norms=words, zone_kinds=ZONE_KINDS,
        plan_levels=levels,
    )  # fmt: skip


@pages.post("/norms")
@requires(Permission.ADMIN)
def create() -> Answer:
    """Enter a rule; nothing is overwritten."""
    form = request.form
    try:
        asked, follows = read_rule(form)
        with database().transaction() as db:
            enter_rule(db, asked, follows=follows, actor=_actor())
    except (RefusedField, PlanningError) as refused:
        field = getattr(refused, "field", None) or getattr(refused, "context", {}).get("field")
        fault = NormRuleRefused(field=field) if field else refused
        return _form(_as_given(form), words.refusal(fault)), 422
    flash(_("Đã ghi quy tắc. Người khác cần đối chiếu và xác nhận."))
    return redirect(url_for("norms.listing"))


def _as_given(form: Any) -> dict[str, Any]:
    lists = ("categories", "zone_kinds", "plan_levels")
    return {**form.to_dict(), **{name: form.getlist(name) for name in lists}}


@pages.post("/norms/<int:rule_id>/confirm")
@requires(Permission.APPROVE)
def confirm(rule_id: int) -> Answer:
    """Say by name that a rule was compared with the text."""
    seen_in = request.form.get("seen_in", "").strip()
    if not 3 <= len(seen_in) <= 500:
        raise NormRuleRefused(field="seen_in")
    with database().transaction() as db:
        confirm_rule(db, rule_by_id(db, rule_id), seen_in=seen_in, actor=_actor())
    flash(_("Đã xác nhận quy tắc bằng tên %(name)s.", name=_actor()))
    return redirect(url_for("norms.listing"))


@pages.get("/norms/outlook")
@requires(Permission.READ)
def outlook() -> str | Response:
    """Plans in force on the day shown, judged by the rules of another day."""
    day = shown_day()
    given = request.args.get("day")
    then = parse_day("day", given) if given else _next_turn(day.as_of)
    with database().reading(seconds=30) as db:
        at = moment(db, day.as_of, day.known_at)
        found = looked_ahead(db, at, seen_zone_ids(db, at), then)
    filters = outlook_filters()
    shown = listed(
        [each for each in found if wanted_outlook(each, filters)], outlook_columns(then),
        default_sort="plan", filters=filters,
        empty=_("Chưa có quy hoạch nào có hiệu lực vào ngày này."),
    )  # fmt: skip
    if request.args.get("format") == "csv":
        return as_csv(shown, f"norms-{then.isoformat()}")
    return render_template("pages/norms/outlook.html", listing=shown, then=then)


def _next_turn(day: dt.date) -> dt.date:
    """The next first day of a rule, else tomorrow."""
    with database().reading() as db:
        coming = [rule.valid_from for rule in rules(db) if rule.valid_from > day]
    return min(coming, default=day + dt.timedelta(days=1))


@pages.get("/norms/plan")
@requires(Permission.READ)
def of_plan() -> str | Response:
    """One plan version judged by the rules it falls under, or by those of another day."""
    given = request.args.get("rules_of")
    rules_of = parse_day("rules_of", given) if given else None
    found, people = judged_version(request.args.get("version", ""), rules_of)
    if request.args.get("format") == "csv":
        return report_file(found)
    return render_template(
        "pages/norms/plan.html", norm_report=found, norms=words, people=people, rules_of=rules_of,
        tomorrow=_next_turn(shown_day().as_of),
    )  # fmt: skip


@pages.post("/norms/waivers")
@requires(Permission.APPROVE)
def sign() -> Answer:
    """Let a version fail a rule: by name, for a reason, perhaps until a day."""
    form = request.form
    until = parse_day("until", form["until"]) if form.get("until") else None
    with database().transaction() as db:
        facts, _waiver = sign_for(
            db, version=form.get("version", ""), rule_id=form.get("rule", ""),
            lots_state=form.get("lots_state", ""), reason=_reason(), actor=_actor(), until=until,
        )  # fmt: skip
    flash(_("Đã ký cho qua bằng tên %(name)s.", name=_actor()))
    return redirect(dated_url("norms.of_plan", version=facts.key))


@pages.post("/norms/waivers/<uuid:waiver_id>/withdraw")
@requires(Permission.APPROVE)
def withdraw(waiver_id: UUID) -> Answer:
    """End a waiver today; the days it held stay in the history."""
    with database().transaction() as db:
        facts = take_back(db, waiver_id, reason=_reason(), actor=_actor())
    flash(_("Đã rút lại chữ ký cho qua."))
    return redirect(dated_url("norms.of_plan", version=facts.key))


@pages.post("/norms/people")
@requires(Permission.EDIT)
def people() -> Answer:
    """Record how many workers or residents a version plans for, and where that is written."""
    form = request.form
    kind, count, source = (form.get(name, "").strip() for name in ("kind", "people", "source"))
    if kind not in PEOPLE:
        raise NormRuleRefused(field="people")
    if not (count.isascii() and count.isdigit() and 0 < int(count[:12]) <= 100_000_000):
        raise NormRuleRefused(field="people")
    if not 1 <= len(source) <= 500:
        raise NormRuleRefused(field="source")
    with database().transaction() as db:
        facts = seen_version(db, Moment(today()), form.get("version", ""))
        state_people(
            db, plan_version_id=facts.plan_version_id, kind=kind, people=int(count), source=source,
            actor=_actor(),
        )  # fmt: skip
    flash(_("Đã ghi quy mô theo đồ án."))
    return redirect(dated_url("norms.of_plan", version=facts.key))

"""Bản tin tuần: what presses, for every reader; their own choice; the administrator's rules."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from gisapp.digest.gather import as_lines, for_reader, gathered
from gisapp.digest.history import would_have_sent
from gisapp.digest.letter import heading, sentence, unsubscribing
from gisapp.digest.model import DigestChoice, DigestMessage, DigestRule, DigestRun
from gisapp.pages.clearance_acts import actor
from gisapp.pages.refusing import said
from gisapp.present.day import dated_url, shown_day
from gisapp.present.formats import language
from gisapp.refusals import Refusal
from gisapp.running import database, settings
from gisapp.security.access import public, requires, signed_in
from gisapp.security.guard import signed_in_user
from gisapp.security.model import User
from gisapp.security.permissions import Permission
from gisapp.security.scope import reader_scope
from gisapp.texts import gettext as _
from gisapp.texts import lazy_gettext as _l
from planning.clocks import moment, today
from planning.digest.lines import RULES, SEVERITIES
from planning.records.commands import note_event

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from gisapp.pages.refusing import Answer
    from planning.digest.lines import Line

pages = Blueprint("digest", __name__)

RULE_NAMES: dict[str, Any] = {
    "clocks": _l("Đồng hồ pháp lý sắp hết hoặc quá hạn"),
    "notices": _l("Thông báo thu hồi đất sắp hết hiệu lực"),
    "plots": _l("Giao đất trước khi có lô tái định cư"),
    "plan_steps": _l("Bước quy hoạch đến hạn, quá hạn"),
    "rights": _l("Quyền sử dụng đất, giữ chỗ sắp hết"),
    "imports": _l("Nhập dữ liệu không thành công"),
}
STATUSES: dict[str, tuple[str, Any]] = {
    "spooled": ("info", _l("Đang chờ gửi")),
    "sent": ("good", _l("Đã gửi")),
    "given_up": ("bad", _l("Không gửi được")),
}
RUNS_SHOWN = 12


class LeadRefused(Refusal):
    """Days ahead that are no number between 1 and 730."""

    code = "digest-lead-refused"


@pages.get("/digest")
@requires(Permission.READ)
def show() -> str:
    """What presses on the day shown, or what a week's digest said; the reader's own ground only."""
    day, week = shown_day(), request.args.get("week")
    with database().reading() as db:
        run = db.get(DigestRun, week[:8]) if week else None
        if week and run is None:
            abort(404)
        if run is not None:
            found, as_of = as_lines(run.lines), run.as_of
        else:
            at = moment(db, day.as_of, day.known_at)
            leads = {rule.code: rule.lead_days for rule in _rules(db)}
            found, as_of = gathered(db, at, leads), day.as_of
        weeks = db.scalars(
            select(DigestRun.week).order_by(DigestRun.week.desc()).limit(RUNS_SHOWN)
        ).all()
    mine = for_reader(found, reader_scope(), signed_in_user())
    rule = request.args.get("rule", "")
    shown = [line for line in mine if not rule or line.rule == rule]
    return render_template(
        "pages/digest/show.html", groups=_groups(shown), as_of=as_of, week=week, weeks=weeks,
        rules=RULE_NAMES, rule=rule, count=len(shown), link=_link,
        counts={code: sum(line.rule == code for line in mine) for code in RULES},
    )  # fmt: skip


def _groups(found: Sequence[Line]) -> list[tuple[str, str, list[tuple[Line, str]]]]:
    words = language()
    return [
        (level, heading(level, words), [(line, sentence(line, words)) for line in lines])
        for level in SEVERITIES
        if (lines := [line for line in found if line.severity == level])
    ]


def _link(line: Line) -> str | None:
    """Where a line leads."""
    match line.rule:
        case "clocks":
            return dated_url("clocks.show", code=line.subject)
        case "notices" | "plots":
            return dated_url("clearance.show", code=line.subject)
        case "plan_steps":
            return dated_url("plans.show", code=line.subject.partition(" (")[0])
        case "imports":
            return url_for("imports.listing")
        case _:
            return dated_url("zones.show", code=line.zone)


class AddressRefused(Refusal):
    """Not an e-mail address."""

    code = "digest-address-refused"


@pages.get("/digest/mine")
@signed_in
def mine() -> str:
    """The reader's own choice, and whether letters can reach them."""
    return _mine_page()


def _mine_page(problem: str | None = None) -> str:
    user = signed_in_user()
    with database().transaction() as db:
        choice = db.get(DigestChoice, user.id) if user else None
        sent = db.scalars(
            select(DigestMessage)
            .where(DigestMessage.user_id == (user.id if user else None))
            .order_by(DigestMessage.week.desc())
            .limit(RUNS_SHOWN)
        ).all()
        enabled = {rule.code for rule in _rules(db) if rule.enabled}
    return render_template(
        "pages/digest/mine.html", choice=choice, rules=RULE_NAMES, enabled=enabled,
        address=(user and user.email) or "", letters=sent, statuses=STATUSES, problem=problem,
    )  # fmt: skip


@pages.post("/digest/mine")
@signed_in
def choose() -> Answer:
    """Keep the reader's choice, and where letters are to go."""
    user = signed_in_user()
    if user is None:
        abort(401)
    try:
        address = _address(request.form.get("email", ""))
    except AddressRefused as refused:
        return _mine_page(said(refused)), 422
    wanted = request.form.get("wanted") == "yes"
    muted = [code for code in RULES if code not in request.form.getlist("rule")]
    with database().transaction() as db:
        held = db.get(User, user.id)
        if held is not None:
            held.email = address
        _keep(db, user.id, wanted=wanted, muted=muted)
    flash(_("Đã lưu lựa chọn."))
    return redirect(url_for("digest.mine"))


def _address(given: str) -> str | None:
    if not given.strip():
        return None
    try:
        found = validate_email(given.strip()[:255], check_deliverability=False)
    except EmailNotValidError:
        raise AddressRefused from None
    return str(found.normalized)


def _keep(db: Session, user_id: UUID, *, wanted: bool, muted: Sequence[str] | None) -> None:
    values: dict[str, Any] = {"wanted": wanted, "changed_at": dt.datetime.now(dt.UTC)}
    if muted is not None:
        values["muted"] = list(muted)
    row = insert(DigestChoice).values(user_id=user_id, **values)
    db.execute(row.on_conflict_do_update(index_elements=["user_id"], set_=values))


@pages.route("/digest/unsubscribe/<token>", methods=["GET", "POST"])
@public
def unsubscribe(token: str) -> str:
    """No more letters, by the link in one: asked first, done by the button."""
    whose = unsubscribing(settings().secret_key or "", token)
    if whose is None:
        abort(404)
    done = request.method == "POST"
    if done:
        with database().transaction() as db:
            _keep(db, UUID(whose), wanted=False, muted=None)
    return render_template("pages/digest/unsubscribe.html", done=done)


@pages.get("/digest/rules")
@requires(Permission.ADMIN)
def rules() -> str:
    """Every rule with what it would have sent last month, before it is switched on."""
    return _rules_page()


def _rules_page(problem: str | None = None) -> str:
    with database().transaction(seconds=60) as db:
        found = _rules(db)
        leads = {rule.code: rule.lead_days for rule in found}
        told = would_have_sent(db, leads, today())
        waiting = db.scalars(
            select(DigestMessage)
            .where(DigestMessage.status != "sent")
            .order_by(DigestMessage.week.desc())
            .limit(50)
        ).all()
    mail = settings()
    return render_template(
        "pages/digest/rules.html", found=found, told=told, names=RULE_NAMES, problem=problem,
        waiting=waiting, statuses=STATUSES, by_mail=mail.smtp_url is not None,
        with_links=bool(mail.public_url),
    )  # fmt: skip


@pages.post("/digest/rules/<code>")
@requires(Permission.ADMIN)
def set_rule(code: str) -> Answer:
    """Switch a rule on or off, or have it look further ahead."""
    given = request.form.get("lead_days", "").strip()
    try:
        lead = _lead(given)
    except LeadRefused as refused:
        return _rules_page(said(refused)), 422
    with database().transaction() as db:
        rule = db.get(DigestRule, code, with_for_update=True)
        if rule is None:
            abort(404)
        rule.enabled = request.form.get("enabled") == "yes"
        if rule.lead_days is not None and lead is not None:
            rule.lead_days = lead
        rule.changed_by, rule.changed_at = actor(), dt.datetime.now(dt.UTC)
        detail = {"enabled": rule.enabled, "lead_days": rule.lead_days}
        note_event(db, actor=actor(), action="digest-rule", subject=code, detail=detail)
    flash(_("Đã lưu quy tắc."))
    return redirect(url_for("digest.rules"))


def _lead(given: str) -> int | None:
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and 1 <= int(given) <= 730):
        raise LeadRefused
    return int(given)


def _rules(db: Session) -> list[DigestRule]:
    return list(db.scalars(select(DigestRule).order_by(DigestRule.position)))

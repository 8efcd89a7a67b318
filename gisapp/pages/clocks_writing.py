"""Writing on legal clocks: stop, resume, extend; draft a reminder, print it, note it issued."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound

from gisapp.clock_letters import as_docx, letter, letter_facts
from gisapp.messages import render
from gisapp.pages.clearance_acts import act, actor
from gisapp.pages.clocks import clock_page, pages, seen_project
from gisapp.pages.import_form import FormRefused, day_asked, whole_number, word_asked
from gisapp.pages.once import written_once
from gisapp.pages.parameters import parse_uuid
from gisapp.present.clocks import CAUSES, CLOCKS
from gisapp.present.day import shown_day
from gisapp.present.formats import language
from gisapp.refusals import Refusal
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from gisapp.texts import gettext as _
from layers.errors import LayerError
from planning.clocks import moment, today
from planning.errors import PlanningError
from planning.legal_clocks import commands, queries
from planning.legal_clocks.errors import NothingToRemind
from planning.legal_clocks.rules import ticking
from planning.zones.queries import boards, find_zone

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from gisapp.pages.refusing import Answer
    from planning.clocks import Moment
    from planning.projects.register import ProjectLine

__all__ = ["pages"]

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def written(code: str, work: Callable[[Session, ProjectLine], str]) -> Answer:
    """Do a piece of work once, then show the clocks: with thanks, or with the refusal."""

    def inside(db: Session) -> str:
        return work(db, seen_project(db, moment(db), code))

    try:
        done = written_once(actor(), inside)
    except (Refusal, LayerError, PlanningError) as refused:
        return clock_page(code, render(refused.code, refused.context, language())), 422
    flash(done)
    return redirect(url_for("clocks.show", code=code))


@pages.post("/<code>/clocks/suspend")
@requires(Permission.EDIT)
def suspend(code: str) -> Answer:
    """Stop the clocks from a day on, perhaps until another."""

    def work(db: Session, project: ProjectLine) -> str:
        cause, since = request.form.get("cause", ""), day_asked(request.form, "since", needed=True)
        until = day_asked(request.form, "until")
        if cause not in CAUSES:
            raise FormRefused(field="cause")
        if since is None or (until is not None and until <= since):
            raise FormRefused(field="until")
        done = act(db, _("Tạm dừng đồng hồ %(code)s", code=project.code), kind="decision")
        commands.suspend(
            db, done.change, project_id=project.id, cause=cause, since=since, until=until,
            reason=word_asked(request.form, "reason"), document_id=done.document_id,
        )  # fmt: skip
        return _("Đã ghi tạm dừng.")

    return written(code, work)


@pages.post("/<code>/clocks/resume")
@requires(Permission.EDIT)
def resume(code: str) -> Answer:
    """Let the clocks run again from the day of the paper."""

    def work(db: Session, project: ProjectLine) -> str:
        asked = parse_uuid(request.form.get("suspension", ""))
        held = queries.suspensions(db, moment(db), project.id)
        if asked not in {stop.id for stop in held}:
            raise NotFound
        done = act(db, _("Hết tạm dừng %(code)s", code=project.code), kind="notice")
        commands.resume(db, done.change, suspension_id=asked, day=done.day)
        return _("Đồng hồ chạy lại từ ngày đã ghi.")

    return written(code, work)


@pages.post("/<code>/clocks/extend")
@requires(Permission.EDIT)
def extend(code: str) -> Answer:
    """Record the one extension, by its decision."""

    def work(db: Session, project: ProjectLine) -> str:
        months = whole_number(request.form, "months")
        if months is None or not 1 <= months <= 600:
            raise FormRefused(field="months")
        done = act(db, _("Gia hạn %(code)s", code=project.code), kind="decision")
        commands.extend(
            db, done.change, project_id=project.id, months=months, day=done.day,
            document_id=done.document_id,
        )  # fmt: skip
        return _("Đã ghi gia hạn %(months)s tháng.", months=months)

    return written(code, work)


@pages.get("/<code>/clocks/<clock>/letter")
@requires(Permission.READ)
def show_letter(code: str, clock: str) -> str | Response:
    """The reminder as written on the day shown, or as a draft keeps it; HTML or Word."""
    if clock not in CLOCKS:
        raise NotFound
    day = shown_day()
    with database().reading() as db:
        at = moment(db, day.as_of, day.known_at)
        project = seen_project(db, at, code)
        facts = _facts(db, at, project, clock, request.args.get("draft"))
    said = letter(facts)
    if request.args.get("format") == "docx":
        answer = Response(as_docx(said), mimetype=DOCX)
        name = f"nhac-{project.code}-{clock}.docx"
        answer.headers.set("Content-Disposition", "attachment", filename=name)
        return answer
    return render_template(
        "pages/clocks/letter.html", letter=said, project=project, clock=clock,
        draft=request.args.get("draft"),
    )  # fmt: skip


def _facts(
    db: Session, at: Moment, project: ProjectLine, clock: str, draft: str | None
) -> dict[str, Any]:
    if draft is not None:
        kept = queries.reminders(db, at, project_id=project.id, draft_id=parse_uuid(draft))
        if not kept or not kept[0].facts or kept[0].clock != clock:
            raise NotFound
        return kept[0].facts
    found = queries.clocks(db, at, project_id=project.id)
    row = next((each for each in found if each.clock == clock), None)
    if row is None or row.breach_on is None or not ticking(row.state):
        raise NothingToRemind(project=project.code, clock=clock)
    zone = find_zone(db, project.zone, at)
    board = next(each for each in boards(db, at) if each.code == zone.board_code)
    return letter_facts(
        row, queries.land_parts(db, at, project.id), queries.suspensions(db, at, project.id),
        as_of=at.as_of, board=board.name_vi, province=board.province_name, zone_name=zone.name_vi,
    )  # fmt: skip


@pages.post("/<code>/clocks/<clock>/draft")
@requires(Permission.EDIT)
def draft(code: str, clock: str) -> Answer:
    """Keep the reminder of today with its facts in the register of letters."""
    if clock not in CLOCKS:
        raise NotFound

    def work(db: Session, project: ProjectLine) -> str:
        at = moment(db, today())
        facts = _facts(db, at, project, clock, None)
        commands.draft_reminder(
            db, at, project_id=project.id, clock=clock, actor=actor(), facts=facts
        )
        return _("Đã lưu dự thảo văn bản nhắc.")

    return written(code, work)


@pages.post("/<code>/clocks/issue")
@requires(Permission.EDIT)
def issue(code: str) -> Answer:
    """Note that a draft was issued: the letter itself is the document."""

    def work(db: Session, project: ProjectLine) -> str:
        asked: UUID = parse_uuid(request.form.get("draft", ""))
        if not queries.reminders(db, moment(db), project_id=project.id, draft_id=asked):
            raise NotFound
        done = act(db, _("Văn bản nhắc %(code)s", code=project.code), kind="notice")
        commands.issue_reminder(
            db, done.change, draft_id=asked, day=done.day, document_id=done.document_id
        )
        return _("Đã ghi văn bản nhắc số %(number)s.", number=done.number)

    return written(code, work)

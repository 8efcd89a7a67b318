"""Writing on projects: each form one change on its document, sent twice it counts once."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from gisapp.messages import render
from gisapp.pages.clearance_acts import act, actor
from gisapp.pages.import_form import FormRefused, day_asked, whole_number, word_asked
from gisapp.pages.once import written_once
from gisapp.pages.projects import list_page, pages, project_page, seen_project
from gisapp.pages.projects_asked import (
    ProjectFieldRefused,
    chosen,
    number_asked,
    required_number,
    several,
    text_asked,
)
from gisapp.present import projects as words
from gisapp.present.formats import language
from gisapp.refusals import Refusal
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from gisapp.security.scope import reader_scope
from gisapp.texts import gettext as _
from layers.errors import LayerError
from planning.clocks import moment
from planning.errors import PlanningError
from planning.projects import commands, permits
from planning.projects.land import names_of, parcels_named
from planning.projects.queries import milestone_of
from planning.tenure.commands import register_party
from planning.zones.queries import find_zone

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from gisapp.pages.refusing import Answer
    from planning.projects.register import ProjectLine

__all__ = ["pages", "written"]

Refused = (Refusal, LayerError, PlanningError)


def written(code: str, work: Callable[[Session, ProjectLine], str]) -> Answer:
    """Do a piece of work on a project once, then show it: with thanks, or with the refusal."""

    def inside(db: Session) -> str:
        return work(db, seen_project(db, moment(db), code))

    try:
        done = written_once(actor(), inside)
    except Refused as refused:
        return project_page(code, sentence(refused)), 422
    flash(done)
    return redirect(url_for("projects.show", code=code))


def sentence(refused: Refusal | LayerError | PlanningError) -> str:
    """What a refusal says, its fields by the words of these forms."""
    code = ProjectFieldRefused.code if isinstance(refused, FormRefused) else refused.code
    return render(code, refused.context, language())


def _on_list(work: Callable[[Session], str]) -> Answer:
    try:
        done = written_once(actor(), work)
    except Refused as refused:
        page = list_page(sentence(refused))
        return page if isinstance(page, Response) else (page, 422)
    flash(done)
    return redirect(url_for("projects.listing"))


@pages.post("")
@requires(Permission.EDIT)
def create() -> Answer:
    """Record a project of a zone, on the document that permits it, with its parcels."""

    def work(db: Session) -> str:
        form, at = request.form, moment(db)
        zone = find_zone(db, word_asked(form, "zone"), at)
        reader_scope().require(zone)
        code = word_asked(form, "code").upper()
        done = act(db, _("Lập dự án %(code)s", code=code), kind="decision")
        investor = text_asked("investor", 300)
        party = investor and register_party(
            db, done.change, name_vi=investor, tax_code=text_asked("tax_code", 14)
        )
        made = commands.create_project(
            db, done.change, code=code, zone_id=zone.id, srid=zone.srid,
            kind=chosen("kind", words.KINDS), status=chosen("status", words.STATUSES),
            name_vi=word_asked(form, "name"), name_en=text_asked("name_en", 300),
            valid_from=done.day, investor_id=party or None,
        )  # fmt: skip
        named = names_of(text_asked("parcels", 2000) or "")
        if named:
            held = parcels_named(db, at, zone.id, named)
            commands.attach_parcels(db, done.change, project_id=made, parcels=held, day=done.day)
        return _("Đã lập dự án %(code)s.", code=code)

    return _on_list(work)


@pages.post("/rates")
@requires(Permission.EDIT)
def rate() -> Answer:
    """Record what a unit of a currency is worth in đồng from a day on, by a document."""

    def work(db: Session) -> str:
        currency = word_asked(request.form, "currency").upper()
        done = act(db, _("Tỷ giá %(currency)s", currency=currency), kind="notice")
        permits.quote_rate(
            db, done.change, currency=currency, dong_per_unit=required_number("rate"),
            day=done.day, document_id=done.document_id,
        )  # fmt: skip
        return _("Đã ghi tỷ giá.")

    return _on_list(work)


@pages.post("/<code>/certificates")
@requires(Permission.EDIT)
def certificate(code: str) -> Answer:
    """Record a certificate or an amendment, with the term it states."""

    def work(db: Session, project: ProjectLine) -> str:
        form = request.form
        kind = chosen("certificate", words.CERTIFICATES)
        number = whole_number(form, "amendment") or 0
        title = words.certificate_title(kind, number)
        done = act(db, f"{project.code}: {title}", kind="certificate")
        permits.issue_certificate(
            db, done.change, project_id=project.id, certificate=kind, amendment=number,
            document_id=done.document_id, day=done.day, changes=several("changes", words.CHANGED),
            summary=text_asked("summary", 2000),
        )  # fmt: skip
        starts, ends = day_asked(form, "starts_on"), day_asked(form, "ends_on")
        starts = starts or project.starts_on
        ends = ends or project.ends_on
        told = bool(form.get("starts_on") or form.get("ends_on"))
        if told and (starts is None or ends is None):
            raise ProjectFieldRefused(field="ends_on" if ends is None else "starts_on")
        if told and starts is not None and ends is not None:
            permits.set_term(
                db, done.change, project_id=project.id, starts_on=starts, ends_on=ends,
                day=done.day,
            )  # fmt: skip
        return _("Đã ghi: %(what)s.", what=title)

    return written(code, work)


@pages.post("/<code>/capital")
@requires(Permission.EDIT)
def capital(code: str) -> Answer:
    """Set registered and implemented capital in a currency from a day on."""

    def work(db: Session, project: ProjectLine) -> str:
        currency = permits.require_currency(db, word_asked(request.form, "currency"))
        done = act(db, f"{project.code}: {_('vốn')} {currency}", kind="other")
        commands.set_capital(
            db, done.change, project_id=project.id, currency=currency,
            registered=required_number("registered"), implemented=number_asked("implemented"),
            day=done.day,
        )  # fmt: skip
        return _("Đã ghi vốn.")

    return written(code, work)


@pages.post("/<code>/milestones")
@requires(Permission.EDIT)
def milestone(code: str) -> Answer:
    """Plan a step for a day, or say when it was reached; what is left empty stays."""

    def work(db: Session, project: ProjectLine) -> str:
        form = request.form
        step = chosen("step", words.STEPS)
        planned, actual = day_asked(form, "planned_on"), day_asked(form, "actual_on")
        before = milestone_of(db, moment(db), project.id, step)
        if planned is None and before is not None:
            planned = before.planned_on
        if planned is None:
            raise ProjectFieldRefused(field="planned_on")
        done = act(db, f"{project.code}: {words.STEPS[step]}", kind="other")
        if actual is not None and actual > done.day:
            raise ProjectFieldRefused(field="actual_on")
        commands.set_milestone(
            db, done.change, project_id=project.id, step=step, planned_on=planned, day=done.day,
            actual_on=actual or (before.actual_on if before else None),
        )  # fmt: skip
        return _("Đã ghi mốc.")

    return written(code, work)


@pages.post("/<code>/progress")
@requires(Permission.EDIT)
def progress(code: str) -> Answer:
    """Note progress as seen on a day."""

    def work(db: Session, project: ProjectLine) -> str:
        done = act(db, f"{project.code}: {_('tiến độ')}", kind="minutes")
        commands.note_progress(
            db, done.change, project_id=project.id, day=done.day,
            actual_pct=required_number("actual_pct"), planned_pct=number_asked("planned_pct"),
            note=text_asked("note", 500),
        )  # fmt: skip
        return _("Đã ghi tiến độ.")

    return written(code, work)


@pages.post("/<code>/disbursement")
@requires(Permission.EDIT)
def disbursement(code: str) -> Answer:
    """Say what is planned or was spent in a period, in one currency."""

    def work(db: Session, project: ProjectLine) -> str:
        form = request.form
        first, last = day_asked(form, "period_from"), day_asked(form, "period_to")
        if first is None or last is None:
            raise ProjectFieldRefused(field="period_from" if first is None else "period_to")
        planned, actual = number_asked("planned"), number_asked("actual")
        if planned is None and actual is None:
            raise ProjectFieldRefused(field="planned")
        done = act(db, f"{project.code}: {_('giải ngân')}", kind="other")
        permits.set_disbursement(
            db, done.change, project_id=project.id, currency=word_asked(form, "currency"),
            period_from=first, period_to=last, planned=planned, actual=actual, day=done.day,
        )  # fmt: skip
        return _("Đã ghi giải ngân.")

    return written(code, work)


@pages.post("/<code>/workers")
@requires(Permission.EDIT)
def workers(code: str) -> Answer:
    """Record how many work there."""

    def work(db: Session, project: ProjectLine) -> str:
        total, foreigners = required_number("total"), number_asked("foreigners") or Decimal(0)
        for name, number in (("total", total), ("foreigners", foreigners)):
            if number != number.to_integral_value() or abs(number) > 10**7:
                raise ProjectFieldRefused(field=name)
        done = act(db, f"{project.code}: {_('lao động')}", kind="other")
        permits.count_workers(
            db, done.change, project_id=project.id, day=done.day, total=int(total),
            foreigners=int(foreigners),
        )  # fmt: skip
        return _("Đã ghi lao động.")

    return written(code, work)


@pages.post("/<code>/status")
@requires(Permission.EDIT)
def status(code: str) -> Answer:
    """Move a project to a step, and put parcels to it or take them away, in one change."""

    def work(db: Session, project: ProjectLine) -> str:
        wanted = chosen("status", words.STATUSES)
        at = moment(db)
        done = act(db, f"{project.code}: {words.STATUSES[wanted]}", kind="other")
        if wanted != project.status:
            commands.set_status(db, done.change, project_id=project.id, day=done.day, status=wanted)
        mine = {"project_id": project.id, "day": done.day}
        for name, verb in (("add", commands.attach_parcels), ("drop", commands.detach_parcels)):
            named = names_of(text_asked(name, 2000) or "")
            if named:
                held = parcels_named(db, at, project.zone_id, named)
                verb(db, done.change, parcels=held, **mine)  # type: ignore[arg-type]
        return _("Đã ghi.")

    return written(code, work)

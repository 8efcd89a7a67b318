"""Nhập: files brought into the register. Tệp → Hiểu được gì → Kết quả thử → Ghi, on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request, url_for

from gisapp.jobs import queue
from gisapp.jobs.model import ImportJob
from gisapp.messages import render
from gisapp.pages.import_form import FormRefused, Upload, upload_asked, whole_number
from gisapp.present import imports as words
from gisapp.present.formats import language
from gisapp.present.tables import Column, requested_page
from gisapp.present.tables import listing as listed
from gisapp.refusals import Refusal
from gisapp.running import database, settings
from gisapp.security.access import requires
from gisapp.security.guard import signed_in_user
from gisapp.security.permissions import Permission
from gisapp.security.scope import reader_scope
from gisapp.texts import gettext as _
from layers.crs import PLANES
from layers.errors import LayerError
from planning.clocks import moment
from planning.plans.queries import plan_heads
from planning.vocabulary import CERTAINTIES
from planning.zones.queries import ZoneRow, find_zone, zones

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from gisapp.pages.refusing import Answer

pages = Blueprint("imports", __name__)
BOXES = 3_000


@pages.get("")
@requires(Permission.IMPORT)
def listing() -> str:
    """The imports so far, newest first."""
    with database().reading() as db:
        seen = {zone.code for zone in _zones(db)}
        found = [job for job in queue.jobs(db) if job.zone_code in seen]
    shown = listed(found, _columns(), default_sort="-created_at", empty=_("Chưa có lần nhập nào."))
    return render_template("pages/imports/listing.html", listing=shown)


@pages.get("/new")
@requires(Permission.IMPORT)
def new() -> str:
    """Step one alone: which file, as what, where, by which document."""
    return _form(request.args, None)


@pages.post("")
@requires(Permission.IMPORT, uploads=True)
def upload() -> Answer:
    """Keep the file and queue its dry run."""
    try:
        job_id = _submitted(upload_asked(_actor()))
    except (Refusal, LayerError) as refused:
        return _form(request.form, _said(refused)), 422
    return redirect(url_for("imports.show", job_id=job_id))


@pages.get("/<uuid:job_id>")
@requires(Permission.IMPORT)
def show(job_id: UUID) -> str:
    """One import: what was understood, the result by rows, and the way to write it."""
    outcome = request.args.get("outcome", "")
    outcome = outcome if outcome in words.OUTCOMES else ""
    with database().reading() as db:
        job = _seen(db, job_id)
        rows, count = queue.rows_of(db, job_id, outcome or None, requested_page())
        boxes = queue.boxes_of(db, job_id, BOXES)
    return render_template(
        "pages/imports/show.html",
        job=job,
        asked=job.request,
        report=job.report or {},
        rows=[words.shown_row(row) for row in rows],
        count=count,
        page=requested_page(),
        page_rows=queue.ROWS_A_PAGE,
        outcome=outcome,
        picture=words.picture(boxes),
        words=words,
        planes=PLANES,
    )


@pages.get("/<uuid:job_id>/progress")
@requires(Permission.IMPORT)
def progress(job_id: UUID) -> Response:
    """How far the worker is, for the page's script."""
    with database().reading() as db:
        job = _seen(db, job_id)
    told = {"running": job.is_running, "status": job.status, "step": words.step_name(job)}
    return jsonify(**told, done=job.done, total=job.total)


@pages.get("/<uuid:job_id>/report.json")
@requires(Permission.IMPORT)
def report(job_id: UUID) -> Response:
    """The whole report for machines."""
    with database().reading() as db:
        job = _seen(db, job_id)
    answer = jsonify(job.report or {})
    answer.headers.set("Content-Disposition", "attachment", filename=f"import-{job_id}.json")
    return answer


@pages.post("/<uuid:job_id>/again")
@requires(Permission.IMPORT)
def again(job_id: UUID) -> Answer:
    """Another dry run with answers to what the first one asked."""
    answers: dict[str, bool | int] = {
        "explode": bool(request.form.get("explode")),
        "allow_duplicates": bool(request.form.get("allow_duplicates")),
    }
    srid = whole_number(request.form, "srid")
    if srid is not None:
        answers["srid"] = srid
    with database().transaction() as db:
        queue.ask_again(db, _seen(db, job_id), settings(), **answers)
    return redirect(url_for("imports.show", job_id=job_id))


@pages.post("/<uuid:job_id>/commit")
@requires(Permission.IMPORT)
def commit(job_id: UUID) -> Answer:
    """Write what the dry run accepted: all of it, or without the refused rows when asked."""
    partial = bool(request.form.get("partial"))
    with database().transaction() as db:
        queue.approve(db, _seen(db, job_id), settings(), partial=partial)
    return redirect(url_for("imports.show", job_id=job_id))


@pages.post("/<uuid:job_id>/discard")
@requires(Permission.IMPORT)
def discard(job_id: UUID) -> Answer:
    """Forget a file that is not to be written."""
    with database().transaction() as db:
        queue.discard(db, _seen(db, job_id), settings())
    return redirect(url_for("imports.listing"))


def _columns() -> list[Column]:
    return [
        Column(
            key="file_name",
            label=_("Tệp"),
            link=lambda job: url_for("imports.show", job_id=job.id),
            strong=True,
        ),
        Column(key="layer", label=_("Là"), value=lambda job: words.layer_name(job.layer)),
        Column(key="zone_code", label=_("Khu")),
        Column(
            key="status",
            label=_("Tình trạng"),
            kind="chip",
            value=lambda job: words.status_chip(job.status),
        ),
        Column(key="actor", label=_("Người nhập")),
        Column(key="created_at", label=_("Lúc"), kind="instant"),
        Column(key="change_number", label=_("Lần thay đổi"), kind="number"),
    ]


def _form(given: object, problem: str | None) -> str:
    with database().reading() as db:
        own = _zones(db)
        plans = plan_heads(db, [zone.id for zone in own])
    return render_template(
        "pages/imports/new.html",
        given=given,
        problem=problem,
        zones=own,
        plans=plans,
        words=words,
        planes=PLANES,
        certainties=CERTAINTIES,
        most_mb=settings().max_upload_bytes // 1024**2,
    )


def _submitted(asked: Upload) -> UUID:
    with asked.file.stream, database().transaction() as db:
        zone = find_zone(db, asked.request.zone_code)
        reader_scope().require(zone)
        return queue.submit(
            db,
            settings(),
            asked.file.stream,  # type: ignore[arg-type]
            asked.request,
            encoding=asked.encoding,
            file_layer=asked.file_layer,
            mapping=asked.mapping,
        )


def _zones(db: Session) -> list[ZoneRow]:
    scope = reader_scope()
    return [zone for zone in zones(db, moment(db)) if scope.covers(zone)]


def _seen(db: Session, job_id: UUID) -> ImportJob:
    """A job of a zone the reader may see; others are not there."""
    job = queue.find_job(db, job_id)
    if job is None:
        abort(404)
    if not reader_scope().everything:
        reader_scope().require(find_zone(db, job.zone_code))
    return job


def _actor() -> str:
    user = signed_in_user()
    if user is None:
        abort(401)
    return str(user.username)


def _said(refused: Refusal | LayerError) -> str:
    if isinstance(refused, FormRefused):
        return _("Thiếu hoặc không đọc được: %(field)s.", field=_field_name(refused))
    return render(refused.code, refused.context, language())


def _field_name(refused: FormRefused) -> str:
    names = {
        "file": _("tệp"),
        "layer": _("nhập là"),
        "zone": _("khu"),
        "document": _("số văn bản"),
        "issued": _("ngày ban hành"),
        "issuer": _("cơ quan ban hành"),
        "effective_on": _("ngày hiệu lực"),
        "srid": _("hệ toạ độ"),
    }
    return names.get(str(refused.context["field"]), str(refused.context["field"]))

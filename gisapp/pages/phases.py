"""Giai đoạn của khu: all phases with the board's sums by state, and what is written of a phase."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for

from gisapp.lists import LISTS
from gisapp.messages import render
from gisapp.pages.clearance import as_file, seen_zones
from gisapp.pages.clearance_acts import act, attempt, hectares_asked
from gisapp.pages.import_form import FormRefused, word_asked
from gisapp.pages.list_imports import bring_routes
from gisapp.pages.phase_ground import ground_in_file, ground_told
from gisapp.present import phases as words
from gisapp.present.day import shown_day
from gisapp.present.formats import language
from gisapp.present.tables import Filter, whole_asked
from gisapp.present.tables import listing as listed
from gisapp.present.words import folded
from gisapp.refusals import Refusal
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from gisapp.security.scope import reader_scope
from gisapp.texts import gettext as _
from layers.errors import LayerError
from planning.clocks import moment
from planning.errors import PlanningError
from planning.zones import phases
from planning.zones.queries import find_zone

if TYPE_CHECKING:
    from flask import Response
    from shapely import MultiPolygon
    from sqlalchemy.orm import Session

    from gisapp.pages.refusing import Answer
    from planning.zones.queries import ZoneRow

pages = Blueprint("phases", __name__)


@pages.get("/phases")
@requires(Permission.READ)
def listing() -> str | Response:
    """All phases the reader may see, and zones and ground by state: both come to the register."""
    day = shown_day()
    with database().reading() as db:
        at = moment(db, day.as_of, day.known_at)
        seen = seen_zones(db, at)
        found = phases.standings(db, at, seen)
        limit = phases.phase_limit(db, day.as_of)
    states = [(key, words.state_chip(key)[1]) for key in words.PHASE_STATES]
    filters = [
        Filter("q", _("Tìm khu hoặc tên")),
        Filter("state", _("Trạng thái"), states),
    ]
    wanted, state = folded(filters[0].current), filters[1].current
    rows = [
        words.PhaseLine(each, phase)
        for each in found
        for phase in each.phases
        if (not state or phase.standing == state)
        and wanted in folded(f"{each.zone.code} {phase.number} {phase.name_vi}")
    ]
    shown = listed(
        rows, words.phase_columns(), default_sort="zone", filters=filters, workbook=True,
        totals_label=_("Cộng"), empty=_("Chưa ghi giai đoạn nào vào ngày này."),
    )  # fmt: skip
    if whole_asked():
        return as_file(shown, "giai-doan", "zone-phases")
    sums = phases.tally(found)
    return render_template(
        "pages/zones/phases.html", listing=shown, sums=sums, zone_lines=words.zone_lines(sums),
        area_lines=words.area_lines(sums), limit=limit,
        large=[each for each in found if phases.past_limit(each, limit) is not None],
    )  # fmt: skip


bring_routes(pages, LISTS["zone-phases"], back="phases.listing", rule="/phases/import")


@pages.post("/<code>/phases")
@requires(Permission.EDIT, uploads=True)
def create(code: str) -> Answer:
    """Record a phase by its decision: hectares, or its ground as corners, parcels or a file."""
    try:
        drawn = _drawn(code)
    except (Refusal, LayerError, PlanningError) as refused:
        return _back(code, _sentence(refused), "")

    def work(db: Session) -> None:
        zone = _seen(db, code)
        number, name = word_asked(request.form, "phase"), word_asked(request.form, "name")
        done = act(db, f"{_('Giai đoạn')} {number} · {zone.code}", kind="decision")
        shape = ground_told(db, zone, done.day, drawn)
        if shape is None and not request.form.get("area", "").strip():
            raise FormRefused(field="area")
        area = hectares_asked("area") if request.form.get("area", "").strip() else None
        phase = phases.create_phase(
            db, done.change, zone_id=zone.id, srid=zone.srid, number=number, name_vi=name,
            name_en=request.form.get("name_en", "").strip()[:300] or None, legal_area_m2=area,
            shape=shape, decision_id=done.document_id, valid_from=done.day,
        )  # fmt: skip
        if request.form.get("state"):
            phases.set_state(
                db, done.change, phase, state=_state(), day=done.day, document_id=done.document_id
            )

    return _back(code, attempt(work), _("Đã ghi giai đoạn."))


@pages.post("/<code>/phases/ground")
@requires(Permission.EDIT, uploads=True)
def ground(code: str) -> Answer:
    """Draw a phase anew from a day on; what its decision says of name and hectares stays."""
    try:
        drawn = _drawn(code)
    except (Refusal, LayerError, PlanningError) as refused:
        return _back(code, _sentence(refused), "")

    def work(db: Session) -> None:
        zone = _seen(db, code)
        phase = phases.find_phase(db, zone.id, word_asked(request.form, "phase"))
        told = _("Đất của giai đoạn %(number)s", number=phase.number)
        done = act(db, f"{told} · {zone.code}", kind="decision")
        shape = ground_told(db, zone, done.day, drawn)
        if shape is None:
            raise FormRefused(field="corners")
        phases.draw_phase(
            db, done.change, phase.id, day=done.day, shape=shape, decision_id=done.document_id
        )

    return _back(code, attempt(work), _("Đã ghi đất của giai đoạn."))


def _drawn(code: str) -> MultiPolygon | None:
    """The ground in the form's file, of a zone the reader may see."""
    with database().reading() as db:
        zone = _seen(db, code)
    return ground_in_file(zone)


def _sentence(refused: Refusal | LayerError | PlanningError) -> str:
    return render(refused.code, refused.context, language())


@pages.post("/<code>/phases/state")
@requires(Permission.EDIT)
def state(code: str) -> Answer:
    """Say what goes on in a phase from a day on."""

    def work(db: Session) -> None:
        zone = _seen(db, code)
        phase = phases.find_phase(db, zone.id, word_asked(request.form, "phase"))
        done = act(db, f"{_('Giai đoạn')} {phase.number} · {zone.code}: {_state()}", kind="other")
        phases.set_state(
            db, done.change, phase.id, state=_state(), day=done.day, document_id=done.document_id
        )

    return _back(code, attempt(work), _("Đã ghi trạng thái giai đoạn."))


@pages.post("/<code>/phases/end")
@requires(Permission.EDIT)
def end(code: str) -> Answer:
    """End a phase on a day: another decision divides the zone otherwise."""

    def work(db: Session) -> None:
        zone = _seen(db, code)
        phase = phases.find_phase(db, zone.id, word_asked(request.form, "phase"))
        done = act(db, f"{_('Bỏ giai đoạn')} {phase.number} · {zone.code}", kind="decision")
        phases.end_phase(db, done.change, phase.id, done.day)

    return _back(code, attempt(work), _("Đã ghi ngày bỏ giai đoạn."))


def _seen(db: Session, code: str) -> ZoneRow:
    zone = find_zone(db, code, moment(db))
    reader_scope().require(zone)
    return zone


def _state() -> str:
    given = word_asked(request.form, "state")
    if given not in phases.STATES:
        raise FormRefused(field="state")
    return given


def _back(code: str, problem: str | None, done: str) -> Answer:
    flash(problem or done, "error" if problem else "message")
    return redirect(url_for("zones.show", code=code, _anchor="phases"))

"""Giai đoạn của khu: all phases with the board's sums by state, and what is written of a phase."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely
from flask import Blueprint, flash, redirect, render_template, request, url_for
from shapely import MultiPolygon

from gisapp.lists import LISTS
from gisapp.pages.clearance import as_file, seen_zones
from gisapp.pages.clearance_acts import act, attempt, hectares_asked
from gisapp.pages.import_form import FormRefused, word_asked
from gisapp.pages.list_imports import bring_routes
from gisapp.present import phases as words
from gisapp.present.day import shown_day
from gisapp.present.tables import Filter, whole_asked
from gisapp.present.tables import listing as listed
from gisapp.present.words import folded
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from gisapp.security.scope import reader_scope
from gisapp.texts import gettext as _
from layers.coordinate_table import rows_of, understand
from planning.clocks import moment
from planning.zones import phases
from planning.zones.queries import boundary, find_zone

if TYPE_CHECKING:
    from flask import Response
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
@requires(Permission.EDIT)
def create(code: str) -> Answer:
    """Record a phase by its decision: hectares, or its corners."""

    def work(db: Session) -> None:
        zone = _seen(db, code)
        number, name = word_asked(request.form, "phase"), word_asked(request.form, "name")
        done = act(db, f"{_('Giai đoạn')} {number} · {zone.code}", kind="decision")
        shape = _ground(db, zone)
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


def _ground(db: Session, zone: ZoneRow) -> MultiPolygon | None:
    """The ground drawn by its table of corners (X north, Y east), None when none was given."""
    given = request.form.get("corners", "").strip()
    if not given:
        return None
    limits = boundary(db, zone.id, moment(db))
    if limits is None:
        raise FormRefused(field="corners")
    outline = understand(rows_of(given[:100_000]), zone.srid, limits.shape).polygon
    return MultiPolygon([shapely.force_2d(outline)])


def _back(code: str, problem: str | None, done: str) -> Answer:
    flash(problem or done, "error" if problem else "message")
    return redirect(url_for("zones.show", code=code, _anchor="phases"))

"""Bản vẽ quét: the scanned sheets of plans, their upload, and the table where they are placed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for

from gisapp.api.changes import actor
from gisapp.messages import render
from gisapp.pages.import_form import FormRefused, whole_number, word_asked
from gisapp.present.day import shown_day
from gisapp.present.formats import language
from gisapp.present.sheets import KINDS, STATUS_CHIPS, TRANSFORMS, notes
from gisapp.present.tables import Column, as_csv
from gisapp.present.tables import listing as listed
from gisapp.refusals import Refusal
from gisapp.running import database, settings
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from gisapp.security.scope import reader_scope
from gisapp.sheet_files import closing_on_error
from gisapp.sheet_views import seen_sheet
from gisapp.sheets import Upload, bring_sheet
from gisapp.texts import gettext as _
from layers.errors import LayerError
from layers.raster.georeference import LEAST_POINTS
from planning.clocks import moment
from planning.errors import PlanningError
from planning.plans.difference_sides import version_facts
from planning.plans.sheets.commands import Description
from planning.plans.sheets.queries import SheetRow, placings, sheets
from planning.zones.queries import ZoneRow, find_zone, zones

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from gisapp.pages.refusing import Answer

pages = Blueprint("sheets", __name__)

_SCALE: Final = 2000


@pages.get("")
@requires(Permission.READ)
def listing() -> str | Response:
    """Every sheet of the zones the reader sees, those of the newest plan version first."""
    day = shown_day()
    with database().reading() as session:
        at = moment(session, day.as_of, day.known_at)
        seen = [zone.id for zone in _zones(session)]
        found = sheets(session, at, seen)
    shown = listed(
        found, _columns(), default_sort="-uploaded_at", empty=_("Chưa có bản vẽ quét nào.")
    )
    if request.args.get("format") == "csv":
        return as_csv(shown, "ban-ve-quet")
    return render_template("pages/sheets/listing.html", listing=shown)


@pages.get("/new")
@requires(Permission.EDIT)
def new() -> str:
    """The form: which file, of which zone, at which scale."""
    return _form(request.args, None)


@pages.post("")
@requires(Permission.EDIT, uploads=True)
def upload() -> Answer:
    """Keep the file, look at it in the sandbox, and open its table."""
    try:
        sheet_id = _brought()
    except (Refusal, LayerError, PlanningError) as refused:
        return _form(request.form, _said(refused)), 422
    return redirect(url_for("sheets.show", sheet_id=sheet_id))


@pages.get("/<uuid:sheet_id>")
@requires(Permission.READ)
def show(sheet_id: UUID) -> str:
    """The sheet beside the map: control points with their misses; what it was placed by before."""
    with database().reading() as session:
        row = seen_sheet(session, sheet_id)
        told = placings(session, sheet_id)
    return render_template(
        "pages/sheets/show.html",
        sheet=row,
        remarks=notes(row),
        chip=STATUS_CHIPS[row.status],
        placings=told,
        transforms=TRANSFORMS,
        least={kind.value: count for kind, count in LEAST_POINTS.items()},
    )


def _columns() -> list[Column]:
    return [
        Column(
            key="title",
            label=_("Bản vẽ"),
            link=lambda row: url_for("sheets.show", sheet_id=row.id),
            strong=True,
        ),
        Column(key="kind", label=_("Loại"), nowrap=True, value=lambda row: str(KINDS[row.kind])),
        Column(key="zone_code", label=_("Khu"), nowrap=True),
        Column(key="plan_code", label=_("Quy hoạch"), value=_plan),
        Column(key="scale_denominator", label=_("Tỉ lệ 1:"), kind="number"),
        Column(key="status", label=_("Tình trạng"), kind="chip", value=_chip),
        Column(key="rms_m", label=_("RMS, m"), kind="number", decimals=2),
        Column(key="rms_mm", label=_("RMS, mm trên bản vẽ"), kind="number", decimals=2),
        Column(key="uploaded_by", label=_("Người tải")),
        Column(key="uploaded_at", label=_("Lúc"), kind="instant", nowrap=True),
    ]


def _plan(row: SheetRow) -> str:
    if row.plan_code is None:
        return ""
    return _("%(plan)s · phiên bản %(number)s", plan=row.plan_code, number=row.plan_number)


def _chip(row: SheetRow) -> tuple[str, str]:
    tone, words = STATUS_CHIPS[row.status]
    return tone, str(words)


def _form(given: object, problem: str | None) -> str:
    with database().reading() as session:
        own = _zones(session)
        inside = {zone.id for zone in own}
        versions = [v for v in version_facts(session, moment(session)) if v.zone_id in inside]
    return render_template(
        "pages/sheets/new.html",
        given=given,
        problem=problem,
        zones=own,
        versions=versions,
        kinds=KINDS,
        scale=_SCALE,
        most_mb=settings().max_upload_bytes // 1024**2,
    )


def _brought() -> UUID:
    file = request.files.get("file")
    if file is None or not file.filename:
        raise FormRefused(field="file")
    with closing_on_error(file.stream):
        wanted = _asked(file.filename)
    return bring_sheet(database(), settings(), file.stream, wanted).sheet_id  # type: ignore[arg-type]


def _asked(file_name: str) -> Upload:
    kind = request.form.get("kind", "sheet")
    if kind not in KINDS:
        raise FormRefused(field="kind")
    scale = whole_number(request.form, "scale") or _SCALE
    if not 100 <= scale <= 1_000_000:
        raise FormRefused(field="scale")
    title = word_asked(request.form, "title")
    said = Description(title, scale, _version_asked())
    with database().reading() as session:
        zone = find_zone(session, word_asked(request.form, "zone"))
        reader_scope().require(zone)
    page = whole_number(request.form, "page")
    return Upload(zone.id, zone.srid, kind, file_name[-200:], page or None, said, actor())


def _version_asked() -> UUID | None:
    given = request.form.get("plan_version", "")
    if not given:
        return None
    try:
        return UUID(given)
    except ValueError:
        raise FormRefused(field="plan_version") from None


def _zones(session: Session) -> list[ZoneRow]:
    scope = reader_scope()
    return [zone for zone in zones(session, moment(session)) if scope.covers(zone)]


def _said(refused: Refusal | LayerError | PlanningError) -> str:
    if isinstance(refused, FormRefused):
        names = {"file": _("tệp"), "title": _("tên bản vẽ"), "zone": _("khu"), "scale": _("tỉ lệ"),
                 "page": _("trang")}  # fmt: skip
        field = str(refused.context["field"])
        return _("Thiếu hoặc không đọc được: %(field)s.", field=names.get(field, field))
    return render(refused.code, refused.context, language())

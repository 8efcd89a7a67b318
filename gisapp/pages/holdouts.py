"""Thửa nút thắt: parcels that wait to be cleared, by the land or road each one frees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, render_template, request, url_for

from gisapp.api.written import GEOJSON, as_json
from gisapp.messages import render
from gisapp.pages.clearance import as_file
from gisapp.pages.import_form import FormRefused
from gisapp.pages.sites_asked import LIMITS, limits_asked, zone_asked
from gisapp.present.clearance import STATES
from gisapp.present.day import shown_day
from gisapp.present.formats import language
from gisapp.present.ground_shapes import collection
from gisapp.present.holdouts import Row, columns, features, rows
from gisapp.present.tables import Filter, whole_asked
from gisapp.present.tables import listing as listed
from gisapp.present.words import folded
from gisapp.put_together import SECONDS, hold_outs_of
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from gisapp.texts import gettext as _
from planning.clocks import moment
from planning.errors import RuleViolated
from planning.sites.errors import LimitRefused
from planning.sites.holdouts import LAND, ORDERS
from planning.sites.queries import limits_for

if TYPE_CHECKING:
    from planning.sites.queries import HoldOuts
    from planning.zones.queries import ZoneRow

pages = Blueprint("holdouts", __name__)


@pages.get("/clearance/holdouts")
@requires(Permission.READ)
def listing() -> str | Response | tuple[str, int]:
    """The ranking of one zone (``?zone=``), by land or by road; as CSV, XLSX or GeoJSON too."""
    day, by = shown_day(), _order()
    found: HoldOuts | None = None
    problem: FormRefused | RuleViolated | None = None
    with database().reading(seconds=SECONDS) as db:
        zone, choices = zone_asked(db, moment(db, day.as_of, day.known_at))
        try:
            if zone is not None:
                found = hold_outs_of(db, zone, day, limits_asked())
        except (FormRefused, RuleViolated) as refused:
            problem = refused
    every = rows(found, by, day.as_of) if found else []
    filters = _filters()
    chosen = [row for row in every if _asked(row, filters)]
    if found and zone and request.args.get("format") == "geojson":
        return _geojson(chosen, found, zone)
    shown = listed(
        chosen, columns(zone.code if zone else ""), default_sort="rank", filters=filters,
        workbook=True, empty=_("Không còn thửa nào chờ bàn giao trên đất cho thuê được hoặc đường "
                               "của quy hoạch vào ngày này."),
    )  # fmt: skip
    if found and zone and whole_asked():
        return as_file(shown, f"thua-nut-that-{zone.code}", f"holdouts {zone.code}")
    page = render_template(
        "pages/sites/holdouts.html", listing=shown, zone=zone, zones=choices, by=by, found=found,
        rows=every, reason=problem.code if problem else "",
        problem=render(problem.code, problem.context, language()) if problem else None,
        limits=found.limits if found else limits_for(day.as_of, {}), names=LIMITS,
        source=_source(zone, by) if zone and found else "",
    )  # fmt: skip
    return (page, 422) if isinstance(problem, FormRefused | LimitRefused) else page


def _order() -> str:
    given = request.args.get("order", LAND)
    return given if given in ORDERS else LAND


def _source(zone: ZoneRow, by: str) -> str:
    """Where the map gets what the list shows."""
    asked: dict[str, Any] = {**shown_day().carried(), **limits_asked()}
    return url_for(
        "api_sites.holdouts", code=zone.code, crs="plane", order=by, limit=5_000, **asked
    )


def _filters() -> list[Filter]:
    states = [(key, str(word)) for key, (_colour, word) in STATES.items() if key != "handed_over"]
    return [
        Filter("q", _("Tìm thửa, hồ sơ")),
        Filter("state", _("Bước"), [("none", _("chưa vào hồ sơ nào")), *states]),
        Filter("frees", _("Giải phóng"), [("alone", _("một mình đã giải phóng")),
                                         ("together", _("phải xong cả cụm"))]),
    ]  # fmt: skip


def _asked(row: Row, filters: list[Filter]) -> bool:
    wanted, state, frees = (each.current for each in filters)
    return (
        folded(wanted) in folded(f"{row.parcel} {row.case} {row.zone}")
        and (not state or (row.item.state if row.item else "none") == state)
        and (not frees or row.alone == (frees == "alone"))
    )


def _geojson(chosen: list[Row], found: HoldOuts, zone: ZoneRow) -> Response:
    written = features(chosen, found, zone.srid, in_plane=False)
    answer = as_json(collection(written, zone.srid, in_plane=False), GEOJSON)
    name = f"thua-nut-that-{zone.code}.geojson"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer

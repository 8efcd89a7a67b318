"""Tìm đất sạch: sites of a size by a day, what the next best still lack, and keeping one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, render_template, request, url_for

from gisapp.api.written import GEOJSON, as_json
from gisapp.messages import render
from gisapp.pages.clearance import as_file
from gisapp.pages.import_form import FormRefused
from gisapp.pages.sites_asked import (
    LIMITS,
    USUAL_HA,
    day_by,
    leasable_categories,
    limits_asked,
    wanted_asked,
    zone_asked,
)
from gisapp.present import sites as words
from gisapp.present.day import shown_day
from gisapp.present.formats import language
from gisapp.present.ground_shapes import collection
from gisapp.present.tables import Listing, whole_asked
from gisapp.present.tables import listing as listed
from gisapp.put_together import SECONDS, known_on, sites_of
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from planning.clocks import moment
from planning.errors import RuleViolated
from planning.sites.errors import LimitRefused, SizeRefused
from planning.sites.queries import limits_for
from planning.vocabulary import lot_categories

if TYPE_CHECKING:
    from gisapp.present.day import ShownDay
    from planning.sites.queries import Sites
    from planning.zones.queries import ZoneRow

pages = Blueprint("sites", __name__)


@pages.get("/land/sites")
@requires(Permission.READ)
def show() -> str | Response | tuple[str, int]:
    """Sites of a zone that fit what is asked, and the next best; as CSV, XLSX, GeoJSON too."""
    return finder_page()


def finder_page(problem: str | None = None) -> str | Response | tuple[str, int]:
    """The finder, perhaps with what refused the writing on it."""
    day, unwritten = shown_day(), problem is not None
    found: Sites | None = None
    wrong: FormRefused | RuleViolated | None = None
    with database().reading(seconds=SECONDS) as db:
        zone, choices = zone_asked(db, moment(db, day.as_of, day.known_at))
        try:
            if zone is not None:
                found = sites_of(db, zone, day, wanted_asked(day), limits_asked())
        except (FormRefused, RuleViolated) as refused:
            wrong = refused
    if wrong is not None and problem is None:
        problem = render(wrong.code, wrong.context, language())
    if found and zone and request.args.get("format") == "geojson":
        return _geojson(found, zone)
    rows = words.rows(found) if found else []
    nearly = words.rows(found, nearly=True) if found else []
    shown = listed(rows, words.columns(), default_sort="rank", workbook=True)
    if found and zone and whole_asked():
        return _file(shown, nearly, zone)
    unread = isinstance(wrong, FormRefused)
    page = render_template(
        "pages/sites/finder.html", listing=shown, nearly=nearly, zone=zone, zones=choices,
        found=found, chosen=_chosen(rows), problem=problem, reason=wrong.code if wrong else "",
        usual_ha=USUAL_HA, by=day.as_of if unread else day_by(day), known_on=known_on(day),
        classes=words.CLASSES, categories=_categories(), names=LIMITS, given=request.form,
        limits=found.limits if found else limits_for(day.as_of, {}),
        source=_source(zone, found, day) if zone and found else "",
        query_string=request.query_string.decode("ascii", "replace"),
    )  # fmt: skip
    return (page, 422) if unwritten or (wrong is not None and _is_input(wrong)) else page


def _source(zone: ZoneRow, found: Sites, day: ShownDay) -> str:
    """Where the map gets what the list shows."""
    wanted = found.wanted
    asked: dict[str, Any] = {
        **day.carried(), **limits_asked(), "area_ha": wanted.least_m2 / 10_000,
        "by": wanted.by.isoformat(), "access": int(wanted.access), "category": wanted.category,
    }  # fmt: skip
    return url_for("api_sites.sites", code=zone.code, crs="plane", **asked)


def _is_input(wrong: FormRefused | RuleViolated) -> bool:
    """Whether what was typed is at fault, not what the register holds."""
    return isinstance(wrong, FormRefused | SizeRefused | LimitRefused)


def _chosen(rows: list[words.Row]) -> words.Row | None:
    key = request.args.get("site", "")
    return next((row for row in rows if row.key == key), None)


def _categories() -> list[tuple[str, str]]:
    known = lot_categories()
    return [
        (code, f"{code} · {known[code].name_en if language() == 'en' else known[code].name_vi}")
        for code in leasable_categories()
    ]


def _file(shown: Listing, nearly: list[words.Row], zone: ZoneRow) -> Response:
    """The sites; or (``?part=nearly``) what the next best lack, one line a parcel."""
    if request.args.get("part") != "nearly":
        return as_file(shown, f"dat-sach-{zone.code}", f"sites {zone.code}")
    lines: list[Any] = [(row, lack) for row in nearly for lack in row.lacks or (None,)]
    listing = Listing(columns=words.lack_columns(), rows=lines, count=len(lines), workbook=True)
    return as_file(listing, f"dat-gan-sach-{zone.code}", f"sites-nearly {zone.code}")


def _geojson(found: Sites, zone: ZoneRow) -> Response:
    written = words.features(found, zone.srid, in_plane=False)
    more = {"forecast": found.wanted.is_forecast, "by": found.wanted.by}
    answer = as_json(collection(written, zone.srid, in_plane=False, **more), GEOJSON)
    name = f"dat-sach-{zone.code}.geojson"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer

"""Bản đồ: the land of one zone in its own plane on any day, or the whole country."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from flask import Blueprint, current_app, render_template, request

from gisapp import resources
from gisapp.present.day import shown_day
from gisapp.present.formats import language
from gisapp.present.plans import map_words
from gisapp.present.projects import map_words as project_words
from gisapp.running import database, settings
from gisapp.security.access import requires
from gisapp.security.guard import can
from gisapp.security.permissions import Permission
from gisapp.security.scope import reader_scope
from planning.clocks import moment
from planning.zones.extent import extent_of
from planning.zones.queries import find_zone, zones

if TYPE_CHECKING:
    from planning.zones.queries import ZoneRow

pages = Blueprint("map", __name__)


def _name(zone: ZoneRow) -> str:
    return (language() == "en" and zone.name_en) or zone.name_vi


@pages.get("/map")
@requires(Permission.READ)
def show() -> str:
    """The map of a zone (``?zone=``), or of the country when none is chosen."""
    day, scope, code = shown_day(), reader_scope(), request.args.get("zone")
    with database().reading() as session:
        at = moment(session, day.as_of, day.known_at)
        choices = [zone for zone in zones(session, at) if scope.covers(zone)]
        zone = None if code is None else _chosen(choices, code) or find_zone(session, code)
        if zone is not None:
            scope.require(zone)
        extent = None if zone is None else extent_of(session, at, zone.id)
    editor = extent is not None and can(Permission.EDIT)
    return render_template(
        "pages/map/show.html",
        zone=zone,
        name="" if zone is None else _name(zone),
        has_boundary=extent is not None,
        choices=[(each, _name(each)) for each in choices],
        basemap=(settings().basemap_xyz_url, settings().basemap_attribution),
        editor=editor,
        modules=_modules(*(("edit", "edit/tools") if editor else ())),
        testing=current_app.testing,
        plan_words=map_words(),
        project_words=project_words(),
    )


@cache
def _modules(*more: str) -> tuple[str, ...]:
    """The map's own scripts, to be fetched at once instead of as they name each other."""
    folder = resources.STATIC / "js"
    found = (
        path
        for part in ("map", "panels", "findings", "projects", *more)
        for path in (folder / part).glob("*.js")
    )
    return tuple(sorted(path.relative_to(resources.STATIC).as_posix() for path in found))


def _chosen(choices: list[ZoneRow], code: str) -> ZoneRow | None:
    return next((zone for zone in choices if zone.code == code), None)

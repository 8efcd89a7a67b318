"""Zones for programs, and what the map page has to know to open one."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from flask import Response
from pydantic import Field

from gisapp.api.models import DayQuery, api_blueprint
from gisapp.api.sight import BBOX, box_of, seen_zone
from gisapp.api.written import as_json
from gisapp.present.plans import step_word
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from gisapp.security.scope import reader_scope
from layers.crs import plane
from layers.tiles import plane_grid
from planning.clocks import moment
from planning.edges import edges_near
from planning.plans.choices import plan_choices
from planning.published import (
    Sight,
    days_of_change,
    zone_and_inner,
)
from planning.zones.extent import centres, extent_of
from planning.zones.queries import zones

if TYPE_CHECKING:
    from planning.zones.queries import ZoneRow

api = api_blueprint("zones", __name__, "Khu · zones")


def _facts(zone: ZoneRow) -> dict[str, Any]:
    return {name: value for name, value in asdict(zone).items() if name not in {"id", "parent_id"}}


@api.get("/zones")
@api.input(DayQuery, location="query", arg_name="query")
@api.doc(summary="Các khu · zones in being on a day")
@requires(Permission.READ)
def listing(query: DayQuery) -> Response:
    """Every zone the caller may see: code, names, kind, board, plane, areas in m²."""
    day, scope = query.shown(), reader_scope()
    with database().reading() as session:
        at = moment(session, day.as_of, day.known_at)
        found, middle = zones(session, at), centres(session, at)
    seen = [zone for zone in found if scope.covers(zone)]
    return as_json({"zones": [{**_facts(zone), "lonlat": middle.get(zone.id)} for zone in seen]})


@api.get("/zones/<code>")
@api.input(DayQuery, location="query", arg_name="query")
@api.doc(summary="Một khu · one zone")
@requires(Permission.READ)
def show(code: str, query: DayQuery) -> Response:
    """One zone with its plane (proj4 text), its extent (E, N; metres) and its plan versions."""
    day = query.shown()
    with database().reading() as session:
        at = moment(session, day.as_of, day.known_at)
        zone = seen_zone(session, code)
        extent = extent_of(session, at, zone.id)
        inside = zone_and_inner(session, zone.id)
        plans = plan_choices(session, at, inside)
        days = days_of_change(session, Sight(at, inside))
    return as_json(
        {
            **_facts(zone),
            "plane": _plane(zone.srid),
            "extent": extent,
            "plan_versions": [
                {**asdict(each), "status_name": step_word(each.status)} for each in plans
            ],
            "days_of_change": days,
        }
    )


class EdgesQuery(DayQuery):
    """A day and a box in metres of the zone's plane."""

    bbox: str = Field(pattern=BBOX, description="minE,minN,maxE,maxN")


@api.get("/zones/<code>/edges")
@api.input(EdgesQuery, location="query", arg_name="query")
@api.doc(summary="Cạnh để bắt vào · plan lots and boundaries to snap to, exact, in the plane")
@requires(Permission.READ)
def edges(code: str, query: EdgesQuery) -> Response:
    """Lots of the plans in force and boundaries that meet the box; E, N exact to 1 mm."""
    day = query.shown()
    with database().reading() as session:
        zone = seen_zone(session, code)
        sight = Sight(moment(session, day.as_of, day.known_at), zone_and_inner(session, zone.id))
        return as_json(edges_near(session, sight, zone.srid, box_of(query.bbox)))


def _plane(srid: int) -> dict[str, Any]:
    of = plane(srid)
    grid = plane_grid(srid)
    return {
        "srid": srid,
        "name_vi": of.name_vi,
        "name_en": of.name_en,
        "meridian": of.meridian,
        "proj4": of.proj4,
        "grid": {
            "extent": grid.extent,
            "tile_px": grid.tile_px,
            "resolution_0": grid.resolution(0),
            "max_zoom": grid.max_zoom,
        },
    }

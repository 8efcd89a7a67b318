"""Plans for programs: where they stand, one version's balance, and what is in force on a spot."""

from __future__ import annotations

from dataclasses import asdict
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from uuid import UUID

import shapely
from flask import Response
from pydantic import Field
from shapely.errors import ShapelyError

from gisapp.api.models import DayQuery, api_blueprint
from gisapp.api.sight import ZONE_CODE
from gisapp.api.written import as_json
from gisapp.plan_steps import seen_plan, version_id
from gisapp.present.plans import step_word
from gisapp.refusals import Refusal
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from gisapp.security.scope import reader_scope
from planning.clocks import moment
from planning.parcels.ground import parcel_ground
from planning.plans.balance import balance
from planning.plans.here import plans_here
from planning.plans.pipeline import pipeline, timeline
from planning.zones.queries import find_zone, zones

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.orm import Session

    from planning.clocks import Moment

api = api_blueprint("plans", __name__, "Quy hoạch · plans")

CORNERS_AT_MOST = 5_000


class PlaceNotGiven(Refusal):
    """No point, parcel or polygon, or more than one, or one that cannot be read."""

    code = "place-not-given"


class PlansQuery(DayQuery):
    """The two clocks, and perhaps one zone or level."""

    zone: str | None = Field(None, pattern=ZONE_CODE, description="Mã khu · zone code")
    level: str | None = Field(None, pattern="^(general|subdivision|detailed)$")


class SpotQuery(DayQuery):
    """A spot: a point in a zone's plane or in degrees, a parcel, or a polygon (WKT) in a plane."""

    zone: str | None = Field(
        None, pattern=ZONE_CODE, description="Khu có mặt phẳng của x, y hoặc polygon · its plane"
    )
    x: float | None = Field(None, description="X (Bắc) · northing, m")
    y: float | None = Field(None, description="Y (Đông) · easting, m")
    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)
    parcel: UUID | None = Field(None, description="Thửa · parcel id")
    polygon: str | None = Field(
        None, max_length=8_000, description="WKT POLYGON, E N in metres of the zone's plane"
    )


@api.get("/plans")
@api.input(PlansQuery, location="query", arg_name="query")
@api.doc(summary="Các phiên bản quy hoạch và bước của chúng · plan versions and their steps")
@requires(Permission.READ)
def listing(query: PlansQuery) -> Response:
    """Every version on the day: step, since when, days waited, next actor, limit and its source."""
    day, scope = query.shown(), reader_scope()
    with database().reading() as session:
        at = moment(session, day.as_of, day.known_at)
        seen = [zone.id for zone in zones(session, at) if scope.covers(zone)
                and query.zone in (None, zone.code)]  # fmt: skip
        found = pipeline(session, at, seen)
    rows = [row for row in found if query.level in (None, row.level)]
    more = ("days", "due", "days_over", "waiting")
    return as_json(
        {"plans": [_named(row, {name: getattr(row, name) for name in more}) for row in rows]}
    )


def _named(row: Any, more: Mapping[str, Any] = MappingProxyType({})) -> dict[str, Any]:
    """The facts of a row with the word of its step, in the reader's language."""
    return {**_facts(row), "status_name": step_word(row.status), **more}


def _facts(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in type(row).__slots__}


@api.get("/plans/<code>")
@api.input(DayQuery, location="query", arg_name="query")
@api.doc(summary="Một quy hoạch · one plan with every step of its versions")
@requires(Permission.READ)
def show(code: str, query: DayQuery) -> Response:
    """One plan: its facts, and every step with document, actor and the change that recorded it."""
    day = query.shown()
    with database().reading() as session:
        at = moment(session, day.as_of, day.known_at)
        plan = seen_plan(session, code)
        steps = timeline(session, at, plan.id)
    return as_json({**_facts(plan), "steps": [_named(step) for step in steps]})


@api.get("/plans/<code>/<int:number>/balance")
@api.input(DayQuery, location="query", arg_name="query")
@api.doc(summary="Cân bằng đất của một phiên bản · land balance of a version")
@requires(Permission.READ)
def land_balance(code: str, number: int, query: DayQuery) -> Response:
    """Uses, overlap, outside and gap in m², which add up to the ground; beside what is stated."""
    day = query.shown()
    with database().reading() as session:
        at = moment(session, day.as_of, day.known_at)
        found = balance(session, version_id(seen_plan(session, code), number), at)
    return as_json(
        {
            "plan": code,
            "number": number,
            "ground_m2": found.ground_m2,
            "uses": [{**_facts(use), "difference_m2": use.difference_m2} for use in found.uses],
            "overlap_m2": found.overlap_m2,
            "outside_m2": found.outside_m2,
            "gap_m2": found.gap_m2,
            "closes_m2": found.closes_m2,
            "stated_total_m2": found.stated_total_m2,
            "stated_misses_m2": found.stated_misses_m2,
            "places": found.places,
        }
    )


@api.get("/plans/in-force")
@api.input(SpotQuery, location="query", arg_name="query")
@api.doc(summary="Quy hoạch có hiệu lực tại một nơi · plans in force on a spot, every level")
@requires(Permission.READ)
def in_force(query: SpotQuery) -> Response:
    """Plans in force on a point, parcel or polygon on the day, by level, with the lots there."""
    day = query.shown()
    with database().reading() as session:
        at = moment(session, day.as_of, day.known_at)
        shape, srid = _spot(session, at, query)
        found = seen_here(session, at, shape, srid)
    levels = {
        level: [{**asdict(plan), "status_name": step_word(plan.status)} for plan in here]
        for level, here in found.items()
    }
    return as_json({"as_of": day.as_of, "levels": levels})


def seen_here(session: Session, at: Moment, shape: BaseGeometry, srid: int) -> dict[str, list[Any]]:
    """Plans in force on a spot that the reader may see, by level."""
    scope = reader_scope()
    found = plans_here(session, at, shape, srid)
    if scope.everything:
        return dict(found)
    seen = {zone.code for zone in zones(session, at) if scope.covers(zone)}
    return {level: [each for each in here if each.zone in seen] for level, here in found.items()}


def _spot(session: Session, at: Moment, query: SpotQuery) -> tuple[BaseGeometry, int]:
    ways = (
        query.parcel is not None,
        query.polygon is not None,
        query.x is not None or query.y is not None,
        query.lon is not None or query.lat is not None,
    )
    if sum(ways) != 1:
        raise PlaceNotGiven()
    if query.parcel is not None:
        shape, srid, _zone = parcel_ground(session, at, query.parcel)
        return shape, srid
    if query.lon is not None and query.lat is not None:
        return shapely.Point(query.lon, query.lat), 4326
    if query.zone is None:
        raise PlaceNotGiven()
    zone = find_zone(session, query.zone, at)
    reader_scope().require(zone)
    if query.polygon is not None:
        return _polygon(query.polygon), zone.srid
    if query.x is None or query.y is None:
        raise PlaceNotGiven()
    return shapely.Point(query.y, query.x), zone.srid


def _polygon(text: str) -> BaseGeometry:
    try:
        shape = shapely.force_2d(shapely.from_wkt(text))
    except ShapelyError:
        raise PlaceNotGiven() from None
    usable = shape.geom_type in ("Polygon", "MultiPolygon") and shape.is_valid and shape.area > 0
    if not usable or shapely.get_num_coordinates(shape) > CORNERS_AT_MOST:
        raise PlaceNotGiven()
    return shape

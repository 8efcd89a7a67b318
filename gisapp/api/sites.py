"""Hold-outs and sites of a zone for programs and the map, as GeoJSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from gisapp.api.models import DayQuery, api_blueprint
from gisapp.api.sight import seen_zone
from gisapp.api.written import GEOJSON, as_json
from gisapp.present import holdouts as hold_out_words
from gisapp.present import sites as site_words
from gisapp.present.day import parse_day
from gisapp.present.ground_shapes import collection
from gisapp.put_together import SECONDS, hold_outs_of, known_on, sites_of
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from planning.clocks import moment
from planning.sites.finder import Wanted
from planning.sites.limits import REPLACEABLE
from planning.sites.queries import MOST_M2

if TYPE_CHECKING:
    from flask import Response

    from planning.sites.limits import Limits

api = api_blueprint("sites", __name__, "Đất ghép · land put together")

CATEGORY = r"^[A-Za-z]{1,12}$"


class TogetherQuery(DayQuery):
    """A day, the limits replaced for this look, and the coordinates wanted."""

    lot_min_m2: float | None = Field(None, description="diện tích nhỏ nhất của một khu đất")
    frontage_m: float | None = Field(None, description="least length along a cleared road")
    contact_m: float | None = Field(None, description="least side two pieces share")
    snap_m: float | None = Field(None, description="sides nearer than this are one side")
    crs: Literal["wgs84", "plane"] = Field(
        "wgs84",
        description="wgs84: longitude, latitude (RFC 7946); plane: E, N of the zone, exact",
    )

    def replaced(self) -> dict[str, float]:
        """The limits the caller replaces."""
        given = {name: getattr(self, name) for name in REPLACEABLE}
        return {name: value for name, value in given.items() if value is not None}


class HoldOutsQuery(TogetherQuery):
    """Which order, and how many."""

    order: Literal["land", "road"] = "land"
    limit: int = Field(2_000, ge=1, le=20_000)


class SitesQuery(TogetherQuery):
    """What is looked for."""

    area_ha: float = Field(gt=0, le=MOST_M2 / 10_000, description="at least so many hectares")
    category: str | None = Field(
        None, pattern=CATEGORY, description="industrial, service, or a code of lots (CN, KT …)"
    )
    by: str | None = Field(None, max_length=10, description="by the end of this day")
    access: bool = Field(False, description="only land that meets a cleared road")


@api.get("/zones/<code>/holdouts")
@api.input(HoldOutsQuery, location="query", arg_name="query")
@api.doc(summary="Thửa nút thắt · uncleared parcels by the land or road each one frees, GeoJSON")
@requires(Permission.READ)
def holdouts(code: str, query: HoldOutsQuery) -> Response:
    """Ranked from 1; areas legal m², `road_m` metres of planned road. 422 without a plan."""
    day = query.shown()
    with database().reading(seconds=SECONDS) as db:
        zone = seen_zone(db, code, moment(db, day.as_of, day.known_at))
        found = hold_outs_of(db, zone, day, query.replaced())
    plane = query.crs == "plane"
    rows = hold_out_words.rows(found, query.order, day.as_of)
    shown = rows[: query.limit]
    written = hold_out_words.features(shown, found, zone.srid, in_plane=plane)
    more: dict[str, Any] = {
        "numberMatched": len(rows), "numberReturned": len(shown), "limits": _limits(found.limits),
        "not_to_clear": found.kept,
    }  # fmt: skip
    return as_json(collection(written, zone.srid, in_plane=plane, **more), GEOJSON)


@api.get("/zones/<code>/sites")
@api.input(SitesQuery, location="query", arg_name="query")
@api.doc(summary="Khu đất sạch · sites of a size by a day, and what the next best lack, GeoJSON")
@requires(Permission.READ)
def sites(code: str, query: SitesQuery) -> Response:
    """`kind` is site, nearly or lack. `forecast`: the day is ahead, plans were counted as facts."""
    day = query.shown()
    wanted = Wanted(
        query.area_ha * 10_000,
        parse_day("by", query.by) if query.by else day.as_of,
        known_on(day),
        query.category,
        query.access,
    )
    with database().reading(seconds=SECONDS) as db:
        zone = seen_zone(db, code, moment(db, day.as_of, day.known_at))
        found = sites_of(db, zone, day, wanted, query.replaced())
    plane = query.crs == "plane"
    written = site_words.features(found, zone.srid, in_plane=plane)
    more: dict[str, Any] = {
        "sites": len(found.found.sites), "nearly": len(found.found.nearly), "by": wanted.by,
        "forecast": wanted.is_forecast, "limits": _limits(found.limits),
    }  # fmt: skip
    return as_json(collection(written, zone.srid, in_plane=plane, **more), GEOJSON)


def _limits(limits: Limits) -> dict[str, float]:
    return {name: getattr(limits, name) for name in REPLACEABLE}

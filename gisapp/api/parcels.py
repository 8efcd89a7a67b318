"""Parcels for the map and for programs: pages of features, the card, the timeline, conformance."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

import orjson
from flask import Response, url_for
from pydantic import Field, field_validator
from werkzeug.exceptions import NotFound as NoSuchPage

from gisapp.api.models import DayQuery, api_blueprint
from gisapp.api.sight import ZONE_CODE, ZoneQuery, seen_zone, sight_of
from gisapp.api.written import GEOJSON, as_json
from gisapp.present.findings import causes, properties
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.people import may_see_people
from gisapp.security.permissions import Permission
from planning.clearance.on_parcel import OnParcel, on_parcel
from planning.conformance.queries import findings_of_parcel
from planning.errors import RuleViolated
from planning.parcels.cards import Card, card
from planning.parcels.lineage import lineage
from planning.parcels.spot import ever_here
from planning.parcels.states import feature_page
from planning.parcels.timeline import history
from planning.projects.sightings import InspectionRow, visits_on_parcel

if TYPE_CHECKING:
    from planning.parcels.states import Box, FeaturePage

api = api_blueprint("parcels", __name__, "Thửa đất · parcels")

MOST_FEATURES = 2_000


class ZoneMissing(RuleViolated):
    """Coordinates of a plane were asked for without the zone that says which plane."""

    code = "zone-missing"


class _Plane(DayQuery):
    crs: Literal["wgs84", "plane"] = Field(
        "wgs84",
        description="wgs84: longitude, latitude (RFC 7946); plane: E, N of the zone, exact to 1 mm",
    )


class ParcelsQuery(ZoneQuery, _Plane):
    """A page of parcels."""

    bbox: str | None = Field(
        None, max_length=200, description="west,south,east,north in degrees, or metres of the plane"
    )
    limit: int = Field(500, ge=1, le=MOST_FEATURES)
    cursor: UUID | None = Field(None, description="`next` of the page before")

    @field_validator("bbox")
    @classmethod
    def _four_numbers(cls, value: str | None) -> str | None:
        if value is not None:
            west, south, east, north = (float(part) for part in value.split(","))
            if not all(map(math.isfinite, (west, south, east, north))):
                raise ValueError("bbox")
            if west > east or south > north:
                raise ValueError("bbox")
        return value

    @property
    def box(self) -> Box | None:
        """The four numbers."""
        if self.bbox is None:
            return None
        west, south, east, north = map(float, self.bbox.split(","))
        return west, south, east, north


@api.get("/parcels")
@api.input(ParcelsQuery, location="query", arg_name="query")
@api.doc(summary="Thửa theo khu và khung · parcels by zone and box, GeoJSON")
@requires(Permission.READ)
def listing(query: ParcelsQuery) -> Response:
    """Parcels in force with their states; `next` leads to the following page."""
    with database().reading() as session:
        sight = sight_of(session, query)
        srid = None
        if query.crs == "plane":
            if query.zone is None:
                raise ZoneMissing()
            srid = seen_zone(session, query.zone).srid
        page = feature_page(
            session, sight, box=query.box, srid=srid, limit=query.limit, after=query.cursor
        )
    return Response(_collection(page, srid, query), mimetype=GEOJSON)


def _collection(page: FeaturePage, srid: int | None, query: ParcelsQuery) -> str:
    members = ['"type":"FeatureCollection"']
    if srid is not None:
        name = f"urn:ogc:def:crs:EPSG::{srid}"
        members.append(f'"crs":{{"type":"name","properties":{{"name":"{name}"}}}}')
    members.append(f'"numberReturned":{len(page.features)}')
    if page.last is not None:
        asked = query.model_dump(exclude_none=True, exclude={"cursor"})
        link = url_for("api_parcels.listing", **asked, cursor=page.last)
        members.append(f'"next":"{page.last}"')
        members.append(f'"links":{orjson.dumps([{"rel": "next", "href": link}]).decode()}')
    members.append(f'"features":[{",".join(page.features)}]')
    return "{" + ",".join(members) + "}"


class SpotQuery(ZoneQuery):
    """A place in a zone: E, N in metres of its plane."""

    zone: str = Field(pattern=ZONE_CODE, description="Mã khu · zone code")
    e: float = Field(ge=-1_000_000, le=10_000_000, description="Y (Đông) · easting, m")
    n: float = Field(ge=-1_000_000, le=10_000_000, description="X (Bắc) · northing, m")


@api.get("/parcels/at")
@api.input(SpotQuery, location="query", arg_name="query")
@api.doc(summary="Những thửa từng nằm tại đây · every parcel that ever lay on a spot")
@requires(Permission.READ)
def spot(query: SpotQuery) -> Response:
    """Latest first, those that lived less than a day among them, of every zone in sight."""
    with database().reading() as session:
        zone = seen_zone(session, query.zone)
        sight = sight_of(session, ZoneQuery(**query.model_dump(include={"as_of", "known_at"})))
        found = ever_here(session, sight, zone.srid, query.e, query.n)
    return as_json({"parcels": found})


class ParcelQuery(_Plane):
    """One parcel on a day."""


def _identifier(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NoSuchPage from None


@api.get("/parcels/<parcel_id>")
@api.input(ParcelQuery, location="query", arg_name="query")
@api.doc(summary="Phiếu thửa đất · a parcel's card, GeoJSON")
@requires(Permission.READ)
def show(parcel_id: str, query: ParcelQuery) -> Response:
    """A parcel with rights, lots, hand-overs, projects, notes and photos on its ground, documents;
    old ids name successors.
    """
    with database().reading() as session:
        sight = sight_of(session, ZoneQuery(**query.model_dump(exclude={"crs"})))
        found = card(session, sight, _identifier(parcel_id), in_plane=query.crs == "plane")
        clearing = on_parcel(session, sight.at, found.id)
        visits = visits_on_parcel(
            session, sight.at, found.id, zone_ids=sight.zone_ids, personal=may_see_people()
        )
    answer = as_json(_as_feature(found, clearing, visits), GEOJSON)
    if found.version is not None:
        answer.headers["ETag"] = f'"p-{found.id}-v{found.version}"'
    return answer


def _as_feature(
    found: Card, clearing: list[OnParcel], visits: list[InspectionRow]
) -> dict[str, Any]:
    if found.feature is not None:
        shape: dict[str, Any] = orjson.loads(found.feature)
    else:
        shape = {"type": "Feature", "id": str(found.id), "geometry": None, "properties": {}}
    seen = asdict(found.last_seen)
    for inner in ("zone_id", "version_id"):
        del seen[inner]
    if found.last_shape is not None:
        shape["last_geometry"] = orjson.loads(found.last_shape)
    shape["properties"] = {
        **seen,
        **shape["properties"],
        "in_force": found.feature is not None,
        "version": found.version,
        "rights": found.rights,
        "lots": found.lots,
        "handovers": found.handovers,
        "clearance": clearing,
        "projects": found.projects,
        "visits": visits,
        "documents": found.documents,
        "older_names": found.older_names,
        "successors": found.successors,
        "predecessors": [each for each in found.kin if each.relation == "predecessor"],
    }
    return shape


@api.get("/parcels/<parcel_id>/history")
@api.input(DayQuery, location="query", arg_name="query")
@api.doc(summary="Lịch sử thửa · a parcel's timeline on both clocks")
@requires(Permission.READ)
def timeline(parcel_id: str, query: DayQuery) -> Response:
    """What happened, latest legal day first, and when the register learnt it."""
    with database().reading() as session:
        sight = sight_of(session, ZoneQuery(**query.model_dump()))
        entries = history(session, sight, _identifier(parcel_id))
    return as_json({"id": parcel_id, "entries": entries})


@api.get("/parcels/<parcel_id>/lineage")
@api.input(DayQuery, location="query", arg_name="query")
@api.doc(summary="Phả hệ thửa · what a parcel came from and what it became")
@requires(Permission.READ)
def family(parcel_id: str, query: DayQuery) -> Response:
    """Parcels of every generation and the lines between them: operation, m², day, document."""
    with database().reading() as session:
        sight = sight_of(session, ZoneQuery(**query.model_dump()))
        found = lineage(session, sight, _identifier(parcel_id))
    return as_json({"id": parcel_id, **asdict(found)})


@api.get("/parcels/<parcel_id>/conformance")
@api.input(DayQuery, location="query", arg_name="query")
@api.doc(summary="Thửa so với quy hoạch · ground shared with plan lots")
@requires(Permission.READ)
def conformance(parcel_id: str, query: DayQuery) -> Response:
    """m² and share of the parcel in each lot of the plans in force, outside every lot, and what
    does not fit about it.
    """
    with database().reading() as session:
        sight = sight_of(session, ZoneQuery(**query.model_dump()))
        found = card(session, sight, _identifier(parcel_id))
        wrong = findings_of_parcel(session, sight.at, found.last_seen.zone_id, found.id)
        because = causes(session, wrong)
    measured = found.last_seen.area_m2
    levels = {lot.level for lot in found.lots}
    outside = {
        level: max(0.0, measured - sum(lot.area_m2 for lot in found.lots if lot.level == level))
        for level in sorted(levels)
    }
    return as_json(
        {
            "id": parcel_id,
            "in_force": found.feature is not None,
            "area_m2": measured,
            "lots": [{**asdict(lot), "share_pct": round(100 * lot.share, 4)} for lot in found.lots],
            "outside_m2": outside,
            "findings": [properties(each, because) for each in wrong],
        }
    )

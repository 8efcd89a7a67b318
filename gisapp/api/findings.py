"""Findings of the living conformance for programs and the map, and the waivers of leaders."""

from __future__ import annotations

import math
from datetime import date
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

import shapely
from pydantic import Field, field_validator

from gisapp.api.changes import actor
from gisapp.api.models import DayQuery, Given, api_blueprint
from gisapp.api.sight import ZONE_CODE, seen_zone
from gisapp.api.written import GEOJSON, as_json
from gisapp.found import remembered_findings
from gisapp.idempotency import Done, once
from gisapp.present.findings import causes, features
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from gisapp.security.scope import reader_scope
from planning.clocks import Moment, moment, today
from planning.conformance.commands import waive, waiver_zone, withdraw
from planning.conformance.errors import FindingGone
from planning.conformance.queries import find
from planning.errors import NotFound
from planning.published import zone_and_inner
from planning.zones.queries import zones

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Response
    from sqlalchemy.orm import Session

    from planning.conformance.finding import Finding

api = api_blueprint("findings", __name__, "Vướng mắc · findings")

MOST_FINDINGS = 5_000
Kind = Literal["overlap", "gap", "outside", "across_uses", "lease_on_green", "outside_plan"]


class ConflictsQuery(DayQuery):
    """Which findings of a zone."""

    kind: Kind | None = None
    severity: Literal["high", "medium", "low"] | None = None
    state: Literal["open", "waived"] | None = None
    crs: Literal["wgs84", "plane"] = Field(
        "wgs84",
        description="wgs84: longitude, latitude (RFC 7946); plane: E, N of the zone, exact",
    )
    bbox: str | None = Field(
        None, max_length=200, description="west,south,east,north in metres of the zone's plane"
    )
    limit: int = Field(2_000, ge=1, le=MOST_FINDINGS)

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

    def of(self, found: Sequence[Finding]) -> list[Finding]:
        """Those asked for, in their order and with their numbers."""
        box = None
        if self.bbox is not None:
            west, south, east, north = map(float, self.bbox.split(","))
            box = shapely.box(west, south, east, north)
        return [
            each
            for each in found
            if (self.kind is None or each.kind == self.kind)
            and (self.severity is None or each.severity == self.severity)
            and (self.state is None or (self.state == "open") == each.is_open)
            and (box is None or shapely.intersects(box, each.shape))
        ]


@api.get("/zones/<code>/conflicts")
@api.input(ConflictsQuery, location="query", arg_name="query")
@api.doc(summary="Vướng mắc của một khu · what does not fit in a zone, GeoJSON")
@requires(Permission.READ)
def conflicts(code: str, query: ConflictsQuery) -> Response:
    """The gravest first, numbered as on the map; waived ones with who let them stand."""
    day = query.shown()
    with database().reading() as session:
        at = moment(session, day.as_of, day.known_at)
        zone = seen_zone(session, code, at)
        found = remembered_findings()(session, at, zone_and_inner(session, zone.id))
        asked = query.of(found)
        shown = asked[: query.limit]
        written = features(shown, causes(session, shown), in_plane=query.crs == "plane")
    answer: dict[str, Any] = {"type": "FeatureCollection"}
    if query.crs == "plane":
        name = f"urn:ogc:def:crs:EPSG::{zone.srid}"
        answer["crs"] = {"type": "name", "properties": {"name": name}}
    answer |= {"numberMatched": len(asked), "numberReturned": len(shown), "features": written}
    return as_json(answer, GEOJSON)


class WaiverAsked(Given):
    """A finding by its id, why it may stand, perhaps until the end of a day, perhaps on paper."""

    zone: str = Field(pattern=ZONE_CODE)
    finding: str = Field(pattern=r"^[a-z_]{3,20}(-[a-z]?[0-9]{1,19}){2,6}$")
    reason: str = Field(min_length=3, max_length=2_000)
    granted_on: date | None = Field(None, description="default today")
    expires_on: date | None = Field(None, description="last day; default until a side changes")
    document_id: UUID | None = None


@api.post("/waivers")
@api.input(WaiverAsked, location="json", arg_name="asked")
@api.doc(summary="Miễn trừ một vướng mắc · let a finding stand, never one's own work")
@requires(Permission.APPROVE)
def grant(asked: WaiverAsked) -> Response:
    """403 `waiver-own-work` to who drew a side of it. Needs `Idempotency-Key`."""
    day = asked.granted_on or today()

    def work(session: Session) -> Done:
        zone = seen_zone(session, asked.zone, Moment(day))
        inside = zone_and_inner(session, zone.id)
        found = find(session, Moment(day), inside, asked.finding)
        if found is None:
            raise FindingGone(kind="finding", key=asked.finding)
        made = waive(
            session,
            found,
            reason=asked.reason,
            actor=actor(),
            granted_on=day,
            expires_on=asked.expires_on,
            document_id=asked.document_id,
        )
        return Done(201, {"id": str(made), "finding": found.key})

    return once(actor(), work)


class Withdrawal(Given):
    """Why a waiver is taken back, and from which day."""

    reason: str = Field(min_length=3, max_length=2_000)
    day: date | None = Field(None, description="default today")


@api.post("/waivers/<uuid:waiver_id>/withdraw")
@api.input(Withdrawal, location="json", arg_name="asked")
@api.doc(summary="Rút miễn trừ · withdraw a waiver; the finding is open again")
@requires(Permission.APPROVE)
def take_back(waiver_id: UUID, asked: Withdrawal) -> Response:
    """The days it held stay in the history. Needs `Idempotency-Key`."""

    def work(session: Session) -> Done:
        _require(session, waiver_zone(session, waiver_id), waiver_id)
        day = asked.day or today()
        withdraw(session, waiver_id, reason=asked.reason, actor=actor(), day=day)
        return Done(200, {"id": str(waiver_id), "withdrawn_on": day.isoformat()})

    return once(actor(), work)


def _require(session: Session, zone_id: UUID, waiver_id: UUID) -> None:
    """Who may not look into a zone is not told that it has waivers."""
    scope = reader_scope()
    if scope.everything:
        return
    seen = {zone.id for zone in zones(session, moment(session)) if scope.covers(zone)}
    if zone_id not in seen:
        raise NotFound(kind="waiver", key=str(waiver_id))

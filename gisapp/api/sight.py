"""What a request looks at: the day, what was known, the zones the reader may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from gisapp.api.models import DayQuery
from gisapp.security.scope import reader_scope
from planning.clocks import Moment, moment
from planning.published import Sight, zone_and_inner
from planning.zones.queries import ZoneRow, find_zone, zones

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session

ZONE_CODE = r"^[A-Z0-9][A-Z0-9._-]{0,31}$"
BBOX = r"^-?[0-9]{1,9}(\.[0-9]{1,9})?(,-?[0-9]{1,9}(\.[0-9]{1,9})?){3}$"


def box_of(bbox: str) -> tuple[float, float, float, float]:
    """The four numbers of a BBOX: west, south, east, north in metres of the plane."""
    west, south, east, north = map(float, bbox.split(","))
    return west, south, east, north


class ZoneQuery(DayQuery):
    """A day, and perhaps one zone with the zones inside it."""

    zone: str | None = Field(None, pattern=ZONE_CODE, description="Mã khu · zone code")


def seen_zone(session: Session, code: str, at: Moment | None = None) -> ZoneRow:
    """A zone the reader may see, at a moment or today.

    Raises:
        NotFound: there is none, or it lies outside the reader's scope.
    """
    zone = find_zone(session, code, at)
    reader_scope().require(zone)
    return zone


def sight_of(session: Session, query: ZoneQuery, plan_version: UUID | None = None) -> Sight:
    """What the reader looks at: the zone asked for, else everything in the reader's scope.

    Raises:
        NotFound: the zone is not there, or not for this reader.
    """
    day = query.shown()
    at = moment(session, day.as_of, day.known_at)
    if query.zone is not None:
        return Sight(at, zone_and_inner(session, seen_zone(session, query.zone).id), plan_version)
    scope = reader_scope()
    if scope.everything:
        return Sight(at, None, plan_version)
    inside = tuple(zone.id for zone in zones(session, at) if scope.covers(zone))
    return Sight(at, inside, plan_version)

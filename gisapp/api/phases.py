"""Zones by phase for programs: what goes on where, and sums by state that come to the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response
from pydantic import Field

from gisapp.api.models import DayQuery, api_blueprint
from gisapp.api.sight import ZONE_CODE, seen_zone
from gisapp.api.written import as_json
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from gisapp.security.scope import reader_scope
from planning.clocks import moment
from planning.zones import phases
from planning.zones.queries import zones

if TYPE_CHECKING:
    from planning.zones.phases import PhaseRow, ZoneStanding

api = api_blueprint("phases", __name__, "Khu · zones")


class PhasesQuery(DayQuery):
    """A day, and perhaps one board."""

    board: str | None = Field(None, pattern=ZONE_CODE, description="Mã ban · board code")


@api.get("/phases")
@api.input(PhasesQuery, location="query", arg_name="query")
@api.doc(summary="Khu theo giai đoạn · zones by phase, and sums by state")
@requires(Permission.READ)
def listing(query: PhasesQuery) -> Response:
    """Zones by what they do and m² by state: both come to the register, the rest unclassified."""
    day, scope = query.shown(), reader_scope()
    with database().reading() as session:
        at = moment(session, day.as_of, day.known_at)
        seen = [zone for zone in zones(session, at, query.board) if scope.covers(zone)]
        found = phases.standings(session, at, seen)
    sums = phases.tally(found)
    return as_json(
        {
            "zones": [_told(each) for each in found],
            "zone_count": sums.zone_count,
            "zones_by_state": sums.zones,
            "whole_m2": float(sums.whole_m2),
            "by_state_m2": {state: float(area) for state, area in sums.area_m2.items()},
            "phases_by_state": sums.phases,
        }
    )


@api.get("/zones/<code>/phases")
@api.input(DayQuery, location="query", arg_name="query")
@api.doc(summary="Giai đoạn của một khu · the phases of one zone")
@requires(Permission.READ)
def of_zone(code: str, query: DayQuery) -> Response:
    """One zone's phases, what it is doing as they have it, and its own ground by state."""
    day = query.shown()
    with database().reading() as session:
        at = moment(session, day.as_of, day.known_at)
        seen_zone(session, code)
        every = zones(session, at)
        zone = next((each for each in every if each.code == code), None) or seen_zone(session, code)
        inside = [each for each in every if each.parent_id == zone.id]
        found = phases.standings(session, at, [zone, *inside])[0]
    return as_json(_told(found))


def _told(standing: ZoneStanding) -> dict[str, Any]:
    return {
        "zone": standing.zone.code,
        "state": standing.standing,
        "own_m2": float(standing.own_m2),
        "by_state_m2": {state: float(area) for state, area in standing.by_state.items()},
        "unclassified_m2": float(standing.unclassified_m2),
        "phases": [_phase(phase, standing) for phase in standing.phases],
    }


def _phase(phase: PhaseRow, standing: ZoneStanding) -> dict[str, Any]:
    return {
        "number": phase.number,
        "name_vi": phase.name_vi,
        "name_en": phase.name_en,
        "area_m2": float(phase.counted_m2(standing.zone)),
        "legal_area_m2": None if phase.legal_area_m2 is None else float(phase.legal_area_m2),
        "measured_m2": phase.area_m2,
        "state": phase.state,
        "state_since": phase.state_since,
        "state_document": phase.state_document,
        "valid_from": phase.valid_from,
        "decision": {
            "number": phase.decision,
            "issued_on": phase.decided_on,
            "issuer": phase.decided_by,
        },
    }

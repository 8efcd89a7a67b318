"""Projects for programs and for the map: a page of them, one whole with its places."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Literal

from flask import Response
from pydantic import Field

from gisapp.api.clocks import plain
from gisapp.api.models import DayQuery, api_blueprint
from gisapp.api.sight import ZoneQuery, seen_zone, sight_of
from gisapp.api.written import as_json
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.people import may_see_people
from gisapp.security.permissions import Permission
from gisapp.seen_projects import seen_projects
from planning.clocks import moment
from planning.legal_clocks.queries import clocks
from planning.projects import rates, register, sightings
from planning.projects.places import box_of, places_of
from planning.projects.queries import code_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from planning.clocks import Moment
    from planning.projects.queries import Capital
    from planning.projects.register import ProjectLine

api = api_blueprint("projects", __name__, "Dự án · projects")

CODE = r"^[^\x00-\x1f]{1,48}$"


class ProjectsQuery(ZoneQuery):
    """A page of projects by code."""

    lateness: Literal["any", "on_time", "behind", "late", "overdue", "done", "over"] | None = Field(
        None, description="any: chậm ở mọi mức · late at all; others: one class"
    )
    kind: Literal["fdi", "ddi", "public"] | None = None
    limit: int = Field(500, ge=1, le=2_000)
    cursor: str | None = Field(None, pattern=CODE, description="`next` of the page before")


@api.get("/projects")
@api.input(ProjectsQuery, location="query", arg_name="query")
@api.doc(summary="Dự án với tiến độ, đất, vốn · projects with lateness, land and capital")
@requires(Permission.READ)
def listing(query: ProjectsQuery) -> Response:
    """By code; money by currency, never added up. Areas in m², progress in per cent."""
    with database().reading() as session:
        sight = sight_of(session, query)
        told = seen_projects(session, sight.at, sight.zone_ids)
    found = [line for line in told.lines if _wanted(line, query)]
    page = found[: query.limit]
    more = page[-1].code if len(found) > len(page) else None
    return as_json(
        {"projects": [_line(each, told.capital[each.id]) for each in page], "next": more}
    )


def _wanted(line: ProjectLine, query: ProjectsQuery) -> bool:
    late = query.lateness
    return (
        (query.cursor is None or line.code > query.cursor)
        and (query.kind is None or line.kind == query.kind)
        and (late is None or line.lateness == late or (late == "any" and line.late_days > 0))
    )


@api.get("/projects/<code>")
@api.input(DayQuery, location="query", arg_name="query")
@api.doc(summary="Một dự án · a project whole: certificates, schedule, money, ground, photos")
@requires(Permission.READ)
def show(code: str, query: DayQuery) -> Response:
    """By code or id. `box` and the places of photos are E, N of the zone's plane."""
    day = query.shown()
    with database().reading() as session:
        at = moment(session, day.as_of, day.known_at)
        line = register.line(session, at, code_of(session, code))
        seen_zone(session, line.zone, at)
        return as_json(_whole(session, at, line))


def _line(line: ProjectLine, capital: Sequence[Capital]) -> dict[str, Any]:
    return {**asdict(line), "capital": [asdict(each) for each in capital]}


def _whole(session: Session, at: Moment, line: ProjectLine) -> dict[str, Any]:
    capital = register.capital(session, at, [line.id])[line.id]
    total = rates.together(
        [(each.currency, each.registered) for each in capital], rates.rates(session, at)
    )
    visits = sightings.inspections(session, at, project_id=line.id, personal=may_see_people())
    return {
        **_line(line, capital),
        "registered_in_dong": total.dong,
        "rates": total.rates,
        "milestones": register.milestones(session, at, line.id),
        "clocks": [plain(row) for row in clocks(session, at, project_id=line.id)],
        "certificates": register.certificates(session, at, line.id),
        "disbursement": register.disbursement(session, at, line.id),
        "observations": register.progress(session, at, line.id),
        "worker_counts": register.workers(session, at, line.id),
        "parcels_here": register.parcels_here(session, at, line.id),
        "inspections": visits,
        "photo_places": {
            str(photo): place for photo, place in places_of(visits, line.srid).items()
        },
        "box": box_of(session, at, line.id),
    }

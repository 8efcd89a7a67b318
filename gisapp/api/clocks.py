"""Legal clocks for programs: all that the caller may see, and one project's with evidence."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from gisapp.api.models import DayQuery, api_blueprint
from gisapp.api.sight import ZoneQuery, sight_of
from gisapp.api.written import as_json
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from gisapp.security.scope import reader_scope
from planning.clocks import moment
from planning.legal_clocks import queries
from planning.projects import register
from planning.zones.queries import find_zone

if TYPE_CHECKING:
    from flask import Response

    from planning.legal_clocks.queries import ClockRow

api = api_blueprint("clocks", __name__, "Đồng hồ pháp lý · legal clocks")

State = Literal[
    "breached", "warning", "stopped", "extended", "running", "not_started", "ended", "open"
]


class ClocksQuery(ZoneQuery):
    """Which clocks, on which day."""

    clock: Literal["idle", "schedule"] | None = Field(
        None, description="idle: đất không sử dụng; schedule: chậm tiến độ"
    )
    state: State | None = Field(None, description="open: every clock that runs or has run out")
    limit: int = Field(200, ge=1, le=5_000)
    offset: int = Field(0, ge=0, le=1_000_000)

    def of(self, found: list[ClockRow]) -> list[ClockRow]:
        """Those asked for, the most pressing first."""
        return [
            row
            for row in found
            if (self.clock is None or row.clock == self.clock)
            and (
                self.state is None
                or (row.open if self.state == "open" else row.state == self.state)
            )
        ]


@api.get("/clocks")
@api.input(ClocksQuery, location="query", arg_name="query")
@api.doc(summary="Đồng hồ pháp lý của các dự án · legal clocks, the most pressing first")
@requires(Permission.READ)
def listing(query: ClocksQuery) -> Response:
    """`breach_on` is a forecast while it lies ahead of `as_of`; days are told by whose they are."""
    with database().reading() as session:
        sight = sight_of(session, query)
        found = queries.clocks(session, sight.at, zone_ids=sight.zone_ids)
    asked = query.of(found)
    shown = asked[query.offset : query.offset + query.limit]
    return as_json(
        {
            "as_of": sight.at.as_of,
            "total": len(asked),
            "clocks": [plain(row) for row in shown],
        }
    )


@api.get("/projects/<code>/clocks")
@api.input(DayQuery, location="query", arg_name="query")
@api.doc(summary="Đồng hồ của một dự án với chứng cứ · a project's clocks with their evidence")
@requires(Permission.READ)
def show(code: str, query: DayQuery) -> Response:
    """Clocks, land by hand-over, suspensions, the extension, reminders, every fact they rest on."""
    day = query.shown()
    with database().reading() as session:
        at = moment(session, day.as_of, day.known_at)
        project = register.line(session, at, code)
        reader_scope().require(find_zone(session, project.zone, at))
        extension = queries.extension(session, at, project.id)
        answer = {
            "project": project.code,
            "as_of": at.as_of,
            "clocks": [plain(row) for row in queries.clocks(session, at, project_id=project.id)],
            "land": [asdict(part) for part in queries.land_parts(session, at, project.id)],
            "suspensions": [asdict(stop) for stop in queries.suspensions(session, at, project.id)],
            "extension": asdict(extension) if extension else None,
            "reminders": [
                {name: value for name, value in asdict(one).items() if name != "facts"}
                for one in queries.reminders(session, at, project_id=project.id)
            ],
            "evidence": [asdict(fact) for fact in queries.evidence(session, at, project.id)],
        }
    return as_json(answer)


def plain(row: ClockRow) -> dict[str, Any]:
    """A clock as programs read it: its row, what comes next, how much of the term is used."""
    facts = {name: value for name, value in asdict(row).items() if name != "zone_id"}
    return {**facts, "next_act": row.next_act, "share": row.share}

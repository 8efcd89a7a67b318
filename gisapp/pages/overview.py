"""Tổng quan: the land of the boards on one page, today or any day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request
from werkzeug.exceptions import BadRequest

from gisapp.pages.seen_land import land_reader
from gisapp.present.day import parse_day, shown_day
from gisapp.present.headlines import RATIOS, rows_url, short_name, year_earlier
from gisapp.present.overview import overview
from gisapp.present.phases import area_lines, zone_lines
from gisapp.present.rows import step_name
from gisapp.present.zone_map import zone_map
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from planning.clocks import moment
from planning.projects.queries import projects
from planning.tenure.register import endings
from planning.zones import phases
from planning.zones.outlines import outlines

if TYPE_CHECKING:
    from datetime import date

pages = Blueprint("overview", __name__)
LATE_SHOWN = 6


def _compared(as_of: date) -> date:
    given = request.args.get("compare")
    return parse_day("compare", given) if given else year_earlier(as_of)


def _ratio() -> str | None:
    given = request.args.get("ratio")
    if given is not None and given not in RATIOS:
        raise BadRequest
    return given


@pages.get("/")
@requires(Permission.READ)
def show() -> str:
    """Figures, pipeline of each zone, what waits for a decision."""
    day = shown_day()
    with database().reading() as db:
        at = moment(db, day.as_of, day.known_at)
        view = overview(land_reader(db, at), day.as_of, _compared(day.as_of), _ratio())
        seen = {zone.id: zone for zone in view.land.zones}
        late = [each for each in projects(db, at) if each.late and each.zone_id in seen]
        sums = phases.tally(phases.standings(db, at, list(view.land.zones)))
        ending = endings(db, at, list(seen), (12,))[0]
        drawing = zone_map(view.lines, view.ratio, outlines(db, at, list(seen)))
    late.sort(key=lambda each: -each.late_days)
    return render_template(
        "pages/overview/show.html",
        view=view,
        drawing=drawing,
        late=late[:LATE_SHOWN],
        late_count=len(late),
        ending=ending,
        seen=seen,
        step_name=step_name,
        short_name=short_name,
        rows_url=rows_url,
        sums=sums,
        zone_lines=zone_lines(sums),
        area_lines=area_lines(sums),
    )

"""Tổng quan: the land of the boards on one page, today or any day."""

from __future__ import annotations

from flask import Blueprint, render_template

from gisapp.present.day import shown_day
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from gisapp.security.scope import reader_scope
from planning.clocks import moment
from planning.zones.queries import zones

pages = Blueprint("overview", __name__)


@pages.get("/")
@requires(Permission.READ)
def show() -> str:
    """Figures, pipeline of each zone, what waits for a decision."""
    day, scope = shown_day(), reader_scope()
    with database().reading() as db:
        found = zones(db, moment(db, day.as_of, day.known_at))
    return render_template(
        "pages/overview/show.html", zones=[zone for zone in found if scope.covers(zone)]
    )

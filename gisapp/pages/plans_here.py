"""Quy hoạch tại một nơi: which plans of every level hold on a spot on the day shown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import shapely
from flask import Blueprint, render_template, request

from gisapp.api.plans import seen_here
from gisapp.present import plans as words
from gisapp.present.day import shown_day
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from gisapp.security.scope import reader_scope
from gisapp.texts import gettext as _
from planning.clocks import moment
from planning.vocabulary import PLAN_LEVELS
from planning.zones.queries import find_zone, zones

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planning.clocks import Moment

pages = Blueprint("plans_here", __name__)

_NUMBER = re.compile(r"^-?\d{1,8}(?:[.,]\d{1,6})?$")


@pages.get("")
@requires(Permission.READ)
def show() -> str:
    """A form for X and Y, and under it the plans in force there, level by level."""
    day, scope = shown_day(), reader_scope()
    with database().reading() as db:
        at = moment(db, day.as_of, day.known_at)
        own = [zone for zone in zones(db, at) if scope.covers(zone)]
        found, problem = _found(db, at)
    return render_template(
        "pages/plans/here.html",
        zones=own,
        found=found,
        problem=problem,
        levels=PLAN_LEVELS,
        words=words,
    )


def _found(db: Session, at: Moment) -> tuple[dict[str, list[Any]] | None, str | None]:
    given = {name: request.args.get(name, "").strip() for name in ("zone", "x", "y")}
    if not any(given.values()):
        return None, None
    if not (given["zone"] and _NUMBER.match(given["x"]) and _NUMBER.match(given["y"])):
        return None, _("Hãy chọn khu và ghi X (Bắc), Y (Đông) bằng mét.")
    zone = find_zone(db, given["zone"], at)
    reader_scope().require(zone)
    north, east = (float(given[name].replace(",", ".")) for name in ("x", "y"))
    return seen_here(db, at, shapely.Point(east, north), zone.srid), None

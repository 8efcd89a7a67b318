"""What is asked of hold-outs and sites in an address: the zone, the size, the day, the limits."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from flask import request

from gisapp.pages.clearance import seen_zones
from gisapp.pages.import_form import FormRefused
from gisapp.present.day import parse_day
from gisapp.put_together import known_on
from gisapp.security.scope import reader_scope
from planning.sites.errors import SizeRefused
from planning.sites.finder import Wanted
from planning.sites.queries import MOST_M2
from planning.vocabulary import lot_categories
from planning.zones.queries import ZoneRow, find_zone

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from gisapp.present.day import ShownDay
    from planning.clocks import Moment

LIMITS: Final = {
    "min": ("lot_min_m2", 10_000.0),
    "frontage": ("frontage_m", 1.0),
    "contact": ("contact_m", 1.0),
    "snap": ("snap_m", 1.0),
}
"""Limits by their name in addresses, and what one of its unit is in m or m²."""
USUAL_HA: Final = 5.0
"""What the finder looks for when nobody has said."""


def zone_asked(db: Session, at: Moment) -> tuple[ZoneRow | None, list[ZoneRow]]:
    """The zone of the address, or the first there is, and those to choose from.

    Raises:
        NotFound: there is no such zone, or it lies outside the reader's scope.
    """
    choices = seen_zones(db, at)
    code = request.args.get("zone", "").strip().upper()
    if not code:
        return (choices[0] if choices else None), choices
    zone = next((each for each in choices if each.code == code), None)
    if zone is None:
        zone = find_zone(db, code, at)
        reader_scope().require(zone)
    return zone, choices


def limits_asked() -> dict[str, float]:
    """The limits the address replaces, in m and m². Raises FormRefused: not a number."""
    found = {}
    for name, (limit, unit) in LIMITS.items():
        given = number_asked(name)
        if given is not None:
            found[limit] = given * unit
    return found


def number_asked(name: str) -> float | None:
    """A number of the address, with a decimal comma or point; None when it is left out.

    Raises:
        FormRefused
    """
    given = request.args.get(name, "").strip().replace(",", ".")
    if not given:
        return None
    try:
        value = float(given)
    except ValueError:
        raise FormRefused(field=name) from None
    if not math.isfinite(value):
        raise FormRefused(field=name)
    return value


def wanted_asked(day: ShownDay) -> Wanted:
    """What the finder is to look for.

    Raises:
        FormRefused, SizeRefused: a number that is none, or no size of a site.
        DayRefused: not a day.
    """
    area = number_asked("area")
    hectares = USUAL_HA if area is None else area
    if not 0 < hectares * 10_000 <= MOST_M2:
        raise SizeRefused(most_ha=MOST_M2 / 10_000)
    return Wanted(
        hectares * 10_000,
        day_by(day),
        known_on(day),
        category_asked(),
        request.args.get("access") == "1",
    )


def day_by(day: ShownDay) -> date:
    """By the end of which day: the one asked for, else the day shown. Raises DayRefused."""
    given = request.args.get("by", "").strip()
    return parse_day("by", given) if given else day.as_of


def category_asked() -> str | None:
    """The class or category of lot of the address. Raises FormRefused: there is none such."""
    given = request.args.get("category", "").strip()
    if given and given not in ("industrial", "service", *leasable_categories()):
        raise FormRefused(field="category")
    return given or None


def leasable_categories() -> list[str]:
    """Codes of lots that can be let."""
    return [code for code, each in lot_categories().items() if each.leasable != "none"]

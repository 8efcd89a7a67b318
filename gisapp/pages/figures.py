"""Số liệu: every indicator with its definition, and the rows behind each number."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, render_template, request

from gisapp.pages.seen_land import land_reader
from gisapp.present.day import shown_day
from gisapp.present.formats import language
from gisapp.present.headlines import rows_url
from gisapp.present.indicators import display, figure_facts, land_facts
from gisapp.present.rows import ROWS_AT_MOST, row_columns
from gisapp.present.tables import as_csv
from gisapp.present.tables import listing as listed
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from planning.clocks import moment
from planning.indicators.errors import DefinitionNotFound
from planning.indicators.queries import items

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planning.clocks import Moment
    from planning.indicators.queries import Figure, Item, Land

pages = Blueprint("figures", __name__)


@pages.get("/figures")
@requires(Permission.READ)
def listing() -> str:
    """Every indicator of all the land the reader may see."""
    day = shown_day()
    with database().reading() as db:
        at = moment(db, day.as_of, day.known_at)
        found = land_reader(db, at)(day.as_of, True).figures()
    return render_template(
        "pages/figures/listing.html",
        figures=[_described(figure) for figure in found.values()],
        rows_url=rows_url,
    )


@pages.get("/figures/<code>")
@requires(Permission.READ)
def show(code: str) -> str | Response:
    """One indicator of all the land the reader may see, and its rows."""
    return _page(code, None)


@pages.get("/zones/<zone>/figures/<code>")
@requires(Permission.READ)
def of_zone(zone: str, code: str) -> str | Response:
    """One indicator of a zone with the zones inside it, and its rows."""
    return _page(code, zone)


def _page(code: str, zone_code: str | None) -> str | Response:
    day = shown_day()
    with database().reading() as db:
        at = moment(db, day.as_of, day.known_at)
        land = land_reader(db, at)(day.as_of, True)
        zone = land.zone(zone_code) if zone_code else None
        land = land.within(zone.code) if zone else land
        if code not in land.definitions:
            raise DefinitionNotFound(key=code)
        figure = land.figures([code])[code]
        rows = _rows(db, at, land, figure)
    rule = figure.answer.definition
    order = "label" if rule.unit == "count" else "-legal"
    shown = listed(rows, row_columns(rule.unit), default_sort=order) if rule.terms else None
    if shown is not None and request.args.get("format") == "csv":
        return as_csv(shown, f"{zone_code or 'all'}-{code}")
    return render_template(
        "pages/figures/show.html",
        figure=_described(figure),
        measured=display(figure.answer.measured, rule.unit, language()),
        zone=zone,
        zone_name=zone and ((language() == "en" and zone.name_en) or zone.name_vi),
        plans=land_facts(land, [], language())["plans"] if _of_plans(figure) else [],
        listing=shown,
        flow=rule.kind == "flow",
        truncated=len(rows) >= ROWS_AT_MOST,
        link_of=lambda part: rows_url(part, zone_code),
    )


def _described(figure: Figure) -> dict[str, Any]:
    facts = figure_facts(figure, language())
    rule = figure.answer.definition
    facts["definition"]["bounded"] = rule.valid_to is not None or rule.valid_from.year > 1945
    facts["measured"] = display(figure.answer.measured, rule.unit, language())
    return facts


def _of_plans(figure: Figure) -> bool:
    rests_on = (figure.answer.definition.code, figure.answer.definition.numerator or "",
                figure.answer.definition.denominator or "")  # fmt: skip
    return any(word in code for code in rests_on for word in ("leas", "available", "occupancy"))


def _rows(db: Session, at: Moment, land: Land, figure: Figure) -> list[Item]:
    """The rows, those of subtracted terms negative, so that they add up to the figure."""
    terms = figure.answer.definition.terms
    if not terms:
        return []
    names = [term.removeprefix("-") for term in terms]
    ids = {zone.id for zone in land.zones}
    outermost = {zone.code for zone in land.zones if zone.parent_id not in ids}
    found = items(db, at, [zone.id for zone in land.zones], names, ROWS_AT_MOST)
    return [
        replace(row, legal=-row.legal, measured=-row.measured)
        if f"-{row.quantity}" in terms
        else row
        for row in found
        if row.quantity != "natural" or row.zone in outermost
    ]

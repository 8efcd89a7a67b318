"""Khu: the economic zones and industrial parks, and one of them with all that is known of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template

from gisapp.lists import LISTS
from gisapp.pages.clearance import as_file
from gisapp.pages.list_imports import bring_routes
from gisapp.pages.seen_land import land_reader
from gisapp.present import phases as words
from gisapp.present.day import dated_url, shown_day
from gisapp.present.formats import language
from gisapp.present.frame import facts
from gisapp.present.headlines import zone_headlines
from gisapp.present.tables import Column, Filter, whole_asked
from gisapp.present.tables import listing as listed
from gisapp.present.words import CERTAINTIES, ZONE_KINDS, folded, named
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from gisapp.security.scope import reader_scope
from gisapp.texts import gettext as _
from planning.clocks import moment
from planning.zones import phases
from planning.zones.queries import ZoneRow, find_zone, zones

if TYPE_CHECKING:
    from uuid import UUID

pages = Blueprint("zones", __name__)
bring_routes(pages, LISTS["zones"], back="zones.listing")


def _name(zone: ZoneRow) -> str:
    return (language() == "en" and zone.name_en) or zone.name_vi


def _columns(doing: dict[UUID, str]) -> list[Column]:
    return [
        Column(
            key="code",
            label=_("Mã"),
            link=lambda zone: dated_url("zones.show", code=zone.code),
            strong=True,
        ),
        Column(key="name", label=_("Tên"), value=_name),
        Column(key="kind", label=_("Loại"), value=lambda zone: named(ZONE_KINDS, zone.kind)),
        Column(
            key="standing",
            label=_("Trạng thái"),
            kind="chip",
            value=lambda zone: words.standing_chip(doing[zone.id]),
        ),
        Column(key="parent_code", label=_("Thuộc khu"), nowrap=True),
        Column(key="board_code", label=_("Ban quản lý"), nowrap=True),
        Column(
            key="srid",
            label=_("Hệ toạ độ"),
            value=lambda zone: f"EPSG:{zone.srid}",
            nowrap=True,
        ),
        Column(
            key="legal_area_m2",
            label=_("Diện tích pháp lý"),
            kind="hectares",
            unit="ha",
        ),
        Column(key="area_m2", label=_("Diện tích đo"), kind="hectares", unit="ha"),
    ]


@pages.get("")
@requires(Permission.READ)
def listing() -> str | Response:
    """All zones the reader may see, on the day shown."""
    day, scope = shown_day(), reader_scope()
    filters = [
        Filter("q", _("Tìm mã hoặc tên")),
        Filter("kind", _("Loại khu"), [(kind, str(word)) for kind, word in ZONE_KINDS.items()]),
    ]
    wanted, kind = folded(filters[0].current), filters[1].current
    board = facts().board
    with database().reading() as db:
        at = moment(db, day.as_of, day.known_at)
        found = zones(db, at, board.code if board else None)
        doing = {each.zone.id: each.standing for each in phases.standings(db, at, found)}
    rows = [
        zone
        for zone in found
        if scope.covers(zone)
        and (not kind or zone.kind == kind)
        and wanted in folded(f"{zone.code} {zone.name_vi} {zone.name_en or ''}")
    ]
    shown = listed(
        rows,
        _columns(doing),
        default_sort="code",
        filters=filters,
        empty=_("Chưa có khu nào vào ngày này."),
        workbook=True,
    )
    if whole_asked():
        return as_file(shown, "khu", "zones")
    return render_template("pages/zones/listing.html", listing=shown)


@pages.get("/<code>")
@requires(Permission.READ)
def show(code: str) -> str:
    """One zone: facts, boundary, children; other contexts add their blocks."""
    day, scope = shown_day(), reader_scope()
    with database().reading() as db:
        at = moment(db, day.as_of, day.known_at)
        zone = find_zone(db, code, at)
        scope.require(zone)
        children = [other for other in zones(db, at) if other.parent_code == zone.code]
        figures, compared = zone_headlines(land_reader(db, at), day.as_of, zone.code)
        standing = phases.standings(db, at, [zone, *children])[0]
        limit = phases.phase_limit(db, day.as_of)
    return render_template(
        "pages/zones/show.html",
        zone=zone,
        name=_name(zone),
        kind=named(ZONE_KINDS, zone.kind),
        certainty=named(CERTAINTIES, zone.certainty),
        children=[(child, _name(child)) for child in children],
        figures=figures,
        compared=compared,
        standing=standing,
        parts=words.bar(standing),
        chip=words.standing_chip(standing.standing),
        chips={key: words.state_chip(key) for key in words.PHASE_STATES},
        phase_names={phase.id: words.phase_name(phase) for phase in standing.phases},
        states=words.states_to_choose(),
        limit=limit,
        large=phases.past_limit(standing, limit),
    )

"""Vướng mắc: what does not fit in a zone on the day shown, as a list to work through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request

from gisapp.api.written import GEOJSON, as_json
from gisapp.found import remembered_findings
from gisapp.present.day import dated_url, shown_day
from gisapp.present.findings import (
    CHIPS,
    causes,
    features,
    kind_name,
    sentence,
    severity_name,
    waiver_text,
)
from gisapp.present.formats import language
from gisapp.present.tables import Column, Filter, as_csv
from gisapp.present.tables import listing as listed
from gisapp.present.words import folded
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from gisapp.security.scope import reader_scope
from gisapp.texts import gettext as _
from planning.clocks import moment
from planning.conformance.finding import KINDS, SEVERITIES, Finding
from planning.published import zone_and_inner
from planning.zones.queries import ZoneRow, find_zone, zones

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planning.records.queries import ChangeSummary

pages = Blueprint("conflicts", __name__)

STATES = ("open", "waived")


@dataclass(frozen=True)
class Row:
    """A finding as the list shows it."""

    finding: Finding
    number: int
    severity: tuple[str, str]
    kind: str
    parcel: str
    zone: str
    area_m2: float
    text: str
    state: tuple[str, str]
    waiver: str


@pages.get("/conflicts")
@requires(Permission.READ)
def listing() -> str | Response:
    """The findings of one zone (``?zone=``), narrowed; the same rows as CSV or GeoJSON."""
    day, scope, code = shown_day(), reader_scope(), request.args.get("zone")
    with database().reading() as session:
        at = moment(session, day.as_of, day.known_at)
        choices = [zone for zone in zones(session, at) if scope.covers(zone)]
        zone = _chosen(choices, code)
        if zone is None and code:
            zone = find_zone(session, code, at)  # says that there is none
            scope.require(zone)
        found: list[Finding] = []
        if zone is not None:
            found = remembered_findings()(session, at, zone_and_inner(session, zone.id))
        because = causes(session, found)
    filters = _filters()
    rows = [row for row in _rows(found, because) if _asked(row, filters)]
    if request.args.get("format") == "geojson":
        return _geojson([row.finding for row in rows], because, zone)
    shown = listed(
        rows,
        _columns(zone),
        default_sort="number",
        totals_label=_("Cộng mọi dòng hợp bộ lọc"),
        filters=filters,
        empty=_("Không có vướng mắc nào vào ngày này."),
    )
    if request.args.get("format") == "csv":
        return as_csv(shown, f"vuong-mac-{zone.code if zone else ''}")
    return render_template(
        "pages/conflicts/listing.html",
        listing=shown,
        zone=zone,
        name="" if zone is None else _name(zone),
        choices=[(each, _name(each)) for each in choices],
        counts=_counts(found),
    )


def _chosen(choices: Sequence[ZoneRow], code: str | None) -> ZoneRow | None:
    if code:
        return next((zone for zone in choices if zone.code == code), None)
    return choices[0] if choices else None


def _name(zone: ZoneRow) -> str:
    return (language() == "en" and zone.name_en) or zone.name_vi


def _filters() -> list[Filter]:
    return [
        Filter("q", _("Tìm thửa, lô, hợp đồng")),
        Filter("kind", _("Loại vướng mắc"), [(kind, kind_name(kind)) for kind in KINDS]),
        Filter("severity", _("Mức độ"), [(each, severity_name(each)) for each in SEVERITIES]),
        Filter("state", _("Trạng thái"), [(each, _state(each)) for each in STATES]),
    ]


def _state(state: str) -> str:
    return _("Đang vướng") if state == "open" else _("Đã miễn trừ")


def _rows(found: Sequence[Finding], because: Mapping[int, ChangeSummary]) -> list[Row]:
    return [
        Row(
            finding=each,
            number=each.number,
            severity=(CHIPS[each.severity], severity_name(each.severity)),
            kind=kind_name(each.kind),
            parcel=each.parcel.name,
            zone=each.parcel.zone,
            area_m2=each.area_m2,
            text=sentence(each),
            state=(
                "warn" if each.is_open else "good",
                _state("open" if each.is_open else "waived"),
            ),
            waiver=waiver_text(each.waiver, because) if each.waiver else "",
        )
        for each in found
    ]


def _asked(row: Row, filters: Sequence[Filter]) -> bool:
    wanted, kind, severity, state = (each.current for each in filters)
    return (
        (not kind or row.finding.kind == kind)
        and (not severity or row.finding.severity == severity)
        and (not state or row.finding.is_open == (state == "open"))
        and folded(wanted) in folded(f"{row.parcel} {row.text} {row.waiver}")
    )


def _columns(zone: ZoneRow | None) -> list[Column]:
    def place(row: Row) -> str:
        code = zone.code if zone else row.zone
        return dated_url("map.show", zone=code, finding=row.finding.key)

    return [
        Column(key="number", label=_("Số"), link=place, strong=True),
        Column(key="severity", label=_("Mức độ"), kind="chip"),
        Column(key="kind", label=_("Loại")),
        Column(key="parcel", label=_("Tờ/thửa"), nowrap=True),
        Column(key="area_m2", label=_("Diện tích"), kind="square_metres", unit="m²", total=True),
        Column(key="text", label=_("Nội dung"), sortable=False),
        Column(key="state", label=_("Trạng thái"), kind="chip"),
        Column(key="waiver", label=_("Miễn trừ"), sortable=False),
    ]


def _counts(found: Sequence[Finding]) -> list[tuple[str, str, int]]:
    """How many are open, by severity: chip, word, count."""
    still = [each for each in found if each.is_open]
    return [
        (CHIPS[level], severity_name(level), sum(each.severity == level for each in still))
        for level in SEVERITIES
    ]


def _geojson(
    found: Sequence[Finding], because: Mapping[int, ChangeSummary], zone: ZoneRow | None
) -> Response:
    written = features(found, because, in_plane=False)
    answer = as_json({"type": "FeatureCollection", "features": written}, GEOJSON)
    name = f"vuong-mac-{zone.code if zone else ''}.geojson"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer

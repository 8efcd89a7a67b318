"""The overview in words and numbers: five figures, a band and a row for each zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from gisapp.present.day import dated_url
from gisapp.present.formats import language
from gisapp.present.frame import page_with
from gisapp.present.headlines import RATIOS, Headline, headline, history, uncapped, usual_ratio
from gisapp.present.indicators import display
from gisapp.present.pipeline import Band, Segment, Track
from gisapp.texts import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from planning.indicators.queries import Figure, Land
    from planning.zones.queries import ZoneRow


@dataclass(frozen=True)
class Choice:
    """A ratio one may switch to."""

    name: str
    value: str
    under: str
    url: str
    current: bool


@dataclass(frozen=True)
class ZoneLine:
    """A row of the table: figures by code, areas in m²; `depth` indents zones inside zones."""

    zone: ZoneRow
    name: str
    depth: int
    figures: Mapping[str, Figure]


@dataclass(frozen=True)
class Overview:
    """Everything the page shows."""

    land: Land
    compared: date
    headlines: tuple[Headline, ...]
    choices: tuple[Choice, ...]
    ratio: str
    columns: tuple[str, ...]
    bands: tuple[Band, ...]
    lines: tuple[ZoneLine, ...]
    total: Mapping[str, Figure]


def overview(
    read: Callable[[date, bool], Land], as_of: date, compared: date, ratio: str | None
) -> Overview:
    """Put the page together; `read` gives the land of a day, with flows or without."""
    now, before = read(as_of, True), read(compared, True)
    chosen = ratio or usual_ratio(now.definitions, as_of)
    rule = now.definitions[chosen]
    leased, base = str(rule.numerator), str(rule.denominator)
    leasable = base if base.startswith("leasable") else "leasable_area"
    codes = (leasable, leased, chosen, "cleared_in_year", "late_projects")
    columns = ("natural_area", "cleared_area", "state_allocated_area", leasable, leased, chosen,
               "available_area")  # fmt: skip
    lines = tuple(_lines(now, columns))
    past = [each.figures(codes) for each in history(read, as_of)]
    headlines = [headline(code, now, before, past) for code in codes]
    return Overview(
        land=now,
        compared=compared,
        headlines=tuple(headlines),
        choices=tuple(_choices(now, chosen)),
        ratio=chosen,
        columns=columns,
        bands=tuple(_bands(now, lines, leasable, leased)),
        lines=lines,
        total=now.figures(columns),
    )


def _choices(now: Land, chosen: str) -> list[Choice]:
    locale = language()
    found = []
    for code, figure in now.figures(RATIOS).items():
        rule, base = figure.answer.definition, figure.answer.denominator
        under = "" if base is None else uncapped(base.name_en if locale == "en" else base.name_vi)
        found.append(
            Choice(
                rule.name_en if locale == "en" else rule.name_vi,
                display(figure.answer.value, "percent", locale),
                under,
                page_with(ratio=code),
                code == chosen,
            )
        )
    return found


def _lines(now: Land, columns: Sequence[str]) -> list[ZoneLine]:
    """Zones as a tree, each parent before its children."""
    inside: dict[str | None, list[ZoneRow]] = {}
    codes = {zone.code for zone in now.zones}
    for zone in now.zones:
        inside.setdefault(zone.parent_code if zone.parent_code in codes else None, []).append(zone)
    found: list[ZoneLine] = []

    def walk(parent: str | None, depth: int) -> None:
        """Zones that hold others first."""
        for zone in sorted(inside.get(parent, ()), key=lambda each: each.code not in inside):
            name = (language() == "en" and zone.name_en) or zone.name_vi
            figures = now.within(zone.code).figures(
                (*columns, "in_use_area", "reserved_area", "available_area_incl_service")
            )
            found.append(ZoneLine(zone, name, depth, figures))
            walk(zone.code, depth + 1)

    walk(None, 0)
    return found


def _bands(now: Land, lines: Sequence[ZoneLine], leasable: str, leased: str) -> list[Band]:
    def area(line: ZoneLine, code: str) -> Decimal:
        return line.figures[code].answer.value or Decimal(0)

    longest = max((area(line, "natural_area") for line in lines), default=Decimal(0))
    available = "available_area_incl_service" if "service" in leasable else "available_area"
    found = []
    for line in lines:
        ground = [
            Segment("natural", _("Diện tích tự nhiên"), area(line, "natural_area")),
            Segment("cleared", _("Đã giải phóng mặt bằng"), area(line, "cleared_area")),
            Segment(
                "allocated", _("Nhà nước đã giao, cho thuê"), area(line, "state_allocated_area")
            ),
            Segment("in-use", _("Đang sử dụng"), area(line, "in_use_area")),
        ]
        let = area(line, leased)
        plan = [
            Segment("leasable", _("Cho thuê được theo quy hoạch"), area(line, leasable)),
            Segment("leased", _("Đã cho thuê"), let),
            Segment("available", _("Còn cho thuê được ngay"), area(line, available), let),
        ]
        tracks = [Track(_("Mặt đất"), ground), Track(_("Quy hoạch"), plan)]
        natural = line.figures["natural_area"].answer.value
        url = dated_url("zones.show", code=line.zone.code)
        found.append(Band(line.zone.code, line.name, url, natural, longest, tracks, line.depth > 0))
    return found

"""The overview in words and numbers: five figures, a band and a row for each zone."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from gisapp.messages import number
from gisapp.present.day import dated_url
from gisapp.present.formats import day as day_text
from gisapp.present.formats import language
from gisapp.present.frame import page_with
from gisapp.present.indicators import display
from gisapp.present.pipeline import Band, Segment, Track
from gisapp.present.spark import Spark, spark
from gisapp.texts import gettext as _
from gisapp.texts import lazy_gettext as _l
from planning.indicators.rules import difference, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from planning.indicators.queries import Figure, Land
    from planning.indicators.rules import Definition
    from planning.zones.queries import ZoneRow

RATIOS: Final = (
    "occupancy_rate_d35",
    "occupancy_rate_d82",
    "leased_to_state_allocated",
    "leased_to_cleared",
)
"""The denominator switch; the look-alikes stand in it under their own names."""

SHORT_NAMES: dict[str, Any] = {
    "natural_area": _l("Tự nhiên"),
    "cleared_area": _l("Đã GPMB"),
    "state_allocated_area": _l("Nhà nước giao, thuê"),
    "leasable_area": _l("Đất công nghiệp"),
    "leasable_area_incl_service": _l("Đất công nghiệp, dịch vụ"),
    "leased_area": _l("Đã cho thuê"),
    "leased_area_incl_service": _l("Đã cho thuê"),
    "available_area": _l("Còn cho thuê ngay"),
    "available_area_incl_service": _l("Còn cho thuê ngay"),
    "occupancy_rate_d35": _l("Lấp đầy (NĐ 35)"),
    "occupancy_rate_d82": _l("Lấp đầy (NĐ 82)"),
    "leased_to_state_allocated": _l("Cho thuê trên đất đã giao"),
    "leased_to_cleared": _l("Cho thuê trên đất đã GPMB"),
    "cleared_in_year": _l("GPMB từ đầu năm"),
    "late_projects": _l("Dự án chậm"),
}
"""What people call the figures where room is short; the full name stands in the title."""

SPARK_QUARTERS: Final = 8
SPARK_SECONDS: Final = 1.0
"""Older points are left out of a spark line once they have cost this much; the next reader, for
whom the newer ones are remembered, sees more."""


def short_name(code: str) -> str:
    """The short name of an indicator."""
    return str(SHORT_NAMES.get(code, code))


def usual_ratio(definitions: Mapping[str, Definition], day: date) -> str:
    """The occupancy rate of the decree in force that day; the present one where none was."""
    return next((code for code in RATIOS[:2] if definitions[code].in_force(day)), RATIOS[0])


def year_earlier(day: date) -> date:
    """The same day of the year before; 28 February for the 29th."""
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def quarter_ends(day: date, count: int) -> list[date]:
    """The last `count` ends of quarters before a day, oldest first, then the day."""
    first = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    found = [day]
    for _each in range(count):
        end = first - timedelta(days=1)
        found.append(end)
        first = date(end.year, end.month - 2, 1)
    return found[::-1]


@dataclass(frozen=True)
class Headline:
    """One of the five figures: value, change since the compared day, how it went, its rows."""

    name: str
    title: str
    value: str | None
    change: str
    since: str
    direction: str
    under: str
    url: str
    spark: Spark | None


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
    past = _history(read, as_of)
    headlines = [
        _headline(code, now, before, [each.figures([code])[code].answer.value for each in past])
        for code in codes
    ]
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


def _history(read: Callable[[date, bool], Land], as_of: date) -> list[Land]:
    """The ends of quarters and the day, as many as come quickly, oldest first."""
    stop = time.monotonic() + SPARK_SECONDS
    found = []
    for each in reversed(quarter_ends(as_of, SPARK_QUARTERS)):
        if time.monotonic() > stop:
            break
        found.append(read(each, False))
    return found[::-1]


def _headline(code: str, now: Land, before: Land, past: Sequence[Decimal | None]) -> Headline:
    locale = language()
    answer = now.figures([code])[code].answer
    rule = answer.definition
    moved = difference(answer.value, before.figures([code])[code].answer.value)
    direction = "" if not moved else ("up" if moved > 0 else "down")
    value = None if answer.value is None else display(answer.value, rule.unit, locale)
    base = answer.denominator
    under = _under(code, now)
    if base is not None:
        name = base.name_en if locale == "en" else base.name_vi
        amount = display(base.value, base.unit, locale)
        under = _("trên %(name)s: %(amount)s", name=name[:1].lower() + name[1:], amount=amount)
    line = None if rule.kind == "flow" else spark(past, _trend(past, rule.unit))
    return Headline(
        name=short_name(code),
        title=rule.name_en if locale == "en" else rule.name_vi,
        value=value,
        change=_change(moved, rule.unit),
        since=_("so với %(day)s", day=day_text(before.as_of)),
        direction=direction,
        under=under,
        url=dated_url("figures.show", code=code),
        spark=line,
    )


def _under(code: str, now: Land) -> str:
    match code:
        case "cleared_in_year":
            total = now.figures(["cleared_area"])["cleared_area"].answer.value
            amount = display(total, "m2", language())
            return _("đã GPMB tất cả %(amount)s; chưa ghi kế hoạch năm", amount=amount)
        case "leasable_area" | "leasable_area_incl_service":
            return _("theo quy hoạch phân khu có hiệu lực")
        case "leased_area" | "leased_area_incl_service":
            return _("theo hợp đồng thuê lại còn hiệu lực")
        case "late_projects":
            return _("quá mốc tiến độ mà chưa đạt")
    return ""


def _trend(past: Sequence[Decimal | None], unit: str) -> str:
    known = [value for value in past if value is not None]
    if not known:
        return ""
    first, last = (display(value, unit, language()) for value in (known[0], known[-1]))
    return _("từ %(first)s đến %(last)s qua các quý", first=first, last=last)


def _change(moved: Decimal | None, unit: str) -> str:
    """What was added: +12,50 ha, −1,20 điểm %; a word where nothing was, or nobody can tell."""
    if moved is None:
        return _("không so được")
    if not moved:
        return _("không đổi")
    if unit == "percent":
        amount = number(abs(shown(moved, unit) or Decimal(0)), language(), 2)
        said = _("%(amount)s điểm %%", amount=amount)
    else:
        said = display(abs(moved), unit, language())
    return f"{'+' if moved > 0 else '−'}{said}"


def _choices(now: Land, chosen: str) -> list[Choice]:
    locale = language()
    found = []
    for code, figure in now.figures(RATIOS).items():
        rule, base = figure.answer.definition, figure.answer.denominator
        under = "" if base is None else (base.name_en if locale == "en" else base.name_vi)
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

"""Headlines: a figure with its unit, its denominator, what moved it and how it went."""

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
from gisapp.present.frame import facts
from gisapp.present.indicators import display
from gisapp.present.spark import Spark, spark
from gisapp.texts import gettext as _
from gisapp.texts import lazy_gettext as _l
from planning.indicators.rules import difference, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from planning.indicators.queries import Figure, Land
    from planning.indicators.rules import Definition

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


def zone_headlines(
    read: Callable[[date, bool], Land], as_of: date, zone: str
) -> tuple[list[Headline], date]:
    """The five figures of one zone with the zones inside it, and the day they are compared with."""
    compared = year_earlier(as_of)
    now, before = read(as_of, True).within(zone), read(compared, True).within(zone)
    chosen = usual_ratio(now.definitions, as_of)
    rule = now.definitions[chosen]
    codes = (
        str(rule.denominator),
        str(rule.numerator),
        chosen,
        "cleared_in_year",
        "available_area",
    )
    past = [each.within(zone).figures(codes) for each in history(read, as_of)]
    return [headline(code, now, before, past, zone) for code in codes], compared


def history(read: Callable[[date, bool], Land], as_of: date) -> list[Land]:
    """The ends of quarters and the day, as many as come quickly, oldest first."""
    stop = time.monotonic() + SPARK_SECONDS
    found = []
    for each in reversed(quarter_ends(as_of, SPARK_QUARTERS)):
        if time.monotonic() > stop:
            break
        found.append(read(each, False))
    return found[::-1]


def headline(
    code: str,
    now: Land,
    before: Land,
    past: Sequence[Mapping[str, Figure]],
    zone: str | None = None,
) -> Headline:
    """One figure now, what moved since `before`, and how it went in the past; `zone` for its rows.

    A flow has no line: it starts again every year.
    """
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
        under = _("trên %(name)s: %(amount)s", name=uncapped(name), amount=amount)
    went = [each[code].answer.value for each in past]
    line = None if rule.kind == "flow" else spark(went, _trend(went, rule.unit))
    return Headline(
        name=short_name(code),
        title=rule.name_en if locale == "en" else rule.name_vi,
        value=value,
        change=_change(moved, rule.unit),
        since=_("so với %(day)s", day=day_text(before.as_of)),
        direction=direction,
        under=under,
        url=rows_url(code, zone),
        spark=line,
    )


def uncapped(name: str) -> str:
    """A name inside a sentence."""
    return name[:1].lower() + name[1:]


def rows_url(code: str, zone: str | None = None) -> str:
    """The page of the rows behind an indicator: of a zone, of the chosen board, or of all."""
    if code == "late_projects":  # the list says more of them than the figure's own rows
        shown = facts().board
        return dated_url(
            "projects.listing", lateness="any", zone=zone, board=shown.code if shown else None
        )
    if zone is not None:
        return dated_url("figures.of_zone", zone=zone, code=code)
    board = facts().board
    return dated_url("figures.show", code=code, board=board.code if board else None)


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
        case "available_area":
            return _("đã được giao, chưa cho thuê, chưa giữ chỗ")
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

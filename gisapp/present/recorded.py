"""Recorded figures in words: as printed, what is computed beside them, periods by their names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from gisapp.present.day import dated_url
from gisapp.present.formats import day as day_text
from gisapp.present.formats import language, percent
from gisapp.present.tables import Column
from gisapp.texts import gettext as _
from gisapp.texts import lazy_gettext as _l
from planning.clearance.periods import MONTHS, period, reporting_year
from planning.recorded.printed import vietnamese
from planning.recorded.rules import compared_from_growth

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planning.clearance.targets import Scheme
    from planning.recorded.queries import Recorded, Unit
    from planning.recorded.rules import Computed

KINDS: Final[dict[str, tuple[str, Any]]] = {
    "stock": ("info", _l("Luỹ kế")),
    "flow": ("good", _l("Trong kỳ")),
    "ratio": ("off", _l("Tỷ lệ")),
    "target": ("warn", _l("Kế hoạch")),
}
SCOPES: Final[dict[str, Any]] = {
    "both": _l("KCN và KKT"),
    "parks": _l("các KCN"),
    "economic_zones": _l("các KKT"),
    "province": _l("toàn tỉnh"),
}
QUALIFIERS: Final[dict[str, Any]] = {
    "exact": _l("đúng"),
    "about": _l("khoảng"),
    "more_than": _l("hơn"),
    "nearly": _l("gần"),
    "at_least": _l("ít nhất"),
    "at_most": _l("nhiều nhất"),
    "less_than": _l("dưới"),
}
ROMAN: Final = ("", "I", "II", "III", "IV")


def kind_chip(kind: str) -> tuple[str, str]:
    """Stock, flow, ratio or target as a chip."""
    colour, word = KINDS[kind]
    return colour, str(word)


def unit_name(unit: Unit) -> str:
    """A unit in the reader's language."""
    return unit.name_en if language() == "en" else unit.name_vi


def period_name(first: date | None, last: date, schemes: Sequence[Scheme]) -> str:
    """A period by the name of its reporting scheme (Quý I/2025), else by its days."""
    if first is None:
        return _("đến %(day)s", day=day_text(last))
    for scheme in schemes:
        year = reporting_year(last, scheme.last_day)
        for kind, length in MONTHS.items():
            for number in range(1, 12 // length + 1):
                found = period(kind, year, number, scheme.last_day)
                if (found.first, found.last) == (first, last):
                    return _named(kind, number, year)
    return f"{day_text(first)} – {day_text(last)}"


def _named(kind: str, number: int, year: int) -> str:
    match kind:
        case "month":
            return _("Tháng %(number)s/%(year)s", number=number, year=year)
        case "quarter":
            return _("Quý %(number)s/%(year)s", number=ROMAN[number], year=year)
        case "half":
            if number == 1:
                return _("6 tháng đầu năm %(year)s", year=year)
            return _("6 tháng cuối năm %(year)s", year=year)
        case "nine_months":
            return _("9 tháng năm %(year)s", year=year)
        case _:
            return _("Năm %(year)s", year=year)


def value_text(figure: Recorded, value: Decimal | None) -> str:
    """A number in the figure's unit, no digit dropped."""
    return "–" if value is None else f"{vietnamese(value)} {unit_name(figure.unit)}"


def both(figure: Recorded, pick: Callable[[Any], Decimal | None]) -> str:
    """A share of the figure as a percentage; of both ends of a range."""
    low, high = pick(figure.computed), figure.computed_to
    if high is None or low is None:
        return percent(low)
    return f"{percent(low)} – {percent(pick(high))}"


def completion_of(shares: Computed) -> Decimal | None:
    """Of the target."""
    return shares.completion


def ratio_of(shares: Computed) -> Decimal | None:
    """Of the same period a year ago."""
    return shares.yoy_ratio


def growth_of(shares: Computed) -> Decimal | None:
    """Growth against the same period a year ago."""
    return shares.yoy_growth


def rounded(value: Decimal | None) -> Decimal | None:
    """Two decimals, half up."""
    return None if value is None else value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def compared_text(one: Recorded) -> str:
    """The figure of a year ago; where only a growth is printed, what that stands for."""
    if one.compared is not None or one.printed_growth is None:
        return value_text(one, one.compared)
    ago = compared_from_growth(one.value, one.printed_growth)
    if ago is None:
        return value_text(one, None)
    return _("≈ %(value)s, suy từ mức tăng in", value=value_text(one, rounded(ago)))


def as_typed(one: Recorded) -> dict[str, str]:
    """A figure as the form that corrects it holds it."""
    numbers = {
        "target": one.target, "compared": one.compared,
        "printed_completion": one.printed_completion, "printed_growth": one.printed_growth,
    }  # fmt: skip
    typed = {name: vietnamese(value) for name, value in numbers.items() if value is not None}
    return typed | {
        "name": one.name_vi,
        "printed": one.printed,
        "value": vietnamese(one.value),
        "value_to": "" if one.value_to is None else vietnamese(one.value_to),
        "unit": one.unit.code,
        "qualifier": one.qualifier,
        "page": "" if one.page is None else str(one.page),
        "target_printed": one.target_printed or "",
        "explanation": one.explanation or "",
    }


def target_text(one: Recorded) -> str | None:
    """The target as printed, else by its number; None without one."""
    return one.target_printed or (value_text(one, one.target) if one.target else None)


def figure_columns(schemes: Sequence[Scheme]) -> list[Column]:
    """Columns of the list; the file made of them comes back in through the list import."""
    return [
        Column(
            key="name_vi", label=_("Tên chỉ tiêu"), strong=True,
            link=lambda one: dated_url("recorded.show", figure=one.id),
        ),
        Column(key="printed", label=_("Số như in"), nowrap=True, sortable=False),
        Column(key="kind", label=_("Loại số"), kind="chip", value=lambda one: kind_chip(one.kind)),
        Column(
            key="period", label=_("Kỳ"), nowrap=True, sortable=False,
            value=lambda one: period_name(one.period_from, one.period_to, schemes),
        ),
        Column(
            key="place", label=_("Ban, khu"), nowrap=True,
            value=lambda one: one.zone or one.board,
        ),
        Column(
            key="target_shown", label=_("Kế hoạch"), nowrap=True, sortable=False,
            value=target_text,
        ),
        Column(
            key="completion", label=_("So kế hoạch"), kind="percent",
            value=lambda one: one.computed.completion,
        ),
        Column(
            key="growth", label=_("Tăng, giảm"), kind="percent",
            value=lambda one: one.computed.yoy_growth,
        ),
        Column(key="document", label=_("Theo văn bản")),
    ]  # fmt: skip


def file_columns() -> list[Column]:
    """The columns a file holds: every fact as entered, under the headings the import asks for."""
    from layers.fields import target

    titles = target("recorded-figures").fields
    reads: dict[str, Callable[[Recorded], Any]] = {
        "board_code": lambda one: one.board,
        "zone_code": lambda one: one.zone,
        "scope": lambda one: titles["scope"].words[one.scope],
        "kind": lambda one: titles["kind"].words[one.kind],
        "qualifier": lambda one: titles["qualifier"].words[one.qualifier],
        "unit": lambda one: one.unit.name_vi,
        "period_from": lambda one: one.period_from,
        "period_to": lambda one: one.period_to,
    }
    numbers = (
        "value",
        "value_to",
        "target",
        "compared",
        "printed_completion",
        "printed_growth",
        "page",
    )
    return [
        Column(
            key=f"as_{name}", label=field.title(language()),
            kind="number" if name in numbers else "text",
            value=reads.get(name, attrgetter(name)),
        )
        for name, field in titles.items()
    ]  # fmt: skip

"""A figure as a report prints it, read: "khoảng 42.500 người", "2-3 dự án", "10,367 tỷ USD". Pure.

Reports are Vietnamese: a dot groups thousands, a comma starts the decimals. The text itself is kept
as it stands; what is read out of it is only held against what was entered.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from layers.fields.numbers import NumberStyle, parse_number
from planning.recorded.errors import (
    FigureCurrencyMissing,
    FigureDiffersFromPrint,
    FigureUnitMissing,
    FigureUnreadable,
)

QUALIFIERS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "about": ("khoảng", "xấp xỉ", "ước đạt", "ước", "~", "about", "around"),
        "more_than": ("hơn", "trên", "more than", "over"),
        "nearly": ("gần", "nearly", "almost"),
        "at_least": ("ít nhất", "tối thiểu", "không dưới", "at least"),
        "at_most": ("nhiều nhất", "tối đa", "không quá", "at most"),
        "less_than": ("dưới", "less than", "under"),
    }
)
"""Words before a number by what they mean, the usual one first."""

UNITS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "ha": ("ha", "héc ta", "hecta", "hectares"),
        "m2": ("m2", "m²"),
        "thousand_ha": ("nghìn ha", "ngàn ha", "thousand ha"),
        "percent": ("%", "phần trăm", "per cent"),
        "project": ("dự án", "công trình, dự án", "projects", "project"),
        "zone": ("khu", "kcn", "kkt", "khu công nghiệp", "zones"),
        "enterprise": ("doanh nghiệp", "dn", "nhà đầu tư", "chủ đầu tư hạ tầng", "enterprises"),
        "household": ("hộ", "hộ dân", "households"),
        "person": ("người", "lao động", "đoàn viên", "people"),
        "dossier": ("hồ sơ", "hồ sơ tthc", "dossiers"),
        "plan": ("đồ án", "quy hoạch", "plans"),
        "petition": ("kiến nghị", "petitions"),
        "permit": ("giấy phép", "giấy phép xây dựng", "permits"),
        "item": ("mục", "nội dung", "sản phẩm", "items"),
        "vnd": ("đồng", "đ", "vnđ", "vnd"),
        "million_vnd": ("triệu đồng", "trđ", "tr.đ", "triệu vnđ", "million vnd"),
        "billion_vnd": ("tỷ đồng", "tỉ đồng", "tỷ vnđ", "billion vnd"),
        "usd": ("usd", "đô la mỹ"),
        "million_usd": ("triệu usd", "triệu đô la mỹ", "million usd"),
        "billion_usd": ("tỷ usd", "tỉ usd", "tỷ đô la mỹ", "billion usd"),
        "million_usd_project": ("triệu usd/dự án",),
        "million_usd_ha": ("triệu usd/ha",),
        "billion_vnd_ha": ("tỷ đồng/ha", "tỉ đồng/ha"),
    }
)
"""Units as they are printed, by code."""

_BARE_MONEY: Final = ("triệu", "tỷ", "tỉ", "nghìn tỷ", "million", "billion")
_NUMBER: Final = r"[-−+]?[0-9](?:[0-9.,]|[ \u00a0](?=[0-9]{3}(?![0-9])))*"
_PRINTED: Final = re.compile(
    rf"(?P<words>[^0-9−+-]*?)\s*(?P<low>{_NUMBER})"
    rf"(?:\s*(?:-|–|—|đến|tới)\s*(?P<high>{_NUMBER}))?\s*(?P<unit>.*)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Printed:
    """What a printed text says: a value or a range, how sure it sounds, a unit if one is known."""

    value: Decimal
    value_to: Decimal | None
    qualifier: str
    unit: str | None


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


_UNIT_BY_WORD: Final = {_plain(word): code for code, words in UNITS.items() for word in words}
_QUALIFIER_BY_WORD: Final = {
    _plain(word): code for code, words in QUALIFIERS.items() for word in words
}


def read_printed(text: str) -> Printed:
    """Read a printed figure.

    Raises:
        FigureUnreadable: no number, or words before it that are no qualifier.
        FigureCurrencyMissing: "85 triệu" of what.
    """
    found = _PRINTED.fullmatch(_plain(text))
    if found is None:
        raise FigureUnreadable(printed=text, field="printed")
    words = found["words"].strip(" :")
    qualifier = _QUALIFIER_BY_WORD.get(words, "exact" if not words else None)
    if qualifier is None:
        raise FigureUnreadable(printed=text, field="printed")
    unit = found["unit"].strip(" .;")
    if unit in _BARE_MONEY:
        raise FigureCurrencyMissing(printed=text)
    high = found["high"]
    return Printed(
        _number(found["low"], text),
        _number(high, text) if high else None,
        qualifier,
        _UNIT_BY_WORD.get(unit),
    )


def unit_of(text: str) -> str:
    """The code of a unit said by itself, by its code or its words.

    Raises:
        FigureUnitMissing: no such unit.
        FigureCurrencyMissing: millions or billions without a currency.
    """
    word = _plain(text)
    if word in UNITS:
        return word
    if word in _BARE_MONEY:
        raise FigureCurrencyMissing(printed=text)
    if word not in _UNIT_BY_WORD:
        raise FigureUnitMissing(printed=text, field="unit")
    return _UNIT_BY_WORD[word]


def settled(
    printed: str | None,
    *,
    value: Decimal | None = None,
    value_to: Decimal | None = None,
    qualifier: str | None = None,
    unit: str | None = None,
) -> tuple[Printed, str]:
    """What was entered and what is printed, brought together; the text stays as it stands.

    Either may be left out: a text that says all needs no value, a value without a text is printed
    by its number. A text that cannot be read ("220 triệu động") stands when value and unit are
    given.

    Raises:
        FigureUnreadable, FigureUnitMissing, FigureCurrencyMissing
        FigureDiffersFromPrint: the two contradict each other.
    """
    try:
        read = read_printed(printed) if printed else None
    except (FigureUnreadable, FigureCurrencyMissing):
        if value is None or unit is None:
            raise
        read = None
    if value is None and read is None:
        raise FigureUnreadable(printed=printed or "", field="value")
    if read is not None and value is not None:
        _same(read, value, value_to, unit, printed or "")
    said_unit = unit or (read.unit if read else None)
    if said_unit is None:
        raise FigureUnitMissing(printed=printed or str(value), field="unit")
    low = value if value is not None else read.value  # type: ignore[union-attr]
    high = value_to if value_to is not None else (read.value_to if read else None)
    sure = qualifier or (read.qualifier if read else "exact")
    made = Printed(low, high, sure, said_unit)
    return made, printed or as_text(made)


def _same(
    read: Printed, value: Decimal, value_to: Decimal | None, unit: str | None, printed: str
) -> None:
    agrees = read.value == value and (value_to is None or read.value_to == value_to)
    if not agrees or (unit is not None and read.unit is not None and read.unit != unit):
        raise FigureDiffersFromPrint(printed=printed, value=value, field="value")


def as_text(figure: Printed) -> str:
    """A figure as a Vietnamese report would print it: dot for thousands, comma for decimals."""
    words = QUALIFIERS[figure.qualifier][0] if figure.qualifier in QUALIFIERS else ""
    span = vietnamese(figure.value)
    if figure.value_to is not None:
        span = f"{span}-{vietnamese(figure.value_to)}"
    unit = UNITS[figure.unit][0] if figure.unit else ""
    sign = "USD" if unit.endswith("usd") else ""
    unit = unit[: -len("usd")] + sign if sign else unit
    glue = "" if unit == "%" else " "
    return f"{words} {span}{glue}{unit}".strip()


def vietnamese(value: Decimal) -> str:
    """A number with a dot for thousands and a comma for decimals, none of them dropped."""
    plain = f"{value.normalize():,f}"
    return plain.translate(str.maketrans(",.", ".,"))


def _number(text: str, printed: str) -> Decimal:
    try:
        return parse_number(text.replace("−", "-"), NumberStyle.VI)
    except ValueError as error:
        raise FigureUnreadable(printed=printed, field="printed") from error

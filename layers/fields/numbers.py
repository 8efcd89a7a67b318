"""Numbers as Vietnamese files write them: 1.941,57 and 1941.57, and 2.717 that could be either.

In Vietnamese the dot groups thousands and the comma starts the decimals; exports of programs have
it the other way. A value alone may not tell; the column often does. What stays undecided is
refused, never guessed: the two readings are a thousandfold apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final


class NumberStyle(StrEnum):
    """Which sign starts the decimals."""

    VI = "vi"  # 1.941,57
    EN = "en"  # 1,941.57


class NumberUnreadable(ValueError):
    """Not a number in any style."""


class NumberAmbiguous(ValueError):
    """Thousands or decimals: nothing decides."""


class NumberNotFinite(ValueError):
    """NaN or infinite."""


_BLANKS: Final = re.compile(r"[\s\u00a0\u202f']")
_PLAIN: Final = re.compile(r"[+-]?[0-9]+")
_NUMERIC: Final = re.compile(r"[+-]?[0-9][0-9.,]*(?:[eE][+-]?[0-9]{1,3})?")
_NOT_FINITE: Final = frozenset({"nan", "inf", "infinity", "1.#ind", "1.#inf", "1.#qnan"})
_UNITS: Final = re.compile(r"(m2|m²|ha|%|vnđ|vnd|đồng|đ|tầng|năm)$", re.IGNORECASE)


def tidy(text: str) -> str:
    """A number's text without blanks and a trailing unit sign."""
    return _UNITS.sub("", _BLANKS.sub("", text).strip())


def unit_of(text: str) -> str:
    """The unit written behind a number, m2 for "m²", empty when there is none."""
    found = _UNITS.search(_BLANKS.sub("", text))
    return found.group().lower().replace("²", "2") if found else ""


def style_of(text: str) -> NumberStyle | None:
    """The style one value proves by itself, None when it fits both or is no number."""
    value = tidy(text).lstrip("+-")
    if not _NUMERIC.fullmatch(value) or _PLAIN.fullmatch(value) or "e" in value.lower():
        return None
    dots, commas = value.count("."), value.count(",")
    if dots and commas:
        return NumberStyle.VI if value.rfind(",") > value.rfind(".") else NumberStyle.EN
    if dots > 1:
        return NumberStyle.VI
    if commas > 1:
        return NumberStyle.EN
    sign = "." if dots else ","
    before, after = value.split(sign)
    decimals = NumberStyle.EN if sign == "." else NumberStyle.VI
    if len(after) != 3 or len(before) > 3 or before.startswith("0"):
        return decimals
    return None


def column_style(values: Iterable[object]) -> NumberStyle | None:
    """The one style the values of a column prove, None when none or both are proved."""
    proved = {style_of(value) for value in values if isinstance(value, str)} - {None}
    return proved.pop() if len(proved) == 1 else None


def parse_number(value: object, style: NumberStyle | None) -> Decimal:
    """One value as a decimal; `style` is the column's, used where the value does not decide itself.

    Raises:
        NumberUnreadable, NumberAmbiguous, NumberNotFinite
    """
    if isinstance(value, bool):
        raise NumberUnreadable(str(value))
    if isinstance(value, int | float | Decimal):
        number = value if isinstance(value, Decimal) else Decimal(repr(value))
        if not number.is_finite():
            raise NumberNotFinite(str(value))
        return number
    if not isinstance(value, str):
        raise NumberUnreadable(str(value))
    text = tidy(value)
    if text.lower().lstrip("+-") in _NOT_FINITE:
        raise NumberNotFinite(value)
    if not _NUMERIC.fullmatch(text):
        raise NumberUnreadable(value)
    return _decimal(text, style_of(text) or style, value)


def _decimal(text: str, style: NumberStyle | None, raw: str) -> Decimal:
    if style is None and ("." in text or "," in text) and "e" not in text.lower():
        raise NumberAmbiguous(raw)
    if style is NumberStyle.VI:
        text = _ungrouped(text, ".", ",", raw).replace(",", ".")
    elif style is NumberStyle.EN:
        text = _ungrouped(text, ",", ".", raw)
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise NumberUnreadable(raw) from error


def _ungrouped(text: str, group: str, point: str, raw: str) -> str:
    """Without the grouping sign, which must stand before every third digit."""
    whole, _, rest = text.partition(point)
    if group in rest:
        raise NumberUnreadable(raw)
    parts = whole.lstrip("+-").split(group)
    if len(parts) > 1 and (not 1 <= len(parts[0]) <= 3 or any(len(p) != 3 for p in parts[1:])):
        raise NumberUnreadable(raw)
    return whole.replace(group, "") + (point + rest if rest else "")

"""Rows of a file as typed values of the register, or findings that say what is wrong."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from layers.fields.dates import DateAmbiguous, DateUnreadable, parse_date
from layers.fields.mapping import UNITS, ColumnRule, FieldMap
from layers.fields.names import fold
from layers.fields.numbers import (
    NumberAmbiguous,
    NumberNotFinite,
    NumberStyle,
    NumberUnreadable,
    column_style,
    parse_number,
    unit_of,
)
from layers.fields.targets import Field, Kind
from layers.vector.findings import Finding, Severity

Value = str | int | Decimal | date | bool | UUID
_SHOWN: Final = 80
# signs nobody sees: they turn the letters after them around, or make two codes look alike
_TURNING: Final = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
_NO_SIGN: Final = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
_TRUE: Final = frozenset({"co", "x", "1", "true", "yes", "dung", "y", "roi", "dacco"})
_FALSE: Final = frozenset({"khong", "0", "false", "no", "sai", "n", "chua", "chuaco"})
_CODES: Final = {
    NumberUnreadable: "field-number-unreadable",
    NumberAmbiguous: "field-number-ambiguous",
    NumberNotFinite: "field-number-not-finite",
    DateUnreadable: "field-date-unreadable",
    DateAmbiguous: "field-date-ambiguous",
}


@dataclass(frozen=True)
class Row:
    """One row: its number in the file, the values that could be read, and what is wrong with it."""

    number: int
    values: Mapping[str, Value]
    findings: tuple[Finding, ...]

    @property
    def refused(self) -> bool:
        """Whether something in the row keeps it out."""
        return any(finding.severity is Severity.REFUSED for finding in self.findings)


class _Unfit(ValueError):
    """A value outside what the field takes."""

    def __init__(self, code: str, **context: object) -> None:
        super().__init__(code)
        self.code = code
        self.context = context


def convert(
    field_map: FieldMap, rows: Sequence[int], columns: Mapping[str, Sequence[object]]
) -> list[Row]:
    """Every row with typed values; `rows` are the numbers people see, `columns` one value a row.

    Raises:
        FieldColumnMissing, FieldsWithoutColumn
    """
    checked = field_map.checked(list(columns))
    values: list[dict[str, Value]] = [{} for _ in rows]
    findings: list[list[Finding]] = [[] for _ in rows]
    for name, rule in checked.rules.items():
        asked = checked.target.fields[name]
        raw = _raw(rule, columns, len(rows))
        reader = _reader(asked, rule, raw)
        for place, value in enumerate(raw):
            if _is_blank(value):
                if asked.required:
                    findings[place].append(Finding(rows[place], "field-required", name))
                continue
            try:
                values[place][name] = reader(value)
            except ValueError as error:
                findings[place].append(_finding(rows[place], name, value, error))
    _check_keys(checked, rows, values, findings)
    return [
        Row(number, found, tuple(wrong))
        for number, found, wrong in zip(rows, values, findings, strict=True)
    ]


def _raw(rule: ColumnRule, columns: Mapping[str, Sequence[object]], count: int) -> Sequence[object]:
    return [rule.constant] * count if rule.column is None else columns[rule.column]


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and value.strip() in ("", "-", "–"))


def _check_keys(
    field_map: FieldMap,
    rows: Sequence[int],
    values: list[dict[str, Value]],
    findings: list[list[Finding]],
) -> None:
    groups = field_map.target.keys
    if not groups:
        return
    for place, found in enumerate(values):
        if not any(all(name in found for name in group) for group in groups):
            blamed = {finding.field for finding in findings[place]}
            if blamed.isdisjoint(name for group in groups for name in group):
                fields = ", ".join(groups[-1])
                findings[place].append(Finding(rows[place], "field-required", fields))


def _finding(row: int, name: str, value: object, error: ValueError) -> Finding:
    shown = value if isinstance(value, int | float | Decimal) else str(value)[:_SHOWN]
    if isinstance(error, _Unfit):
        return Finding(row, error.code, name, {"value": shown, **error.context})
    code = _CODES.get(type(error), "field-identifier-unreadable")
    return Finding(row, code, name, {"value": shown})


# --- one reader a kind --------------------------------------------------------------------


def _reader(asked: Field, rule: ColumnRule, raw: Sequence[object]) -> Callable[[object], Value]:
    style = rule.numbers or column_style(raw)
    scale = UNITS.get(asked.kind, {}).get(rule.unit or "", 1)
    readers: dict[Kind, Callable[[object], Value]] = {
        Kind.TEXT: lambda value: _text(asked, value),
        Kind.CODE: lambda value: _code(asked, value),
        Kind.UUID: _uuid,
        Kind.INTEGER: lambda value: _integer(asked, value, style),
        Kind.STOREYS: lambda value: _storeys(asked, value, style),
        Kind.YEARS: lambda value: _integer(asked, value, style),
        Kind.DECIMAL: lambda value: _number(asked, value, style, 1),
        Kind.PERCENT: lambda value: _number(asked, value, style, 1),
        Kind.AREA: lambda value: _number(asked, value, style, _area_scale(value, scale)),
        Kind.MONEY: lambda value: _money(asked, value, style, scale),
        Kind.DATE: parse_date,
        Kind.CHOICE: lambda value: _choice(asked, rule, value),
        Kind.BOOLEAN: _boolean,
    }
    return readers[asked.kind]


def _text(asked: Field, value: object) -> str:
    text = " ".join(_plain(value).split())
    turning = next((sign for sign in text if sign in _TURNING), None)
    if turning is not None:
        raise _Unfit("field-text-hidden-sign", sign=f"U+{ord(turning):04X}")
    if len(text) > asked.max_length:
        raise _Unfit("field-text-too-long", count=len(text), limit=asked.max_length)
    return text


def _uuid(value: object) -> UUID:
    return UUID(str(value).strip())


def _code(asked: Field, value: object) -> str:
    text = _text(asked, value)
    hidden = next((sign for sign in text if unicodedata.category(sign) in _NO_SIGN), None)
    if hidden is not None:
        raise _Unfit("field-text-hidden-sign", sign=f"U+{ord(hidden):04X}")
    if asked.digits:
        if not (text.isascii() and text.isdigit() and len(text) <= asked.digits):
            raise _Unfit("field-code-digits", digits=asked.digits)
        text = text.zfill(asked.digits)
    return text.upper() if asked.upper else text


def _plain(value: object) -> str:
    """Text of a value; 12.0 of a numeric column is the number 12 someone wrote."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _number(asked: Field, value: object, style: NumberStyle | None, scale: int) -> Decimal:
    number = parse_number(value, style) * scale
    low, high = asked.minimum, asked.maximum
    if (low is not None and number < low) or (high is not None and number > high):
        least = "-∞" if low is None else float(low)
        most = "∞" if high is None else float(high)
        raise _Unfit("field-number-out-of-range", minimum=least, maximum=most)
    return number


def _area_scale(value: object, scale: int) -> int:
    """A unit written in the cell itself ("0,5 ha") goes before the column's."""
    unit = UNITS[Kind.AREA].get(unit_of(value), scale) if isinstance(value, str) else scale
    return unit


def _whole(number: Decimal) -> int:
    if number != number.to_integral_value():
        raise _Unfit("field-integer-expected")
    return int(number)


def _integer(asked: Field, value: object, style: NumberStyle | None) -> int:
    return _whole(_number(asked, value, style, 1))


def _money(asked: Field, value: object, style: NumberStyle | None, scale: int) -> Decimal:
    return Decimal(_whole(_number(asked, value, style, scale)))


def _storeys(asked: Field, value: object, style: NumberStyle | None) -> int:
    """The highest of "1-5", "≤ 5 tầng", 5."""
    if isinstance(value, str) and (found := re.findall(r"[0-9]+", value)):
        return _integer(asked, max(map(int, found)), style)
    return _integer(asked, value, style)


def _choice(asked: Field, rule: ColumnRule, value: object) -> str:
    word = fold(str(value))
    if word in rule.values:
        return rule.values[word]
    for meant, words in asked.values.items():
        if word == fold(meant) or word in words:
            return meant
    raise _Unfit("field-value-unknown", known=sorted(asked.values))


def _boolean(value: object) -> bool:
    if isinstance(value, bool):
        return value
    word = fold(_plain(value))
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise _Unfit("field-value-unknown", known=["yes", "no"])

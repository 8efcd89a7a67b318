"""Lists as people work with them: filter, sort, totals that say what they total, 50 rows a page.

A page describes its columns once; the template ``_macros/table.html`` draws them and
:func:`as_csv` gives exactly what is shown, all pages, as a file for a spreadsheet.
"""

from __future__ import annotations

import csv
import io
import math
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from flask import Response, request
from werkzeug.exceptions import BadRequest

from gisapp.present import formats
from gisapp.present.columns import chosen
from layers.fields.formulas import defused

if TYPE_CHECKING:
    from gisapp.present.workbook import Sheet

Kind = Literal["text", "number", "hectares", "square_metres", "percent", "day", "instant", "chip"]
ROWS_A_PAGE = 50
_NUMERIC = frozenset({"number", "hectares", "square_metres", "percent"})


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column. ``value`` reads a row (default: the attribute or key ``key``); areas are m².

    ``link`` gives the address a cell leads to, ``nowrap`` keeps codes on one line, ``total`` adds
    the column up in the totals row, ``bar`` draws a ratio beside its figure, ``chip`` cells are
    words with a state colour: ``value`` then gives ``(state, word)``.
    """

    key: str
    label: str
    kind: Kind = "text"
    unit: str = ""
    decimals: int | None = None
    value: Callable[[Any], Any] | None = None
    link: Callable[[Any], str | None] | None = None
    sortable: bool = True
    total: bool = False
    strong: bool = False
    nowrap: bool = False
    bar: bool = False

    @property
    def numeric(self) -> bool:
        """Right-aligned, in figures of equal width."""
        return self.kind in _NUMERIC

    def read(self, row: Any) -> Any:
        """The value of this column in a row."""
        if self.value is not None:
            return self.value(row)
        return row[self.key] if isinstance(row, Mapping) else getattr(row, self.key)

    def show(self, value: Any) -> str:
        """A value as text in the reader's language."""
        match self.kind:
            case "number":
                return formats.number(value, self.decimals or 0)
            case "hectares":
                return formats.hectares(value, 2 if self.decimals is None else self.decimals)
            case "square_metres":
                return formats.square_metres(value)
            case "percent":
                return formats.percent(value, 2 if self.decimals is None else self.decimals)
            case "day":
                return formats.day(value)
            case "instant":
                return formats.instant(value)
            case "chip":
                return str(value[1]) if value else formats.NOTHING
            case _:
                return formats.NOTHING if value is None or value == "" else str(value)


@dataclass(frozen=True)
class Filter:
    """One control of the filter row: a text box, or a choice when ``options`` are given."""

    name: str
    label: str
    options: Sequence[tuple[str, str]] = ()

    @property
    def current(self) -> str:
        """What the address of the page says."""
        return request.args.get(self.name, "").strip()[:200]


@dataclass(frozen=True, kw_only=True)
class Listing:
    """One page of a list, ready to draw."""

    columns: Sequence[Column]
    rows: Sequence[Any]
    count: int
    page: int = 1
    sort: str = ""
    descending: bool = False
    totals: Mapping[str, Any] = field(default_factory=dict)
    totals_label: str = ""
    filters: Sequence[Filter] = ()
    empty: str = ""
    workbook: bool = False
    """Whether the list is offered as XLSX too."""

    @property
    def shown(self) -> Sequence[Column]:
        """The columns this reader wants to see; files hold exactly these."""
        return chosen(self.columns)

    @property
    def pages(self) -> int:
        """How many pages there are; one even when there is nothing."""
        return max(1, math.ceil(self.count / ROWS_A_PAGE))

    @property
    def first(self) -> int:
        """The number of the first row shown, from 1."""
        return (self.page - 1) * ROWS_A_PAGE + 1

    @property
    def last(self) -> int:
        """The number of the last row shown."""
        return min(self.page * ROWS_A_PAGE, self.count)

    @property
    def filtered(self) -> bool:
        """Whether any filter narrows the list."""
        return any(control.current for control in self.filters)


def requested_order(columns: Sequence[Column], default: str) -> tuple[str, bool]:
    """Which column to sort by and whether downwards: ``?sort=name`` or ``?sort=-name``.

    Raises:
        BadRequest: no sortable column of that name.
    """
    given = request.args.get("sort", default)
    key, descending = given.removeprefix("-"), given.startswith("-")
    if key not in {column.key for column in columns if column.sortable}:
        raise BadRequest
    return key, descending


def requested_page() -> int:
    """Which page to show: ``?page=2``.

    Raises:
        BadRequest: not a number from 1 to 100,000.
    """
    given = request.args.get("page", "1")
    if not (given.isascii() and given.isdigit() and 1 <= int(given) <= 100_000):
        raise BadRequest
    return int(given)


def whole_asked() -> bool:
    """Whether the whole list is asked for as a file: ``?format=csv`` or ``?format=xlsx``."""
    return request.args.get("format") in ("csv", "xlsx")


def listing(
    rows: Sequence[Any],
    columns: Sequence[Column],
    *,
    default_sort: str,
    totals_label: str = "",
    filters: Sequence[Filter] = (),
    empty: str = "",
    workbook: bool = False,
) -> Listing:
    """Sort, add up and page rows that are all at hand (a list of a few thousand at most)."""
    key, descending = requested_order(columns, default_sort)
    by = next(column for column in columns if column.key == key)
    known = [row for row in rows if _sortable(by, row) is not None]
    unknown = [row for row in rows if _sortable(by, row) is None]
    ordered = sorted(known, key=lambda row: _sortable(by, row), reverse=descending) + unknown
    whole = whole_asked()
    page = 1 if whole else requested_page()
    start = (page - 1) * ROWS_A_PAGE
    return Listing(
        columns=columns,
        rows=ordered if whole else ordered[start : start + ROWS_A_PAGE],
        count=len(rows),
        page=page,
        sort=key,
        descending=descending,
        totals={column.key: _sum(column, rows) for column in columns if column.total},
        totals_label=totals_label,
        filters=filters,
        empty=empty,
        workbook=workbook,
    )


def _sum(column: Column, rows: Sequence[Any]) -> Any:
    values = [value for row in rows if (value := column.read(row)) is not None]
    return sum(values) if values else None


def _sortable(column: Column, row: Any) -> Any:
    value = column.read(row)
    if column.kind == "chip":
        return value[1] if value else None
    return alphabetical(value) if isinstance(value, str) else value


def alphabetical(text: str) -> tuple[str, str]:
    """A sorting key for Vietnamese words: by letters first, by accents where the letters agree."""
    bare = unicodedata.normalize("NFD", text.casefold().replace("đ", "dz"))
    letters = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return letters, bare


def as_csv(shown: Listing, file_name: str) -> Response:
    """The list as a file that a spreadsheet of the reader's language opens correctly.

    Text that a spreadsheet would run as a formula is preceded by an apostrophe.
    """
    text = csv_text(shown.shown, shown.rows, comma=formats.language() == "vi")
    response = Response("\ufeff" + text, mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=f"{file_name}.csv")
    return response


def csv_text(columns: Sequence[Column], rows: Sequence[Any], *, comma: bool) -> str:
    """Rows as CSV with a heading; `comma`: decimals as Vietnamese writes them, cells apart by ;."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";" if comma else ",", lineterminator="\r\n")
    writer.writerow([heading_of(column) for column in columns])
    for row in rows:
        writer.writerow([_plain(column, column.read(row), comma) for column in columns])
    return text.getvalue()


def heading_of(column: Column) -> str:
    """The heading of a column in a file, with its unit."""
    return safe_text(f"{column.label} ({column.unit})" if column.unit else column.label)


def safe_text(text: str) -> str:
    """Text that no spreadsheet runs as a formula."""
    return defused(text)


def _plain(column: Column, value: Any, comma: bool) -> str:
    if value is None:
        return ""
    if column.kind == "chip":
        return safe_text(str(value[1]))
    if isinstance(value, datetime):
        return value.astimezone(formats.LEGAL_TIME).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        exact = Decimal(str(value))
        if column.kind == "hectares":
            exact /= 10_000
        plain = _decided(f"{exact:f}")
        return plain.replace(".", ",") if comma else plain
    return safe_text(str(value))


def _decided(plain: str) -> str:
    """A number nobody can take for thousands: 12.345 leaves as 12.3450."""
    return f"{plain}0" if len(plain.partition(".")[2]) == 3 else plain


def as_xlsx(shown: Listing, file_name: str) -> Response:
    """The list as a workbook: numbers as numbers, areas in the unit of the heading."""
    from gisapp.present.workbook import as_workbook

    return as_workbook([sheet_of(file_name, shown.shown, shown.rows)], file_name)


def sheet_of(title: str, columns: Sequence[Column], rows: Sequence[Any]) -> Sheet:
    """Rows as a sheet of a workbook with a heading."""
    from gisapp.present.workbook import Sheet

    cells = [[_value(column, column.read(row)) for column in columns] for row in rows]
    return Sheet(title, [heading_of(column) for column in columns], cells)


def _value(column: Column, value: Any) -> object:
    if column.kind == "chip":
        return str(value[1]) if value else None
    if isinstance(value, datetime):
        return value.astimezone(formats.LEGAL_TIME).replace(tzinfo=None)
    if value is None or isinstance(value, bool | date):
        return value
    if isinstance(value, int | float | Decimal):
        exact = Decimal(str(value))
        if column.kind == "hectares":
            exact /= 10_000
        # a spreadsheet's number holds fifteen digits: longer ones stay whole as text
        return exact if len(exact.as_tuple().digits) <= 15 else _decided(f"{exact:f}")
    text = str(value)
    return safe_text(text) if text.startswith("'") else text  # reading takes one apostrophe off

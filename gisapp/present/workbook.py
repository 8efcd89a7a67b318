"""Tables as an Excel workbook: numbers as numbers, text as text, nothing that would be run."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from flask import Response
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

if TYPE_CHECKING:
    from collections.abc import Sequence

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NOT_IN_TITLES = re.compile(r"[\\/*?:\[\]]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_WIDEST = 48


@dataclass(frozen=True)
class Sheet:
    """One sheet: a title, a head, rows of plain values."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[object]]


def as_workbook(sheets: Sequence[Sheet], name: str) -> Response:
    """The sheets as a file to keep."""
    answer = Response(book_bytes(sheets), mimetype=XLSX)
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}.xlsx")
    return answer


def book_bytes(sheets: Sequence[Sheet]) -> bytes:
    """The sheets as a workbook."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        made: Any = book.create_sheet(_NOT_IN_TITLES.sub(" ", sheet.title)[:31])
        made.freeze_panes = "A2"
        for place, label in enumerate(sheet.head):
            column = made.column_dimensions[_letter(place)]
            lengths = [len(str(row[place])) for row in sheet.rows[:200]]
            column.width = min(_WIDEST, max([len(label), *lengths]) + 2)
        made.append([_cell(made, label, bold=True) for label in sheet.head])
        for row in sheet.rows:
            made.append([_cell(made, value) for value in row])
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _letter(place: int) -> str:
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _cell(sheet: Any, value: Any, *, bold: bool = False) -> Any:
    text = _CONTROL.sub("", value) if isinstance(value, str) else value
    cell = WriteOnlyCell(sheet, value=text)
    if isinstance(text, str):
        cell.data_type = "s"  # a text that begins with = stays a text
    if bold:
        cell.font = Font(bold=True)
    return cell

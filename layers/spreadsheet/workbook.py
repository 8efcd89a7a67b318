"""XLSX through openpyxl in its streaming mode: stored values only, hidden sheets left out."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from layers.encodings import Decision, Encoding, HowDecided
from layers.spreadsheet.letters import modernise
from layers.spreadsheet.table import Cell, Table, table_of
from layers.vector.content import Job
from layers.vector.errors import FileMalformed, TableUnsafe
from layers.vector.findings import Finding
from layers.vector.ogr import reason_of

_FORMULA: Final = re.compile(rb"<f[\s>/]")
_CHUNK: Final = 1_000_000


def _workbook(path: Path, *, values: bool) -> Any:
    import openpyxl

    try:
        return openpyxl.load_workbook(path, read_only=True, data_only=values, keep_links=False)
    except (ValueError, KeyError, OSError, TypeError, AttributeError, zipfile.BadZipFile) as error:
        raise FileMalformed(reason=reason_of(error)) from error


def sheet_names(path: Path) -> list[str]:
    """The visible sheets.

    Raises:
        FileMalformed, TableUnsafe
    """
    _refuse_unsafe(path)
    book = _workbook(path, values=True)
    try:
        return [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]
    finally:
        book.close()


def _refuse_unsafe(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            lowered = name.lower()
            if lowered.endswith(("vbaproject.bin", ".exe", ".dll")) or "/activex" in lowered:
                raise TableUnsafe(part=name[:80])
            if lowered.endswith((".xml", ".rels")):
                with archive.open(name) as member:
                    if b"<!DOCTYPE" in member.read(4_096).upper():
                        raise TableUnsafe(part=name[:80])


def read_sheet(job: Job, name: str) -> Table:
    """The table of one sheet; rows are numbered as Excel shows them."""
    decision = Decision(Encoding.UTF8, HowDecided.FORMAT)
    formulas: set[tuple[int, int]] = set()
    table = table_of(job, name, _cells(job.path, name, formulas, values=True), decision)
    if _has_formulas(job.path):
        for _ in _cells(job.path, name, formulas, values=False):
            continue
    modernise(table, job.encoding)
    by_row = dict(table.rows)
    for row, column in sorted(formulas):
        cells = by_row.get(row)
        if cells is not None and column < len(cells) and cells[column] is None:
            heading = table.header[column]
            table.findings.append(Finding(row, "row-formula-without-value", heading))
    return table


def _cells(
    path: Path, name: str, formulas: set[tuple[int, int]], *, values: bool
) -> Iterator[tuple[int, Sequence[Cell]]]:
    """Rows of a sheet; the pass that is not for values notes the places of formulas instead."""
    book = _workbook(path, values=values)
    try:
        for number, row in enumerate(book[name].iter_rows(), start=1):
            if values:
                yield number, [_plain(cell.value) for cell in row]
                continue
            formulas.update(
                (number, place) for place, cell in enumerate(row) if cell.data_type == "f"
            )
            yield number, ()
    except (ValueError, KeyError, OSError, TypeError, AttributeError, SyntaxError) as error:
        raise FileMalformed(reason=reason_of(error)) from error
    except zipfile.BadZipFile as error:
        raise FileMalformed(reason=reason_of(error)) from error
    finally:
        book.close()


def _plain(value: object) -> Cell:
    if value is None or isinstance(value, str | int | float | bool | datetime | date):
        return value
    return str(value)


def _has_formulas(path: Path) -> bool:
    """Whether any sheet holds a formula: a second pass over the cells is only made then."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if not name.startswith("xl/worksheets/") or not name.endswith(".xml"):
                continue
            with archive.open(name) as member:
                tail = b""
                while chunk := member.read(_CHUNK):
                    if _FORMULA.search(tail + chunk):
                        return True
                    tail = chunk[-4:]
    return False

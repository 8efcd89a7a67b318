"""A table found in rows of cells: its heading, its records, the narrowest kind of each column."""

from __future__ import annotations

import math
import re
import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from typing import Any, Final

from layers.encodings import Decision
from layers.vector.content import CrsFacts, FieldFacts, Job, LayerFacts
from layers.vector.errors import (
    FileEmpty,
    TableColumnRepeated,
    TableWithoutHeader,
    TooManyColumns,
    TooManyFeatures,
)
from layers.vector.findings import Finding
from layers.vector.ogr import arrow_type, schema_of
from layers.vector.texts import without_nul

Cell = str | int | float | bool | date | datetime | None

_HEADER_SEARCH_ROWS: Final = 30
_BATCH_ROWS: Final = 2_000
_LEGAL_TIME: Final = timezone(timedelta(hours=7))  # a sheet shows the clock of its office
_EXACT_INTEGER: Final = 2**53
_LETTER: Final = re.compile(r"[^\W\d_]")
_CELL_ERRORS: Final = ("#REF!", "#VALUE!", "#N/A", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!")


@dataclass
class Table:
    """A table with its heading found: records with the sheet row each stands in."""

    name: str
    header: list[str]
    rows: list[tuple[int, list[Cell]]]
    encoding: Decision
    findings: list[Finding] = field(default_factory=list)


def facts_of(table: Table, kinds: list[str] | None) -> LayerFacts:
    """The table as a layer without geometry; kinds are text until the cells were looked at."""
    fields = tuple(
        FieldFacts(name, kinds[i] if kinds else "text") for i, name in enumerate(table.header)
    )
    return LayerFacts(table.name, len(table.rows), None, fields, CrsFacts(), table.encoding)


def kind_of(cells: Iterable[Cell]) -> str:
    """The narrowest kind every cell of a column has; mixed columns are text."""
    kinds = {_cell_kind(cell) for cell in cells if cell is not None}
    if len(kinds) == 1:
        return kinds.pop()
    if kinds == {"integer", "decimal"}:
        return "decimal"
    if kinds == {"date", "instant"}:
        return "instant"
    return "text"


def _cell_kind(cell: Cell) -> str:
    if isinstance(cell, bool):
        return "boolean"
    if isinstance(cell, int):
        return "integer" if abs(cell) < 2**62 else "text"
    if isinstance(cell, float):
        return "integer" if cell.is_integer() and abs(cell) < _EXACT_INTEGER else "decimal"
    if isinstance(cell, datetime):
        return "date" if cell.time() == time() else "instant"
    return "date" if isinstance(cell, date) else "text"


def _as_kind(cell: Cell, kind: str) -> Any:
    if cell is None:
        return None
    if kind == "text":
        return _as_text(cell)
    if kind == "integer":
        return int(cell)  # type: ignore[arg-type]  # the column holds whole numbers only
    if kind == "decimal":
        return float(cell)  # type: ignore[arg-type]
    if kind == "date":
        return cell.date() if isinstance(cell, datetime) else cell
    if kind == "instant":
        return _moment(cell)
    return cell


def _moment(cell: Cell) -> datetime | None:
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=_LEGAL_TIME)
    return datetime.combine(cell, time(), _LEGAL_TIME) if isinstance(cell, date) else None


def _as_text(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _EXACT_INTEGER:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def batches_of(table: Table, kinds: list[str]) -> Iterator[Any]:
    """The records as Arrow batches in the layout everything leaves the sandbox in."""
    import pyarrow as pa

    fields = [FieldFacts(n, k) for n, k in zip(table.header, kinds, strict=True)]
    schema = schema_of(fields)
    for start in range(0, len(table.rows), _BATCH_ROWS):
        part = table.rows[start : start + _BATCH_ROWS]
        columns = [
            pa.array([number for number, _ in part], pa.int64()),
            pa.nulls(len(part), pa.large_binary()),
        ]
        for index, kind in enumerate(kinds):
            values = [_as_kind(cells[index], kind) for _, cells in part]
            columns.append(pa.array(values, arrow_type(kind)))
        yield pa.record_batch(columns, schema=schema)


def table_of(
    job: Job, name: str, rows: Iterable[tuple[int, Sequence[Cell]]], encoding: Decision
) -> Table:
    """The table in rows of cells.

    Raises:
        TableWithoutHeader, TableColumnRepeated, FileEmpty, TooManyColumns, TooManyFeatures
    """
    numbered = iter(rows)
    first: list[tuple[int, Sequence[Cell]]] = []
    for number, cells in numbered:
        first.append((number, cells))
        if len(first) >= _HEADER_SEARCH_ROWS:
            break
    place = _header_place([cells for _, cells in first])
    if place is None:
        if any(_filled(cells) for _, cells in first):
            raise TableWithoutHeader(layer=name)
        raise FileEmpty(name=name)
    header = _header(first[place][1], job.limits.columns)
    table = Table(name, header, [], encoding)
    rest = first[place + 1 :]
    if rest and _numbers_columns(rest[0][1], len(header)):
        table.findings.append(Finding(rest[0][0], "row-numbers-columns"))
        rest = rest[1:]
    for number, cells in (*rest, *numbered):
        _add(job, table, number, cells)
    return table


def _add(job: Job, table: Table, number: int, cells: Sequence[Cell]) -> None:
    if not _filled(cells):
        return
    width = len(table.header)
    if _filled(cells[width:]) and len(table.findings) < job.limits.findings:
        table.findings.append(
            Finding(number, "row-too-many-cells", context={"cells": len(cells), "columns": width})
        )
    kept = [_clean(cell) for cell in cells[:width]]
    kept += [None] * (width - len(kept))
    for name, cell in zip(table.header, kept, strict=True):
        if isinstance(cell, str) and cell in _CELL_ERRORS:
            table.findings.append(Finding(number, "row-cell-error", name, {"value": cell}))
    if len(table.rows) >= job.limits.features:
        raise TooManyFeatures(limit=job.limits.features)
    table.rows.append((number, kept))
    if len(table.rows) % _BATCH_ROWS == 0:
        job.on_progress(len(table.rows), None)


def _clean(cell: Cell) -> Cell:
    if not isinstance(cell, str):
        return cell
    return without_nul(cell) or None


def _filled(cells: Sequence[Cell]) -> int:
    return sum(1 for cell in cells if cell is not None and str(cell).strip())


def _header_place(rows: Sequence[Sequence[Cell]]) -> int | None:
    """The first row of texts, no numbers, that fills three quarters of a usual row."""
    widths = [_filled(cells) for cells in rows if _filled(cells)]
    usual = statistics.median_high([w for w in widths if w > 1] or widths or [0])
    needed = max(min(2, usual), math.ceil(usual * 0.75))
    for place, cells in enumerate(rows):
        texts = [cell for cell in cells if isinstance(cell, str) and cell.strip()]
        only_texts = len(texts) == _filled(cells) and all(map(_LETTER.search, texts))
        if only_texts and len(texts) >= max(needed, 1):
            return place
    return None


def _header(cells: Sequence[Cell], limit: int) -> list[str]:
    names = [" ".join(str(cell).split()) if cell is not None else "" for cell in cells]
    while names and not names[-1]:
        names.pop()
    if len(names) > limit:
        raise TooManyColumns(count=len(names), limit=limit)
    seen: set[str] = set()
    for index, name in enumerate(names):
        if not name:
            names[index] = name = f"({index + 1})"
        if name.casefold() in seen:
            raise TableColumnRepeated(column=name)
        seen.add(name.casefold())
    return names


def _numbers_columns(cells: Sequence[Cell], width: int) -> bool:
    """The row "(1) (2) (3) …" that forms carry; without brackets only in a wide table."""
    written = [_as_text(cell) for cell in cells if cell is not None]
    numbers = [re.sub(r"[()\s.]", "", text) for text in written]
    expected = [str(i + 1) for i in range(width)]
    bracketed = all("(" in text for text in written)
    return numbers == expected and width > (1 if bracketed else 4)

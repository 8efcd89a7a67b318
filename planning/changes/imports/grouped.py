"""Rows that belong together: one paper, several parcels, one row (or one list in a cell) each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from planning.changes.imports.book import Held, Number, ParcelBook
from planning.changes.imports.draft import Table
from planning.changes.imports.findings import RowFinding, Severity
from planning.changes.imports.report import RowFacts

_LIST: Final = re.compile(r"[;,\n+]")


@dataclass(slots=True)
class Paper:
    """The rows of one paper by table position, the parcels they name and the row of each."""

    key: tuple[Any, ...]
    positions: list[int]
    day: date
    parcels: dict[UUID, int] = field(default_factory=dict)
    zones: set[UUID] = field(default_factory=set)


def refused_rows(table: Table) -> set[int]:
    """Return the numbers of rows something already keeps out."""
    return {found.row for found in table.findings if found.severity is Severity.REFUSED}


def disagreements(
    table: Table, positions: Sequence[int], fields: Sequence[str]
) -> Iterator[RowFinding]:
    """Rows of one paper must say the same of it; the first row is the measure."""
    first = positions[0]
    for position in positions[1:]:
        differing = [
            name
            for name in fields
            if table.value(name, position) is not None
            and table.value(name, position) != table.value(name, first)
        ]
        if differing:
            context = {
                "number": table.text("number", first),
                "other_row": int(table.rows[first]),
                "fields": differing,
            }
            yield RowFinding(int(table.rows[position]), "row-disagrees", context)


def name_parcels(table: Table, paper: Paper, book: ParcelBook) -> Iterator[RowFinding]:
    """Find the parcels of a paper on its day; a cell may list several."""
    for position in paper.positions:
        row = int(table.rows[position])
        for named, found in _named(table, position, book):
            held = [each for each in found if each.on(paper.day)]
            ids = list(dict.fromkeys(each.parcel_id for each in held))
            context: dict[str, object] = {"parcel": named, "day": paper.day}
            if len(ids) > 1:
                yield RowFinding(row, "row-parcel-ambiguous", {**context, "count": len(ids)})
            elif not ids and found:
                since = min(each.valid_from for each in found)
                yield RowFinding(row, "row-parcel-not-yet", {**context, "since": since})
            elif not ids:
                yield RowFinding(row, "row-parcel-not-found", context)
            elif ids[0] in paper.parcels:
                other = int(table.rows[paper.parcels[ids[0]]])
                yield RowFinding(row, "row-parcel-repeated", {"parcel": named, "rows": [other]})
            else:
                paper.parcels[ids[0]] = position
                paper.zones.add(held[0].zone_id)


def _named(table: Table, position: int, book: ParcelBook) -> Iterator[tuple[str, list[Held]]]:
    """What a row names, by the strongest name it gives: our id, the official one, sheet and
    number.
    """
    parcel_id = table.value("parcel_id", position)
    if parcel_id is not None:
        yield str(parcel_id), book.by_id.get(parcel_id, [])
        return
    official = table.text("official_id", position)
    if official is not None:
        for one in _listed(official):
            yield one, book.by_official.get(one, [])
        return
    commune = table.text("commune_code", position) or ""
    sheet = table.text("sheet_no", position) or ""
    for one in _listed(table.text("parcel_no", position) or ""):
        number: Number = (commune, sheet, one)
        if "/" in one:  # "5/12": sheet and parcel written together in a list
            number = (commune, *one.split("/", 1))  # type: ignore[assignment]
        found = book.by_number.get((number[1].strip(), number[2].strip()), [])
        yield (
            "/".join(part for part in number if part),
            [held for held in found if not commune or commune == held.commune],
        )


def _listed(text: str) -> list[str]:
    return [part.strip() for part in _LIST.split(text) if part.strip()]


def whole_papers(
    sources: list[tuple[tuple[int, int], ...]], findings: list[RowFinding]
) -> list[RowFinding]:
    """A paper goes in whole or not at all: its other rows are refused with the one that is."""
    refused = {found.row for found in findings if found.severity.value == "refused"}
    return [
        RowFinding(row, "row-with-refused", {"other_row": culprits[0]})
        for rows in sources
        if (culprits := [row for row, _ in rows if row in refused])
        for row, _ in rows
        if row not in refused
    ]


def called(table: Table, position: int) -> str:
    """Return what a row calls its parcel: sheet and number, else our id."""
    named = (table.text("sheet_no", position), table.text("parcel_no", position))
    return "/".join(part for part in named if part) or str(table.value("parcel_id", position))


def paper_facts(table: Table) -> list[RowFacts]:
    """Return what the report calls each row: the paper's number and the parcel."""
    return [
        RowFacts(int(row), 0, " · ".join(filter(None, (table.text("number", i), called(table, i)))))
        for i, row in enumerate(table.rows)
    ]

"""Cells typed in the old fonts: a workbook is Unicode, its letters may still be TCVN3 or VNI."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from layers.encodings import Decision, Encoding, HowDecided, detect_in_text, from_legacy_text
from layers.spreadsheet.table import Table
from layers.vector.findings import Finding


def modernise(table: Table, asked: Encoding | None) -> None:
    """Bring heading and cells to Unicode NFC, each column by its own letters or as a person said.

    What was converted is said in the table's findings; the last decision becomes the table's.
    """
    if asked is not None:
        table.encoding = Decision(asked, HowDecided.DECLARED)
    heading = asked or _legacy(table, None, table.header)
    table.header[:] = [_text(name, heading) for name in table.header]
    for index, name in enumerate(table.header):
        texts = [cells[index] for _, cells in table.rows if isinstance(cells[index], str)]
        if not texts:
            continue
        legacy = asked or _legacy(table, name, [str(text) for text in texts])
        for _, cells in table.rows:
            cell = cells[index]
            if isinstance(cell, str):
                cells[index] = _text(cell, legacy)


def _legacy(table: Table, column: str | None, texts: Iterable[str]) -> Encoding | None:
    found = detect_in_text(dict.fromkeys(texts))
    if found is None:
        return None
    table.encoding = found
    context = {"encoding": found.encoding.value, "before": found.before, "sample": found.after}
    table.findings.append(Finding(0, "file-encoding-converted", column, context))
    return found.encoding


def _text(text: str, legacy: Encoding | None) -> str:
    if legacy in (Encoding.TCVN3, Encoding.VNI, Encoding.CP1258):
        return from_legacy_text(text, legacy)
    return unicodedata.normalize("NFC", text)

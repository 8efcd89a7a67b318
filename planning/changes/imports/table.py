"""A parsed file turned into the register's words: columns to fields, coordinates to the zone's
plane.
"""

from __future__ import annotations

from collections.abc import Mapping as Columns
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from layers.fields import FieldMap, convert, suggest
from layers.fields.formulas import undefused
from layers.sandbox import Parsed
from layers.vector.formats import Format
from planning.changes.imports.draft import Table
from planning.changes.imports.findings import of_file
from planning.changes.imports.mapping import Mapping
from planning.changes.imports.planes import to_plane
from planning.changes.imports.request import Request
from planning.changes.imports.surroundings import Surroundings


@dataclass(slots=True)
class Understood:
    """A file as it was understood, and what of that is worth showing before anything is written."""

    table: Table
    request: Request
    facts: dict[str, Any] = field(default_factory=dict)


def understand(
    parsed: Parsed, request: Request, around: Surroundings, mapping: Mapping
) -> Understood:
    """Map the columns, convert the values, bring the shapes into the zone's plane.

    Raises:
        FieldsRefused: required columns are missing or several fit.
        CrsMissing and its kin: the file's numbers cannot be taken for what they say.
    """
    cells = _as_written(parsed)
    columns = list(cells)
    given = mapping.field_map(request.layer.value)
    proposal = suggest(columns, request.layer.value) if given is None else None
    chosen = given.checked(columns) if given else proposal.settled()  # type: ignore[union-attr]
    rows = convert(chosen, [int(row) for row in parsed.rows], cells)
    placed = to_plane(parsed, request, around)
    values = {name: [row.values.get(name) for row in rows] for name in chosen.rules}
    findings = [of_file(found) for found in parsed.findings]
    findings += [of_file(found) for row in rows for found in row.findings]
    table = Table(
        [int(row) for row in parsed.rows],
        np.asarray(placed.shapes, dtype=object),
        values,
        [*placed.notes, *findings],
        mapping,
    )
    used = {rule.column for rule in chosen.rules.values() if rule.column}
    facts: dict[str, Any] = {
        "file": {
            "name": request.file_name,
            "format": parsed.format.value,
            "layer": parsed.layer,
            "rows": len(parsed),
            "bytes": parsed.file_bytes,
            "sha256": parsed.sha256,
        },
        "encoding": _encoding(parsed),
        "mapping": _mapping(chosen, proposal.matches if proposal else ()),
        "unused_columns": [name for name in parsed.columns if name not in used],
        "crs": placed.facts,
    }
    return Understood(table, placed.request, facts)


def _as_written(parsed: Parsed) -> Columns[str, Sequence[object]]:
    """The cells of a table without the apostrophe an export put before what would be run."""
    if parsed.format not in (Format.CSV, Format.XLSX):
        return parsed.columns
    return {name: [undefused(cell) for cell in cells] for name, cells in parsed.columns.items()}


def _encoding(parsed: Parsed) -> dict[str, str] | None:
    decision = parsed.encoding
    if decision is None:
        return None
    return {
        "encoding": decision.encoding.value,
        "how": decision.how.value,
        "before": decision.before,
        "after": decision.after,
    }


def _mapping(chosen: FieldMap, matches: Any) -> list[dict[str, str]]:
    reasons: dict[str, str] = {match.field: match.reason for match in matches}
    return [
        {
            "field": name,
            "title_vi": chosen.target.fields[name].title_vi,
            "title_en": chosen.target.fields[name].title_en,
            "column": rule.column or "",
            "constant": rule.constant or "",
            "unit": rule.unit or "",
            "reason": reasons.get(name, "given"),
        }
        for name, rule in chosen.rules.items()
    ]

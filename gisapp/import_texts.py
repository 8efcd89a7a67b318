"""What the report of an import says to people, in Vietnamese or English."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from gisapp.messages import render
from planning.changes.imports import Report, RowFinding
from planning.changes.imports.report import finding_json

LINES_SHOWN: Final = 50


def sentence(finding: Mapping[str, Any], locale: str) -> str:
    """Say one finding (as JSON) in a language."""
    context = {name: _dated(value) for name, value in dict(finding["context"]).items()}
    context.setdefault("field", finding.get("field"))
    return render(str(finding["code"]), context, locale)


def said(finding: RowFinding, locale: str) -> str:
    """Say one finding in a language."""
    return sentence(finding_json(finding), locale)


def summary(report: Report, locale: str) -> list[str]:
    """The report in a few lines: counts, notes on the file, the first rows worth a word."""
    counts: dict[str, object] = {**report.counts, "zone": report.zone_code}
    if report.dry_run:
        head = "import-dry-run"
    elif report.written:
        head = "import-partly" if report.refused else "import-done"
    else:
        head = "import-refused"
    lines = [render(head, {**counts, "change": report.change}, locale)]
    lines += [said(note, locale) for note in report.notes]
    told = [row for row in report.rows if row.findings]
    told.sort(key=lambda row: (row.outcome.value != "refused", row.row, row.part))
    for row in told[:LINES_SHOWN]:
        for finding in row.findings:
            where = {"row": row.row, "label": row.label}
            code = "import-row-named" if row.label else "import-row"
            lines.append(
                render(code, where, locale) + said(finding, locale) + _place(finding, locale)
            )
    if len(told) > LINES_SHOWN:
        lines.append(render("import-rows-more", {"count": len(told) - LINES_SHOWN}, locale))
    return lines


def _place(finding: RowFinding, locale: str) -> str:
    if finding.place is None:
        return ""
    facts = {"north": finding.place.northing, "east": finding.place.easting}
    return " " + render("import-place", facts, locale)


def _dated(value: object) -> object:
    """Give days of a JSON report back their form, so that they read as the language writes them."""
    if isinstance(value, str) and len(value) == 10 and value[4] == value[7] == "-":
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    return value

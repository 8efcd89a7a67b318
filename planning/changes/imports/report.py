"""The report of an import: what was understood, what became of every row, what was written."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from planning.changes.imports.findings import RowFinding, Severity

MOST_IN_JSON: Final = 10_000


class Outcome(StrEnum):
    """What became of a row."""

    ACCEPTED = "accepted"
    REPAIRED = "repaired"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class RowResult:
    """One row (or part of an exploded one): what it is called, its areas in m², where it lies,
    what was found.
    """

    row: int
    part: int
    outcome: Outcome
    label: str
    area_before_m2: float | None
    area_m2: float | None
    box: tuple[float, float, float, float] | None
    findings: tuple[RowFinding, ...] = ()


@dataclass(frozen=True, slots=True)
class RowFacts:
    """What a layer knows of a row beside its findings."""

    row: int
    part: int
    label: str
    area_before_m2: float | None = None
    area_m2: float | None = None
    box: tuple[float, float, float, float] | None = None


def results(facts: Iterable[RowFacts], findings: Sequence[RowFinding]) -> list[RowResult]:
    """Bring rows and findings together; a row with a refusing finding is refused whatever else
    was found.
    """
    by_row: dict[tuple[int, int], list[RowFinding]] = defaultdict(list)
    for found in findings:
        if found.row:
            by_row[found.row, found.part].append(found)
    given = list(facts)
    known = {(fact.row, fact.part) for fact in given}
    given += [RowFacts(row, part, "") for row, part in by_row if (row, part) not in known]
    made = []
    for fact in sorted(given, key=lambda fact: (fact.row, fact.part)):
        mine = by_row.get((fact.row, fact.part), [])
        made.append(
            RowResult(
                fact.row,
                fact.part,
                _outcome(mine),
                fact.label,
                fact.area_before_m2,
                fact.area_m2,
                fact.box,
                tuple(mine),
            )
        )
    return made


def _outcome(findings: Sequence[RowFinding]) -> Outcome:
    severities = {found.severity for found in findings}
    if Severity.REFUSED in severities:
        return Outcome.REFUSED
    return Outcome.REPAIRED if Severity.REPAIRED in severities else Outcome.ACCEPTED


@dataclass(slots=True)
class Report:
    """Everything a person gets to see of an import, and a program as JSON."""

    layer: str
    zone_code: str
    understood: dict[str, Any] = field(default_factory=dict)
    rows: list[RowResult] = field(default_factory=list)
    notes: list[RowFinding] = field(default_factory=list)
    written: dict[str, int] = field(default_factory=dict)
    change: int | None = None
    dry_run: bool = False
    seconds: dict[str, float] = field(default_factory=dict)
    counted: dict[str, int] | None = None

    @property
    def counts(self) -> dict[str, int]:
        """How many rows were accepted, repaired and refused."""
        if self.counted is not None:
            return dict(self.counted)
        found = Counter(row.outcome.value for row in self.rows)
        return {outcome.value: found.get(outcome.value, 0) for outcome in Outcome}

    @classmethod
    def repeated(cls, told: Mapping[str, Any]) -> Report:
        """Return the report of a request that was answered before; its rows stay with the first."""
        made = cls(told["layer"], told["zone"], told["understood"])
        made.written, made.change = dict(told["written"]), told["change"]
        made.counted = dict(told["counts"])
        return made

    @property
    def refused(self) -> bool:
        """Whether any row, or the file itself, was refused."""
        return self.counts["refused"] > 0 or any(
            note.severity is Severity.REFUSED for note in self.notes
        )

    def by_code(self) -> dict[str, int]:
        """How often each code was found."""
        found = Counter(note.code for note in self.notes)
        found.update(item.code for row in self.rows for item in row.findings)
        return dict(found.most_common())

    def as_json(self, *, rows: bool = True) -> dict[str, Any]:
        """Return plain JSON values; `rows` lists what is not plainly accepted, at most 10,000."""
        told = [row for row in self.rows if row.findings]
        made: dict[str, Any] = {
            "layer": self.layer,
            "zone": self.zone_code,
            "dry_run": self.dry_run,
            "change": self.change,
            "counts": self.counts,
            "codes": self.by_code(),
            "understood": plain(self.understood),
            "written": dict(self.written),
            "notes": [finding_json(note) for note in self.notes],
            "seconds": {step: round(taken, 3) for step, taken in self.seconds.items()},
        }
        if rows:
            made["rows"] = [row_json(row) for row in told[:MOST_IN_JSON]]
            made["rows_left_out"] = max(len(told) - MOST_IN_JSON, 0)
        return made


def row_json(row: RowResult) -> dict[str, Any]:
    """Return a row's result as plain JSON values."""
    return {
        "row": row.row,
        "part": row.part,
        "outcome": row.outcome.value,
        "label": row.label,
        "area_before_m2": row.area_before_m2,
        "area_m2": row.area_m2,
        "box": list(row.box) if row.box else None,
        "findings": [finding_json(found) for found in row.findings],
    }


def finding_json(found: RowFinding) -> dict[str, Any]:
    """Return a finding as plain JSON values: the code and its facts; sentences are made where
    they are read.
    """
    return {
        "row": found.row,
        "code": found.code,
        "severity": found.severity.value,
        "field": found.field,
        "context": plain(found.context),
        "place": found.place.as_json() if found.place else None,
    }


def plain(value: object) -> Any:
    """Return a value as JSON knows it: dates and ids as text, decimals as numbers."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return str(value)

"""Rows being examined: their shapes and values by position, what is to be written, what was
found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from planning.changes.imports.findings import Place, RowFinding, Severity
from planning.changes.imports.mapping import Mapping as FileMapping
from planning.changes.imports.report import RowFacts

Shapes = NDArray[np.object_]
Tick = Callable[[str, int, int | None], None]
"""Told how far the work is: step, done, total (None: unknown)."""


def silent(step: str, done: int, total: int | None) -> None:
    """Tell nobody."""


@dataclass(slots=True)
class Table:
    """A file's rows in the register's words: shapes (E, N) in the zone's plane, values by field,
    findings so far.

    `shapes` holds None where a row has none; `values` hold one value a row under the names of
    the layer's fields.
    """

    rows: Sequence[int]
    shapes: Shapes
    values: Mapping[str, Sequence[Any]]
    findings: list[RowFinding] = field(default_factory=list)
    mapping: FileMapping = field(default_factory=FileMapping)

    def value(self, name: str, position: int) -> Any:
        """Return a row's value of a field, None when the file has no such field."""
        column = self.values.get(name)
        return None if column is None else column[position]

    def text(self, name: str, position: int) -> str | None:
        """Return a row's text without outer blanks; None for an empty one."""
        value = self.value(name, position)
        return (str(value).strip() or None) if value is not None else None


@dataclass(slots=True)
class Batch:
    """Rows with shapes, by position: an exploded row has several. `source` is the position in
    the table.
    """

    rows: list[int]
    parts: list[int]
    source: list[int]
    shapes: Shapes
    before_m2: NDArray[np.float64]
    labels: list[str]
    findings: list[RowFinding]
    refused: set[int] = field(default_factory=set)

    def find(
        self,
        position: int,
        code: str,
        context: Mapping[str, object] | None = None,
        *,
        where: Any = None,
        place: Place | None = None,
        name: str | None = None,
    ) -> None:
        """Note a finding about a position; a refusing one takes it out."""
        found = RowFinding(
            self.rows[position],
            code,
            dict(context or {}),
            name,
            place or Place.of(where),
            self.parts[position],
        )
        self.findings.append(found)
        if found.severity is Severity.REFUSED:
            self.refused.add(position)

    @property
    def alive(self) -> NDArray[np.int64]:
        """Positions not refused."""
        kept = [i for i in range(len(self.rows)) if i not in self.refused]
        return np.asarray(kept, dtype=np.int64)

    def facts(self) -> list[RowFacts]:
        """Return what the report says of each position."""
        made = []
        for i, shape in enumerate(self.shapes):
            box = None if shape is None or shape.is_empty else tuple(map(float, shape.bounds))
            before = float(self.before_m2[i]) if np.isfinite(self.before_m2[i]) else None
            after = None if shape is None else float(shape.area)
            made.append(
                RowFacts(self.rows[i], self.parts[i], self.labels[i], before, after, box)  # type: ignore[arg-type]
            )
        return made


@dataclass(slots=True)
class Draft:
    """What an examination prepared: items to write, each with the (row, part) pairs it comes from.

    An item is taken out by making it None. `extra` holds what a layer writes beside its items.
    """

    items: list[Any]
    sources: Sequence[tuple[tuple[int, int], ...]]
    facts: list[RowFacts]
    findings: list[RowFinding]
    extra: dict[str, Any] = field(default_factory=dict)

    def settle(self) -> None:
        """Take out every item one of whose rows is refused."""
        refused = {
            (found.row, found.part) for found in self.findings if found.severity is Severity.REFUSED
        }
        for i, sources in enumerate(self.sources):
            if refused.intersection(sources):
                self.items[i] = None

    @property
    def refused(self) -> bool:
        """Whether anything, a row or the file itself, is refused."""
        return any(found.severity is Severity.REFUSED for found in self.findings)

    def add(self, findings: Iterable[RowFinding]) -> int:
        """Take in later findings (the database's); return how many items they took out."""
        before = len(self.kept)
        self.findings += findings
        self.settle()
        return before - len(self.kept)

    @property
    def kept(self) -> list[Any]:
        """The items still to be written."""
        return [item for item in self.items if item is not None]

    def positions(self) -> list[int]:
        """Positions of the items still to be written."""
        return [i for i, item in enumerate(self.items) if item is not None]


def areas(shapes: Shapes) -> NDArray[np.float64]:
    """Planar areas in m², NaN for missing shapes."""
    return np.asarray(shapely.area(shapes), dtype=np.float64)

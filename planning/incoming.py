"""A list brought in from a table: columns declared once, a parser a row, one change, all or none.

A context declares its list as a `ListKind`: the target names the columns (``layers/fields``),
`survey` reads what the rows are held against, `parse` makes one row an item or raises, `write`
records the items, `listed` gives the same rows as the register holds them: a list goes out and
comes back, and a row that says what the register knows already changes nothing. Reading is pure
after the survey; nothing here commits.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, Generic, Literal, TypeVar, cast
from uuid import UUID

from sqlalchemy.orm import Session

from layers.fields import FieldMap, Value, convert, suggest, target
from layers.fields.formulas import undefused
from layers.vector.findings import Finding, Severity
from planning.clocks import Moment
from planning.errors import PlanningError

A = TypeVar("A")
I = TypeVar("I")  # noqa: E741 - an item

MOST_ROWS: Final = 20_000


class RowRefused(PlanningError):
    """Base of what keeps a row out. Context: ``field`` where one is to blame."""

    code = "list-row-refused"


class RowZoneUnknown(RowRefused):
    """No such zone, or one the account may not see. Context: ``zone``, ``field``."""

    code = "list-row-zone"


class RowBoardUnknown(RowRefused):
    """No such board, or one the account may not see. Context: ``board``, ``field``."""

    code = "list-row-board"


class RowRepeated(RowRefused):
    """Two rows say the same thing's facts. Context: ``other_row``."""

    code = "list-row-repeated"


class ListTooLong(PlanningError):
    """More rows than a list takes. Context: ``count``, ``limit``."""

    code = "list-too-long"


class ListEmpty(PlanningError):
    """A table without a row."""

    code = "list-empty"


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table: its number as the sheet shows it, and typed values by field."""

    number: int
    values: Mapping[str, Value]

    def text(self, name: str) -> str | None:
        """The text of a field; None when the cell is empty."""
        value = self.values.get(name)
        return None if value is None else str(value)

    def day(self, name: str) -> date | None:
        """The day of a date field."""
        return cast("date | None", self.values.get(name))

    def number_of(self, name: str) -> Decimal | None:
        """The number of a field (areas in m², money in whole units)."""
        value = self.values.get(name)
        return None if value is None else Decimal(str(value))


@dataclass(frozen=True, slots=True)
class Places:
    """Zones and boards whoever looks may see: ids by code, the board of each zone.

    `reader` is who looks: readings of personal data are noted under that name.
    """

    zones: Mapping[str, UUID]
    boards: Mapping[str, UUID]
    board_of: Mapping[UUID, UUID] = field(default_factory=dict)
    reader: str = "-"

    def zone(self, line: Line, name: str = "zone_code") -> UUID:
        """The zone a row names. Raises RowZoneUnknown."""
        code = line.text(name) or ""
        if code not in self.zones:
            raise RowZoneUnknown(zone=code, field=name)
        return self.zones[code]

    def board(self, line: Line, name: str = "board_code") -> UUID:
        """The board a row names. Raises RowBoardUnknown."""
        code = line.text(name) or ""
        if code not in self.boards:
            raise RowBoardUnknown(board=code, field=name)
        return self.boards[code]


@dataclass(frozen=True, slots=True)
class Paper:
    """What the rows hang on: the open change, its document, the day they hold from, the actor."""

    change: int
    document_id: UUID
    day: date
    actor: str


Listed = Callable[[Session, Moment, Places], Sequence[Mapping[str, object]]]
"""The rows of a list as the register holds them at a moment, by the fields of its target."""
Dated = Literal["paper", "row", "never"]


@dataclass(frozen=True, slots=True)
class ListKind(Generic[A, I]):
    """One list that can be brought in.

    `survey(session, moment, places)` reads what rows are held against; `parse(around, line)` makes
    an item or raises a PlanningError (any kind: its code and context are told of the row);
    `write(session, paper, items)` records them. `key` gives what may stand once in a table.

    `listed` gives the rows that leave as a file. `dated` says on which day a row that comes in is
    held against them: the day of its paper, any day when the row brings its own (what happened
    happened), or never, when each paper says its rows anew. `named` are the fields that say what
    a row is about.
    """

    target: str
    survey: Callable[[Session, Moment, Places], A]
    parse: Callable[[A, Line], I]
    write: Callable[[Session, Paper, Sequence[I]], None]
    key: Callable[[I], Hashable] | None = None
    personal: bool = False
    """Whether writing needs the login that reaches personal data."""
    listed: Listed | None = None
    dated: Dated = "paper"
    named: tuple[str, ...] = ()


@dataclass(slots=True)
class Incoming(Generic[I]):
    """A table read: items with the row of each, and what was found about rows (row 0: the file)."""

    items: list[I]
    rows: list[int]
    findings: list[Finding]
    count: int
    unchanged: int = 0
    """Rows that say what the register holds already: nothing is written for them."""

    @property
    def refused(self) -> list[Finding]:
        """What keeps rows out, in the order of the sheet."""
        kept_out = [found for found in self.findings if found.severity is Severity.REFUSED]
        return sorted(kept_out, key=lambda found: found.row)

    @property
    def refused_rows(self) -> int:
        """How many rows are kept out."""
        return len({found.row for found in self.refused})

    @property
    def whole(self) -> bool:
        """Whether every row may come in: it is all of them or none."""
        return not self.refused and bool(self.items or self.unchanged)


def read_list(
    kind: ListKind[A, I],
    rows: Sequence[int],
    columns: Mapping[str, Sequence[object]],
    around: A,
    findings: Sequence[Finding] = (),
    *,
    held: Sequence[Mapping[str, object]] = (),
) -> Incoming[I]:
    """Read a table's rows into items; touches nothing.

    `findings` are what was said of the file while it was opened, `held` the rows of the register:
    one that says the same in every column of the file is counted as unchanged. An apostrophe an
    export put before what a spreadsheet would run is taken off again.

    Raises:
        FieldsRefused: a required column is missing, or several fit one field.
        ListTooLong, ListEmpty
    """
    if len(rows) > MOST_ROWS:
        raise ListTooLong(count=len(rows), limit=MOST_ROWS)
    if not len(rows):
        raise ListEmpty
    chosen = suggest(list(columns), kind.target).settled()
    cleared = {name: [undefused(cell) for cell in cells] for name, cells in columns.items()}
    made: Incoming[I] = Incoming([], [], list(findings), len(rows))
    spoilt = {found.row for found in findings if found.severity is Severity.REFUSED}
    blamed = {(found.row, found.field) for found in findings}
    asked = tuple(chosen.rules)
    known = {same(kind.target, row, asked) for row in held}
    good = []
    told_again: dict[Hashable, int] = {}
    for row in convert(chosen, [int(number) for number in rows], cleared):
        made.findings += [each for each in row.findings if not _told_of_cell(each, blamed, chosen)]
        if row.refused or row.number in spoilt:
            continue
        if known and same(kind.target, row.values, asked) in known:
            made.unchanged += 1
            told_again.setdefault(same(kind.target, row.values, kind.named), row.number)
        else:
            good.append(Line(row.number, row.values))
    seen: dict[Hashable, int] = {}
    for line in good:
        try:
            other = told_again.get(same(kind.target, line.values, kind.named))
            if kind.named and other is not None:
                raise RowRepeated(other_row=other)
            item = kind.parse(around, line)
            if kind.key is not None and (key := kind.key(item)) is not None:
                if key in seen:
                    raise RowRepeated(other_row=seen[key])
                seen[key] = line.number
        except PlanningError as refused:
            made.findings.append(told(line.number, refused))
            continue
        made.items.append(item)
        made.rows.append(line.number)
    return made


def _told_of_cell(found: Finding, blamed: set[tuple[int, str | None]], chosen: FieldMap) -> bool:
    """Whether a cell that reads as empty was blamed already for what stands in it (a formula)."""
    rule = chosen.rules.get(found.field or "")
    return (
        found.code == "field-required" and rule is not None and (found.row, rule.column) in blamed
    )


def same(name: str, values: Mapping[str, object], fields: Sequence[str]) -> Hashable:
    """What a row says in some fields, so that two rows saying the same are equal.

    Blanks between words, an empty cell and one left out, 5 and 5.00 make no difference.
    """
    every = target(name).fields
    return tuple(_bare(values.get(each), upper=every[each].upper) for each in fields)


def _bare(value: object, *, upper: bool) -> Hashable:
    if isinstance(value, str):
        text = unicodedata.normalize("NFC", " ".join(value.split()))
        return (text.upper() if upper else text) or None
    if isinstance(value, bool):
        return value or None
    if isinstance(value, int | float | Decimal):
        return Decimal(str(value)).normalize()
    return value  # a day, or nothing


def told(row: int, refused: PlanningError) -> Finding:
    """What is told of a row: the refusal's code and facts, refusing the row."""
    context = dict(refused.context)
    name = context.pop("field", None)
    return RowFinding(row, refused.code, None if name is None else str(name), context)


class RowFinding(Finding):
    """A finding whose code is a refusal of the register's own."""

    @property
    def severity(self) -> Severity:
        """It keeps the row out."""
        return Severity.REFUSED

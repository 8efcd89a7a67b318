"""A list from disk into the register: read in the sandbox, told row by row, written in one change.

Pages and the command line both come through :func:`bring_list`. Whatever is refused leaves nothing
behind; a trial does everything, the database's rules included, and keeps nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from gisapp.db import retried
from gisapp.importing import scratch_of, tell_planner
from gisapp.messages import render
from gisapp.security.permissions import Permission
from gisapp.texts import lazy_gettext as _l
from layers.errors import LayerError
from layers.fields import target
from layers.sandbox import Limits, read_file
from layers.vector.formats import Format
from planning.changes.lists import hold_list, write_list
from planning.clocks import Moment, moment
from planning.incoming import ListKind, Paper, Places, read_list
from planning.records.commands import note_event, open_change, register_document
from planning.zones.queries import boards, zones

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from sqlalchemy.orm import Session

    from gisapp.config import Settings
    from gisapp.db import Database
    from gisapp.security.scope import Scope
    from layers.sandbox import Parsed
    from layers.vector.findings import Finding
    from planning.changes.imports import Certificate


class ListNotATable(LayerError):
    """A list comes as CSV or XLSX. Context: ``format``."""

    code = "list-not-a-table"


@dataclass(frozen=True)
class ListEntry:
    """A list that comes and goes as a table: how its rows are read and written, and by whom."""

    name: str
    kind: ListKind[Any, Any]
    permission: Permission
    reads: Permission = Permission.READ
    """Who may take the list out."""

    @property
    def fields(self) -> Mapping[str, Any]:
        """The columns asked for, in their order."""
        return target(self.name).fields

    def title(self, locale: str) -> str:
        """What the list is called."""
        found = target(self.name)
        return found.title_en if locale == "en" else found.title_vi


@dataclass
class ListReport:
    """What became of a list: how many rows, which are refused and why, the change when it is in."""

    name: str
    rows: int
    findings: list[Finding] = field(default_factory=list)
    written: int = 0
    unchanged: int = 0
    change: int | None = None
    dry_run: bool = False

    @property
    def refused(self) -> list[Finding]:
        """What keeps the list out, by row."""
        return sorted(
            (found for found in self.findings if found.severity.value == "refused"),
            key=lambda found: found.row,
        )

    @property
    def notes(self) -> list[Finding]:
        """What only deserves a look."""
        return [found for found in self.findings if found.severity.value != "refused"]

    @property
    def good(self) -> bool:
        """Whether the whole list is, or would be, in the register."""
        return not self.refused

    def as_json(self, locale: str) -> dict[str, Any]:
        """Plain JSON values, every refused row with its sentence."""
        return {
            "list": self.name,
            "dry_run": self.dry_run,
            "rows": self.rows,
            "written": self.written,
            "unchanged": self.unchanged,
            "change": self.change,
            "refused": len({found.row for found in self.refused}),
            "findings": [
                {"row": found.row, "code": found.code, "field": found.field,
                 "detail": sentence(found, self.name, locale)}
                for found in self.refused
            ],
        }  # fmt: skip


class _Undo(Exception):
    """Leaves a transaction so that nothing of it is kept."""


@dataclass(frozen=True)
class Bringer:
    """Who brings a list, where they may look, on which document and from which day."""

    actor: str
    scope: Scope
    document: Certificate
    day: date | None = None


def bring_list(
    database: Database,
    settings: Settings,
    entry: ListEntry,
    path: Path,
    name: str,
    who: Bringer,
    *,
    dry_run: bool = False,
) -> ListReport:
    """Bring a table from disk into the register, all of it or nothing: read in the sandbox first.

    Raises:
        LayerError, PlanningError: the file as a whole is refused.
    """
    return bring_table(database, entry, _parsed(settings, path, name), name, who, dry_run=dry_run)


def bring_table(
    database: Database,
    entry: ListEntry,
    parsed: Parsed,
    name: str,
    who: Bringer,
    *,
    dry_run: bool = False,
) -> ListReport:
    """Bring a table that was read into the register, all of it or nothing.

    Rows that say what the register holds already are counted and left alone; when there are no
    others no change is opened. A list comes in once at a time: what is known is read under the
    list's own lock, so that a table sent twice at once is not written twice.

    Raises:
        LayerError, PlanningError: the file as a whole is refused.
    """
    day, numbers = who.day or who.document.issued_on, [int(row) for row in parsed.rows]
    report = ListReport(entry.name, len(numbers), dry_run=dry_run)

    @retried
    def attempt() -> None:
        with _writing(database, entry) as session:
            hold_list(session, entry.name)
            at = moment(session)
            seen = places(session, at, who.scope, who.actor)
            around = entry.kind.survey(session, at, seen)
            read = read_list(
                entry.kind, numbers, parsed.columns, around, parsed.findings,
                held=_held(session, entry, seen, day),
            )  # fmt: skip
            report.findings, report.unchanged = read.findings, read.unchanged
            if not read.whole or not read.items:
                return
            paper = register_document(
                session, number=who.document.number, issued_on=who.document.issued_on,
                issuer=who.document.issuer, kind=who.document.kind, actor=who.actor,
            )  # fmt: skip
            change = open_change(
                session, kind="act", reason=_reason(entry, name), actor=who.actor,
                effective_on=day, document_id=paper,
            )  # fmt: skip
            refused = write_list(session, entry.kind, read, Paper(change, paper, day, who.actor))
            report.findings = [*read.findings, *refused]
            if refused or dry_run:
                raise _Undo
            note_event(
                session, actor=who.actor, action="import", subject=f"list {entry.name}",
                detail={"rows": read.count, "sha256": parsed.sha256, "change": change},
            )  # fmt: skip
            report.change, report.written = change, len(read.items)

    try:
        attempt()
    except _Undo:
        report.change, report.written = None, 0
    tell_planner(database, report.written)
    return report


def _reason(entry: ListEntry, name: str) -> str:
    """What the change says of itself; a file of personal data may be called after a person."""
    return f"import {entry.name}" if entry.kind.personal else f"import {entry.name}: {name[-100:]}"


def _writing(database: Database, entry: ListEntry) -> AbstractContextManager[Session]:
    return database.households() if entry.kind.personal else database.transaction(seconds=300)


def reading_list(database: Database, *, personal: bool) -> AbstractContextManager[Session]:
    """The login that may read a list: names and money are read under the households' own."""
    return database.households() if personal else database.reading(seconds=60)


def _held(
    session: Session, entry: ListEntry, seen: Places, day: date
) -> Sequence[Mapping[str, object]]:
    """The rows of the register a table is held against."""
    kind = entry.kind
    if kind.listed is None or kind.dated == "never":
        return ()
    return kind.listed(session, Moment(day if kind.dated == "paper" else date.max), seen)


def places(session: Session, at: Moment, scope: Scope, reader: str = "-") -> Places:
    """The zones and boards somebody may see."""
    seen = [zone for zone in zones(session, at) if scope.covers(zone)]
    every = {board.code: board.id for board in boards(session, at)}
    return Places(
        {zone.code: zone.id for zone in seen},
        {code: own for code, own in every.items() if scope.covers_board(code)},
        {zone.id: every[zone.board_code] for zone in seen if zone.board_code in every},
        reader,
    )


def _parsed(settings: Settings, path: Path, name: str) -> Parsed:
    parsed = read_file(
        path, name=name[-200:], layer=None, encoding=None, limits=Limits.for_layer("list"),
        scratch=scratch_of(settings),
    )  # fmt: skip
    if parsed.format not in (Format.CSV, Format.XLSX):
        raise ListNotATable(format=parsed.format.value)
    return parsed


def sentence(found: Finding, name: str, locale: str) -> str:
    """What a finding says, its field by the title of the list's column."""
    return render(found.code, {"target": name, "field": found.field, **found.context}, locale)


FIELD_KINDS: Final = {
    "text": _l("chữ"),
    "code": _l("mã"),
    "uuid": _l("mã định danh"),
    "integer": _l("số nguyên"),
    "storeys": _l("số tầng"),
    "years": _l("số năm"),
    "decimal": _l("số"),
    "area": _l("diện tích, m² trừ khi tiêu đề ghi (ha)"),
    "percent": _l("phần trăm"),
    "money": _l("tiền, số nguyên"),
    "date": _l("ngày: 31/12/2025 hoặc 2025-12-31"),
    "choice": _l("một trong các từ"),
    "boolean": _l("có hoặc không"),
}
"""How the values of a column are written, for whoever fills the table in."""

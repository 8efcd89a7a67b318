"""A file from disk into the register: read in the sandbox, examined, written in one transaction.

The command line and the worker both come through :func:`bring_in`. Whatever is refused leaves
nothing behind: no rows, no files, no folders.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import psycopg
import structlog
from shapely import MultiPolygon
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError

from gisapp.db import retried, sqlstate
from gisapp.jobs.model import IdempotencyKey
from gisapp.refusals import Refusal
from layers.sandbox import Limits, Parsed, read_file
from planning.changes.imports import Examined, Report, Request, examine, survey, write
from planning.changes.imports.draft import Tick, silent
from planning.changes.imports.mapping import Mapping
from planning.changes.imports.table import understand
from planning.records.commands import note_event

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from gisapp.config import Settings
    from gisapp.db import Database

WRITE_SECONDS = 900
"""Longest statement of an import: 200,000 parcels under the no-overlap constraint."""
READ_SECONDS = 60
MANY_ROWS = 500
"""From here on the planner must be told: see `app.gather_statistics`."""

_log = structlog.get_logger(__name__)


class DatabaseBusy(Refusal):
    """Somebody else is writing in the same place. Context: ``sqlstate``."""

    code = "import-database-busy"


class DatabaseRefused(Refusal):
    """A constraint of the register refused it. Context: ``constraint``, ``table``."""

    code = "database-refused"


class ScopeRefused(Refusal):
    """A file cannot serve as the scope of a plan. Context: ``codes``."""

    code = "plan-scope-refused"


class KeyUsedOtherwise(Refusal):
    """The idempotency key was used for another request. Context: ``key``."""

    code = "idempotency-key-used"


@dataclass(frozen=True)
class Source:
    """A file as it was handed over: where it lies, what it is called, how it is to be read."""

    path: Path
    name: str
    layer: str | None = None
    encoding: str | None = None


@dataclass
class Clock:
    """Seconds by step."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time a step."""
        started = time.monotonic()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.monotonic() - started


class _Undo(Exception):
    """Leaves a transaction so that nothing of it is kept."""

    code: ClassVar[str] = "undo"


def scratch_of(settings: Settings) -> Path:
    """The folder of short-lived copies, made when first needed and readable by its owner alone."""
    folder = settings.data_dir / "scratch"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def read(settings: Settings, request: Request, source: Source, tick: Tick = silent) -> Parsed:
    """Read a file in the sandbox.

    Raises:
        FileRefused: one of its kinds says why.
    """
    return read_file(
        source.path,
        name=source.name,
        layer=source.layer,
        encoding=source.encoding,
        limits=Limits.for_layer(request.layer.value),
        scratch=scratch_of(settings),
        on_progress=lambda done, total: tick("read", done, total),
    )


def examined(
    database: Database,
    parsed: Parsed,
    request: Request,
    mapping: Mapping,
    clock: Clock,
    tick: Tick = silent,
) -> Examined:
    """Look around in the register and examine a parsed file; writes nothing.

    Raises:
        LayerError, PlanningError: the file as a whole is refused.
    """
    with clock.step("survey"), database.reading(seconds=READ_SECONDS) as session:
        around = survey(session, request)
    with clock.step("check"):
        understood = understand(parsed, request, around, mapping)
        found = examine(understood.table, understood.request, around, tick)
    # noding is part of the examination; it is told by itself because it is most of it
    told: dict[str, float] = found.draft.extra.get("seconds", {})
    clock.seconds["check"] -= sum(told.values())
    clock.seconds |= told
    found.report.understood = understood.facts
    found.report.seconds = clock.seconds
    return found


def bring_in(
    database: Database,
    settings: Settings,
    request: Request,
    source: Source,
    mapping: Mapping | None = None,
    *,
    dry_run: bool = False,
    idempotency_key: str | None = None,
    tick: Tick = silent,
    also: Callable[[Session, Report], None] | None = None,
) -> Report:
    """Bring a file into the register, all of it or (``partial``) what is accepted.

    A dry run does everything, the database's constraints included, and undoes it. ``also`` writes
    beside the rows, in the same transaction.

    Raises:
        LayerError, PlanningError, Refusal: the file as a whole is refused.
    """
    clock = Clock()
    with clock.step("read"):
        parsed = read(settings, request, source, tick)
    if idempotency_key is not None and not dry_run:
        earlier = answered(database, request, parsed.sha256, idempotency_key)
        if earlier is not None:
            return Report.repeated(earlier)
    found = examined(database, parsed, request, mapping or Mapping(), clock, tick)
    found.report.dry_run = dry_run
    with clock.step("write"):
        return keep(database, found, dry_run=dry_run, key=idempotency_key, also=also, tick=tick)


def keep(
    database: Database,
    found: Examined,
    *,
    dry_run: bool,
    key: str | None = None,
    also: Callable[[Session, Report], None] | None = None,
    tick: Tick = silent,
) -> Report:
    """Write what was examined and keep it, or undo it when it is a dry run or was refused.

    Raises:
        DatabaseBusy: locks could not be had in time.
    """

    @retried
    def attempt() -> None:
        with database.transaction(seconds=WRITE_SECONDS) as session:
            report = write(session, found, tick)
            report.dry_run = dry_run
            if report.change is None or dry_run:
                raise _Undo
            _note(session, found.request, report)
            if key is not None:
                _claim(session, found.request, report, key)
            if also is not None:
                also(session, report)

    try:
        attempt()
    except _Undo:
        pass
    except DBAPIError as error:
        raise refused_by_database(error) from error
    if dry_run:
        found.report.change = None
    else:
        tell_planner(database, sum(found.report.written.values()))
    return found.report


def tell_planner(database: Database, written: int) -> None:
    """Tell the planner how large the tables have become after so many rows; autovacuum does it
    later otherwise.
    """
    if written < MANY_ROWS:
        return
    try:
        with database.transaction() as session:
            session.execute(select(func.app.gather_statistics()))
    except DBAPIError as error:
        _log.warning("statistics_left_as_they_are", sqlstate=sqlstate(error))


def refused_by_database(error: DBAPIError) -> Exception:
    """Return our refusal for what PostgreSQL said; the error itself when it is none of these.

    Only the names of constraint and table are told: the driver's message may hold values.
    """
    state = sqlstate(error) or ""
    if state in {"55P03", "57014", "40001", "40P01"}:
        return DatabaseBusy(sqlstate=state)
    if state[:2] == "23" and isinstance(error.orig, psycopg.Error):
        named = error.orig.diag
        return DatabaseRefused(constraint=named.constraint_name or "", table=named.table_name or "")
    return error


def scope_from(
    database: Database, settings: Settings, request: Request, source: Source
) -> MultiPolygon:
    """Read the ground a plan covers from a file, in its zone's plane; writes nothing.

    Raises:
        ScopeRefused: rows of the file are refused.
        LayerError, PlanningError: the file as a whole is refused.
    """
    found = examined(database, read(settings, request, source), request, Mapping(), Clock())
    if found.report.refused or not found.draft.kept:
        raise ScopeRefused(codes=[*found.report.by_code()])
    shape: MultiPolygon = found.draft.kept[0].shape
    return shape


def fingerprint(request: Request, sha256: str) -> str:
    """What an idempotency key stands for: this request on this file."""
    asked = json.dumps([request.as_json(), sha256], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(asked.encode()).hexdigest()


def answered(database: Database, request: Request, sha256: str, key: str) -> dict[str, Any] | None:
    """What this very request was answered when it came first, None when it is new.

    Raises:
        KeyUsedOtherwise: the key stands for another request.
    """
    with database.transaction() as session:
        known = session.get(IdempotencyKey, (request.actor, key))
    if known is None:
        return None
    if known.fingerprint != fingerprint(request, sha256):
        raise KeyUsedOtherwise(key=key)
    return known.outcome


def _claim(session: Session, request: Request, report: Report, key: str) -> None:
    """Tie the key to what was written; a second writer of the key waits, then loses."""
    mark = fingerprint(request, report.understood["file"]["sha256"])
    claimed = session.scalar(
        insert(IdempotencyKey)
        .values(actor=request.actor, key=key, fingerprint=mark, outcome=report.as_json(rows=False))
        .on_conflict_do_nothing()
        .returning(IdempotencyKey.key)
    )
    if claimed is None:
        raise KeyUsedOtherwise(key=key)


def _note(session: Session, request: Request, report: Report) -> None:
    file: dict[str, Any] = report.understood.get("file", {})
    note_event(
        session,
        actor=request.actor,
        action="import",
        subject=f"{request.layer.value} {request.zone_code}",
        detail={"file": file, "counts": report.counts, "change": report.change},
    )

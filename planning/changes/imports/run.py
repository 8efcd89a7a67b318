"""An import from one end to the other: look around, examine, write, and say what happened to
every row.

`survey` reads, `examine` only thinks, `write` writes inside the caller's transaction. Nothing
here commits: whoever
calls keeps the transaction when the report says so and undoes it otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final

import psycopg
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from planning.changes.imports import (
    admin_units,
    boundary,
    handovers,
    land_rights,
    parcels,
    plan_lots,
    projects,
    resettlement,
)
from planning.changes.imports.draft import Draft, Table, Tick, silent
from planning.changes.imports.findings import RowFinding
from planning.changes.imports.report import Report, results
from planning.changes.imports.request import Layer, Request
from planning.changes.imports.surroundings import Surroundings, survey
from planning.records.commands import open_change, register_document

__all__ = ["Examined", "Surroundings", "examine", "survey", "write"]

MODULES: Final[dict[Layer, ModuleType]] = {
    Layer.PARCELS: parcels,
    Layer.PLAN_LOTS: plan_lots,
    Layer.BOUNDARY: boundary,
    Layer.ADMIN_UNITS: admin_units,
    Layer.LAND_RIGHTS: land_rights,
    Layer.HANDOVERS: handovers,
    Layer.RESETTLEMENT: resettlement,
    Layer.PROJECTS: projects,
}
# constraints judged at commit: asked for earlier, so that a refusal is still a finding
_JUDGE_NOW: Final = "SET CONSTRAINTS land.f_keeps_parcels, land.f_judge IMMEDIATE"
_JUDGE_LATE: Final = "SET CONSTRAINTS land.f_keeps_parcels, land.f_judge DEFERRED"
_ROUNDS: Final = 3
_REFUSALS: Final = frozenset({"23P01", "23505", "23514", "23503", "23502", "22003"})


@dataclass(slots=True)
class Examined:
    """A file examined: the draft of what to write and the report so far."""

    request: Request
    around: Surroundings
    draft: Draft
    report: Report


def examine(table: Table, request: Request, around: Surroundings, tick: Tick = silent) -> Examined:
    """Check a file's rows against the surroundings and prepare what to write; touches nothing."""
    draft: Draft = MODULES[request.layer].examine(table, request, around, tick)
    draft.settle()
    return Examined(request, around, draft, _report(request, draft))


def write(session: Session, examined: Examined, tick: Tick = silent) -> Report:
    """Write what was accepted, under one change and one document; return the report.

    With refused rows and no `partial`, nothing is written. What the database refuses becomes
    findings of rows; with `partial` the others are tried again, at most three times. The
    report's `change` is None when
    nothing was written: then the caller undoes the transaction.
    """
    request, draft = examined.request, examined.draft
    if (draft.refused and not request.partial) or not draft.kept:
        return _finished(examined, {}, None)
    document = register_document(
        session,
        number=request.document.number,
        issued_on=request.document.issued_on,
        issuer=request.document.issuer,
        kind=request.document.kind,
        title=request.document.title,
        actor=request.actor,
    )
    change = open_change(
        session,
        kind="correction" if request.correction else "act",
        reason=f"import {request.layer.value}: {request.file_name}".strip(": "),
        actor=request.actor,
        effective_on=request.day,
        document_id=document,
    )
    draft.extra["document_id"] = document
    module = MODULES[request.layer]
    for _ in range(_ROUNDS):
        written, refusal = _attempt(
            session, lambda: module.write(session, change, request, examined.around, draft, tick)
        )
        if refusal is None:
            return _finished(examined, written, change)
        found: list[RowFinding] = module.diagnose(session, request, examined.around, draft, refusal)
        if not found:
            found = [_unplaced(refusal)]
        removed = draft.add(found)
        if not request.partial or not removed or not draft.kept:
            break
    return _finished(examined, {}, None)


def _attempt(
    session: Session, work: Callable[[], dict[str, int]]
) -> tuple[dict[str, int], psycopg.Error | None]:
    """Do the writing inside a savepoint, late constraints included; a constraint's refusal is
    returned.
    """
    try:
        with session.begin_nested():
            written = work()
            session.flush()
            session.execute(text(_JUDGE_NOW))
        session.execute(text(_JUDGE_LATE))
    except (DBAPIError, psycopg.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        if not isinstance(cause, psycopg.Error) or cause.sqlstate not in _REFUSALS:
            raise
        return {}, cause
    return written, None


def _unplaced(refusal: psycopg.Error) -> RowFinding:
    """A refusal no row could be found for: the constraint's name is all that may be told."""
    context: dict[str, Any] = {
        "constraint": refusal.diag.constraint_name or "",
        "table": refusal.diag.table_name or "",
    }
    return RowFinding(0, "row-database-refused", context)


def _report(request: Request, draft: Draft) -> Report:
    report = Report(request.layer.value, request.zone_code)
    report.notes = [found for found in draft.findings if not found.row]
    report.rows = results(draft.facts, draft.findings)
    return report


def _finished(examined: Examined, written: dict[str, int], change: int | None) -> Report:
    report = _report(examined.request, examined.draft)
    report.understood = examined.report.understood
    report.seconds = examined.report.seconds
    report.written, report.change = written, change
    examined.report = report
    return report

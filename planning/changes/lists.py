"""A whole list written in one change, or named row by row what the register refuses of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeVar

import psycopg
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from layers.vector.findings import Finding
from planning.errors import PlanningError
from planning.incoming import Incoming, ListKind, Paper, told
from planning.refusals import explained, refusal

A = TypeVar("A")
I = TypeVar("I")  # noqa: E741 - an item

MOST_NAMED: Final = 200
"""Rows the database refuses are looked for one by one; so many are named at most."""

# every rule judged at commit is asked now, so that its refusal is told of rows; the stamp of the
# change is none of them: it must come last
_JUDGE: Final = """
DO $$ BEGIN EXECUTE (
    SELECT format('SET CONSTRAINTS %s WHEN',
                  string_agg(DISTINCT format('%I.%I', nspname, conname), ', '))
    FROM pg_constraint JOIN pg_namespace ON pg_namespace.oid = connamespace
    WHERE condeferrable AND nspname IN ('land', 'household') AND conname <> 'change_90_stamp'
); END $$"""
_JUDGE_NOW: Final = _JUDGE.replace("WHEN", "IMMEDIATE")
_JUDGE_LATE: Final = _JUDGE.replace("WHEN", "DEFERRED")


_PATIENCE: Final = "60s"
"""As long as a long list may take: the next one waits for it."""


class _TakenBack(Exception):
    """Leaves a savepoint so that nothing of it is kept."""


def hold_list(session: Session, name: str) -> None:
    """Wait until nobody else brings this list in; held until the transaction ends."""
    patience = session.scalar(select(func.current_setting("lock_timeout")))
    session.execute(select(func.set_config("lock_timeout", _PATIENCE, True)))
    key = func.hashtextextended(f"list {name}", 0)
    session.execute(select(func.pg_advisory_xact_lock(key)))
    session.execute(select(func.set_config("lock_timeout", patience, True)))


def write_list(
    session: Session, kind: ListKind[A, I], read: Incoming[I], paper: Paper
) -> list[Finding]:
    """Record a whole list, or say row by row what the register refuses: then nothing was written.

    Rows are written together; when one is refused they are tried one by one to name it.
    """
    refused = _attempt(session, kind, read.items, paper)
    if refused is None:
        return []
    found: list[Finding] = []
    try:
        with session.begin_nested():
            for number, item in zip(read.rows, read.items, strict=True):
                alone = _attempt(session, kind, [item], paper)
                if alone is not None:
                    found.append(told(number, alone))
                if len(found) >= MOST_NAMED:
                    break
            raise _TakenBack
    except _TakenBack:
        return found or [told(0, refused)]


def _attempt(
    session: Session, kind: ListKind[A, I], items: Sequence[I], paper: Paper
) -> PlanningError | None:
    try:
        with session.begin_nested():
            kind.write(session, paper, items)
            session.flush()
            session.execute(text(_JUDGE_NOW))
        session.execute(text(_JUDGE_LATE))
    except PlanningError as error:
        return error
    except (DBAPIError, psycopg.Error) as error:
        said = refusal(error)
        if said is None:
            raise
        return explained(session, said)
    return None

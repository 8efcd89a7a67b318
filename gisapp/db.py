"""The database as the web sees it: one door for reading, one for writing.

The route owns the transaction and it is visible::

    with database.reading() as session: ...
    with database.transaction() as session: ...

Nothing is created at import time; a process makes its connections when it first needs them.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from threading import Lock
from typing import ParamSpec, TypeVar

import psycopg
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from gisapp.config import Settings
from gisapp.refusals import WriteRefused
from planning.refusals import refusal

STATEMENT_SECONDS = 15
LOCK_SECONDS = 3
IDLE_SECONDS = 30
TRIES = 3
POOL_SIZE = 5
POOL_SECONDS = 3
# serialization_failure, deadlock_detected: nothing was kept, the same work may be tried again
RETRIED = frozenset({"40001", "40P01"})

P = ParamSpec("P")
R = TypeVar("R")


class Database:
    """The register's database, reached by the logins of the settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._engines: dict[tuple[int, str], Engine] = {}
        self._lock = Lock()

    @property
    def read_engine(self) -> Engine:
        """Connections of the read-only login; transactions see one snapshot and cannot write."""
        return self._engine("read")

    @property
    def write_engine(self) -> Engine:
        """Connections of the writing login, READ COMMITTED."""
        return self._engine("write")

    @contextmanager
    def reading(self, *, seconds: float = STATEMENT_SECONDS) -> Iterator[Session]:
        """A read-only transaction over one snapshot; ``seconds`` is the longest statement."""
        with Session(self.read_engine, expire_on_commit=False) as session, session.begin():
            if seconds != STATEMENT_SECONDS:
                _limit(session, seconds)
            yield session

    @contextmanager
    def transaction(self, *, seconds: float = STATEMENT_SECONDS) -> Iterator[Session]:
        """A writing transaction: kept when the block ends, undone when it raises."""
        with Session(self.write_engine, expire_on_commit=False) as session, session.begin():
            if seconds != STATEMENT_SECONDS:
                _limit(session, seconds)
            yield session

    @contextmanager
    def households(self) -> Iterator[Session]:
        """A writing transaction of the only login that reaches people's personal data.

        What the database refuses leaves without the values it refused.

        Raises:
            HouseholdLoginMissing: the settings name no such login.
        """
        try:
            engine = self._engine("household")
            with Session(engine, expire_on_commit=False) as session, session.begin():
                yield session
        except DBAPIError as error:
            raise without_values(error) from None

    def close(self) -> None:
        """Close every connection of this process."""
        with self._lock:
            for (pid, _role), engine in self._engines.items():
                engine.dispose(close=pid == os.getpid())
            self._engines.clear()

    def _engine(self, role: str) -> Engine:
        """The engine of this process: a forked worker never uses its parent's sockets."""
        key = (os.getpid(), role)
        with self._lock:
            engine = self._engines.get(key)
            if engine is None:
                _owner, read, write = self._settings.urls()
                if role == "household":
                    engine = _connect(self._settings.household_url(), discreet=True)
                else:
                    engine = _connect(read, read_only=True) if role == "read" else _connect(write)
                self._engines[key] = engine
            return engine


def retried(function: Callable[P, R]) -> Callable[P, R]:
    """Run the whole function again, at most three times in all, when PostgreSQL undid it.

    For functions that open their own transaction and do nothing outside it. Only serialization
    failures and deadlocks are tried again: after those the database kept nothing.
    """

    @wraps(function)
    def again(*args: P.args, **kwargs: P.kwargs) -> R:
        for attempt in range(1, TRIES):
            try:
                return function(*args, **kwargs)
            except DBAPIError as error:
                if sqlstate(error) not in RETRIED:
                    raise
                time.sleep(random.uniform(0.01, 0.05) * 2**attempt)  # noqa: S311 - jitter
        return function(*args, **kwargs)

    return again


def sqlstate(error: BaseException) -> str | None:
    """PostgreSQL's five-character code of an error, through SQLAlchemy's wrapping."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return cause.sqlstate if isinstance(cause, psycopg.Error) else None


def without_values(error: DBAPIError) -> Exception:
    """A refusal as the register says it, or its code alone: rows and parameters stay behind."""
    said = refusal(error)
    if said is not None:
        return said
    state = sqlstate(error)
    if state in RETRIED or state is None or state[:2] in {"08", "25", "53", "55", "57"}:
        return error
    return WriteRefused(sqlstate=state, constraint=_constraint(error))


def _constraint(error: DBAPIError) -> str:
    return (error.orig.diag.constraint_name or "") if isinstance(error.orig, psycopg.Error) else ""


def owner_engine(settings: Settings) -> Engine:
    """Connections of the owner, for commands that maintain the schema. Never for the web."""
    return create_engine(settings.urls()[0], pool_pre_ping=True, pool_size=1)


def _connect(url: str, *, read_only: bool = False, discreet: bool = False) -> Engine:
    options = {
        "statement_timeout": STATEMENT_SECONDS * 1000,
        "lock_timeout": LOCK_SECONDS * 1000,
        "idle_in_transaction_session_timeout": IDLE_SECONDS * 1000,
    }
    engine = create_engine(
        url,
        pool_size=POOL_SIZE,
        pool_timeout=POOL_SECONDS,
        pool_pre_ping=True,
        hide_parameters=discreet,
        isolation_level="REPEATABLE READ" if read_only else "READ COMMITTED",
        connect_args={
            "options": " ".join(f"-c {name}={value}" for name, value in options.items()),
            "application_name": "gisapp-read" if read_only else "gisapp-write",
            "connect_timeout": 5,
            "tcp_user_timeout": 10_000,
        },
    )
    return engine.execution_options(postgresql_readonly=True) if read_only else engine


def _limit(session: Session, seconds: float) -> None:
    session.execute(
        text("SELECT set_config('statement_timeout', :limit, true)"),
        {"limit": f"{round(seconds * 1000)}ms"},
    )

"""Who does a job: whoever holds its advisory lock."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import func, select

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from sqlalchemy.engine import Connection

    from gisapp.db import Database


@contextmanager
def held_job(database: Database, space: int, job_id: UUID) -> Iterator[Connection | None]:
    """A connection that holds a job's lock, or None when another worker has it.

    ``space`` keeps kinds of jobs apart. A worker that dies loses the lock with its connection.
    """
    engine = database.write_engine.execution_options(isolation_level="AUTOCOMMIT")
    key = (space, job_id.int % 2**31)
    with engine.connect() as connection:
        if not connection.scalar(select(func.pg_try_advisory_lock(*key))):
            yield None
            return
        try:
            yield connection
        finally:
            connection.execute(select(func.pg_advisory_unlock(*key)))

"""The history of the schema: one line of migrations, run by the owner, one instance at a time."""

from __future__ import annotations

from collections.abc import Callable

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Connection
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateSchema

from gisapp import resources

VERSION_SCHEMA = "app"
LOCK = 0x67697361_7070_0001  # "gisapp", 1: who holds it migrates


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, without a file; ``connection`` is the one ``env.py`` works on."""
    made = Config()
    made.set_main_option("script_location", str(resources.MIGRATIONS).replace("%", "%%"))
    made.attributes["connection"] = connection
    return made


def head() -> str | None:
    """The newest revision this version of the program knows; ``None`` before the first."""
    return ScriptDirectory.from_config(config()).get_current_head()


def known_revisions() -> frozenset[str]:
    """Every revision this version of the program knows."""
    found = ScriptDirectory.from_config(config()).walk_revisions()
    return frozenset(script.revision for script in found)


def current(connection: Connection) -> str | None:
    """The revision of a database; ``None`` when it has none."""
    context = MigrationContext.configure(connection, opts={"version_table_schema": VERSION_SCHEMA})
    return context.get_current_revision()


def upgrade(url: str, revision: str = "head") -> tuple[str | None, str | None]:
    """Bring the schema of the owner's database to a revision; all of it or nothing.

    Returns the revision before and after. Two at a time is one after the other.
    """
    return _walk(url, lambda made: command.upgrade(made, revision))


def downgrade(url: str, revision: str) -> tuple[str | None, str | None]:
    """Walk the schema back to a revision (``base`` for nothing); for developers and tests."""
    return _walk(url, lambda made: command.downgrade(made, revision))


def _walk(url: str, step: Callable[[Config], None]) -> tuple[str | None, str | None]:
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection, connection.begin():
        connection.execute(text("SET LOCAL lock_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        connection.execute(CreateSchema(VERSION_SCHEMA, if_not_exists=True))
        before = current(connection)
        step(config(connection))
        after = current(connection)
    engine.dispose()
    return before, after

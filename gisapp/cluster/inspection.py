"""What a database must have before the application works on it, found out by looking."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import psycopg
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from gisapp import migrations
from gisapp.cluster import preparation
from gisapp.cluster.kept_files import Named, State, faulty, named
from gisapp.cluster.programs import OLDEST
from gisapp.config import HOUSEHOLD_URL

if TYPE_CHECKING:
    from gisapp.config import Settings

PLANES = 20
Connection = psycopg.Connection[tuple[object, ...]]


@dataclass(frozen=True)
class Finding:
    """One thing looked at: its name, whether it holds, what was found, who can mend it.

    What is not ``needed`` has a substitute: without the operator class parcels are kept apart by
    grid locks.
    """

    name: str
    holds: bool
    found: str = ""
    for_administrator: bool = False
    needed: bool = True


def inspect(settings: Settings) -> list[Finding]:
    """Look at everything, in the order in which it has to be mended."""
    owner, read, write = settings.urls()
    found = [
        _login("login-owner", owner),
        _login("login-read", read),
        _login("login-write", write),
        _household(settings),
    ]
    if not found[0].holds:
        return found
    with _connect(owner) as connection:
        found += [_look(connection, *question) for question in QUESTIONS]
        found.append(
            Finding(
                "prepared",
                preparation.up_to_date(connection),
                preparation.prepared_as(connection) or "",
                for_administrator=True,
            )
        )
    if found[1].holds:
        with _connect(read) as connection:
            found.append(_look(connection, "read-only", _read_only, True))
    found.append(_revision(owner))
    if found[-1].holds:
        found.append(_files(settings))
    return found


def files_of(settings: Settings, *, read: bool = False) -> list[tuple[Named, State]]:
    """The files that rows name and the data folder lacks; with ``read`` also the damaged ones."""
    with _connect(settings.urls()[0]) as connection:
        return list(faulty(settings.data_dir, named(connection), read=read))


def _files(settings: Settings) -> Finding:
    """Whether the files that rows name are there, with their sizes."""
    lost = files_of(settings)
    told = f"{len(lost)}: {', '.join(file.path for file, _ in lost[:3])}" if lost else "0"
    return Finding("files", not lost, told)


def _connect(url: str) -> Connection:
    parts = make_url(url)
    return psycopg.connect(
        parts.set(drivername="postgresql").render_as_string(hide_password=False),
        autocommit=True,
        connect_timeout=5,
    )


def _login(name: str, url: str) -> Finding:
    parts = make_url(url)
    try:
        _connect(url).close()
    except psycopg.OperationalError as reason:
        return Finding(name, False, str(reason).strip(), for_administrator=True)
    return Finding(name, True, f"{parts.username}@{parts.host or 'socket'}")


def _household(settings: Settings) -> Finding:
    """The login for personal data may be left out: then nobody opens them."""
    if settings.database_url_household is None:
        return Finding("login-household", False, HOUSEHOLD_URL, needed=False)
    return replace(_login("login-household", settings.database_url_household), needed=False)


def _look(
    connection: Connection,
    name: str,
    question: Callable[[Connection], tuple[bool, str]],
    for_administrator: bool,
) -> Finding:
    holds, found = question(connection)
    needed = name != "operator-class"
    return Finding(name, holds, found, for_administrator=for_administrator, needed=needed)


def _server(connection: Connection) -> tuple[bool, str]:
    version = connection.info.server_version
    return version >= OLDEST * 10_000, f"PostgreSQL {version // 10_000}.{version % 10_000}"


def _extension(name: str) -> Callable[[Connection], tuple[bool, str]]:
    def ask(connection: Connection) -> tuple[bool, str]:
        row = connection.execute(
            "SELECT extversion FROM pg_extension WHERE extname = %s", [name]
        ).fetchone()
        return row is not None, f"{name} {row[0]}" if row else name

    return ask


def _planes(connection: Connection) -> tuple[bool, str]:
    if connection.execute("SELECT to_regclass('public.spatial_ref_sys')").fetchone() == (None,):
        return False, "0"
    row = connection.execute(
        "SELECT count(*) FROM public.spatial_ref_sys WHERE srid BETWEEN 980000 AND 989999"
    ).fetchone()
    count = int(str(row[0])) if row else 0
    return count == PLANES, str(count)


def _operator_class(connection: Connection) -> tuple[bool, str]:
    row = connection.execute(
        "SELECT 1 FROM pg_opclass c JOIN pg_namespace n ON n.oid = c.opcnamespace"
        " WHERE n.nspname = 'spatial' AND c.opcname = 'gist_ground_ops'"
    ).fetchone()
    return row is not None, "spatial.gist_ground_ops"


def _read_only(connection: Connection) -> tuple[bool, str]:
    row = connection.execute("SHOW default_transaction_read_only").fetchone()
    return row == ("on",), f"default_transaction_read_only = {row[0] if row else ''}"


def _revision(owner: str) -> Finding:
    engine = create_engine(owner, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            current = migrations.current(connection)
    except SQLAlchemyError as reason:
        return Finding("revision", False, type(reason).__name__)
    return Finding("revision", current == migrations.head(), f"{current} / {migrations.head()}")


QUESTIONS: tuple[tuple[str, Callable[[Connection], tuple[bool, str]], bool], ...] = (
    ("server", _server, True),
    ("postgis", _extension("postgis"), True),
    ("btree-gist", _extension("btree_gist"), True),
    ("planes", _planes, True),
    ("operator-class", _operator_class, True),
)

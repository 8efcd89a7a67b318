"""The PostgreSQL server of the tests: one template database a schema, cloned when needed."""

from __future__ import annotations

import fcntl
import hashlib
import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from gisapp import migrations, resources
from gisapp.cluster import preparation
from gisapp.cluster.home import ClusterHome, Logins
from gisapp.cluster.server import ROLES, SUPERUSER, Cluster

ADVISORY_LOCK = 0x7465_7374
Connection = psycopg.Connection[tuple[object, ...]]


@dataclass(frozen=True)
class Server:
    """A running server whose superuser the tests may use."""

    logins: Logins
    host: str = "127.0.0.1"
    superuser: str = SUPERUSER
    maintenance: str = "postgres"

    def url(self, role: str, database: str) -> str:
        """The SQLAlchemy URL of a role."""
        parts = make_url(self.logins.url(role, database)).set(host=self.host)
        return parts.render_as_string(hide_password=False)

    def connect(self, role: str | None = None, database: str | None = None) -> Connection:
        """A connection in autocommit, the superuser's unless a role is named."""
        known = self.logins.conninfo(role or self.superuser, database or self.maintenance)
        return psycopg.connect(**{**known, "host": self.host}, autocommit=True)  # type: ignore[arg-type]

    def template(self) -> str:
        """The prepared and migrated database; made once for each state of the schema."""
        name = f"template_{_schema_mark()}"
        with self.connect() as connection:
            connection.execute("SELECT pg_advisory_lock(%s)", [ADVISORY_LOCK])
            if not _exists(connection, name):
                fresh = f"building_{os.getpid()}"
                self.drop(connection, fresh)
                preparation.make_roles(connection, self.logins.passwords)
                preparation.make_database(connection, fresh)
                with self.connect(database=fresh) as inside:
                    preparation.prepare(inside)
                migrations.upgrade(self.url(preparation.OWNER, fresh))
                connection.execute(
                    sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                        sql.Identifier(fresh), sql.Identifier(name)
                    )
                )
        return name

    def clone(self, template: str) -> str:
        """A new database like the template, with the same grants."""
        name = f"test_{os.getpid()}_{next(_numbers)}"
        with self.connect() as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {} STRATEGY file_copy").format(
                    sql.Identifier(name),
                    sql.Identifier(template),
                    sql.Identifier(preparation.OWNER),
                )
            )
            preparation.make_database(connection, name)
        return name

    def empty(self) -> str:
        """A new prepared database without a schema, as an administrator hands it over."""
        name = f"test_{os.getpid()}_{next(_numbers)}"
        with self.connect() as connection:
            preparation.make_database(connection, name)
        with self.connect(database=name) as inside:
            preparation.prepare(inside)
        return name

    def drop(self, connection: Connection, name: str) -> None:
        """Drop one of the tests' databases, whoever is connected."""
        connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )

    def sweep(self) -> None:
        """Drop what killed runs left behind."""
        with self.connect() as connection:
            rows = connection.execute("SELECT datname FROM pg_database WHERE datname ~ '^test_'")
            for (name,) in rows.fetchall():
                if not Path(f"/proc/{str(name).split('_')[1]}").exists():
                    self.drop(connection, str(name))

    def forget_old_templates(self) -> None:
        """Drop the templates of earlier states of the schema; only when no other run is at work."""
        with self.connect() as connection:
            rows = connection.execute(
                "SELECT datname FROM pg_database WHERE datname ~ '^template_'"
            )
            for (name,) in rows.fetchall():
                if name != f"template_{_schema_mark()}":
                    self.drop(connection, str(name))


_numbers = itertools.count(1)


@contextmanager
def private_server(data_dir: Path) -> Iterator[Server]:
    """The tests' own cluster; started by the first run that needs it, stopped by the last."""
    cluster = Cluster(ClusterHome.under(data_dir), durable=False)
    cluster.home.make()
    with (cluster.home.path / "users").open("w") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        cluster.start()
        try:
            server = Server(cluster.logins())
            server.sweep()
            yield server
        finally:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass  # another run is using it and will stop it
            else:
                server.forget_old_templates()
                cluster.stop()


def named_server(url: str) -> Server:
    """A throw-away server named by its superuser's URL; the logins get their own passwords."""
    parts = make_url(url)
    secret = hashlib.sha256(url.encode()).hexdigest()
    user = parts.username or SUPERUSER
    passwords = {user: parts.password or "", **dict.fromkeys(ROLES, secret)}
    server = Server(
        Logins(parts.port or 5432, passwords),
        host=parts.host or "127.0.0.1",
        superuser=user,
        maintenance=parts.database or "postgres",
    )
    with server.connect() as connection:
        preparation.make_roles(connection, passwords)
        for role in ROLES:
            connection.execute(
                sql.SQL("ALTER ROLE {} PASSWORD {}").format(
                    sql.Identifier(role), sql.Literal(secret)
                )
            )
    return server


def _exists(connection: Connection, name: str) -> bool:
    found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
    return found.fetchone() is not None


def _schema_mark() -> str:
    """A name for the present state of preparation and migrations."""
    digest = hashlib.sha256(preparation.fingerprint().encode())
    folders = (resources.MIGRATIONS / "versions", resources.MIGRATIONS / "sql")
    files = (file for folder in folders for file in folder.rglob("*") if file.is_file())
    for file in sorted(files):
        if file.suffix in (".py", ".sql", ".toml"):
            digest.update(file.relative_to(resources.MIGRATIONS).as_posix().encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]

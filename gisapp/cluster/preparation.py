"""What an administrator prepares once: logins, the database, extensions, planes, the operator.

On the private cluster this happens by itself. On a server without a superuser's login it is
printed for the administrator (:func:`script`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

import psycopg
from psycopg import sql

from gisapp import resources

OWNER, READ, WRITE = "gisapp_owner", "gisapp_read", "gisapp_write"
HOUSEHOLD = "gisapp_household"
FOLDER = resources.MIGRATIONS / "prepare"

# what holds for a login wherever it connects from
ROLE_SETTINGS: Mapping[str, Mapping[str, str]] = {
    OWNER: {"lock_timeout": "30s"},
    READ: {"default_transaction_read_only": "on", "idle_in_transaction_session_timeout": "30s"},
    WRITE: {"lock_timeout": "3s", "idle_in_transaction_session_timeout": "30s"},
    HOUSEHOLD: {"lock_timeout": "3s", "idle_in_transaction_session_timeout": "30s"},
}
_MARK = "prepared "


def statements() -> list[tuple[str, str]]:
    """The SQL files in order: name and text."""
    return [(path.name, path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.sql"))]


def fingerprint(texts: Iterable[tuple[str, str]] | None = None) -> str:
    """A short name for this version of the prepared SQL."""
    whole = "\n".join(f"{name}\n{text}" for name, text in texts or statements())
    return hashlib.sha256(whole.encode()).hexdigest()[:16]


def make_roles(
    connection: psycopg.Connection[tuple[object, ...]], passwords: Mapping[str, str]
) -> None:
    """Create the logins that are missing; existing ones keep their passwords.

    The password travels as a SCRAM verifier: it appears in no server log.
    """
    for role, settings in ROLE_SETTINGS.items():
        known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
        if not known:
            verifier = connection.pgconn.encrypt_password(
                passwords[role].encode(), role.encode(), b"scram-sha-256"
            ).decode()
            connection.execute(
                sql.SQL("CREATE ROLE {} LOGIN NOINHERIT PASSWORD {}").format(
                    sql.Identifier(role), sql.Literal(verifier)
                )
            )
        for name, value in settings.items():
            connection.execute(
                sql.SQL("ALTER ROLE {} SET {} = {}").format(
                    sql.Identifier(role), sql.Identifier(name), sql.Literal(value)
                )
            )


def make_database(connection: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    """Create the owner's empty database, closed to every login but those of the web."""
    known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
    if not known:
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'").format(
                sql.Identifier(name), sql.Identifier(OWNER)
            )
        )
    for grant in _grants(name):
        connection.execute(grant)


def prepare(connection: psycopg.Connection[tuple[object, ...]]) -> bool:
    """Run the prepared SQL in one transaction; ``False`` when this version of it is in place."""
    wanted = _MARK + fingerprint()
    if prepared_as(connection) == wanted:
        return False
    with connection.transaction():
        for _name, text in statements():
            connection.execute(text.encode())
        connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
        for role in (OWNER, READ, WRITE, HOUSEHOLD):
            connection.execute(
                sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(sql.Identifier(role))
            )
        connection.execute("CREATE SCHEMA IF NOT EXISTS spatial")
        connection.execute(sql.SQL("COMMENT ON SCHEMA spatial IS {}").format(sql.Literal(wanted)))
    return True


def prepared_as(connection: psycopg.Connection[tuple[object, ...]]) -> str | None:
    """The mark left by the preparation; ``None`` when it never ran."""
    row = connection.execute(
        "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = 'spatial'"
    ).fetchone()
    return str(row[0]) if row and row[0] is not None else None


def up_to_date(connection: psycopg.Connection[tuple[object, ...]]) -> bool:
    """Whether the database carries this version's preparation."""
    return prepared_as(connection) == _MARK + fingerprint()


def script(database: str) -> str:
    """The preparation as SQL for ``psql``, run once by the administrator of a foreign server."""
    lines = [
        "-- Run by an administrator (superuser) with psql. Safe to run again.",
        "-- Set the four passwords afterwards: \\password gisapp_owner, gisapp_read, gisapp_write,",
        "-- gisapp_household",
        "\\set ON_ERROR_STOP on",
    ]
    for role, settings in ROLE_SETTINGS.items():
        lines.append(
            f"SELECT 'CREATE ROLE {role} LOGIN NOINHERIT' "  # noqa: S608 - constants, printed only
            f"WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') \\gexec"
        )
        lines += [f"ALTER ROLE {role} SET {name} = '{value}';" for name, value in settings.items()]
    quoted, literal = database.replace('"', '""'), database.replace("'", "''")
    lines += [
        f"SELECT 'CREATE DATABASE \"{quoted}\" OWNER {OWNER} TEMPLATE template0 ENCODING ''UTF8''' "  # noqa: S608
        f"WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{literal}') \\gexec",
        *(grant.as_string(None) + ";" for grant in _grants(database)),
        f'\\connect "{quoted}"',
        "BEGIN;",
        *(f"-- {name}\n{text.rstrip()}" for name, text in statements()),
        "REVOKE ALL ON SCHEMA public FROM PUBLIC;",
        f"GRANT USAGE ON SCHEMA public TO {OWNER}, {READ}, {WRITE}, {HOUSEHOLD};",
        "CREATE SCHEMA IF NOT EXISTS spatial;",
        f"COMMENT ON SCHEMA spatial IS '{_MARK}{fingerprint()}';",
        "COMMIT;",
    ]
    return "\n".join(lines) + "\n"


def _grants(database: str) -> list[sql.Composed]:
    name = sql.Identifier(database)
    return [
        sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name),
        sql.SQL("GRANT CONNECT ON DATABASE {} TO {}, {}, {}").format(
            name, sql.Identifier(READ), sql.Identifier(WRITE), sql.Identifier(HOUSEHOLD)
        ),
    ]

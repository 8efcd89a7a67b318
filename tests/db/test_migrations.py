"""The history of the schema: forward, back to nothing, and forward again to the same."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from alembic.script import ScriptDirectory

from gisapp import migrations
from tests.conftest import TestDatabase
from tests.server import Server

SHAPE = """
    SELECT n.nspname, c.relkind::text, c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
           a.attnotnull::text
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'public', 'pg_toast')
    UNION ALL
    SELECT n.nspname, 'function', p.oid::regprocedure::text, md5(prosrc), '', ''
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'public', 'spatial')
    UNION ALL
    SELECT '', 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid), ''
    FROM pg_constraint
    WHERE connamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema', 'public')
    ORDER BY 1, 2, 3, 4
"""


@pytest.fixture
def empty(server: Server) -> Iterator[str]:
    """The name of a prepared database without a schema."""
    server.template()  # the logins exist from here on
    name = server.empty()
    yield name
    with server.connect() as connection:
        server.drop(connection, name)


def test_the_history_is_one_line() -> None:
    script = ScriptDirectory.from_config(migrations.config())
    assert script.get_heads() == [migrations.head()]
    assert script.get_bases() == ["0001"]
    assert [step.revision for step in script.walk_revisions()] == [
        f"{number:04d}" for number in range(len(migrations.known_revisions()), 0, -1)
    ]


def test_forward_back_to_nothing_and_forward_again(server: Server, empty: str) -> None:
    owner = server.url("gisapp_owner", empty)
    assert migrations.upgrade(owner) == (None, migrations.head())
    first = _shape(server, empty)
    assert migrations.upgrade(owner) == (migrations.head(), migrations.head())
    migrations.downgrade(owner, "base")
    assert {row[2] for row in _shape(server, empty)} == {
        "alembic_version",
        "alembic_version_pkc",
        "app.alembic_version",
    }
    migrations.upgrade(owner)
    assert _shape(server, empty) == first


def test_step_by_step_is_the_same_as_at_once(
    server: Server, empty: str, shared_database: TestDatabase
) -> None:
    owner = server.url("gisapp_owner", empty)
    for revision in sorted(migrations.known_revisions()):
        assert migrations.upgrade(owner, revision)[1] == revision
    assert _shape(server, empty) == _shape(server, shared_database.name)


def test_two_upgrades_at_once_are_one_after_the_other(server: Server, empty: str) -> None:
    owner = server.url("gisapp_owner", empty)
    seen: list[tuple[str | None, str | None]] = []
    threads = [
        threading.Thread(target=lambda: seen.append(migrations.upgrade(owner))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(100)
    assert sorted(seen, key=str) == sorted(
        [(None, migrations.head())] + [(migrations.head(), migrations.head())] * 2, key=str
    )


def test_a_migration_that_fails_leaves_nothing(server: Server, empty: str) -> None:
    """Something of the second revision is in the way: the first is not kept either."""
    owner = server.url("gisapp_owner", empty)
    with server.connect("gisapp_owner", empty) as connection:
        connection.execute("CREATE SCHEMA account")
    with pytest.raises(Exception, match="account"):
        migrations.upgrade(owner)
    assert [row[2] for row in _shape(server, empty)] == []


def _shape(server: Server, name: str) -> list[tuple[object, ...]]:
    with server.connect(database=name) as connection:
        return connection.execute(SHAPE).fetchall()

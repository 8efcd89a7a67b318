"""Backup and restore: everything comes back into an empty cluster, or nothing does."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from gisapp.cluster import backup, instance
from gisapp.cluster.errors import (
    BackupFromNewer,
    BackupRefused,
    FileExists,
    NotABackup,
    NotPrepared,
    RestoreFailed,
    TargetNotEmpty,
)
from gisapp.cluster.home import ClusterHome
from gisapp.cluster.server import Cluster
from tests import small_park
from tests.conftest import TestDatabase
from tests.server import Connection

TRANSFORMED = """
    SELECT ST_X(p), ST_Y(p) FROM (
        SELECT spatial.to_wgs84(ST_SetSRID(ST_MakePoint(e, n), srid)) AS p
        FROM unnest(%s::float8[], %s::float8[], %s::integer[]) AS t (e, n, srid)) AS q
"""


@pytest.fixture
def filled(fresh_database: TestDatabase) -> TestDatabase:
    """A register with parcels, plans, rights and a project."""
    with fresh_database.database.transaction() as session:
        small_park.build(session)
    return fresh_database


@pytest.fixture
def empty(fresh_database: TestDatabase) -> Iterator[str]:
    """The owner's URL of a prepared database without a schema."""
    server = fresh_database.server
    name = server.empty()
    yield server.url("gisapp_owner", name)
    with server.connect() as connection:
        server.drop(connection, name)


@pytest.fixture
def other_cluster(open_folder: Path) -> Iterator[Cluster]:
    """Another machine, as good as: a new cluster with nothing in it."""
    cluster = Cluster(ClusterHome.under(open_folder / "var"))
    instance.start(cluster)
    yield cluster
    cluster.stop()


def test_everything_comes_back_in_an_empty_cluster(
    filled: TestDatabase, other_cluster: Cluster, tmp_path: Path
) -> None:
    file = tmp_path / "register.dump"
    saved = backup.backup(filled.url("gisapp_owner"), file)
    assert saved.size == file.stat().st_size
    assert file.stat().st_mode & 0o777 == 0o600

    restored = backup.restore(other_cluster.logins().url("gisapp_owner"), file)

    with (
        filled.server.connect(database=filled.name) as before,
        other_cluster.connect("gisapp") as after,
    ):
        tables = _tables(before)
        assert restored.tables == len(tables)
        assert _tables(after) == tables
        sums = {table: _checksum(before, table) for table in tables}
        assert {table: _checksum(after, table) for table in tables} == sums
        assert sums["land", "parcel_version"][0] > 60
        assert _definitions(after) == _definitions(before)
        points = _points(1000)
        assert after.execute(TRANSFORMED, points).fetchall() == (
            before.execute(TRANSFORMED, points).fetchall()
        )


def test_the_constraints_are_alive_after_a_restore(
    filled: TestDatabase, empty: str, tmp_path: Path
) -> None:
    file = tmp_path / "register.dump"
    backup.backup(filled.url("gisapp_owner"), file)
    backup.restore(empty, file)
    name = empty.rpartition("/")[2]
    with (
        filled.server.connect("gisapp_write", name) as writer,
        pytest.raises(psycopg.errors.ExclusionViolation, match="parcel_no_overlap"),
        writer.transaction(),
    ):
        _draw_over(writer)
    with (
        filled.server.connect("gisapp_read", name) as reader,
        pytest.raises(psycopg.errors.ReadOnlySqlTransaction),
    ):
        reader.execute("DELETE FROM land.parcel_version")


def test_a_backup_never_overwrites(fresh_database: TestDatabase, tmp_path: Path) -> None:
    file = tmp_path / "kept.dump"
    file.write_bytes(b"older")
    with pytest.raises(FileExists):
        backup.backup(fresh_database.url("gisapp_owner"), file)
    assert file.read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [file]


def test_a_backup_that_fails_leaves_nothing(fresh_database: TestDatabase, tmp_path: Path) -> None:
    lost = fresh_database.url("gisapp_owner").replace(fresh_database.name, "no_such_database")
    with pytest.raises(BackupRefused, match="no_such_database"):
        backup.backup(lost, tmp_path / "a.dump")
    with pytest.raises(BackupRefused):
        backup.backup(fresh_database.url("gisapp_owner"), tmp_path / "no_such_folder" / "a.dump")
    assert list(tmp_path.iterdir()) == []


def test_a_full_database_is_never_written_over(filled: TestDatabase, tmp_path: Path) -> None:
    file = tmp_path / "register.dump"
    backup.backup(filled.url("gisapp_owner"), file)
    with pytest.raises(TargetNotEmpty):
        backup.restore(filled.url("gisapp_owner"), file)


def test_an_unprepared_database_is_refused(
    fresh_database: TestDatabase, empty: str, tmp_path: Path
) -> None:
    file = tmp_path / "register.dump"
    backup.backup(fresh_database.url("gisapp_owner"), file)
    with fresh_database.server.connect(database=empty.rpartition("/")[2]) as connection:
        connection.execute("COMMENT ON SCHEMA spatial IS 'prepared long ago'")
    with pytest.raises(NotPrepared):
        backup.restore(empty, file)


@pytest.mark.parametrize(
    "content", [b"", b"PGDM", b"-- plain SQL\nSELECT 1;\n", b"PGDMP" + b"\0" * 99]
)
def test_what_is_not_a_dump_is_refused(empty: str, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "letter.dump"
    file.write_bytes(content)
    with pytest.raises(NotABackup):
        backup.restore(empty, file)


def test_a_dump_of_something_else_is_refused(
    fresh_database: TestDatabase, empty: str, tmp_path: Path
) -> None:
    with fresh_database.connect("gisapp_owner") as owner:
        owner.execute("DROP TABLE app.alembic_version")
    file = tmp_path / "other.dump"
    backup.backup(fresh_database.url("gisapp_owner"), file)
    with pytest.raises(NotABackup):
        backup.restore(empty, file)


def test_a_truncated_dump_leaves_the_database_empty(
    filled: TestDatabase, empty: str, tmp_path: Path
) -> None:
    file = tmp_path / "register.dump"
    saved = backup.backup(filled.url("gisapp_owner"), file)
    os.truncate(file, saved.size * 3 // 4)
    with pytest.raises((RestoreFailed, NotABackup)):
        backup.restore(empty, file)
    with filled.server.connect(database=empty.rpartition("/")[2]) as connection:
        assert _tables(connection) == []


def test_a_dump_of_a_newer_version_is_refused(
    fresh_database: TestDatabase, empty: str, tmp_path: Path
) -> None:
    with fresh_database.connect("gisapp_owner") as owner:
        owner.execute("UPDATE app.alembic_version SET version_num = '9999'")
    file = tmp_path / "newer.dump"
    backup.backup(fresh_database.url("gisapp_owner"), file)
    with pytest.raises(BackupFromNewer) as refused:
        backup.restore(empty, file)
    assert refused.value.context["revision"] == "9999"


def _tables(connection: Connection) -> list[tuple[object, object]]:
    rows = connection.execute(
        "SELECT schemaname, tablename FROM pg_tables"
        " WHERE schemaname NOT IN ('pg_catalog', 'information_schema', 'public') ORDER BY 1, 2"
    )
    return [(row[0], row[1]) for row in rows.fetchall()]


def _checksum(connection: Connection, table: tuple[object, object]) -> tuple[int, object]:
    """Number of rows and a checksum of all of them, geometry to the last bit."""
    query = sql.SQL("SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {} t")
    name = sql.Identifier(*(str(part) for part in table))
    row = connection.execute(query.format(name)).fetchone()
    assert row is not None
    return int(str(row[0])), row[1]


def _definitions(connection: Connection) -> list[tuple[object, ...]]:
    """Every constraint, trigger, index and grant, as PostgreSQL writes them."""
    return connection.execute("""
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace::regnamespace::text IN ('land', 'account', 'app')
        UNION ALL
        SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger
        WHERE NOT tgisinternal
        UNION ALL
        SELECT schemaname || '.' || tablename, indexname, indexdef FROM pg_indexes
        WHERE schemaname IN ('land', 'account', 'app')
        UNION ALL
        SELECT oid::regclass::text, 'grants',
            (SELECT string_agg(g::text, ' ' ORDER BY g::text) FROM unnest(relacl) AS g)
        FROM pg_class WHERE relnamespace::regnamespace::text IN ('land', 'account', 'app')
        AND relkind IN ('r', 'p', 'v', 'm', 'S')
        UNION ALL
        SELECT oid::regprocedure::text, 'source', md5(pg_get_functiondef(oid)) FROM pg_proc
        WHERE pronamespace::regnamespace::text IN ('land', 'account', 'app', 'spatial')
        AND prokind <> 'a'
        ORDER BY 1, 2, 3
    """).fetchall()


def _draw_over(writer: Connection) -> None:
    """Record a second parcel on the ground of a first, from raw SQL and under a change."""
    row = writer.execute(
        "INSERT INTO land.change (kind, reason, actor, effective_on)"
        " VALUES ('setup', 'chồng', 'an', '2025-06-01') RETURNING number"
    ).fetchone()
    assert row is not None
    columns = writer.execute(
        "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns"
        " WHERE table_schema = 'land' AND table_name = 'parcel_version'"
        " AND is_generated = 'NEVER' AND is_identity = 'NO'"
        " AND column_name NOT IN ('id', 'parcel_id', 'opened_by', 'closed_by')"
    ).fetchone()
    assert columns is not None
    kept = sql.SQL(str(columns[0]))  # type: ignore[arg-type]
    writer.execute(
        sql.SQL(
            "WITH new AS (INSERT INTO land.parcel (opened_by) VALUES (%s) RETURNING id)"
            " INSERT INTO land.parcel_version (parcel_id, opened_by, {})"
            " SELECT (SELECT id FROM new), %s, {} FROM land.parcel_version"
            " WHERE closed_by IS NULL AND valid_to IS NULL LIMIT 1"
        ).format(kept, kept),
        [row[0], row[0]],
    )


def _points(count: int) -> list[list[float] | list[int]]:
    """Places in every legal plane, the same on every run."""
    chance = random.Random(2000)
    planes = [3405, 3406, *range(5896, 5900), *range(9205, 9219)]
    return [
        [chance.uniform(300_000, 700_000) for _ in range(count)],
        [chance.uniform(900_000, 2_600_000) for _ in range(count)],
        [planes[index % len(planes)] for index in range(count)],
    ]

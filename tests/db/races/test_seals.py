"""Seals: flip, delete, reorder or slip in any row, every guard off, and verification finds it."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from tests.conftest import TestDatabase
from tests.db.races.arena import OWNER, WRITE, Arena, Hand
from tests.db.races.register import fill
from tests.db.races.tables import TABLES, opened, other_value
from tests.db.races.waivers import waive_norms, waive_some

SEALED = [f"land.{name}" for name in TABLES]
ALL = [*SEALED, "land.conformance", "land.change"]


@pytest.fixture(scope="module")
def sealed(module_database: TestDatabase) -> Iterator[Arena]:
    for code, column in (("A", 0), ("B", 200)):
        with module_database.database.transaction() as session:
            fill(session, f"{code}-1", column)
    with module_database.database.transaction() as session:
        waive_some(session)
        waive_norms(session)
    arena = Arena(module_database)
    # knowledge that ended, too
    arena.write(
        lambda hand: hand.all(
            "UPDATE land.project_progress SET closed_by = %(number)s",
            number=opened(hand),
        )
    )
    assert arena.ask("SELECT land.seal_changes()") == arena.ask("SELECT count(*) FROM land.change")
    yield arena
    arena.close()


@pytest.fixture
def intruder(sealed: Arena) -> Iterator[Hand]:
    """A superuser for whom no trigger fires; what he does is undone."""
    with sealed.hand("postgres") as hand:
        hand.all("SET LOCAL session_replication_role = replica")
        yield hand


def faults(hand: Hand) -> set[str]:
    return {str(fault) for (fault,) in hand.all("SELECT fault FROM land.broken_seals()")}


def test_an_untouched_register_is_whole(intruder: Hand) -> None:
    assert faults(intruder) == set()


def test_settings_that_shape_text_do_not_matter(intruder: Hand) -> None:
    intruder.all("SET LOCAL datestyle = 'German'")
    intruder.all("SET LOCAL timezone = 'America/New_York'")
    intruder.all("SET LOCAL extra_float_digits = -3")
    intruder.all("SET LOCAL bytea_output = 'escape'")
    assert faults(intruder) == set()


# what verification asks of the content, without the rest of it: it is asked for every column
CONTENT = (
    "SELECT EXISTS (SELECT FROM land.change_seal WHERE digest IS DISTINCT FROM"
    " sha256(previous || land.change_digest(change_number)))"
)


def columns(hand: Hand, table: str) -> list[str]:
    own = {
        "land.change": ("transaction", "in_flight"),
    }.get(table, ())
    rows = hand.all(
        "SELECT attname::text FROM pg_attribute WHERE attrelid = %(table)s::regclass"
        " AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attidentity = ''",
        table=table,
    )
    return [name for (name,) in rows if name not in own]


@pytest.mark.parametrize("table", ALL)
def test_any_column_flipped_is_found(intruder: Hand, table: str) -> None:
    for column in columns(intruder, table):
        with intruder.connection.transaction(force_rollback=True):
            try:
                with intruder.connection.transaction():
                    flipped = _flip(intruder, table, column)
            except psycopg.errors.IntegrityError:
                continue  # a rule that holds without triggers refused it
            except psycopg.errors.DataException:
                continue
            assert flipped == 0 or intruder.one(CONTENT), column


def _flip(hand: Hand, table: str, column: str) -> int:
    value = other_value(hand, table, column)
    if table == "land.change":
        value = {
            "document_id": "document_id = (SELECT id FROM land.document ORDER BY id DESC LIMIT 1)",
            "committed_at": "committed_at = committed_at + interval '1 microsecond'",
            "dated_back_to": "dated_back_to = now()",
            "kind": "kind = CASE kind WHEN 'act' THEN 'correction' ELSE 'act' END",
        }.get(column, value)
    rows = hand.all(
        f"UPDATE {table} AS row SET {value} WHERE ctid = (SELECT max(ctid) FROM {table})"
        f" AND NOT (row.{value.split(' =')[0]} IS NOT DISTINCT FROM ({value.split('= ', 1)[1]}))"
        " RETURNING 1"
    )
    return len(rows)


@pytest.mark.parametrize("table", ALL)
def test_a_row_deleted_is_found(intruder: Hand, table: str) -> None:
    intruder.all(f"DELETE FROM {table} WHERE ctid = (SELECT min(ctid) FROM {table})")
    assert faults(intruder)


@pytest.mark.parametrize("table", SEALED)
def test_a_row_slipped_in_is_found(intruder: Hand, table: str) -> None:
    names = columns(intruder, table)
    for (name,) in intruder.all(
        "SELECT conname FROM pg_constraint WHERE conrelid = %(table)s::regclass"
        " AND contype IN ('x', 'u')",
        table=table,
    ):
        intruder.all(f"ALTER TABLE {table} DROP CONSTRAINT {name} CASCADE")
    for (name,) in intruder.all(
        "SELECT indexrelid::regclass::text FROM pg_index"
        " WHERE indrelid = %(table)s::regclass AND indisunique AND NOT indisprimary",
        table=table,
    ):
        intruder.all(f"DROP INDEX {name}")
    copied = ", ".join(name for name in names if name not in ("id", "opened_by", "closed_by"))
    copied = f", {copied}" if copied else ""
    for opened_by in ("opened_by", "opened_by + 1000"):
        with intruder.connection.transaction(force_rollback=True):
            intruder.all(
                f"INSERT INTO {table} (opened_by{copied}) SELECT {opened_by}{copied}"
                f" FROM {table} LIMIT 1"
            )
            assert faults(intruder) & {"content", "orphan"}


@pytest.mark.parametrize("table", ["land.parcel_version", "land.plan_lot"])
def test_two_rows_exchanged_are_found(intruder: Hand, table: str) -> None:
    """Same rows, same change, another order: the keys change places."""
    (low,), (high,) = intruder.all(
        f"SELECT version_id FROM {table} WHERE opened_by = (SELECT min(opened_by) FROM {table})"
        " ORDER BY 1 LIMIT 2"
    )
    intruder.all(f"ALTER TABLE {table} ALTER version_id SET GENERATED BY DEFAULT")
    for old, new in ((low, -1), (high, low), (-1, high)):
        intruder.all(
            f"UPDATE {table} SET version_id = %(new)s WHERE version_id = %(old)s", old=old, new=new
        )
    assert "content" in faults(intruder)


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("DELETE FROM land.change_seal WHERE change_number = 2", "chain"),
        ("DELETE FROM land.change_seal WHERE change_number = 1", "chain"),
        ("UPDATE land.change_seal SET digest = sha256(digest) WHERE change_number = 2", "content"),
        ("UPDATE land.change_seal SET previous = '' WHERE change_number = 2", "chain"),
        ("DELETE FROM land.change WHERE number = 2", "missing"),
        ("UPDATE land.document SET number = number || 'x'", "content"),
        ("UPDATE land.document SET file_sha256 = repeat('0', 64)", "content"),
        ("UPDATE land.project_progress SET closed_by = NULL", "content"),
        ("INSERT INTO land.change (number, kind, reason, actor, effective_on, committed_at)"
         " VALUES (0, 'setup', 'r', 'a', '2020-01-01', '2020-01-01')", "unsealed"),
        ("UPDATE land.land_right_version SET document_id = NULL", "content"),
    ],
)  # fmt: skip
def test_the_chain_shows_where(intruder: Hand, statement: str, fault: str) -> None:
    intruder.all(statement)
    assert fault in faults(intruder)


def test_a_table_that_joins_later_leaves_old_seals_whole(intruder: Hand) -> None:
    intruder.all("CREATE TABLE land.later (id uuid PRIMARY KEY, opened_by bigint NOT NULL)")
    intruder.all("ALTER TABLE land.later OWNER TO gisapp_owner")
    intruder.all("SELECT land.keep_clocks('land.later')")
    assert faults(intruder) == set()


@pytest.mark.parametrize("login", [WRITE, OWNER])
def test_seals_are_written_by_sealing_alone(sealed: Arena, login: str) -> None:
    with sealed.hand(login) as hand:
        hand.do(
            lambda hand: hand.all(
                "INSERT INTO land.change_seal (change_number, previous, digest)"
                " VALUES ((SELECT max(number) FROM land.change), '', '')"
            )
        )
        # the owner's is a second seal of one change
        assert hand.refused_by in {"42501", "change_seal_pkey"}


def test_two_sealers_seal_once(disarmed: Arena) -> None:
    for _ in range(3):
        disarmed.write(lambda hand: hand.change(None, "setup"))
    counts: list[int] = []

    def seal(hand: Hand) -> None:
        counts.append(hand.one("SELECT land.seal_changes()"))

    one, two = disarmed.race(seal, seal)
    assert one.committed and two.committed
    assert sorted(counts) == [0, 3]
    assert disarmed.ask("SELECT count(*) FROM land.broken_seals()") == 0


def test_sealing_leaves_what_is_under_way(disarmed: Arena) -> None:
    first = disarmed.write(lambda hand: hand.change(None, "setup"))
    with disarmed.hand() as slow, disarmed.hand() as quick:
        slow.change(None, "setup")
        quick.change(None, "setup")
        quick.commit()
        assert disarmed.ask("SELECT land.seal_changes()") == 1
        assert disarmed.ask("SELECT max(change_number) FROM land.change_seal") == first
        slow.commit()
    assert disarmed.ask("SELECT land.seal_changes()") == 2
    assert disarmed.ask("SELECT count(*) FROM land.broken_seals()") == 0

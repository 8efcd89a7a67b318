"""What holds of every table of the register, tried on every table and every column of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import psycopg
import pytest

from tests.conftest import TestDatabase
from tests.db.races.arena import OWNER, WRITE, Arena, Hand
from tests.db.races.register import fill
from tests.db.races.tables import TABLES, opened, other_value
from tests.db.races.waivers import waive_norms, waive_some

LOGINS = [WRITE, OWNER]
KEPT = {"42501"}
INSERT_ONLY = [
    "land.document", "land.audit_event", "land.conformance", "land.change_seal",
    "land.clearance_term", "land.clearance_order", "land.reporting_scheme",
    "land.currency", "land.norm", "land.norm_rule", "land.norm_confirmation", "land.norm_people",
    "land.lessor_power",
]  # fmt: skip
HOUSEHOLD_TABLES = ["household.amount", "household.household", "household.household_version"]
LOCKS = ["land.plane_revision", "land.land_right_ledger", "land.clearance_ledger", "land.instance"]

# board, zone and plan need no document to be founded
SETUP = {
    "land.board",
    "land.board_version",
    "land.norm_waiver",
    "land.inspection",
    "land.inspection_version",
    "land.photo",
    "land.plan",
    "land.plan_version",
    "land.sheet",
    "land.sheet_reference",
    "land.sheet_version",
    "land.waiver",
    "land.zone",
    "land.zone_version",
}


@dataclass(frozen=True)
class Kept:
    """A table of the register: its key, whether its rows close, and the columns people write."""

    name: str
    key: str
    closes: bool
    columns: tuple[str, ...]

    @property
    def copied(self) -> str:
        """Columns of a copy of a row: all that is written, but key and change."""
        left = {self.key, "opened_by", "closed_by"}
        return ", ".join(column for column in self.columns if column not in left)


@pytest.fixture(scope="module")
def filled(module_database: TestDatabase) -> Iterator[Arena]:
    for code, column in (("A", 0), ("B", 200)):
        with module_database.database.transaction() as session:
            fill(session, f"{code}-1", column)
    with module_database.database.transaction() as session:
        waive_some(session)
        waive_norms(session)
    arena = Arena(module_database)
    arena.watcher.execute("SELECT land.seal_changes()")
    yield arena
    arena.close()


@pytest.fixture(scope="module")
def tables(filled: Arena) -> dict[str, Kept]:
    rows = filled.watcher.execute("""
        SELECT name, key_column, closes, array_agg(attname::text ORDER BY attnum)
        FROM land.register_table JOIN pg_attribute ON attrelid = name::regclass
        WHERE attnum > 0 AND NOT attisdropped AND attgenerated = '' GROUP BY name""").fetchall()
    return {
        str(row[0]): Kept(str(row[0]), str(row[1]), bool(row[2]), tuple(row[3])) for row in rows
    }


@pytest.fixture
def kept(request: pytest.FixtureRequest, tables: dict[str, Kept]) -> Kept:
    return tables[f"land.{request.param}"]


every_table = pytest.mark.parametrize("kept", TABLES, indirect=True)


def test_the_list_is_the_whole_register(tables: dict[str, Kept]) -> None:
    behind_a_login = {name for name in tables if name.startswith("household.")}
    assert sorted(f"land.{name}" for name in TABLES) == sorted(tables.keys() - behind_a_login)
    assert sorted(behind_a_login) == HOUSEHOLD_TABLES


def refused(
    arena: Arena, work: Callable[[Hand], object], login: str = WRITE, disarm: str = ""
) -> str:
    """SQLSTATE with which a piece of work is refused; empty when it may be done. Nothing stays."""
    with arena.hand(login) as hand:
        if disarm:
            hand.all(disarm)
        hand.do(work)
        return "" if hand.error is None else hand.error.sqlstate or "?"


def no_trigger(table: str, *names: str) -> str:
    return ";".join(f"DROP TRIGGER {name} ON {table}" for name in names)


def no_checks(hand: Hand, table: str) -> None:
    """Take other constraints of a table away, so that only the rules of the change are left."""
    for (name,) in hand.all(
        "SELECT conname FROM pg_constraint WHERE conrelid = %(table)s::regclass"
        " AND contype IN ('x', 'u', 'c', 'f') AND conname NOT LIKE %(own)s",
        table=table,
        own="%_by",
    ):
        hand.all(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name} CASCADE")
    for (name,) in hand.all(
        "SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = %(table)s::regclass"
        " AND indisunique AND NOT indisprimary",
        table=table,
    ):
        hand.all(f"DROP INDEX {name}")


@every_table
def test_nothing_is_deleted(filled: Arena, kept: Kept) -> None:
    for statement in (f"DELETE FROM {kept.name}", f"TRUNCATE {kept.name} CASCADE"):
        for login in LOGINS:
            assert refused(filled, lambda hand, sql=statement: hand.all(sql), login) in KEPT


@every_table
def test_without_its_guard_a_row_is_deleted(filled: Arena, kept: Kept) -> None:
    with filled.hand(OWNER) as hand:
        hand.all(f"DROP TRIGGER a_kept ON {kept.name}; DROP TRIGGER a_kept_whole ON {kept.name}")
        for name, table in hand.all(
            "SELECT conname, conrelid::regclass::text FROM pg_constraint"
            " WHERE confrelid = %(table)s::regclass",
            table=kept.name,
        ):
            hand.all(f"ALTER TABLE {table} DROP CONSTRAINT {name} CASCADE")
        assert hand.one(
            f"WITH gone AS (DELETE FROM {kept.name} RETURNING 1) SELECT count(*) > 0 FROM gone"
        )
        hand.all(f"TRUNCATE {kept.name}")


@every_table
def test_no_column_is_rewritten(filled: Arena, kept: Kept) -> None:
    columns = [name for name in kept.columns if name != "closed_by"]
    for login in LOGINS:
        with filled.hand(login) as hand:
            if login == OWNER:
                no_checks(hand, kept.name)
            opened(hand)
            for column in columns:
                rewrite = f"UPDATE {kept.name} SET {other_value(hand, kept.name, column)}"
                # identity columns refuse by themselves, and so does the reference to the change
                assert state_of(hand, rewrite) in KEPT | {"428C9", "23503"}, column


def state_of(hand: Hand, statement: str) -> str:
    """SQLSTATE that refuses a statement; empty when it is done. Then it is undone."""
    try:
        with hand.connection.transaction(force_rollback=True):
            hand.all(statement)
    except psycopg.Error as error:
        return error.sqlstate or "?"
    return ""


def closing(hand: Hand, kept: Kept, number: int | None) -> None:
    hand.all(
        f"UPDATE {kept.name} SET closed_by = %(number)s WHERE closed_by IS NULL", number=number
    )


@every_table
def test_knowledge_ends_once_by_an_open_change(filled: Arena, kept: Kept) -> None:
    if not kept.closes:
        return

    def twice(hand: Hand) -> None:
        closing(hand, kept, opened(hand))
        hand.all(f"UPDATE {kept.name} SET closed_by = %(number)s", number=opened(hand))

    def reopen(hand: Hand) -> None:
        closing(hand, kept, opened(hand))
        hand.all(f"UPDATE {kept.name} SET closed_by = NULL")

    def by_nothing(hand: Hand) -> None:
        closing(hand, kept, 999_999_999)

    def by_the_past(hand: Hand) -> None:
        closing(hand, kept, hand.one("SELECT max(number) FROM land.change"))

    def in_passing(hand: Hand) -> None:
        number = opened(hand)
        column = next(name for name in kept.columns if name not in (kept.key, "closed_by"))
        change = other_value(hand, kept.name, column)
        hand.all(f"UPDATE {kept.name} SET closed_by = %(number)s, {change}", number=number)

    for login in LOGINS:
        assert refused(filled, lambda hand: closing(hand, kept, opened(hand)), login) == ""
        for work in (twice, reopen, by_nothing, by_the_past, in_passing):
            assert refused(filled, work, login) in KEPT | {"23503"}, work.__name__
    disarm = no_trigger(kept.name, "b_only_recorded_ends")
    for work in (reopen, by_the_past):
        assert refused(filled, work, OWNER, disarm) == "", work.__name__


@every_table
def test_a_setup_change_closes_nothing_that_needs_a_document(filled: Arena, kept: Kept) -> None:
    if not kept.closes:
        return
    state = refused(filled, lambda hand: closing(hand, kept, hand.change(None, "setup")))
    assert state == ("" if kept.name in SETUP else "42501")


def copying(kept: Kept, number: str, more: str = "", value: str = "") -> str:
    """SQL that records the first open row once more under a change."""
    columns = ", ".join(part for part in (kept.copied, "opened_by", more) if part)
    values = ", ".join(part for part in (kept.copied, number, value) if part)
    return f"INSERT INTO {kept.name} ({columns}) SELECT {values} FROM {kept.name} LIMIT 1"


def attempt_to_write(
    arena: Arena,
    kept: Kept,
    number: Callable[[Hand], object],
    more: str = "",
    value: str = "",
    spared: str = "",
) -> str:
    """What becomes of a copied row when only the rules of the change are left to refuse it."""
    with arena.hand(OWNER) as hand:
        no_checks(hand, kept.name)
        if kept.closes:
            hand.all(
                f"CREATE TEMPORARY TABLE first ON COMMIT DROP AS SELECT * FROM {kept.name} LIMIT 1"
            )
        for (name,) in hand.all(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %(table)s::regclass"
            " AND NOT tgisinternal AND (tgname NOT LIKE 'b\\_%%' OR tgname = %(spared)s)",
            table=kept.name,
            spared=spared,
        ):
            hand.all(f"DROP TRIGGER {name} ON {kept.name}")
        hand.do(lambda hand: hand.all(copying(kept, str(number(hand)), more, value)))
        return "" if hand.error is None else hand.error.sqlstate or "?"


@every_table
def test_nothing_is_written_without_an_open_change(filled: Arena, kept: Kept) -> None:
    assert attempt_to_write(filled, kept, opened) == ""
    assert attempt_to_write(filled, kept, lambda _hand: 1) in KEPT, "a committed change"
    assert attempt_to_write(filled, kept, lambda _hand: 999_999_999) in KEPT | {"23503"}, "none"
    setup = attempt_to_write(filled, kept, lambda hand: hand.change(None, "setup"))
    assert setup == ("" if kept.name in SETUP else "42501")
    if kept.closes:
        closed = ("closed_by", "currval('land.change_number')")
        assert attempt_to_write(filled, kept, opened, *closed) in KEPT, "born closed"
        assert attempt_to_write(filled, kept, opened, *closed, spared="b_born_open") == ""


def test_the_change_of_another_session_is_not_mine(filled: Arena) -> None:
    with filled.hand() as other:
        number = opened(other)

        def write(hand: Hand) -> None:
            hand.all("INSERT INTO land.parcel (opened_by) VALUES (%(number)s)", number=number)

        def close(hand: Hand) -> None:
            hand.all("UPDATE land.parcel_version SET closed_by = %(number)s", number=number)

        for login in LOGINS:
            assert refused(filled, write, login) in KEPT | {"23503"}
            assert refused(filled, close, login) in KEPT | {"23503"}
        other.commit()
        for login in LOGINS:
            assert refused(filled, write, login) in KEPT
            assert refused(filled, close, login) in KEPT
        assert refused(filled, write, OWNER, no_trigger("land.parcel", "b_has_change")) == ""


def test_a_stamped_change_takes_nothing_more(filled: Arena) -> None:
    def late(hand: Hand) -> None:
        number = opened(hand)
        hand.all("SET CONSTRAINTS ALL IMMEDIATE")
        hand.all("INSERT INTO land.parcel (opened_by) VALUES (%(number)s)", number=number)

    assert refused(filled, late) in KEPT


@pytest.mark.parametrize("table", [*INSERT_ONLY, *LOCKS, "land.change"])
@pytest.mark.parametrize("login", LOGINS)
def test_what_has_no_clocks_is_kept_too(filled: Arena, table: str, login: str) -> None:
    for statement in (f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
        assert refused(filled, lambda hand, sql=statement: hand.all(sql), login) in KEPT


@pytest.mark.parametrize("table", INSERT_ONLY)
def test_what_is_inserted_once_is_not_rewritten(filled: Arena, table: str) -> None:
    columns = filled.watcher.execute(
        "SELECT attname::text FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
        " AND attgenerated = ''",
        [table],
    ).fetchall()
    for (column,) in columns:
        same = f"UPDATE {table} SET {column} = {column}"
        assert refused(filled, lambda hand, sql=same: hand.all(sql), OWNER) in KEPT | {"428C9"}


def test_a_change_is_not_rewritten(filled: Arena) -> None:
    columns = filled.watcher.execute(
        "SELECT attname::text FROM pg_attribute WHERE attrelid = 'land.change'::regclass"
        " AND attnum > 0"
    ).fetchall()
    for login in LOGINS:
        with filled.hand(login) as hand:
            if login == OWNER:
                hand.all("ALTER TABLE land.change DROP CONSTRAINT change_hangs_on_a_document")
            for (column,) in columns:
                change = f"{column} = {_change_value(str(column))}"
                state = state_of(hand, f"UPDATE land.change SET {change} WHERE number = 1")
                assert state in KEPT | {"23503"}, column
            if login == OWNER:
                hand.all("DROP TRIGGER change_50_kept ON land.change")
                assert state_of(hand, "UPDATE land.change SET reason = 'x'") == ""


def _change_value(column: str) -> str:
    return {
        "number": "999999",
        "id": "gen_random_uuid()",
        "document_id": "NULL",
        "undoes": "1",
        "kind": "'setup'",
        "effective_on": "'2001-01-01'",
        "committed_at": "'2001-01-01'",
        "dated_back_to": "'2001-01-01'",
        "transaction": "'1'",
        "in_flight": "'{1}'",
    }.get(column, "'x'")


@every_table
def test_one_row_a_day_and_knowledge(filled: Arena, kept: Kept) -> None:
    rule = f"{kept.name.split('.')[1]}_one_row_a_day"
    with filled.hand(OWNER) as hand:
        if not hand.one("SELECT count(*) FROM pg_constraint WHERE conname = %(rule)s", rule=rule):
            return
        for (name,) in hand.all(
            "SELECT conname FROM pg_constraint WHERE conrelid = %(table)s::regclass"
            " AND contype = 'x' AND conname <> %(rule)s",
            table=kept.name,
            rule=rule,
        ):
            hand.all(f"ALTER TABLE {kept.name} DROP CONSTRAINT {name}")
        number = opened(hand)
        with hand.connection.transaction():
            with (
                pytest.raises(psycopg.errors.ExclusionViolation) as refusal,
                hand.connection.transaction(),
            ):
                hand.all(copying(kept, str(number)))
            assert refusal.value.diag.constraint_name == rule
            hand.all(f"ALTER TABLE {kept.name} DROP CONSTRAINT {rule}")
            hand.all(copying(kept, str(number)))


DAYS = {
    "'2022-01-02', '2022-01-01'": {"22000", "23514"},
    "'1900-01-01', NULL": {"23514"},
    "'2200-01-01', NULL": {"23514"},
    "'2022-01-01', '2200-01-01'": {"23514"},
}


@every_table
def test_days_are_in_order_and_plausible(filled: Arena, kept: Kept) -> None:
    if "valid_from" not in kept.columns:
        return
    for days, rule in DAYS.items():
        copied = kept.copied.replace("valid_from, valid_to", days)
        sql = copying(kept, "{}").replace(f"SELECT {kept.copied}", f"SELECT {copied}")
        state = refused(filled, lambda hand, sql=sql: hand.all(sql.format(opened(hand))))
        assert state in rule, days

"""Schema household: kept like every table of the register, and shut to every other login."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import UUID

import psycopg
import pytest

from gisapp.cluster import preparation
from tests.conftest import TestDatabase
from tests.db.races.arena import OWNER, Arena, Hand
from tests.db.races.clearance import HOUSEHOLD, Case, lay_case

NAMES = ["household.amount", "household.household", "household.household_version"]
KEPT = {"42501"}
every_table = pytest.mark.parametrize("table", NAMES)


@pytest.fixture(scope="module")
def filled(module_database: TestDatabase) -> Iterator[Arena]:
    arena = Arena(module_database)
    case = lay_case(arena, "recovered")
    arena.write(lambda hand: enter(hand, case, "Trần Thị Chim Yến"), HOUSEHOLD)
    yield arena
    arena.close()


def enter(hand: Hand, case: Case, name: str) -> UUID:
    """Enter a household, and a second row of its past."""
    number = hand.change(case.plot.document)
    found: UUID = hand.one(
        "INSERT INTO household.household (opened_by) VALUES (%(number)s) RETURNING id",
        number=number,
    )
    for since, until in (("2020-01-01", "2021-01-01"), ("2021-01-01", None)):
        hand.all(
            "INSERT INTO household.household_version (household_id, head_name, valid_from,"
            " valid_to, opened_by) VALUES (%(id)s, %(name)s, %(since)s, %(until)s, %(number)s)",
            id=found,
            name=name,
            since=since,
            until=until,
            number=number,
        )
    return found


def refused(arena: Arena, work: Callable[[Hand], object], login: str = HOUSEHOLD) -> str:
    with arena.hand(login) as hand:
        hand.do(work)
        return "" if hand.error is None else hand.error.sqlstate or "?"


@every_table
def test_nothing_is_deleted_or_rewritten(filled: Arena, table: str) -> None:
    for statement in (
        f"DELETE FROM {table}",
        f"TRUNCATE {table} CASCADE",
        f"UPDATE {table} SET opened_by = opened_by",
    ):
        for login in (HOUSEHOLD, OWNER):
            assert refused(filled, lambda hand, sql=statement: hand.all(sql), login) in KEPT


@every_table
def test_knowledge_ends_by_an_open_change_only(filled: Arena, table: str) -> None:
    if table == "household.household":
        return
    document = filled.ask("SELECT id FROM land.document LIMIT 1")

    def close(hand: Hand, number: int | None = None) -> None:
        number = hand.change(document) if number is None else number
        hand.all(f"UPDATE {table} SET closed_by = %(n)s WHERE closed_by IS NULL", n=number)

    assert refused(filled, close) == ""
    past = filled.ask("SELECT max(number) FROM land.change")
    assert refused(filled, lambda hand: close(hand, past)) in KEPT
    assert refused(filled, lambda hand: close(hand, hand.change(None, "setup"))) in KEPT


@every_table
@pytest.mark.parametrize("login", [preparation.READ, preparation.WRITE])
def test_other_logins_do_not_reach_it(filled: Arena, table: str, login: str) -> None:
    for statement in (
        f"SELECT * FROM {table}",
        f"SELECT count(*) FROM {table}",
        f"INSERT INTO {table} DEFAULT VALUES",
        "SELECT * FROM household.persons('x', 'y', '{}', '2022-01-01', 99)",
        "SELECT * FROM household.amounts('x', 'y', '{}', '2022-01-01', 99)",
    ):
        assert refused(filled, lambda hand, sql=statement: hand.all(sql), login) in {
            "42501",
            "25006",
        }


@pytest.mark.parametrize(
    "column", ["head_name", "identity_no", "phone", "address", "bank_account", "members"]
)
def test_its_own_login_reads_names_through_the_noted_door_only(filled: Arena, column: str) -> None:
    statement = f"SELECT {column} FROM household.household_version"
    assert refused(filled, lambda hand: hand.all(statement)) == "42501"


@pytest.mark.parametrize("column", ["compensation", "support", "resettlement"])
def test_nor_amounts(filled: Arena, column: str) -> None:
    statement = f"SELECT {column} FROM household.amount"
    assert refused(filled, lambda hand: hand.all(statement)) == "42501"


def test_a_reading_is_noted_before_it_answers(filled: Arena) -> None:
    household = filled.ask("SELECT id FROM household.household LIMIT 1")

    def read(hand: Hand) -> list[tuple[object, ...]]:
        return hand.all(
            "SELECT head_name FROM household.persons('officer', 'HS-1', ARRAY[%(id)s]::uuid[],"
            " '2022-01-01', 999999)",
            id=household,
        )

    assert filled.write(read, HOUSEHOLD) == [("Trần Thị Chim Yến",)]
    row = filled.watcher.execute(
        "SELECT actor, action, subject, detail ->> 'households' FROM land.audit_event"
        " ORDER BY id DESC LIMIT 1"
    ).fetchone()
    assert row == ("officer", "household-read", "HS-1", f'["{household}"]')
    assert "Yến" not in str(filled.ask("SELECT json_agg(audit_event) FROM land.audit_event"))


def test_a_reading_cannot_be_done_without_its_note(filled: Arena) -> None:
    """In a read-only transaction nothing can be noted, so nothing is read."""
    with filled.hand(HOUSEHOLD) as hand:
        hand.all("SET TRANSACTION READ ONLY")
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            hand.all("SELECT * FROM household.persons('x', 'y', '{}', '2022-01-01', 99)")


def test_seals_and_undo_reach_it_for_everybody(filled: Arena) -> None:
    """Who may not read a row may still verify it, and take its change back."""
    filled.watcher.execute("SELECT land.seal_changes()")
    with filled.hand(preparation.READ) as reader:
        assert reader.all("SELECT * FROM land.broken_seals()") == []
    case = lay_case(filled, "recovered")
    number = filled.write(lambda hand: _paid(hand, case), HOUSEHOLD)

    def undo(hand: Hand) -> tuple[object, ...]:
        mine = hand.change(case.plot.document, "correction")
        return hand.all("SELECT * FROM land.reverse_change(%(n)s, %(by)s)", n=number, by=mine)[0]

    assert filled.write(undo) == (2, 0)
    with filled.hand(preparation.READ) as reader:
        reader.do(lambda hand: hand.all("SELECT * FROM land.reverse_change(1, 2)"))
        assert reader.refused_by in {"42501", "25006"}


def _paid(hand: Hand, case: Case) -> int:
    from tests.db.races.clearance import money

    number = hand.change(case.plot.document)
    money(hand, case.item, "paid", 1_000, number, "2021-03-01")
    return number

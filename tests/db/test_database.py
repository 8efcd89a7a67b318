"""The two doors to the database."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, InternalError, OperationalError
from sqlalchemy.orm import Session

from gisapp.db import Database, retried, sqlstate
from tests.conftest import TestDatabase


def test_reading_cannot_write(fresh_database: TestDatabase) -> None:
    with (
        fresh_database.database.reading() as session,
        pytest.raises(InternalError, match="read-only"),
    ):
        session.execute(text("CREATE TEMPORARY TABLE t (a integer)"))


def test_the_read_login_cannot_write_even_when_it_asks_to(fresh_database: TestDatabase) -> None:
    with fresh_database.connect("gisapp_owner") as owner:
        owner.execute("CREATE TABLE app.t (a integer)")
        owner.execute("GRANT USAGE ON SCHEMA app TO gisapp_read")
        owner.execute("GRANT SELECT ON app.t TO gisapp_read")
    with fresh_database.connect("gisapp_read") as reader:
        reader.execute("SET default_transaction_read_only = off")
        with pytest.raises(Exception, match="permission denied") as refused:
            reader.execute("INSERT INTO app.t VALUES (1)")
        assert sqlstate(refused.value) == "42501"


def test_reading_sees_one_snapshot(fresh_database: TestDatabase) -> None:
    with fresh_database.connect("gisapp_owner") as owner:
        owner.execute("CREATE TABLE app.t (a integer)")
        owner.execute("GRANT USAGE ON SCHEMA app TO gisapp_read")
        owner.execute("GRANT SELECT ON app.t TO gisapp_read")
        with fresh_database.database.reading() as session:
            before = session.scalar(text("SELECT count(*) FROM app.t"))
            owner.execute("INSERT INTO app.t VALUES (1)")
            assert session.scalar(text("SELECT count(*) FROM app.t")) == before == 0


def test_a_transaction_that_raises_keeps_nothing(fresh_database: TestDatabase) -> None:
    with fresh_database.connect("gisapp_owner") as owner:
        owner.execute("CREATE TABLE app.t (a integer)")
        owner.execute("GRANT USAGE ON SCHEMA app TO gisapp_write")
        owner.execute("GRANT SELECT, INSERT ON app.t TO gisapp_write")
        with pytest.raises(ZeroDivisionError), fresh_database.database.transaction() as session:
            session.execute(text("INSERT INTO app.t VALUES (1)"))
            raise ZeroDivisionError
        with fresh_database.database.transaction() as session:
            session.execute(text("INSERT INTO app.t VALUES (2)"))
        assert owner.execute("SELECT a FROM app.t").fetchall() == [(2,)]


def test_statements_have_a_time_limit(database: Database) -> None:
    with database.reading() as session:
        assert session.scalar(text("SHOW statement_timeout")) == "15s"
    with (
        database.reading(seconds=0.05) as session,
        pytest.raises(OperationalError) as refused,
    ):
        session.execute(text("SELECT pg_sleep(5)"))
    assert sqlstate(refused.value) == "57014"


def test_waiting_for_a_lock_has_a_limit(database: Database) -> None:
    with database.transaction() as session:
        assert session.scalar(text("SHOW lock_timeout")) == "3s"
        assert session.scalar(text("SHOW transaction_isolation")) == "read committed"


def test_the_web_logins_cannot_make_tables(database: Database) -> None:
    with (
        database.transaction() as session,
        pytest.raises(DBAPIError, match="permission denied for schema public"),
    ):
        session.execute(text("CREATE TABLE public.t (a integer)"))


def test_two_sessions_that_deadlock_both_get_their_work_done(fresh_database: TestDatabase) -> None:
    with fresh_database.connect("gisapp_owner") as owner:
        owner.execute("CREATE TABLE app.t (id integer PRIMARY KEY, a integer)")
        owner.execute("INSERT INTO app.t VALUES (1, 0), (2, 0)")
        owner.execute("GRANT USAGE ON SCHEMA app TO gisapp_write")
        owner.execute("GRANT SELECT, UPDATE ON app.t TO gisapp_write")
    both = threading.Barrier(2)
    tries: list[tuple[int, int]] = []

    @retried
    def add(first: int, second: int) -> None:
        with fresh_database.database.transaction() as session:
            tries.append((first, second))
            _add_one(session, first)
            if len(tries) <= 2:
                both.wait(10)
            _add_one(session, second)

    threads = [threading.Thread(target=add, args=pair) for pair in ((1, 2), (2, 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(tries) == 3
    with fresh_database.connect("gisapp_owner") as owner:
        assert owner.execute("SELECT a FROM app.t ORDER BY id").fetchall() == [(2,), (2,)]


def test_only_what_postgresql_undid_is_tried_again(database: Database) -> None:
    tries = []

    @retried
    def divide() -> None:
        with database.reading() as session:
            tries.append(1)
            session.execute(text("SELECT 1 / 0"))

    with pytest.raises(DBAPIError):
        divide()
    assert len(tries) == 1


def _add_one(session: Session, key: int) -> None:
    session.execute(text("UPDATE app.t SET a = a + 1 WHERE id = :id"), {"id": key})

"""The door to personal data: its own login, refusals without values, kept by backup and restore."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from gisapp.cluster import backup, preparation
from gisapp.cluster.inspection import inspect
from gisapp.db import Database
from gisapp.refusals import HouseholdLoginMissing, WriteRefused
from planning.clocks import Moment
from planning.households.queries import amounts, persons
from tests.conftest import TestDatabase
from tests.db.clearing import CANARY, PLAN, lay_case, lead

TO_PLAN = ("notice", "inventory", "plan_drafted", "plan_posted", "plan_approved")
AT = Moment(date(2026, 1, 1))


def test_without_its_login_nobody_opens_them(fresh_database: TestDatabase) -> None:
    settings = replace(fresh_database.settings, database_url_household=None)
    database = Database(settings)
    with pytest.raises(HouseholdLoginMissing), database.households():
        pass
    with database.reading() as session:
        assert session.scalar(text("SELECT 1")) == 1
    (found,) = [each for each in inspect(settings) if each.name == "login-household"]
    assert not found.holds and not found.needed
    database.close()


def test_a_refusal_leaves_without_what_it_refused(fresh_database: TestDatabase) -> None:
    """What the register has no words for tells its code and constraint alone."""
    with (
        pytest.raises(WriteRefused) as refused,
        fresh_database.database.households() as session,
    ):
        session.execute(text("SELECT CAST(:name AS integer)"), {"name": CANARY})
    error: BaseException | None = refused.value
    while error is not None:
        assert CANARY not in str(error) and CANARY not in repr(error)
        error = error.__cause__
    assert refused.value.context["sqlstate"] == "22P02"


def test_the_administrator_is_told_of_the_login() -> None:
    printed = preparation.script("gisapp")
    assert "CREATE ROLE gisapp_household" in printed
    assert "GRANT gisapp_write TO gisapp_household" in printed


def test_backup_and_restore_keep_households(fresh_database: TestDatabase, tmp_path: Path) -> None:
    with fresh_database.database.households() as session:
        case = lay_case(session)
        lead(session, case, *TO_PLAN)
    file = tmp_path / "kept.dump"
    backup.backup(fresh_database.url("gisapp_owner"), file)
    server = fresh_database.server
    name = server.empty()
    try:
        backup.restore(server.url("gisapp_owner", name), file)
        settings = replace(
            fresh_database.settings,
            database_url=server.url("gisapp_owner", name),
            database_url_read=server.url("gisapp_read", name),
            database_url_write=server.url("gisapp_write", name),
            database_url_household=server.url("gisapp_household", name),
        )
        restored = Database(settings)
        with restored.households() as session:
            why = {"reader": "officer", "purpose": "kiểm tra"}
            found = persons(session, AT, [case.household], **why)
            assert found[case.household].head_name == CANARY
            (granted,) = amounts(session, AT, [case.items[0]], **why)
            assert granted.money == PLAN
        with restored.reading() as session, pytest.raises(Exception, match="permission denied"):
            session.execute(text("SELECT * FROM household.household_version"))
        restored.close()
    finally:
        with server.connect() as connection:
            server.drop(connection, name)

"""Whatever the database refuses, a command says it in a sentence: one door for all of them."""

from __future__ import annotations

import json
import subprocess

import pytest

from gisapp.security import accounts
from gisapp.security.permissions import Role
from tests.conftest import TestDatabase
from tests.db.test_command_line import Gisapp, named

__all__ = ["named"]

BOARD = ("board", "create", "--actor", "an", "--province", "Quảng Ninh", "--name", "Ban")


@pytest.fixture
def command(named: Gisapp, fresh_database: TestDatabase) -> Gisapp:
    """The command line on a database with one planner."""
    with fresh_database.database.transaction() as session:
        accounts.create_user(session, "an", Role.PLANNER, "mật khẩu rất dài số một")
    return named


def _quiet(ran: subprocess.CompletedProcess[str]) -> str:
    assert ran.returncode == 2, ran.stdout + ran.stderr
    for inside in ("Traceback", "psycopg", "sqlalchemy", "INSERT", "_check"):
        assert inside not in ran.stderr
    return ran.stderr


def test_a_rule_is_said_in_words_of_the_field(command: Gisapp) -> None:
    assert "chữ in hoa" in _quiet(command(*BOARD, "ban ql"))
    assert command(*BOARD, "BQL").returncode == 0
    twice = command(*BOARD, "BQL")
    assert "BQL" in _quiet(twice)


def test_somebody_who_holds_the_table_is_waited_for_and_then_said(
    command: Gisapp, fresh_database: TestDatabase
) -> None:
    with fresh_database.connect("postgres") as other, other.transaction():
        other.execute("LOCK TABLE land.board IN ACCESS EXCLUSIVE MODE")
        assert "thử lại" in _quiet(command(*BOARD, "BQL"))


def test_an_older_schema_names_the_remedy(command: Gisapp, fresh_database: TestDatabase) -> None:
    with fresh_database.connect("gisapp_owner") as owner:
        owner.execute("ALTER TABLE land.indicator_definition RENAME TO indicator_rule")
    ran = command("indicators", "--json")
    assert ran.returncode == 2
    said = json.loads(ran.stdout)["error"]
    assert said["code"] == "database-schema-older"
    assert "gisapp db upgrade" in said["detail"]


def test_a_login_without_its_right_is_said_by_code_alone(
    command: Gisapp, fresh_database: TestDatabase
) -> None:
    with fresh_database.connect("gisapp_owner") as owner:
        owner.execute("REVOKE INSERT ON land.board FROM gisapp_write")
    assert "42501" in _quiet(command(*BOARD, "BQL"))


def test_reading_commands_go_through_the_same_door(
    command: Gisapp, fresh_database: TestDatabase
) -> None:
    with fresh_database.connect("gisapp_owner") as owner:
        owner.execute('REVOKE SELECT ON account."user" FROM gisapp_write, gisapp_read')
    assert "42501" in _quiet(command("user", "list"))

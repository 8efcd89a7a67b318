"""A code on top of the password: who must have one, what a code is worth, who may do without."""

from __future__ import annotations

import re
import time

import pytest
from flask import Flask
from passlib.totp import TOTP
from sqlalchemy import text

from gisapp.db import Database
from gisapp.security import accounts
from gisapp.security.permissions import Role
from tests.conftest import TestDatabase
from tests.web.conftest import PASSWORD, Browser


@pytest.fixture(autouse=True)
def nothing_counted(db: Database) -> None:
    """Every test begins without earlier failures."""
    with db.transaction() as session:
        session.execute(text("DELETE FROM account.login_throttle"))


def _key(page: str) -> str:
    found = re.search(r"<code>([A-Z2-7 -]+)</code>", page)
    assert found, page
    return found[1].replace(" ", "").replace("-", "")


def _code(key: str, steps: int = 0) -> str:
    return str(TOTP(key).generate(time.time() + 30 * steps).token)


def _enrol(app: Flask, name: str) -> tuple[Browser, str]:
    browser = Browser(app.test_client())
    assert browser.sign_in(name).location == "/tf-setup"
    browser.get("/tf-setup")
    page = browser.post("/tf-setup", setup="authenticator")
    browser.token = page.text.split('name="csrf-token" content="')[1].split('"')[0]
    key = _key(page.text)
    assert 'src="data:image/svg+xml;base64,' in page.text
    answer = browser.post("/tf-validate", code=_code(key))
    assert answer.status_code == 302
    return browser, key


@pytest.mark.parametrize("role", [Role.ADMIN, Role.OFFICER])
def test_weighty_roles_cannot_sign_in_with_a_password_alone(app: Flask, role: Role) -> None:
    browser = Browser(app.test_client())
    assert browser.sign_in(str(role)).location == "/tf-setup"
    assert browser.get("/zones").status_code == 302


@pytest.mark.parametrize("role", [Role.VIEWER, Role.LEADER, Role.PLANNER, Role.AUDITOR])
def test_the_other_roles_may(app: Flask, role: Role) -> None:
    browser = Browser(app.test_client())
    assert browser.sign_in(str(role)).location == "/"
    assert browser.get("/zones").status_code == 200


def test_a_code_is_asked_for_counts_once_and_a_wrong_one_does_not(app: Flask, db: Database) -> None:
    with db.transaction() as session:
        accounts.create_user(session, "chief", Role.ADMIN, PASSWORD)
    browser, key = _enrol(app, "chief")
    assert browser.get("/admin").status_code == 200
    browser.get("/account")
    browser.post("/logout")

    assert str(browser.sign_in("chief").location).startswith("/tf-validate")
    browser.get("/tf-validate")
    wrong = browser.post("/tf-validate", code="000000")
    assert wrong.status_code == 200
    assert "Mã không đúng" in wrong.text
    browser.get("/tf-validate")
    assert browser.post("/tf-validate", code=_code(key)).status_code == 200, "used already"
    browser.get("/tf-validate")
    assert browser.post("/tf-validate", code=_code(key, 1)).status_code == 302
    assert browser.get("/admin").status_code == 200


def test_guessing_codes_is_slowed_down(app: Flask, db: Database) -> None:
    with db.transaction() as session:
        accounts.create_user(session, "guessed", Role.ADMIN, PASSWORD)
    browser, key = _enrol(app, "guessed")
    browser.get("/account")
    browser.post("/logout")
    browser.sign_in("guessed")
    for number in range(8):
        browser.get("/tf-validate")
        browser.post("/tf-validate", code=f"00000{number}")
    browser.get("/tf-validate")
    right_but_too_early = browser.post("/tf-validate", code=_code(key, 1))
    assert right_but_too_early.status_code == 200
    assert browser.get("/admin").status_code == 302


def test_demo_accounts_do_without_on_a_demo_database_only(
    app: Flask, db: Database, module_database: TestDatabase
) -> None:
    with db.transaction() as session, pytest.raises(accounts.NotDemo):
        accounts.create_demo_accounts(session)
    with module_database.connect("gisapp_owner") as owner:
        owner.execute("UPDATE land.instance SET is_demo = true")
        try:
            browser = Browser(app.test_client())
            assert browser.sign_in("admin").location == "/"
            assert "Dữ liệu minh hoạ" in browser.get("/").text
            with db.transaction() as session:
                printed = accounts.create_demo_accounts(session)
            assert [name for name, _password in printed] == [str(role) for role in Role]
        finally:
            owner.execute("UPDATE land.instance SET is_demo = false")
    assert "Dữ liệu minh hoạ" not in browser.get("/").text

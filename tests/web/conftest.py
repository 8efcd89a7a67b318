"""The application on a database of the module's own, with one user a role."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from gisapp import create_app
from gisapp.db import Database
from gisapp.running import database_of
from gisapp.security import accounts
from gisapp.security.permissions import Role
from tests.conftest import TestDatabase
from tests.people import (
    PASSWORD,
    demo_template,
    module_database,
    peopled_demo,
    peopled_template,
)

__all__ = ["PASSWORD", "demo_template", "module_database", "peopled_demo", "peopled_template"]
ACTORS: tuple[Role | None, ...] = (None, *Role)


@dataclass
class Browser:
    """A browser: keeps its cookies, knows the token of the page it last looked at."""

    client: FlaskClient
    token: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **options: object) -> TestResponse:
        """Look at a page."""
        answer = self.client.get(path, headers=self.headers, **options)  # type: ignore[arg-type]
        if found := re.search(r'name="csrf-token" content="([^"]+)"', answer.text):
            self.token = found[1]
        return answer

    def post(self, path: str, *, token: str | None = None, **form: object) -> TestResponse:
        """Send a form as a page of ours would."""
        data = {"csrf_token": self.token if token is None else token, **form}
        return self.client.post(path, data=data, headers=self.headers)

    def sign_in(self, name: str, password: str = PASSWORD) -> TestResponse:
        """Sign in through the page, then hold the token of the next page."""
        self.get("/login")
        answer = self.post("/login", username=name, password=password)
        if answer.status_code == 302:
            self.get("/account")
        return answer

    def cookie(self) -> str:
        """The session cookie as it stands."""
        found = self.client.get_cookie("gisapp")
        return found.value if found else ""


@pytest.fixture(scope="module")
def app(module_database: TestDatabase) -> Iterator[Flask]:
    """The application, with one user a role, each named like the role."""
    made = create_app(module_database.settings)
    yield made
    database_of(made).close()


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A browser nobody has used yet."""
    return Browser(app.test_client())


@pytest.fixture(scope="module")
def signed_in(app: Flask) -> Callable[[Role | None], Browser]:
    """Browsers by role, signed in. Their sessions are opened in the database, past the login page
    and the second factor, which have tests of their own.
    """
    known: dict[Role | None, Browser] = {}

    def of(role: Role | None) -> Browser:
        if role is None:
            known.setdefault(role, Browser(app.test_client())).get("/login")
        elif role not in known or known[role].get("/account?lang=vi").status_code != 200:
            # some pages end a session on purpose: the next test still wants one
            known[role] = session_of(app, str(role))
        return known[role]

    return of


def session_of(app: Flask, name: str) -> Browser:
    """A browser whose session was opened in the database, without the login page."""
    from gisapp.security import sessions

    browser = Browser(app.test_client())
    now = dt.datetime.now(dt.UTC)
    with database_of(app).transaction() as db:
        user = accounts.find_user(db, name)
        token = sessions.open_session(db, user.id, "127.0.0.1", "test", now)
        uniquifier = user.fs_uniquifier
    with browser.client.session_transaction() as cookie:
        cookie |= {"_user_id": uniquifier, "sid": token, "fs_paa": now.timestamp()}
    browser.get("/account")
    return browser


@pytest.fixture
def db(app: Flask) -> Database:
    """The application's database."""
    return database_of(app)

"""Who may do what: every route × method × seven actors, from the one table."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask, Response
from sqlalchemy import select
from werkzeug.test import TestResponse

from gisapp.db import Database
from gisapp.present.frame import MENU
from gisapp.security.access import LIBRARY_ENDPOINTS, declared_access
from gisapp.security.model import UserRole
from gisapp.security.permissions import GRANTS, Permission, Role
from tests.web.conftest import ACTORS, Browser
from tests.web.routes import Call, calls

EVERYBODY_SIGNED_IN = set(Role)
TABLE = {
    Permission.READ: EVERYBODY_SIGNED_IN,
    Permission.EDIT: {Role.PLANNER},
    Permission.IMPORT: {Role.PLANNER},
    Permission.APPROVE: {Role.LEADER},
    Permission.SEAL: {Role.LEADER, Role.PLANNER},
    Permission.CLEARANCE_STEPS: {Role.PLANNER, Role.OFFICER},
    Permission.HOUSEHOLD: {Role.OFFICER},
    Permission.AUDIT: {Role.AUDITOR},
    Permission.ADMIN: {Role.ADMIN},
}


def test_the_table_is_the_promised_one() -> None:
    found = {
        permission: {role for role in Role if permission in GRANTS[role]}
        for permission in Permission
    }
    assert found == TABLE


def test_the_database_knows_the_same_roles(db: Database) -> None:
    with db.transaction() as session:
        names = list(session.scalars(select(UserRole.name).order_by(UserRole.rank)))
    assert names == [str(role) for role in Role]


def test_every_route_declares_who_may_open_it(app: Flask) -> None:
    undeclared = sorted({call.endpoint for call in calls(app) if call.access is None})
    assert undeclared == []


def test_library_routes_in_the_list_exist(app: Flask) -> None:
    assert set(LIBRARY_ENDPOINTS) <= set(app.view_functions)


def test_menu_entries_declare_a_permission(app: Flask) -> None:
    present = [endpoint for endpoint, _label, _icon in MENU if endpoint in app.view_functions]
    assert "overview.show" in present
    for endpoint in present:
        access = declared_access(app, endpoint)
        assert access is not None
        assert access.permission is not None, endpoint


@pytest.mark.parametrize("role", ACTORS, ids=str)
def test_nobody_gets_in_where_the_table_does_not_let_them(
    app: Flask, signed_in: Callable[[Role | None], Browser], role: Role | None
) -> None:
    wrong = []
    browser = signed_in(role)
    for call in calls(app):
        answer = _send(browser, call, browser.token)
        assert call.access is not None
        let_in = not _turned_away(answer)
        if let_in != call.access.admits(role):
            wrong.append(f"{call}: {answer.status_code} for {role}")
        if not call.access.admits(role):
            assert not 200 <= answer.status_code < 300, f"{call} for {role}"
        assert answer.status_code < 500, f"{call} for {role}: {answer.status_code}"
        if "Set-Cookie" in answer.headers:  # some pages end a session on purpose
            browser = signed_in(role)
    assert wrong == []


@pytest.mark.parametrize("role", Role, ids=str)
def test_writing_without_the_pages_token_is_refused(
    app: Flask, signed_in: Callable[[Role | None], Browser], role: Role
) -> None:
    unsafe = [call for call in calls(app) if call.unsafe]
    assert len(unsafe) > 5
    browser = signed_in(role)
    for call in unsafe:
        for token in ("", "forged"):
            answer = _send(browser, call, token)
            assert answer.status_code == 400, f"{call} for {role}: {answer.status_code}"


def test_writing_from_another_site_is_refused(
    app: Flask, signed_in: Callable[[Role | None], Browser]
) -> None:
    browser = signed_in(Role.PLANNER)
    for site in ("cross-site", "same-site"):
        for call in calls(app):
            if call.unsafe:
                answer = _send(browser, call, browser.token, {"Sec-Fetch-Site": site})
                assert answer.status_code == 403, f"{call} from {site}"


def test_a_route_that_declares_nothing_is_closed(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forgotten() -> Response:
        return Response("secret")

    monkeypatch.setitem(app.view_functions, "overview.show", forgotten)
    answer = app.test_client().get("/")
    assert answer.status_code == 403
    assert "secret" not in answer.text


def test_who_is_not_signed_in_is_sent_to_the_login_page_and_back(browser: Browser) -> None:
    answer = browser.get("/zones?as_of=2024-06-30")
    assert answer.status_code == 302
    assert answer.location == "/login?next=/zones?as_of%3D2024-06-30"


def _send(
    browser: Browser, call: Call, token: str, headers: dict[str, str] | None = None
) -> TestResponse:
    sent = {"X-CSRFToken": token, **(headers or {})} if call.unsafe else headers or {}
    answer = browser.client.open(call.path, method=call.method, headers=sent)
    answer.close()
    return answer


def _turned_away(answer: TestResponse) -> bool:
    if answer.status_code in {401, 403}:
        return True
    return answer.status_code == 302 and str(answer.location).startswith("/login?next=")

"""The page of all lists: what leaves to whom, what comes in by whom, and only one's own land."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from flask import Flask

from gisapp.lists import LEAVING, LISTS
from gisapp.running import database_of
from gisapp.security import accounts
from gisapp.security.model import UserScope
from gisapp.security.permissions import Permission, Role, may
from tests.db.clearing import CANARY, PERSON
from tests.db.project_ground import lay_project, permitted
from tests.web.clearing import PAPER, TO_PLAN, Held, lay_held
from tests.web.conftest import PASSWORD, Browser, session_of

Actors = Callable[[Role | None], Browser]
STAYS_FOR_ALL = {"exchange-rates", "lessor-powers"}
"""Lists that are of no zone."""


@pytest.fixture(scope="module")
def held(app: Flask) -> Held:
    """A case with a household and money, a resettlement area, a project with its papers."""
    made = lay_held(app, *TO_PLAN)
    with database_of(app).transaction() as session:
        permitted(session, lay_project(session, "DA-T", 0))
    return made


@pytest.mark.parametrize("role", list(Role))
def test_each_role_finds_what_it_may_take_and_bring(
    signed_in: Actors, held: Held, role: Role
) -> None:
    browser = signed_in(role)
    page = browser.get("/lists")
    assert page.status_code == 200
    for name, leaving in LEAVING.items():
        assert (f"/lists/{name}?format=csv" in page.text) == may(role, leaving.reads), name
        answer = browser.client.get(f"/lists/{name}?format=csv")
        assert answer.status_code == (200 if may(role, leaving.reads) else 403), name
    for name in ("households", "project-register", "clearance-cases"):
        allowed = may(role, LISTS[name].permission)
        assert (f"/lists/{name}/import" in page.text) == allowed, name
        assert browser.get(f"/lists/{name}/import").status_code == (200 if allowed else 403)
    assert ("/imports/new?layer=land-rights" in page.text) == may(role, Permission.IMPORT)


def test_names_leave_to_the_officer_alone_and_the_reading_is_noted(
    signed_in: Actors, held: Held
) -> None:
    answer = signed_in(Role.OFFICER).client.get("/lists/households?format=csv")
    assert CANARY in answer.text and str(PERSON.identity_no) in answer.text
    trail = signed_in(Role.AUDITOR).get("/audit/households?q=households").text
    assert "officer" in trail and CANARY not in trail


def test_who_sees_one_zone_takes_its_rows_alone(app: Flask, held: Held) -> None:
    other = lay_held(app, *TO_PLAN)
    with database_of(app).transaction() as session:
        user = accounts.create_user(session, "lists-one-zone", Role.OFFICER, PASSWORD)
        user.scopes.append(UserScope(zone_code=other.zone))
    browser = session_of(app, "lists-one-zone")
    for name, leaving in LEAVING.items():
        if name in STAYS_FOR_ALL or not may(Role.OFFICER, leaving.reads):
            continue
        rows = browser.client.get(f"/lists/{name}?format=csv").text
        assert held.zone not in rows and "DA-T" not in rows and held.home not in rows, name
    assert other.zone in browser.client.get("/lists/clearance-cases?format=csv").text


def test_a_day_before_knows_nothing_of_it(signed_in: Actors, held: Held) -> None:
    browser = signed_in(Role.VIEWER)
    rows = browser.client.get("/lists/clearance-items?format=csv&as_of=2024-08-31").text
    assert held.code not in rows
    assert held.code in browser.client.get("/lists/clearance-items?format=csv").text
    assert browser.get("/lists/secrets?format=csv").status_code == 404


def test_on_the_page_a_table_that_changes_nothing_says_so(signed_in: Actors, held: Held) -> None:
    planner = signed_in(Role.PLANNER)
    planner.get("/lists?lang=vi")
    sent = planner.client.get("/lists/clearance-cases?format=xlsx").data
    form = {"csrf_token": planner.token, **PAPER}
    address = "/lists/clearance-cases/import"
    tried = planner.client.post(
        address, data={**form, "try": "1", "file": (io.BytesIO(sent), "a.xlsx")}
    )
    assert tried.status_code == 200 and "Đã có sẵn, không đổi" in tried.text
    done = planner.client.post(address, data={**form, "file": (io.BytesIO(sent), "a.xlsx")})
    assert done.status_code == 302 and done.headers["Location"].endswith("/lists")
    assert "không có gì thay đổi" in planner.get("/lists").text

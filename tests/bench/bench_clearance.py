"""Lists of clearance on a board of 20,000 items, a case of 10,000 among them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from gisapp import create_app
from gisapp.running import database_of
from gisapp.security import accounts
from gisapp.security.permissions import Role
from tests.bench import clearance_ground
from tests.bench.asked import fastest
from tests.conftest import TestDatabase, _cloned
from tests.server import Server
from tests.web.conftest import PASSWORD, session_of

TRIES = 7
GOAL_MS = 300.0
CASE = "/clearance/GPMB-KCN-0?as_of=2026-06-30"


@pytest.fixture(scope="module")
def viewer(
    server: Server, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[FlaskClient]:
    """A viewer of the large board (it takes some two minutes to lay)."""
    for made in _cloned(server, template, tmp_path_factory.mktemp("clearance")):
        yield from _browser(made)


def _browser(made: TestDatabase) -> Iterator[FlaskClient]:
    for place in reversed(range(clearance_ground.SMALLS + 1)):
        with made.database.households() as session:
            session.execute(text("SET LOCAL statement_timeout = 0"))
            clearance_ground.lay_case(session, place)
        with made.database.transaction(seconds=300) as session:
            session.execute(text("SELECT app.gather_statistics()"))
    with made.database.transaction() as session:
        accounts.create_user(session, "viewer", Role.VIEWER, PASSWORD)
    app = create_app(replace(made.settings))
    yield session_of(app, "viewer").client
    database_of(app).close()


@pytest.mark.parametrize(
    "path",
    [
        "/clearance?as_of=2026-06-30",
        CASE,
        f"{CASE}&page=200",
        f"{CASE}&state=notice",
        f"{CASE}&flag=homeless",
        f"{CASE}&q=12/5",
        f"{CASE}&sort=-last_on",
        f"{CASE}&sort=area_m2&page=100",
        "/clearance/GPMB-KCN-0/steps?as_of=2026-06-30&page=200",
        "/clearance/by-zone?as_of=2026-06-30",
        "/resettlement?as_of=2026-06-30",
        "/resettlement/TDC-KCN-0?as_of=2026-06-30",
        "/api/v1/clearance/cases/GPMB-KCN-0/items?as_of=2026-06-30&limit=200&cursor=5000",
    ],
)
def test_a_page_of_the_lists(viewer: FlaskClient, path: str) -> None:
    def ask() -> None:
        assert viewer.get(path).status_code == 200

    took = fastest(ask, TRIES)
    print(f"\n  {path}: {took.told(GOAL_MS)}; {clearance_ground.ITEMS:,} items")
    assert took.ms < GOAL_MS


def test_the_items_add_up(viewer: FlaskClient) -> None:
    found = viewer.get("/api/v1/clearance/cases?as_of=2026-06-30").get_json()["cases"]
    assert sum(case["items"] for case in found) == clearance_ground.ITEMS
    assert sum(case["handed_over"] for case in found) == clearance_ground.ITEMS // 10

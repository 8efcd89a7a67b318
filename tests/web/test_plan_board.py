"""The board of plans when many stand in one column."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from shapely import MultiPolygon, box

from gisapp.db import Database
from gisapp.present.plans import CARDS_A_COLUMN
from gisapp.security.permissions import Role
from planning.plans.commands import create_plan, create_version, set_status
from planning.records.commands import open_change, register_document
from planning.zones.queries import find_zone
from tests.conftest import TestDatabase
from tests.web.conftest import Browser

SignedIn = Callable[[Role | None], Browser]


@pytest.fixture(scope="module")
def module_database(peopled_demo: TestDatabase) -> TestDatabase:
    """The demo board."""
    return peopled_demo


def test_a_crowded_board_shows_the_most_overdue_and_leads_to_all(
    signed_in: SignedIn, db: Database
) -> None:
    with db.transaction() as session:
        zone = find_zone(session, "KCN-DEMO-A")
        for order in range(CARDS_A_COLUMN + 2):
            day = date(2026, 1, 5) + timedelta(days=order)
            paper = register_document(
                session, number=f"{order}/TTr", issued_on=day, issuer="BQL", actor="demo"
            )
            change = open_change(
                session, kind="act", reason="đông", actor="demo", effective_on=day,
                document_id=paper,
            )  # fmt: skip
            plan = create_plan(
                session, change, code=f"QHCT-{order:02d}", zone_id=zone.id, srid=zone.srid,
                level="detailed", scale_denominator=500, name_vi=f"Khu chức năng số {order}",
            )  # fmt: skip
            version, _ = create_version(session, change, plan_id=plan)
            set_status(
                session, change, plan_version_id=version, status="task", valid_from=day,
                scope=MultiPolygon([box(477_000, 2_368_000, 477_100, 2_368_100)]),
                decision_id=paper,
            )  # fmt: skip
    board = signed_in(Role.VIEWER).get("/plans?as_of=2026-11-22").text
    column = board[board.index('id="column-task"') : board.index('id="column-drafting"')]
    assert column.count("plan-card") == CARDS_A_COLUMN and "Khu chức năng số 0" in column
    assert column.index("QHCT-00") < column.index("QHCT-01") and "QHCT-13" not in column
    rest = re.search(r'class="rest" href="([^"]+)">([^<]+)<', column)
    assert rest and rest[2] == "và 3 bản nữa"
    table = signed_in(Role.VIEWER).get(rest[1].replace("&amp;", "&")).text
    assert table.count("QHCT-") >= CARDS_A_COLUMN + 2

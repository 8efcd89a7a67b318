"""Agreement between levels on the web: the page, the file, the API, who may see what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from shapely import MultiPolygon, box

from gisapp.running import database_of
from gisapp.security import accounts
from gisapp.security.model import UserScope
from gisapp.security.permissions import Role
from planning.plans.commands import NewLot, add_lots, create_plan, create_version, set_status
from tests import small_park
from tests.small_park import SOUTH, WEST, cell
from tests.web.conftest import PASSWORD, Browser, session_of
from tests.web.test_differences import words

Actors = Callable[[Role | None], Browser]
PAGE = "/plans/levels"


@pytest.fixture(scope="module", autouse=True)
def park(app: Flask) -> small_park.SmallPark:
    """The small park under a general plan that keeps its three western columns as reserve."""
    with database_of(app).transaction() as session:
        made = small_park.build(session)
        day = date(2025, 6, 2)
        change, decision = small_park._act(session, day, "05/QĐ-TTg")
        plan = create_plan(
            session, change, code="QHC-TEST", zone_id=made.parent, srid=5899, level="general",
            scale_denominator=10_000, name_vi="QHC KKT", name_en="General plan",
        )  # fmt: skip
        version, _ = create_version(session, change, plan_id=plan)
        outer = MultiPolygon([box(WEST - 2000, SOUTH - 2000, WEST + 4000, SOUTH + 4000)])
        set_status(
            session, change, plan_version_id=version, status="approved", valid_from=day,
            scope=outer, decision_id=decision,
        )  # fmt: skip
        add_lots(session, change, plan_version_id=version, lots=[
            NewLot("DT", "DUTR", "none", cell(0, 0, 3, 6)),
            NewLot("CN", "CN", "industrial", cell(3, 0, 7, 6)),
        ])  # fmt: skip
    return made


@pytest.mark.parametrize("role", Role, ids=str)
def test_every_role_may_read(signed_in: Actors, role: Role) -> None:
    for path in (PAGE, "/api/v1/plans/levels", "/api/v1/plans/coverage"):
        assert signed_in(role).get(path).status_code == 200, path


def test_both_decisions_and_the_disagreement_are_shown(signed_in: Actors) -> None:
    page = words(signed_in(Role.LEADER).get(PAGE).text)
    for text in ("05/QĐ-TTg", "24/QĐ-BQL", "khác cấp trên 18,00 ha", "CN-01 (9,00)",
                 "96,00 trên 3.600,00 ha trong ranh giới các khu", "2,67 %"):  # fmt: skip
        assert text in page, text
    english = words(signed_in(Role.LEADER).get(PAGE + "?lang=en").text)
    assert "18.00 ha differ from the level above" in english
    signed_in(Role.LEADER).get("/?lang=vi")


def test_a_past_day_knows_no_general_plan(signed_in: Actors) -> None:
    page = words(signed_in(Role.VIEWER).get(PAGE + "?as_of=2025-01-01").text)
    assert "Chưa có hai cấp quy hoạch nào cùng có hiệu lực" in page
    empty = words(signed_in(Role.VIEWER).get(PAGE + "?as_of=1990-01-01").text)
    assert "Chưa có khu nào vào ngày này." in empty


def test_one_version_alone(signed_in: Actors) -> None:
    page = words(signed_in(Role.VIEWER).get(PAGE + "?version=QHPK-TEST/1").text)
    assert "QHPK-TEST bản 1 trên QHC-TEST bản 1" in page
    assert "Tỷ lệ phủ theo khu" not in page
    alone = words(signed_in(Role.VIEWER).get(PAGE + "?version=QHC-TEST/1").text)
    assert "Không có quy hoạch cấp trên đang có hiệu lực" in alone
    assert signed_in(Role.VIEWER).get(PAGE + "?version=NOPE/1").status_code == 404


def test_files_and_programs(signed_in: Actors) -> None:
    file = signed_in(Role.VIEWER).get(PAGE + "?format=csv")
    assert file.mimetype == "text/csv"
    assert "05/QĐ-TTg" in file.text
    facts = signed_in(Role.VIEWER).get("/api/v1/plans/levels").json
    assert facts is not None
    (pair,) = facts["pairs"]
    assert pair["by_verdict_m2"]["differs"] == pytest.approx(180_000)
    assert (pair["higher"]["decision"], pair["lower"]["decision"]) == ("05/QĐ-TTg", "24/QĐ-BQL")
    covered = signed_in(Role.VIEWER).get("/api/v1/plans/coverage?board=BQL-TEST").json
    assert covered is not None
    assert covered["levels"]["subdivision"]["ratio"] == pytest.approx(96 / 3_600)
    assert signed_in(Role.VIEWER).get("/api/v1/plans/coverage?board=NOPE").status_code == 404


def test_who_may_not_see_the_zone_sees_neither_plan_nor_ground(app: Flask) -> None:
    with database_of(app).transaction() as session:
        user = accounts.create_user(session, "levels.far", Role.VIEWER, PASSWORD)
        user.scopes.append(UserScope(zone_code="KCN-EMPTY"))
    browser = session_of(app, "levels.far")
    assert "QHPK-TEST" not in browser.get(PAGE).text
    assert browser.get(PAGE + "?version=QHPK-TEST/1").status_code == 404
    facts = browser.get("/api/v1/plans/coverage").json
    assert facts is not None
    assert (facts["natural_m2"], facts["levels"]["general"]["ratio"]) == (0, None)
    assert browser.get("/api/v1/plans/coverage?board=BQL-TEST").status_code == 404


def test_pairs_are_narrowed_and_a_crowd_is_a_list(signed_in: Actors) -> None:
    viewer = signed_in(Role.VIEWER)
    page = words(viewer.get(PAGE + "?q=24/qd&agree=no&level=subdivision").text)
    assert "Quy hoạch cấp dưới so với cấp trên" in page and "CN-01 (9,00)" in page
    assert "Cộng mọi dòng hợp bộ lọc" in page
    none = words(viewer.get(PAGE + "?q=QHPK&agree=yes").text)
    assert "Không có dòng nào hợp với bộ lọc." in none and "CN-01 (9,00)" not in none
    assert viewer.get(PAGE + "?page=0").status_code == 400
    assert viewer.get(PAGE + "?sort=-ground").status_code == 200
    assert viewer.get(PAGE + "?agree=yes&format=csv").text.count("\r\n") == 1

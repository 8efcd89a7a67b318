"""The pages of the frame: which land, day and language a reader sees; users kept by hand."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from gisapp.db import Database
from gisapp.present.frame import MENU
from gisapp.running import database_of
from gisapp.security import accounts
from gisapp.security.model import UserScope
from gisapp.security.permissions import Permission, Role, may
from planning.records.commands import open_change
from planning.zones.commands import create_board, create_zone
from tests.web.conftest import PASSWORD, Browser, session_of

Actors = Callable[[Role | None], Browser]
FOUNDED = date(2020, 1, 1)
ZONES = ("KKT-1", "KCN-1A", "KCN-2")


@pytest.fixture(scope="module", autouse=True)
def land(app: Flask) -> None:
    """Two boards: one with an economic zone and a park inside it, one with a park of its own."""
    with database_of(app).transaction() as session:
        setup = open_change(session, kind="setup", reason="Lập", actor="an", effective_on=FOUNDED)
        common = {"valid_from": FOUNDED}
        one, two = (
            create_board(
                session,
                setup,
                code=f"BQL-{number}",
                name_vi=f"Ban số {number}",
                name_en=f"Board {number}",
                province_name="Quảng Ninh",
                **common,
            )
            for number in (1, 2)
        )
        parent = create_zone(
            session, setup, code="KKT-1", kind="economic_zone", srid=5899, board_id=one,
            name_vi="Khu kinh tế <b>Một</b>", name_en="Economic zone One", **common,
        )  # fmt: skip
        for code, board, inside in (("KCN-1A", one, parent), ("KCN-2", two, None)):
            create_zone(
                session, setup, code=code, kind="industrial_park", srid=5899, board_id=board,
                name_vi=f"Khu {code}", parent_id=inside, **common,
            )  # fmt: skip


def _limited(app: Flask, name: str, *places: UserScope) -> Browser:
    with database_of(app).transaction() as session:
        user = accounts.create_user(session, name, Role.VIEWER, PASSWORD)
        user.scopes.extend(places)
    return session_of(app, name)


def _seen(browser: Browser, path: str) -> set[str]:
    page = browser.get(path).text
    return {code for code in ZONES if re.search(rf'href="/zones/{code}["?]', page)}


def test_who_is_not_limited_sees_everything(signed_in: Actors) -> None:
    assert _seen(signed_in(Role.VIEWER), "/zones") == set(ZONES)


def test_a_board_or_a_zone_is_a_limit_everywhere(app: Flask) -> None:
    by_board = _limited(app, "by.board", UserScope(board_code="BQL-2"))
    by_zone = _limited(app, "by.zone", UserScope(zone_code="KKT-1"))
    for path in ("/zones", "/"):
        assert _seen(by_board, path) == {"KCN-2"}, path
        assert _seen(by_zone, path) == {"KKT-1", "KCN-1A"}, path
    assert by_board.get("/zones/KCN-2").status_code == 200
    assert by_zone.get("/zones/KCN-1A").status_code == 200
    for browser, closed in ((by_board, "KKT-1"), (by_board, "KCN-1A"), (by_zone, "KCN-2")):
        hidden = browser.get(f"/zones/{closed}")
        absent = browser.get("/zones/NO-SUCH")
        assert hidden.status_code == absent.status_code == 404
        found = browser.get("/api/v1/zones").json
        assert closed not in str(found)
        assert browser.get(f"/api/v1/zones/{closed}").status_code == 404


def test_the_chosen_board_narrows_the_list_and_stays_in_the_links(signed_in: Actors) -> None:
    page = signed_in(Role.VIEWER).get("/zones?board=BQL-2").text
    assert ">KCN-2<" in page
    assert ">KKT-1<" not in page
    assert 'href="/zones/KCN-2?board=BQL-2"' in page


def test_before_the_zones_existed_there_are_none(signed_in: Actors) -> None:
    browser = signed_in(Role.VIEWER)
    assert _seen(browser, "/zones?as_of=2019-12-31") == set()
    assert browser.get("/zones/KCN-2?as_of=2019-12-31").status_code == 404
    early = browser.get("/?as_of=2019-12-31").text
    assert "elsewhen" in early
    assert "31/12/2019" in early


def test_before_they_were_known_there_are_none(signed_in: Actors) -> None:
    page = signed_in(Role.VIEWER).get("/zones?known_at=2021-01-01").text
    assert "như biết lúc 23:59 01/01/2021" in page
    assert ">KCN-2<" not in page


@pytest.mark.parametrize("query", ["as_of=2024-02-30", "known_at=tomorrow"])
def test_a_wrong_day_is_said_on_a_page(signed_in: Actors, query: str) -> None:
    answer = signed_in(Role.VIEWER).get(f"/zones?{query}")
    assert answer.status_code == 400
    assert "không phải là ngày dùng được" in answer.text


def test_names_are_text_and_never_markup(signed_in: Actors) -> None:
    for path in ("/zones", "/zones/KKT-1", "/"):
        page = signed_in(Role.VIEWER).get(path).text
        assert "<b>Một" not in page, path
        assert "&lt;b&gt;Một" in page, path


def test_a_list_is_filtered_sorted_and_downloaded_as_shown(signed_in: Actors) -> None:
    browser = signed_in(Role.VIEWER)
    assert _seen(browser, "/zones?q=khu kinh te") == {"KKT-1"}
    assert _seen(browser, "/zones?kind=industrial_park") == {"KCN-1A", "KCN-2"}
    file = browser.get("/zones?kind=industrial_park&sort=-code&format=csv")
    assert file.mimetype == "text/csv"
    assert [line.split(";")[0] for line in file.text.splitlines()[1:]] == ["KCN-2", "KCN-1A"]
    assert "attachment" in file.headers["Content-Disposition"]


def test_the_menu_shows_what_the_role_may_open(app: Flask, signed_in: Actors) -> None:
    admin, viewer = signed_in(Role.ADMIN).get("/zones").text, signed_in(Role.VIEWER)
    assert 'href="/admin"' in admin
    for _endpoint, path, permission in (
        ("admin.users", "/admin", Permission.ADMIN),
        ("imports.listing", "/imports", Permission.IMPORT),
    ):
        page = viewer.get("/zones").text
        assert (f'href="{path}"' in page) == may(Role.VIEWER, permission)
    assert len({endpoint for endpoint, _label, _icon in MENU}) == len(MENU)


def test_the_language_is_chosen_and_remembered(signed_in: Actors) -> None:
    browser = signed_in(Role.VIEWER)
    english = browser.get("/zones?lang=en").text
    assert '<html lang="en"' in english
    assert "Economic zone One" in english
    assert "Economic zones and industrial parks" in browser.get("/zones").text
    assert "Khu kinh tế và khu công nghiệp" in browser.get("/zones?lang=vi").text
    assert browser.get("/zones?lang=xx").status_code == 200


def test_light_and_dark_are_chosen_and_remembered(signed_in: Actors) -> None:
    browser = signed_in(Role.VIEWER)
    assert 'data-bs-theme="dark"' in browser.get("/zones?theme=dark").text
    assert 'data-bs-theme="dark"' in browser.get("/zones").text
    assert 'data-bs-theme="auto"' in browser.get("/zones?theme=auto").text
    assert 'data-bs-theme="auto"' in browser.get("/zones?theme=%22onload").text


def test_an_administrator_keeps_users(app: Flask, signed_in: Actors, db: Database) -> None:
    admin = signed_in(Role.ADMIN)
    form = {"username": "Lan.Anh", "full_name": "Nguyễn Lan Anh", "email": "", "role": "planner"}
    assert admin.post("/admin/users", password="ngắn", **form).status_code == 422
    made = admin.post("/admin/users", password=PASSWORD, **form)
    assert made.location == "/admin/users/lan.anh"
    again = admin.post("/admin/users", password=PASSWORD, **form)
    assert again.status_code == 422
    assert "Đã có người dùng tên lan.anh" in again.text
    assert 'value="Nguyễn Lan Anh"' in again.text

    change = {"role": "viewer", "full_name": "Nguyễn Lan Anh", "place": ["BQL-1", "KCN-2"]}
    assert admin.post("/admin/users/lan.anh", **change).status_code == 302
    page = admin.get("/admin?q=lan").text
    assert "BQL-1, KCN-2" in page
    wrong = admin.post("/admin/users/lan.anh", role="king", full_name="")
    assert wrong.status_code == 422
    nowhere = admin.post("/admin/users/lan.anh", role="viewer", full_name="", place="KCN-9")
    assert nowhere.status_code == 422

    theirs = session_of(app, "lan.anh")
    assert theirs.get("/zones").status_code == 200
    new = "một mật khẩu mới tinh"
    assert admin.post("/admin/users/lan.anh/password", password=new).status_code == 302
    assert theirs.get("/zones").status_code == 302
    assert admin.post("/admin/users/lan.anh/active", active="no").status_code == 302
    with db.transaction() as session:
        assert not accounts.find_user(session, "lan.anh").active
    assert admin.post("/admin/users/lan.anh/active", active="yes").status_code == 302
    assert admin.get("/admin/users/no.body").status_code == 422


def test_the_last_administrator_stays(signed_in: Actors) -> None:
    admin = signed_in(Role.ADMIN)
    for answer in (
        admin.post("/admin/users/admin/active", active="no"),
        admin.post("/admin/users/admin", role="viewer", full_name=""),
    ):
        assert answer.status_code == 422
        assert "duy nhất" in answer.text
    assert admin.get("/admin").status_code == 200


def test_the_api_describes_itself_with_permissions(signed_in: Actors) -> None:
    browser = signed_in(Role.VIEWER)
    document = browser.get("/api/v1/openapi.json").json
    assert document is not None
    assert document["openapi"].startswith("3.1")
    assert document["security"] == [{"token": []}, {"page": []}]
    assert "/api/v1/me" in document["paths"]
    assert document["paths"]["/api/v1/zones"]["get"]["x-permission"] == "read"
    for path, item in document["paths"].items():
        assert path.startswith("/api/v1/")
        for operation in item.values():
            if isinstance(operation, dict) and "responses" in operation:
                assert "default" in operation["responses"], path
    assert "/api/v1/me" in browser.get("/api/docs").text

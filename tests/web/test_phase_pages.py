"""Zones by phase on screen: written on documents, derived, adding up; files that come back in."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from gisapp.running import database_of
from gisapp.security import accounts
from gisapp.security.model import UserScope
from gisapp.security.permissions import Role
from tests.db.ground import EAST, NORTH, lay
from tests.web.conftest import PASSWORD, Browser, session_of

Actors = Callable[[Role | None], Browser]
PAPER = {"document": "88/QĐ-UBND", "issued": "2022-01-10", "issuer": "UBND tỉnh"}
ONE = {"phase": "1", "name": "Giai đoạn 1", "state": "operating", **PAPER}


def corners(column: float, row: float, size: float) -> str:
    """A square as its table of corners: X north, Y east."""
    north, east = NORTH + row * 100, EAST + column * 100
    points = [(0, 0), (size, 0), (size, size), (0, size)]
    return "\n".join(f"{n} {north + a:.3f} {east + b:.3f}" for n, (a, b) in enumerate(points, 1))


def told_by(browser: Browser, path: str) -> Any:
    """What the API answers."""
    return browser.get(path).json


@pytest.fixture(scope="module", autouse=True)
def ground(app: Flask) -> None:
    """Zones of 10 km × 10 km (10,000 ha) side by side; nobody writes on the fifth."""
    with database_of(app).transaction() as session:
        for place, code in enumerate(("KCN-1", "KCN-2", "KCN-3", "KCN-4", "KCN-5")):
            lay(session, 0, code=code, column=place * 200)


def write(browser: Browser, zone: str, more: str = "", **said: str) -> str:
    """Send a form of a zone's phases; the page the answer leads to."""
    browser.get(f"/zones/{zone}")
    answer = browser.post(f"/zones/{zone}/phases{more}", **{**ONE, **said})
    assert answer.status_code == 302, answer.text
    return browser.get(f"/zones/{zone}").text


def test_a_park_operates_and_clears_at_once(signed_in: Actors) -> None:
    planner = signed_in(Role.PLANNER)
    assert "cả khu chưa phân loại" in planner.get("/zones/KCN-1").text
    assert "Đã ghi giai đoạn" in write(planner, "KCN-1", corners=corners(1, 1, 5_000))
    page = write(planner, "KCN-1", phase="2", area="3000", state="clearing", name="Giai đoạn 2")
    assert "Vừa hoạt động vừa giải phóng mặt bằng" in page
    assert "2.500,00 ha" in page and "3.000,00 ha" in page and "4.500,00 ha" in page
    moved = {"phase": "2", "state": "building", "issued": "2023-05-05", "document": "9/BC"}
    page = write(planner, "KCN-1", "/state", **moved)
    assert "Vừa hoạt động vừa xây dựng hạ tầng" in page
    before = planner.get("/zones/KCN-1?as_of=2023-05-04").text
    assert "Vừa hoạt động vừa giải phóng mặt bằng" in before
    told = told_by(planner, "/api/v1/zones/KCN-1/phases?as_of=2023-05-04")
    assert (told["state"], told["unclassified_m2"]) == ("operating_clearing", 45_000_000)
    assert told["by_state_m2"] == {"operating": 25_000_000, "clearing": 30_000_000}
    gone = {"phase": "2", "issued": "2024-06-01", "document": "10/QĐ"}
    assert "Hoạt động một phần" in write(planner, "KCN-1", "/end", **gone)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"corners": corners(202, 2, 1_000)}, "chồng lên nhau"),
        ({"corners": corners(295, 50, 1_000)}, "ra ngoài ranh giới"),
        ({"area": "99000"}, "quá diện tích khu"),
        ({"area": "10", "issued": "2019-01-01", "corners": corners(250, 50, 500)}, "ranh giới"),
        ({}, "Diện tích"),
        ({"area": "-1"}, "Diện tích"),
        ({"area": "nhiều"}, "Diện tích"),
        ({"area": "1", "phase": "số 3"}, "số giai đoạn"),
        ({"area": "1", "phase": "1"}, "1"),
        ({"area": "1", "state": "sleeping"}, "Trạng thái"),
        ({"area": "1", "name": ""}, "Tên"),
        ({"area": "1", "document": ""}, "Số văn bản"),
        ({"corners": "1 2 3\n4 5"}, ""),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else None,
)
def test_what_does_not_hold_is_refused_in_words(
    signed_in: Actors, said: dict[str, str], words: str
) -> None:
    planner = signed_in(Role.PLANNER)
    if '<td class="strong nowrap">1</td>' not in planner.get("/zones/KCN-2").text:
        write(planner, "KCN-2", corners=corners(201, 1, 3_000))
    page = write(planner, "KCN-2", **{"phase": "9", **said})
    assert 'class="note bad"' in page and words in page
    assert '<td class="strong nowrap">9</td>' not in page


def test_counts_and_areas_come_to_the_register(signed_in: Actors) -> None:
    viewer = signed_in(Role.VIEWER)
    told = told_by(viewer, "/api/v1/phases")
    zones = told_by(viewer, "/api/v1/zones")["zones"]
    assert told["zone_count"] == sum(told["zones_by_state"].values()) == len(zones)
    assert told["whole_m2"] == sum(told["by_state_m2"].values())
    assert told["whole_m2"] == sum(zone["legal_area_m2"] or zone["area_m2"] for zone in zones)
    page = viewer.get("/zones/phases").text
    assert "Chưa phân loại" in page and "50.000,00" in page
    assert "chưa kiểm chứng" in page, "10,000 ha are more than one phase may be"
    assert "Chưa phân loại" in viewer.get("/zones").text
    assert "Khu theo trạng thái" in viewer.get("/").text


def test_the_list_as_a_file_comes_back_in(signed_in: Actors) -> None:
    planner = signed_in(Role.PLANNER)
    for number, state in (("1", "planned"), ("2", "")):
        write(planner, "KCN-3", phase=number, area="12,5", state=state, name="=cmd|x")
    csv = planner.client.get("/zones/phases?format=csv&q=kcn-3").data.decode("utf-8-sig")
    assert "'=cmd|x" in csv
    planner.client.get("/zones/phases?format=xlsx&q=kcn-3")
    planner.get("/zones/phases/import")
    content = csv.replace("KCN-3", "KCN-4").encode("utf-8-sig")
    sent: dict[str, Any] = {**PAPER, "file": (io.BytesIO(content), "x.csv")}
    answer = planner.post("/zones/phases/import", **sent)
    assert answer.status_code == 302, answer.text
    told = told_by(planner, "/api/v1/zones/KCN-4/phases")
    assert [(p["number"], p["name_vi"], p["area_m2"], p["state"]) for p in told["phases"]] == [
        ("1", "=cmd|x", 125_000, "planned"), ("2", "=cmd|x", 125_000, None),
    ]  # fmt: skip
    later: dict[str, Any] = {**sent, "issued": "2023-02-02", "file": (io.BytesIO(content), "x.csv")}
    assert planner.post("/zones/phases/import", **later).status_code == 302, "told anew, not twice"


def test_rows_that_do_not_hold_are_named(signed_in: Actors) -> None:
    planner = signed_in(Role.PLANNER)
    head = "Khu;Giai đoạn;Tên;Diện tích (ha);Trạng thái"
    rows = ["KCN-4;21;A;1;đang hoạt động", "KCN-9;1;B;1;", "KCN-4;22;C;0;", "KCN-4;23;D;1;ngủ",
            "KCN-4;21;E;1;", "KCN-4;24;F;99999;"]  # fmt: skip
    content = "\n".join([head, *rows]).encode("utf-8-sig")
    planner.get("/zones/phases/import")
    sent: dict[str, Any] = {**PAPER, "file": (io.BytesIO(content), "x.csv")}
    answer = planner.post("/zones/phases/import", **sent)
    assert answer.status_code == 422
    for line in (3, 4, 5, 6):
        assert f'<td class="num">{line}</td>' in answer.text, line
    content = "\n".join([head, rows[0], rows[5]]).encode("utf-8-sig")
    sent["file"] = (io.BytesIO(content), "x.csv")
    answer = planner.post("/zones/phases/import", **sent)
    assert answer.status_code == 422 and "quá diện tích khu" in answer.text
    assert '<td class="num">3</td>' in answer.text and '<td class="num">2</td>' not in answer.text


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.PLANNER])
def test_others_read_and_write_nothing(signed_in: Actors, role: Role) -> None:
    browser = signed_in(role)
    page = browser.get("/zones/KCN-1").text
    assert "Giai đoạn" in page and "Thêm giai đoạn" not in page
    for more in ("", "/state", "/end"):
        assert browser.post(f"/zones/KCN-1/phases{more}", **ONE).status_code == 403
    assert browser.get("/zones/phases/import").status_code == 403


def test_who_is_limited_writes_and_sees_their_own(app: Flask) -> None:
    with database_of(app).transaction() as session:
        user = accounts.create_user(session, "phases-elsewhere", Role.PLANNER, PASSWORD)
        user.scopes.append(UserScope(zone_code="KCN-2"))
    browser = session_of(app, "phases-elsewhere")
    assert "KCN-1" not in browser.get("/zones/phases").text
    assert browser.get("/api/v1/zones/KCN-1/phases").status_code == 404
    browser.get("/zones/KCN-2")
    before = browser.post("/zones/KCN-1/phases", **{**ONE, "area": "1", "phase": "77"})
    assert before.status_code in (302, 404)
    told = told_by(session_of(app, "viewer"), "/api/v1/zones/KCN-1/phases")
    assert "77" not in [phase["number"] for phase in told["phases"]]

"""Recorded figures on screen: entered as printed, computed beside, files that come back in."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from flask import Flask

from gisapp.running import database_of
from gisapp.security import accounts
from gisapp.security.model import UserScope
from gisapp.security.permissions import Role
from tests.db.ground import lay
from tests.web.conftest import PASSWORD, Browser, session_of

Actors = Callable[[Role | None], Browser]
HERE = "/figures/recorded"
PAPER = {"document": "45/BC-BQL", "issued": "2024-07-10", "issuer": "Ban Quản lý"}
CLEARED = {
    "board": "B-KCN-1", "scope": "parks", "indicator": "area_cleared_in_period", "kind": "flow",
    "period_from": "2024-01-01", "period_to": "2024-06-30", "name": "GPMB trong kỳ",
    "printed": "49,8 ha", "target_printed": "87 ha", "printed_completion": "57,24", "page": "3",
    **PAPER,
}  # fmt: skip


def told_by(browser: Browser, path: str) -> Any:
    """What the API answers."""
    return browser.get(path).json


@pytest.fixture(scope="module", autouse=True)
def ground(app: Flask) -> None:
    """Two boards with a zone each."""
    with database_of(app).transaction() as session:
        lay(session, 1, code="KCN-1")
        lay(session, 1, code="KCN-2", column=400)


def enter(browser: Browser, **said: str) -> str:
    """Enter a figure; the address of its page."""
    browser.get(f"{HERE}/new")
    answer = browser.post(HERE, **{**CLEARED, **said})
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


@pytest.fixture(scope="module")
def cleared(signed_in: Actors) -> str:
    """The address of the figure 49,8 of 87 ha."""
    return enter(signed_in(Role.PLANNER))


def test_completion_is_computed_beside_the_print(signed_in: Actors, cleared: str) -> None:
    page = signed_in(Role.VIEWER).get(cleared).text
    assert "49,8 ha" in page and "87 ha" in page
    assert "57,24\u00a0%" in page and "báo cáo in 57,24 %" in page and "khớp" in page
    assert "6 tháng đầu năm 2024" in page and "trang 3" in page
    assert "Báo cáo trừ sổ" in page, "the register's own figure stands beside"
    english = signed_in(Role.VIEWER).get(f"{cleared}?lang=en").text
    assert "First half of 2024" in english
    signed_in(Role.VIEWER).get(f"{cleared}?lang=vi")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"printed": "85 triệu"}, "loại tiền"),
        ({"printed": "nhiều lắm"}, "Không đọc được số"),
        ({"printed": "49,8"}, "Thiếu đơn vị"),
        ({"printed": "49,8 ha", "value": "50"}, "không khớp"),
        ({"printed": "-1 ha"}, "không được âm"),
        ({"printed": "5-4 ha"}, "lớn hơn số trước"),
        ({"printed": "2,5 dự án"}, "số nguyên"),
        ({"printed": "5%"}, "tỷ lệ"),
        ({"period_from": ""}, "ngày đầu"),
        ({"period_from": "2024-07-01"}, "ngày đầu"),
        ({"period_to": "30/6"}, "Kỳ đến ngày"),
        ({"indicator": "Diện tích"}, "mã chỉ tiêu"),
        ({"kind": "guess"}, "Loại"),
        ({"page": "0"}, "không"),
        ({"page": "x"}, "Trang"),
        ({"board": "B-NO"}, "B-NO"),
        ({"zone": "KCN-2"}, "Khu"),
        ({"target_printed": "nhiều"}, "Kế hoạch"),
        ({"document": ""}, "Số văn bản"),
        ({"issued": "2190-01-01"}, "2190"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else None,
)
def test_what_does_not_hold_is_refused_in_words(
    signed_in: Actors, said: dict[str, str], words: str
) -> None:
    planner = signed_in(Role.PLANNER)
    planner.get(f"{HERE}/new")
    answer = planner.post(HERE, **{**CLEARED, "indicator": "refused_figure", **said})
    assert answer.status_code in (404, 422), answer.status_code
    if answer.status_code == 422:
        assert words in answer.text and 'role="alert"' in answer.text
        assert 'value="45/BC-BQL"' in answer.text or said.get("document") == "", "typed stays"


def test_a_misreading_is_corrected_and_a_difference_explained(signed_in: Actors) -> None:
    planner = signed_in(Role.PLANNER)
    address = enter(planner, indicator="area_cleared", kind="stock", printed="335ha")
    planner.get(address)
    wrong = {**CLEARED, "printed": "353ha", "value": "335"}
    assert planner.post(address, **wrong).status_code == 422
    fixed = {"name": "Đã GPMB", "printed": "353ha", "explanation": "đọc nhầm"}
    assert planner.post(address, **fixed).status_code == 302
    assert planner.post(address, explanation="=khác phạm vi").status_code == 302
    page = planner.get(address).text
    assert "353ha" in page and "=khác phạm vi" in page and "335ha" in page, "the former text too"


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.PLANNER])
def test_others_read_and_write_nothing(signed_in: Actors, cleared: str, role: Role) -> None:
    browser = signed_in(role)
    assert browser.get(HERE).status_code == 200 and browser.get(cleared).status_code == 200
    for path in (HERE, cleared, f"{HERE}/import"):
        assert browser.post(path, **CLEARED).status_code == 403
    for path in (f"{HERE}/new", f"{HERE}/import"):
        assert browser.get(path).status_code == 403


def test_who_is_limited_sees_their_own_board(app: Flask, cleared: str) -> None:
    with database_of(app).transaction() as session:
        user = accounts.create_user(session, "figures-elsewhere", Role.PLANNER, PASSWORD)
        user.scopes.append(UserScope(board_code="B-KCN-2"))
    browser = session_of(app, "figures-elsewhere")
    assert "GPMB trong kỳ" not in browser.get(HERE).text
    assert browser.get(cleared).status_code == 404
    assert browser.get(f"/api/v1{cleared}").status_code == 404
    assert browser.post(cleared, explanation="x").status_code in (404, 422)
    browser.get(f"{HERE}/new")
    assert browser.post(HERE, **CLEARED).status_code in (404, 422)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_list_as_a_file_comes_back_in(signed_in: Actors, cleared: str, kind: str) -> None:
    """The exported file is brought in for another board: every fact survives, nothing is run."""
    planner = signed_in(Role.PLANNER)
    enter(planner, indicator=f"hostile_{kind}", name="=1+1|cmd", printed="2-3 dự án",
          target_printed="4 dự án", printed_completion="")  # fmt: skip
    answer = planner.client.get(f"{HERE}?format={kind}&q=hostile_{kind}")
    if kind == "csv":
        text = answer.data.decode("utf-8-sig")
        assert "'=1+1|cmd" in text, "defused"
        rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    else:
        sheet: Any = openpyxl.load_workbook(io.BytesIO(answer.data)).active
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert len(rows) == 2
    rows[1][0] = "B-KCN-2"
    made = io.StringIO()
    csv.writer(made, delimiter=";").writerows(rows)
    planner.get(f"{HERE}/import")
    sent: dict[str, Any] = {
        **PAPER,
        "file": (io.BytesIO(made.getvalue().encode("utf-8-sig")), "x.csv"),
    }
    answer = planner.post(f"{HERE}/import", **sent)
    assert answer.status_code == 302, answer.text
    told = told_by(planner, f"/api/v1/figures/recorded?board=B-KCN-2&indicator=hostile_{kind}")
    (figure,) = told["figures"]
    assert (figure["printed"], figure["name_vi"]) == ("2-3 dự án", "=1+1|cmd")
    assert (figure["value"], figure["value_to"], figure["target"]) == (2, 3, 4)
    assert (figure["completion"], figure["kind"], figure["scope"]) == (0.5, "flow", "parks")


def test_the_api_tells_the_same(signed_in: Actors, cleared: str) -> None:
    viewer = signed_in(Role.VIEWER)
    told = told_by(viewer, f"/api/v1{cleared}")
    assert (told["printed"], told["value"], told["unit"]) == ("49,8 ha", 49.8, "ha")
    assert round(told["completion"] * 100, 2) == 57.24
    assert told["register"] == {"definition": "cleared_area", "value": 0, "difference": 49.8}
    enter(signed_in(Role.PLANNER), indicator="paged_beside")
    page = told_by(viewer, "/api/v1/figures/recorded?limit=1")
    assert len(page["figures"]) == 1 and page["next_cursor"] == 1
    rest = told_by(viewer, f"/api/v1/figures/recorded?cursor={page['next_cursor']}")
    assert page["count"] == 1 + len(rest["figures"]) and rest["next_cursor"] is None
    assert told_by(viewer, "/api/v1/figures/recorded?as_of=2024-07-09")["figures"] == []
    assert viewer.get("/api/v1/figures/recorded?kind=x").status_code == 422


def test_the_list_filters_sorts_and_says_when_it_is_empty(signed_in: Actors, cleared: str) -> None:
    viewer = signed_in(Role.VIEWER)
    assert "GPMB trong kỳ" in viewer.get(f"{HERE}?kind=flow&q=gpmb trong").text
    assert "GPMB trong kỳ" not in viewer.get(f"{HERE}?kind=ratio").text
    for sort in ("-completion", "growth", "place", "kind"):
        assert viewer.get(f"{HERE}?sort={sort}").status_code == 200
        assert viewer.get(f"{HERE}?sort={sort}&format=csv").status_code == 200
    assert "Chưa ghi số liệu báo cáo nào" in viewer.get(f"{HERE}?as_of=2001-01-01").text
    assert re.search(r'href="/figures/recorded[^"]*"', viewer.get("/figures").text)

"""Lists brought in as tables: all rows or none, told row by row, nothing run, who may."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select

from gisapp.running import database_of
from gisapp.security import accounts
from gisapp.security.model import UserScope
from gisapp.security.permissions import Role
from planning.clearance.model import ClearanceTarget
from planning.records.model import Change
from tests.db.ground import lay
from tests.web.conftest import PASSWORD, Browser, session_of

Actors = Callable[[Role | None], Browser]
PAPER = {"document": "99/QĐ-UBND", "issued": "2025-01-10", "issuer": "UBND tỉnh"}
ADDRESS = "/clearance/targets/import"
HEAD = ["Ban hoặc khu", "Năm", "Diện tích kế hoạch (ha)"]


@pytest.fixture(scope="module", autouse=True)
def ground(app: Flask) -> None:
    """Two boards with a zone each."""
    with database_of(app).transaction() as session:
        lay(session, 1, code="KCN-1")
        lay(session, 1, code="KCN-2", column=400)


def table(rows: list[list[object]], head: list[str] = HEAD) -> bytes:
    """A CSV as offices save it."""
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([head, *rows])
    return ("\ufeff" + text.getvalue()).encode()


def book(rows: list[list[object]]) -> bytes:
    """The same as a workbook; a text that begins with = is a formula there."""
    made = openpyxl.Workbook()
    sheet: Any = made.active
    for row in [HEAD, *rows]:
        sheet.append(row)
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def send(browser: Browser, content: bytes, name: str = "ds.csv", **form: str) -> tuple[int, str]:
    """Send a table with its document."""
    browser.get(ADDRESS)
    answer = browser.post(ADDRESS, file=(io.BytesIO(content), name), **{**PAPER, **form})
    return answer.status_code, answer.text


def kept(app: Flask, year: int) -> list[tuple[UUID | None, Decimal]]:
    """The targets of a year that are believed."""
    with database_of(app).reading() as session:
        rows = session.execute(
            select(ClearanceTarget.zone_id, ClearanceTarget.area_m2)
            .where(ClearanceTarget.year == year, ClearanceTarget.closed_by.is_(None))
            .order_by(ClearanceTarget.area_m2)
        )
        return [(row.zone_id, row.area_m2) for row in rows]


def test_a_whole_list_is_one_change(app: Flask, signed_in: Actors) -> None:
    officer = signed_in(Role.OFFICER)
    content = table([["KCN-1", 2031, "49,8"], ["b-kcn-1", "2031", "1.087,25"]])
    assert send(officer, content, **{"try": "1"})[0] == 200
    assert kept(app, 2031) == [], "a trial keeps nothing"
    assert send(officer, content)[0] == 302
    zone, board = kept(app, 2031)
    assert (zone[1], board) == (Decimal("498000.00"), (None, Decimal("10872500.00")))
    with database_of(app).reading() as session:
        changes = session.scalars(
            select(ClearanceTarget.opened_by).where(ClearanceTarget.year == 2031).distinct()
        ).all()
        assert len(changes) == 1
        assert session.get(Change, changes[0]).effective_on == date(2025, 1, 10)  # type: ignore[union-attr]


def test_one_wrong_row_keeps_the_list_out_and_is_named(app: Flask, signed_in: Actors) -> None:
    rows: list[list[object]] = [
        ["KCN-1", 2032, "87"],
        ["KCN-X", 2032, "1"],
        ["KCN-2", "năm tới", "1"],
        ["KCN-2", 2032, "-3"],
        ["KCN-1", 2032, "5"],
        ["", 2032, "5"],
    ]
    status, page = send(signed_in(Role.PLANNER), table(rows))
    assert status == 422
    for line, words in ((3, "KCN-X"), (4, "năm tới"), (5, "ngoài khoảng"), (6, "Trùng với dòng 2"),
                        (7, "Thiếu Ban hoặc khu")):  # fmt: skip
        assert f'<td class="num">{line}</td>' in page and words in page, (line, words)
    assert kept(app, 2032) == []


def test_what_the_register_refuses_is_told_of_its_row(app: Flask, signed_in: Actors) -> None:
    planner = signed_in(Role.PLANNER)
    assert send(planner, table([["KCN-2", 2033, "10"]]), issued="2025-03-01")[0] == 302
    status, page = send(planner, table([["KCN-1", 2033, "10"], ["KCN-2", 2033, "11"]]))
    assert status == 422 and '<td class="num">3</td>' in page, "a later decision stands"
    assert '<td class="num">2</td>' not in page
    assert len(kept(app, 2033)) == 1


def test_formulas_are_not_run_and_workbooks_are_read(app: Flask, signed_in: Actors) -> None:
    planner = signed_in(Role.PLANNER)
    assert send(planner, book([["KCN-1", 2034, 12.5]]), "ds.xlsx")[0] == 302
    assert [area for _zone, area in kept(app, 2034)] == [Decimal("125000.00")]
    status, page = send(planner, book([["KCN-1", 2035, "=6*7"]]), "ds.xlsx")
    assert status == 422 and "công thức" in page
    for sign in ("=", "+", "-", "@", "\t", "\r"):
        status, page = send(planner, table([[f"{sign}cmd|' /C calc'!A0", 2035, "1"]]))
        assert status == 422 and "<script" not in page.split("<main", 1)[1]
    assert kept(app, 2035) == []


def test_a_file_that_is_no_list_is_refused_in_words(signed_in: Actors) -> None:
    planner = signed_in(Role.PLANNER)
    for content, name, words in (
        (b"", "ds.csv", ""),
        (table([]), "ds.csv", ""),
        (table([["KCN-1"]], ["Ban hoặc khu"]), "ds.csv", "Diện tích"),
        (b'{"type":"FeatureCollection","features":[]}', "ds.geojson", ""),
        (b"PK\x03\x04 nonsense", "ds.xlsx", ""),
    ):
        status, page = send(planner, content, name)
        assert status == 422 and 'role="alert"' in page, name
        assert words in page, (words, name)
    assert send(planner, table([["KCN-1", 2036, "1"]]), document="")[0] == 422


def test_who_may_bring_a_list(app: Flask, signed_in: Actors) -> None:
    for role in (Role.VIEWER, Role.LEADER, Role.AUDITOR, Role.ADMIN):
        browser = signed_in(role)
        assert browser.get(ADDRESS).status_code == 403
        assert browser.post(ADDRESS, **PAPER).status_code == 403
    with database_of(app).transaction() as session:
        user = accounts.create_user(session, "lists-elsewhere", Role.PLANNER, PASSWORD)
        user.scopes.append(UserScope(zone_code="KCN-2"))
    status, page = send(session_of(app, "lists-elsewhere"), table([["KCN-1", 2037, "1"]]))
    assert status == 422 and "ngoài phạm vi" in page


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_template_comes_back_in(app: Flask, signed_in: Actors, kind: str) -> None:
    answer = signed_in(Role.PLANNER).client.get(f"{ADDRESS}/template?format={kind}")
    if kind == "csv":
        heads = next(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    else:
        sheet: Any = openpyxl.load_workbook(io.BytesIO(answer.data)).active
        heads = [str(cell.value) for cell in sheet[1]]
    assert heads == HEAD


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_targets_as_a_file_come_back_in(app: Flask, signed_in: Actors, kind: str) -> None:
    planner = signed_in(Role.PLANNER)
    year = 2041 if kind == "csv" else 2042
    assert send(planner, table([["KCN-1", year, "49,8"], ["B-KCN-2", year, "1.200"]]))[0] == 302
    assert str(year) in signed_in(Role.VIEWER).get("/clearance/targets?sort=-year").text
    answer = planner.client.get(f"/clearance/targets?format={kind}&sort=year")
    if kind == "csv":
        rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    else:
        sheet: Any = openpyxl.load_workbook(io.BytesIO(answer.data)).active
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    mine = [row for row in rows[1:] if str(row[1]) == str(year)]
    again = [[row[0], year + 10, str(row[2]).replace(".", ","), *row[3:]] for row in mine]
    status, page = send(planner, table(again, [str(cell) for cell in rows[0]]))
    assert status == 302, page
    assert kept(app, year + 10) == kept(app, year)


def test_zones_come_in_as_a_list_and_go_out(signed_in: Actors) -> None:
    planner = signed_in(Role.PLANNER)
    head = ["Mã", "Tên", "Loại", "Thuộc khu", "Ban quản lý", "Hệ toạ độ"]

    def bring(*rows: list[Any]) -> tuple[int, str]:
        planner.get("/zones/import")
        sent: dict[str, Any] = {**PAPER}
        sent["file"] = (io.BytesIO(table(list(rows), head)), "khu.csv")
        answer = planner.post("/zones/import", **sent)
        return answer.status_code, answer.text

    status, page = bring(
        ["KCN-1", "Đã có", "KCN", "", "B-KCN-1", "5899"],
        ["KCN-8", "Lạ", "Khu vui chơi", "", "B-KCN-1", "5899"],
        ["KCN-8", "Xa", "KCN", "KCN-1", "B-KCN-1", "EPSG:5897"],
        ["KCN-8", "Web", "KCN", "", "B-KCN-1", "3857"],
        ["KCN-8", "Của ai", "KCN", "", "B-NO", "5899"],
    )
    assert status == 422
    for line in range(2, 7):
        assert f'<td class="num">{line}</td>' in page, line
    new = ["KCN-8", "=Khu mới", "Khu công nghiệp", "KCN-1", "B-KCN-1", "EPSG:5899"]
    assert bring(new)[0] == 302
    assert "KCN-8" in planner.get("/zones").text
    out = planner.client.get("/zones?format=csv&q=kcn-8").data.decode("utf-8-sig")
    assert "'=Khu mới" in out and "EPSG:5899" in out
    renamed = out.replace("KCN-8", "KCN-9").encode("utf-8-sig")
    planner.get("/zones/import")
    answer = planner.post("/zones/import", **{**PAPER, "file": (io.BytesIO(renamed), "khu.csv")})
    assert answer.status_code == 302, "what went out comes back in"

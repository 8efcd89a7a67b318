"""Lists of projects leave as tables and come back in; what a row says wrong is told by row."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from flask import Flask

from gisapp.running import database_of
from gisapp.security.permissions import Role
from planning.clocks import moment
from planning.projects import permits, register
from planning.projects.listed import NAMES, listed
from tests.db.ground import change
from tests.db.project_ground import GRANTED, Built, lay_project
from tests.web.conftest import Browser

Actors = Callable[[Role | None], Browser]
PAPER = {"document": "77/BC", "issued": "2025-06-30", "issuer": "Ban Quản lý"}
SHORT = [name.removeprefix("project-") for name in NAMES]


@pytest.fixture(scope="module")
def built(app: Flask) -> Built:
    """A project with money of two currencies spent in two periods, and workers."""
    with database_of(app).transaction() as session:
        made = lay_project(session, "DA-L", 0)
        number = change(session, made.ground.document_id, day=date(2024, 6, 30))
        mine = {"project_id": made.id, "day": date(2024, 6, 30)}
        for currency, planned in (("USD", "1250000.5"), ("VND", "25000000000")):
            permits.set_disbursement(
                session, number, currency=currency, period_from=date(2024, 1, 1),
                period_to=date(2024, 6, 30), planned=Decimal(planned), actual=Decimal(7), **mine,
            )  # fmt: skip
        permits.count_workers(session, number, total=1_250, foreigners=30, **mine)
    return made


def rows_of(app: Flask, built: Built, name: str) -> list[dict[str, object]]:
    with database_of(app).reading() as db:
        return [dict(row) for row in listed(db, moment(db), name, [built.ground.zone_id])]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("short", SHORT)
def test_a_table_that_left_comes_back_the_same(
    app: Flask, signed_in: Actors, built: Built, short: str, kind: str
) -> None:
    planner = signed_in(Role.PLANNER)
    before = rows_of(app, built, f"project-{short}")
    assert before
    sent = planner.client.get(f"/projects/lists/{short}?format={kind}")
    assert sent.status_code == 200
    planner.get("/projects")
    back = planner.client.post(
        f"/projects/lists/{short}/import",
        data={"csrf_token": planner.token, **PAPER, "file": (io.BytesIO(sent.data), f"a.{kind}")},
        headers=planner.headers,
    )
    assert back.status_code == 302, back.text
    assert rows_of(app, built, f"project-{short}") == before


BAD = {
    "milestones": [
        ("Mã dự án;Mốc;Dự kiến;Thực tế", "KHONG-CO;Vận hành;2026-12-31;", "không có dự án"),
        ("Mã dự án;Mốc;Dự kiến;Thực tế", "DA-L;Vận hành;2023-01-01;", "sớm hơn ngày dự án bắt đầu"),
        ("Mã dự án;Mốc;Dự kiến;Thực tế", "DA-L;Bay lên;2026-12-31;", "Mốc"),
    ],
    "capital": [
        ("Mã dự án;Loại tiền;Vốn đăng ký", "DA-L;USX;1", "không phải mã tiền tệ"),
        ("Mã dự án;Loại tiền;Vốn đăng ký", "DA-L;;1", "Loại tiền"),
        ("Mã dự án;Loại tiền;Vốn đăng ký", "DA-L;VND;1,5", "đồng không có số lẻ"),
        ("Mã dự án;Loại tiền;Vốn đăng ký", "DA-L;USD;-1", "không âm"),
    ],
    "disbursement": [
        (
            "Mã dự án;Loại tiền;Kỳ từ ngày;Kỳ đến ngày;Kế hoạch;Thực tế",
            "DA-L;USD;2024-03-01;2024-09-30;5;",
            "một đồng chỉ tính một lần",
        ),
        (
            "Mã dự án;Loại tiền;Kỳ từ ngày;Kỳ đến ngày;Kế hoạch;Thực tế",
            "DA-L;USD;2025-01-01;2025-03-31;;",
            "thiếu giá trị",
        ),
    ],
    "workers": [
        ("Mã dự án;Ngày đếm;Lao động;Người nước ngoài", "DA-L;2025-01-01;5;6", "từ 0 đến tổng số"),
    ],
}
CASES = [(short, *case) for short, cases in BAD.items() for case in cases]


@pytest.mark.parametrize("place", range(len(CASES)), ids=lambda n: f"{CASES[n][0]}-{n}")
def test_a_wrong_row_is_told_and_nothing_is_kept(
    app: Flask, signed_in: Actors, built: Built, place: int
) -> None:
    short, head, row, word = CASES[place]
    planner = signed_in(Role.PLANNER)
    before = rows_of(app, built, f"project-{short}")
    planner.get("/projects")
    sent = planner.client.post(
        f"/projects/lists/{short}/import",
        data={
            "csrf_token": planner.token, **PAPER,
            "file": (io.BytesIO(f"\ufeff{head}\n{row}\n".encode()), "a.csv"),
        },
        headers=planner.headers,
    )  # fmt: skip
    assert sent.status_code == 422
    assert word in sent.text, sent.text[sent.text.find("<main") :][:3000]
    assert rows_of(app, built, f"project-{short}") == before


def test_a_new_day_of_a_milestone_keeps_the_day_it_was_reached(
    app: Flask, signed_in: Actors
) -> None:
    with database_of(app).transaction() as session:
        own = lay_project(session, "DA-M", 400)
    planner = signed_in(Role.PLANNER)
    planner.get(f"/projects/{own.code}")
    planner.post(f"/projects/{own.code}/milestones", step="land", actual_on="2024-03-05",
                 document="1/BC", issued="2024-03-05", issuer="Ban")  # fmt: skip
    table = "Mã dự án;Mốc;Dự kiến\nDA-M;Nhận đất;2024-04-01\n"
    sent = planner.client.post(
        "/projects/lists/milestones/import",
        data={"csrf_token": planner.token, **PAPER, "file": (io.BytesIO(table.encode()), "a.csv")},
        headers=planner.headers,
    )
    assert sent.status_code == 302
    with database_of(app).reading() as db:
        first = register.milestones(db, moment(db), own.id)[0]
    assert (first.planned_on, first.actual_on) == (date(2024, 4, 1), date(2024, 3, 5))


def test_a_workbook_holds_numbers_and_days(signed_in: Actors, built: Built) -> None:
    sent = signed_in(Role.VIEWER).client.get("/projects/lists/disbursement?format=xlsx")
    book = openpyxl.load_workbook(io.BytesIO(sent.data))
    rows = [row for row in book.active.iter_rows(values_only=True) if row[0] == built.code]
    assert rows[0][1] == "USD" and rows[0][4] == 1_250_000.5
    assert rows[0][2].date() == date(2024, 1, 1)
    assert signed_in(Role.VIEWER).get("/projects/lists/secrets").status_code == 404
    assert date(2024, 6, 30) > GRANTED

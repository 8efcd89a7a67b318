"""Clearance and resettlement on screen: who may write what, files, and refusals in words."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from uuid import UUID

import openpyxl
import pytest
from flask import Flask
from shapely import MultiPolygon

from gisapp.running import database_of
from gisapp.security import accounts
from gisapp.security.model import UserScope
from gisapp.security.permissions import Role
from planning.clearance.cases import open_case
from planning.resettlement.commands import NewPlot, add_plots, create_area
from tests.db.clearing import CANARY, DAYS, OPENED, Case, lay_case, lead
from tests.db.ground import PLANE, change, lay, square
from tests.web.conftest import PASSWORD, Browser, session_of

Actors = Callable[[Role | None], Browser]
READERS = [Role.VIEWER, Role.LEADER, Role.PLANNER, Role.AUDITOR, Role.ADMIN]
TO_PLAN = ("notice", "inventory", "plan_drafted", "plan_posted", "plan_approved")
PAPER = {"document": "12/BB", "issued": "2025-01-10", "issuer": "UBND phường"}


@pytest.fixture(scope="module")
def case(app: Flask) -> Case:
    """A case led up to its approved plan, beside another board's case; a home for one."""
    with database_of(app).households() as session:
        made = lay_case(session, parcels=6)
        lead(session, made, *TO_PLAN)
        number = change(session, made.document, day=OPENED)
        home = create_area(
            session,
            number,
            code="TDC-1",
            board_id=made.ground.board_id,
            name_vi="=Khu tái định cư",
            srid=PLANE,
            area=MultiPolygon([square(10, 10, 500)]),
            valid_from=OPENED,
            ready_on=date(2026, 12, 31),
        )
        add_plots(session, number, area_id=home, plots=[NewPlot("LK-1")], valid_from=OPENED)
    with database_of(app).households() as session:
        other = lay(session, 1, code="KCN-9", column=300)
        number = change(session, other.document_id, day=OPENED)
        open_case(
            session,
            number,
            code="GPMB-9",
            zone_id=other.zone_id,
            name_vi="=1+1",
            since=OPENED,
        )
    return made


def item(case: Case, place: int = 0, more: str = "") -> str:
    return f"/clearance/GPMB-KCN-1/items/{case.items[place]}{more}"


@pytest.mark.parametrize("role", [*READERS, Role.OFFICER])
def test_everybody_sees_counts_and_hectares(signed_in: Actors, case: Case, role: Role) -> None:
    browser = signed_in(role)
    page = browser.get("/clearance").text
    assert "GPMB-KCN-1" in page and "1.000.000.000" in page, "totals are exact"
    for path in ("/clearance/GPMB-KCN-1", item(case), item(case, 1)):
        answer = browser.get(path)
        assert answer.status_code == 200
        assert CANARY not in answer.text and "800.000.000 ·" not in answer.text
    assert "••••••" in browser.get(item(case)).text


@pytest.mark.parametrize("role", READERS)
def test_the_household_is_the_officers_alone(signed_in: Actors, case: Case, role: Role) -> None:
    assert signed_in(role).get(item(case, 0, "/household")).status_code == 403


def test_the_officer_reads_and_the_reading_is_noted(
    app: Flask, signed_in: Actors, case: Case
) -> None:
    officer = signed_in(Role.OFFICER)
    page = officer.get(item(case, 0, "/household")).text
    assert CANARY in page and "800.000.000" in page
    assert "•••••••••901" in page and "012345678901" not in page, "numbers are masked"
    assert "012345678901" in officer.get(item(case, 0, "/household?reveal=1")).text
    with database_of(app).reading() as db:
        from sqlalchemy import text

        rows = db.execute(
            text(
                "SELECT actor, action, subject FROM land.audit_event"
                " WHERE action LIKE 'household%' ORDER BY id DESC LIMIT 2"
            )
        ).all()
    assert {(row.actor, row.subject) for row in rows} == {("officer", "GPMB-KCN-1 · 1")}
    assert {row.action for row in rows} == {"household-read", "household-amounts-read"}


def test_a_user_limited_to_another_board_finds_nothing(app: Flask, case: Case) -> None:
    with database_of(app).transaction() as session:
        user = accounts.create_user(session, "elsewhere", Role.OFFICER, PASSWORD)
        user.scopes.append(UserScope(board_code="B-KCN-9"))
    browser = session_of(app, "elsewhere")
    assert "GPMB-KCN-1" not in browser.get("/clearance").text
    assert "GPMB-9" in browser.get("/clearance").text
    for path in (item(case), item(case, 0, "/household"), "/clearance/GPMB-KCN-1"):
        assert browser.get(path).status_code == 404, path
    assert browser.post(item(case, 0, "/steps"), kind="paid", **PAPER).status_code == 404
    assert browser.get("/resettlement/TDC-1").status_code == 404
    assert "TDC-1" not in browser.get("/resettlement").text


def test_from_the_plan_to_a_plot_and_cleared_land(
    app: Flask, signed_in: Actors, case: Case
) -> None:
    """An officer takes a household to its plot; the cleared area moves on exactly that day."""
    officer = signed_in(Role.OFFICER)
    officer.get(item(case))
    money = {"compensation": "800.000.000", "support": "150.000.000", "resettlement": "50000000"}
    steps = item(case, 0, "/steps")
    too_much = {**money, "support": "150000001"}
    answer = officer.post(steps, kind="paid", **PAPER, **too_much)
    assert answer.status_code == 422 and "vượt phương án" in answer.text
    assert officer.post(steps, kind="paid", **PAPER, **money).status_code == 302
    recovered = {**PAPER, "document": "13/QĐ", "issued": "2025-01-15"}
    assert officer.post(steps, kind="recovered", **recovered).status_code == 302
    answer = officer.post(steps, kind="recovered", **recovered)
    assert answer.status_code == 422 and "Quyết định thu hồi đất" in answer.text
    plot = {**PAPER, "area": "TDC-1", "plot": "LK-1", "document": "14/QĐ"}
    assert officer.post(item(case, 0, "/plots"), **plot).status_code == 302
    answer = officer.post(item(case, 1, "/plots"), **plot)
    assert answer.status_code == 422 and "TDC-1 · LK-1" in answer.text
    minutes = {**PAPER, "document": "15/BB", "issued": "2025-02-01"}
    done = officer.post("/clearance/GPMB-KCN-1/steps", kind="handed_over", numbers="1", **minutes)
    assert done.status_code == 302, done.text
    for day, cleared in (("2025-01-31", "0,00"), ("2025-02-01", "1,00")):
        page = officer.get(f"/clearance/GPMB-KCN-1?as_of={day}").text
        assert f"{cleared} ha" in page, day
    assert "LK-1" in officer.get(item(case)).text
    page = officer.get("/resettlement/TDC-1?as_of=2025-02-01").text
    assert "đất đi trước lô" in page, "the plot is ready in 2026 only"


def test_a_planner_steps_for_many_but_says_no_money(signed_in: Actors, case: Case) -> None:
    planner = signed_in(Role.PLANNER)
    planner.get("/clearance/GPMB-KCN-1")
    notice = {**PAPER, "issued": "2025-03-01", "kind": "notice"}
    address = "/clearance/GPMB-KCN-1/steps"
    assert planner.post(address, numbers="2", **notice).status_code == 302
    for wrong in ("", "99", "9-8", "1-999999999"):
        assert planner.post(address, numbers=wrong, **notice).status_code == 422, wrong
    assert planner.post(address, numbers="2", **{**notice, "kind": "paid"}).status_code == 422
    assert planner.post(item(case, 1, "/steps"), kind="paid", **PAPER).status_code == 403
    page = planner.get(item(case, 1)).text
    assert "Phương án và chi trả do cán bộ bồi thường ghi" in page


@pytest.mark.parametrize("role", [Role.VIEWER, Role.LEADER, Role.AUDITOR, Role.ADMIN])
def test_others_write_nothing(signed_in: Actors, case: Case, role: Role) -> None:
    browser = signed_in(role)
    browser.get("/clearance")
    for path in (
        "/clearance",
        "/clearance/targets",
        "/clearance/GPMB-KCN-1/steps",
        "/clearance/GPMB-KCN-1/followups",
        *(item(case, 0, f"/{name}") for name in ("steps", "flags", "needs", "plots", "household")),
    ):
        assert browser.post(path, **PAPER).status_code == 403, path


def test_a_day_to_come_and_a_missing_paper_are_refused(signed_in: Actors, case: Case) -> None:
    officer = signed_in(Role.OFFICER)
    officer.get(item(case))
    for paper in ({**PAPER, "day": "2190-01-01"}, {**PAPER, "document": ""}, {}):
        answer = officer.post(item(case, 1, "/steps"), kind="notice", **paper)
        assert answer.status_code == 422, paper


def test_flags_needs_targets_and_follow_ups(signed_in: Actors, case: Case) -> None:
    officer = signed_in(Role.OFFICER)
    officer.get(item(case, 1))
    assert officer.post(item(case, 1, "/flags"), kind="suspension", **PAPER).status_code == 302
    assert "Tạm dừng" in officer.get(item(case, 1)).text
    lifted = {**PAPER, "issued": "2025-03-01", "lift": "1"}
    assert officer.post(item(case, 1, "/flags"), kind="suspension", **lifted).status_code == 302
    needs = {"plots_needed": "2", "area": "TDC-1", "handover_planned_on": "2026-06-01"}
    assert officer.post(item(case, 1, "/needs"), **needs, **PAPER).status_code == 302
    page = officer.get("/resettlement/TDC-1").text
    assert "Từ ngày 01/06/2026 thiếu lô" in page
    aim = {"whose": "zone:KCN-1", "year": "2025", "area": "87", "document": "99/QĐ"}
    assert officer.post("/clearance/targets", **{**PAPER, **aim}).status_code == 302
    assert "87,00" in officer.get("/clearance?as_of=2025-12-31").text
    tract = {"step": "lease_filed", "area": "335", "document": "77/TTr"}
    answer = officer.post("/clearance/GPMB-KCN-1/followups", **{**PAPER, **tract})
    assert answer.status_code == 422 and "Chưa xác nhận" in answer.text
    for step in ("confirmed", "lease_filed"):
        sent = {**PAPER, **tract, "step": step}
        assert officer.post("/clearance/GPMB-KCN-1/followups", **sent).status_code == 302
    assert "335,00" in officer.get("/clearance/GPMB-KCN-1").text


@pytest.mark.parametrize(
    "query", ["scheme=nothing", "period=week", "period=half&number=3", "year=1", "number=x"]
)
def test_a_period_there_is_none_of(signed_in: Actors, case: Case, query: str) -> None:
    assert signed_in(Role.VIEWER).get(f"/clearance?{query}").status_code == 400


def test_a_case_is_opened_once(signed_in: Actors, case: Case) -> None:
    planner = signed_in(Role.PLANNER)
    planner.get("/clearance")
    fresh = {"code": "gpmb-new", "zone": "KCN-1", "name": "Đợt 2", **PAPER}
    assert planner.post("/clearance", **fresh).headers["Location"] == "/clearance/GPMB-NEW"
    assert planner.get("/clearance/GPMB-NEW").status_code == 200
    assert planner.post("/clearance", **fresh).headers["Location"] == "/clearance"
    assert "đã có" in planner.get("/clearance").text.lower()


@pytest.mark.parametrize(
    ("path", "cells"),
    [
        ("/clearance", 2),
        ("/clearance/GPMB-KCN-1", 2),
        ("/resettlement", 1),
        ("/resettlement/TDC-1", 1),
        ("/clearance/progress", 2),
    ],
)
def test_lists_leave_as_files(signed_in: Actors, case: Case, path: str, cells: int) -> None:
    viewer = signed_in(Role.VIEWER)
    plain = viewer.get(f"{path}?format=csv")
    assert plain.mimetype == "text/csv" and CANARY not in plain.text
    assert not any(line.startswith("=") or ";=" in line for line in plain.text.splitlines())
    book = viewer.client.get(f"{path}?format=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(book.data)).active
    assert sheet is not None and sheet.max_row > cells
    for row in sheet.iter_rows():
        assert all(cell.data_type != "f" for cell in row), "no cell is a formula"


def test_items_filter_and_sort(signed_in: Actors, case: Case) -> None:
    viewer = signed_in(Role.VIEWER)
    address = "/clearance/GPMB-KCN-1"
    assert "12/2" in viewer.get(f"{address}?q=12/2").text
    assert "12/1" not in viewer.get(f"{address}?q=12/2").text
    for sort in ("number", "-area_m2", "last_on", "-handover_planned_on"):
        assert viewer.get(f"{address}?sort={sort}").status_code == 200
    assert viewer.get(f"{address}?sort=holder").status_code == 400
    assert viewer.get("/clearance/NOTHING").status_code == 404
    assert viewer.get(f"{address}/items/{UUID(int=1)}").status_code == 404


def test_the_household_is_corrected(signed_in: Actors, case: Case) -> None:
    officer = signed_in(Role.OFFICER)
    address = item(case, 1, "/household")
    officer.get(item(case, 1))
    wrong = {"head_name": "Lê Văn Cò", "identity_no": "12345", **PAPER}
    answer = officer.post(address, **wrong)
    assert answer.status_code == 422 and "9 hoặc 12 chữ số" in answer.text
    right = {**wrong, "identity_no": "123456789", "members": "3"}
    assert officer.post(address, **right).status_code == 302
    assert "Lê Văn Cò" in officer.get(address).text
    assert officer.post(address, **{**right, "head_name": "Lê Văn Cốc"}).status_code == 302
    page = officer.get(address).text
    assert "Lê Văn Cốc" in page and "Lê Văn Cò<" not in page


def test_the_plan_was_approved_before_today(case: Case) -> None:
    assert DAYS["plan_approved"] < date(2025, 1, 10), "the days the forms above lean on"

"""Clearance and resettlement on screen: who may write what, files, and refusals in words."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import openpyxl
import pytest
from flask import Flask

from gisapp.running import database_of
from gisapp.security import accounts
from gisapp.security.model import UserScope
from gisapp.security.permissions import Role
from planning.clearance.cases import open_case
from tests.db.clearing import CANARY, OPENED, lead
from tests.db.ground import change, lay
from tests.web.clearing import PAPER, TO_PLAN, Held, lay_held
from tests.web.conftest import PASSWORD, Browser, session_of

Actors = Callable[[Role | None], Browser]
READY = date(2026, 12, 31)
"""The day the plots of the resettlement area are ready."""
READERS = [Role.VIEWER, Role.LEADER, Role.PLANNER, Role.AUDITOR, Role.ADMIN]


@pytest.fixture(scope="module")
def case(app: Flask) -> Held:
    """A case everybody reads and nobody writes on, beside another board's."""
    made = lay_held(app, *TO_PLAN, area="=Khu tái định cư")
    with database_of(app).households() as session:
        other = lay(session, 1, code="KCN-OTHER", column=9_000)
        number = change(session, other.document_id, day=OPENED)
        open_case(
            session,
            number,
            code="GPMB-OTHER",
            zone_id=other.zone_id,
            name_vi="=1+1",
            since=OPENED,
        )
    return made


@pytest.fixture
def own(app: Flask) -> Held:
    """A case to write on."""
    return lay_held(app, *TO_PLAN, area="=Khu tái định cư")


@pytest.mark.parametrize("role", [*READERS, Role.OFFICER])
def test_everybody_sees_counts_and_hectares(signed_in: Actors, case: Held, role: Role) -> None:
    browser = signed_in(role)
    assert case.code in browser.get("/clearance").text
    assert "/ 800.000.000 đ" in browser.get(case.path()).text, "totals are exact"
    for path in (case.path(), case.item(), case.item(1)):
        answer = browser.get(path)
        assert answer.status_code == 200
        assert CANARY not in answer.text and "800.000.000 ·" not in answer.text
    assert "••••••" in browser.get(case.item()).text


@pytest.mark.parametrize("role", READERS)
def test_the_household_is_the_officers_alone(signed_in: Actors, case: Held, role: Role) -> None:
    assert signed_in(role).get(case.item(0, "/household")).status_code == 403


def test_the_officer_reads_and_the_reading_is_noted(
    app: Flask, signed_in: Actors, case: Held
) -> None:
    officer = signed_in(Role.OFFICER)
    page = officer.get(case.item(0, "/household")).text
    assert CANARY in page and "800.000.000" in page
    assert "•••••••••901" in page and "012345678901" not in page, "numbers are masked"
    assert "012345678901" in officer.get(case.item(0, "/household?reveal=1")).text
    with database_of(app).reading() as db:
        from sqlalchemy import text

        rows = db.execute(
            text(
                "SELECT actor, action, subject FROM land.audit_event"
                " WHERE action LIKE 'household%' ORDER BY id DESC LIMIT 2"
            )
        ).all()
    assert {(row.actor, row.subject) for row in rows} == {("officer", f"{case.code} · 1")}
    assert {row.action for row in rows} == {"household-read", "household-amounts-read"}


def test_a_user_limited_to_another_board_finds_nothing(app: Flask, case: Held) -> None:
    with database_of(app).transaction() as session:
        user = accounts.create_user(session, "elsewhere", Role.OFFICER, PASSWORD)
        user.scopes.append(UserScope(board_code="B-KCN-OTHER"))
    browser = session_of(app, "elsewhere")
    assert case.code not in browser.get("/clearance").text
    assert "GPMB-OTHER" in browser.get("/clearance").text
    for path in (case.item(), case.item(0, "/household"), case.path()):
        assert browser.get(path).status_code == 404, path
    assert browser.post(case.item(0, "/steps"), kind="paid", **PAPER).status_code == 404
    assert browser.get(f"/resettlement/{case.home}").status_code == 404
    assert case.home not in browser.get("/resettlement").text


def test_from_the_plan_to_a_plot_and_cleared_land(app: Flask, signed_in: Actors, own: Held) -> None:
    """An officer takes a household to its plot; the cleared area moves on exactly that day."""
    officer = signed_in(Role.OFFICER)
    officer.get(own.item())
    money = {"compensation": "800.000.000", "support": "150.000.000", "resettlement": "50000000"}
    steps = own.item(0, "/steps")
    too_much = {**money, "support": "150000001"}
    answer = officer.post(steps, kind="paid", **PAPER, **too_much)
    assert answer.status_code == 422 and "vượt phương án" in answer.text
    assert officer.post(steps, kind="paid", **PAPER, **money).status_code == 302
    recovered = {**PAPER, "document": "13/QĐ", "issued": "2025-01-15"}
    assert officer.post(steps, kind="recovered", **recovered).status_code == 302
    answer = officer.post(steps, kind="recovered", **recovered)
    assert answer.status_code == 422 and "Quyết định thu hồi đất" in answer.text
    plot = {**PAPER, "area": own.home, "plot": "LK-1", "document": "14/QĐ"}
    assert officer.post(own.item(0, "/plots"), **plot).status_code == 302
    answer = officer.post(own.item(1, "/plots"), **plot)
    assert answer.status_code == 422 and f"{own.home} · LK-1" in answer.text
    minutes = {**PAPER, "document": "15/BB", "issued": "2025-02-01"}
    done = officer.post(own.path("/steps"), kind="handed_over", numbers="1", **minutes)
    assert done.status_code == 302, done.text
    for day, cleared in (("2025-01-31", "0,00"), ("2025-02-01", "1,00")):
        page = officer.get(own.path(f"?as_of={day}")).text
        assert f"{cleared} ha" in page, day
    assert "LK-1" in officer.get(own.item()).text
    page = officer.get(f"/resettlement/{own.home}?as_of=2025-02-01").text
    assert "đất đi trước lô" in page, "the plot is ready in 2026 only"


def kept(page: str, name: str) -> str:
    """What a field of a page holds."""
    found = re.search(rf'id="{name}"[^>]*value="([^"]*)"', page)
    assert found is not None, name
    return found[1]


def test_what_was_refused_stays_in_its_own_form(signed_in: Actors, own: Held) -> None:
    officer = signed_in(Role.OFFICER)
    page = officer.get(own.item(1)).text
    assert 'value="notice" selected' in page, "the step that comes next is chosen"
    plot = {**PAPER, "area": own.home, "plot": "LK-99", "document": "14/QĐ"}
    answer = officer.post(own.item(1, "/plots"), **plot)
    assert answer.status_code == 422
    fields = ("a-plot", "assign-document", "item-document", "needs-document")
    assert [kept(answer.text, name) for name in fields] == ["LK-99", "14/QĐ", "", ""]
    assert '<details open><summary class="card-head"><h2>Tái định cư' in answer.text
    answer = officer.post(f"/resettlement/{own.home}/progress", **PAPER, percent="500", note="a")
    assert answer.status_code == 422
    fields = ("r-percent", "r-note", "report-document", "assign-document")
    assert [kept(answer.text, name) for name in fields] == ["500", "a", PAPER["document"], ""]


def test_a_plot_is_ready_from_its_day_on(signed_in: Actors, own: Held) -> None:
    viewer = signed_in(Role.VIEWER)
    for day, word in ((READY - timedelta(1), "chưa xong"), (READY, "sẵn sàng")):
        answer = viewer.get(f"/resettlement/{own.home}?format=csv&as_of={day}")
        assert all(word in line for line in answer.text.splitlines()[1:]), (day, answer.text)


def test_a_planner_steps_for_many_but_says_no_money(signed_in: Actors, own: Held) -> None:
    planner = signed_in(Role.PLANNER)
    planner.get(own.path())
    notice = {**PAPER, "issued": "2025-03-01", "kind": "notice"}
    address = own.path("/steps")
    assert planner.post(address, numbers="2", **notice).status_code == 302
    for wrong in ("", "99", "9-8", "1-999999999"):
        assert planner.post(address, numbers=wrong, **notice).status_code == 422, wrong
    assert planner.post(address, numbers="2", **{**notice, "kind": "paid"}).status_code == 422
    assert planner.post(own.item(1, "/steps"), kind="paid", **PAPER).status_code == 403
    page = planner.get(own.item(1)).text
    assert "Phương án và chi trả do cán bộ bồi thường ghi" in page


@pytest.mark.parametrize("role", [Role.VIEWER, Role.LEADER, Role.AUDITOR, Role.ADMIN])
def test_others_write_nothing(signed_in: Actors, case: Held, role: Role) -> None:
    browser = signed_in(role)
    browser.get("/clearance")
    for path in (
        "/clearance",
        "/clearance/targets",
        case.path("/steps"),
        case.path("/followups"),
        *(case.item(0, f"/{name}") for name in ("steps", "flags", "needs", "plots", "household")),
    ):
        assert browser.post(path, **PAPER).status_code == 403, path


def test_a_day_to_come_and_a_missing_paper_are_refused(signed_in: Actors, case: Held) -> None:
    officer = signed_in(Role.OFFICER)
    officer.get(case.item())
    for paper in ({**PAPER, "day": "2190-01-01"}, {**PAPER, "document": ""}, {}):
        answer = officer.post(case.item(1, "/steps"), kind="notice", **paper)
        assert answer.status_code == 422, paper


def test_flags_needs_targets_and_follow_ups(signed_in: Actors, own: Held) -> None:
    officer = signed_in(Role.OFFICER)
    officer.get(own.item(1))
    assert officer.post(own.item(1, "/flags"), kind="suspension", **PAPER).status_code == 302
    assert "Tạm dừng" in officer.get(own.item(1)).text
    lifted = {**PAPER, "issued": "2025-03-01", "lift": "1"}
    assert officer.post(own.item(1, "/flags"), kind="suspension", **lifted).status_code == 302
    needs = {"plots_needed": "2", "area": own.home, "handover_planned_on": "2026-06-01"}
    assert officer.post(own.item(1, "/needs"), **needs, **PAPER).status_code == 302
    page = officer.get(f"/resettlement/{own.home}").text
    assert "Từ ngày 01/06/2026 thiếu lô" in page
    aim = {"whose": f"zone:{own.zone}", "year": "2025", "area": "87", "document": "99/QĐ"}
    assert officer.post("/clearance/targets", **{**PAPER, **aim}).status_code == 302
    assert "87,00" in officer.get("/clearance?as_of=2025-12-31").text
    tract = {"step": "lease_filed", "area": "335", "document": "77/TTr"}
    answer = officer.post(own.path("/followups"), **{**PAPER, **tract})
    assert answer.status_code == 422 and "Chưa xác nhận" in answer.text
    for step in ("confirmed", "lease_filed"):
        sent = {**PAPER, **tract, "step": step}
        assert officer.post(own.path("/followups"), **sent).status_code == 302
    assert "335,00" in officer.get(own.path()).text


@pytest.mark.parametrize(
    "query", ["scheme=nothing", "period=week", "period=half&number=3", "year=1", "number=x"]
)
def test_a_period_there_is_none_of(signed_in: Actors, case: Held, query: str) -> None:
    assert signed_in(Role.VIEWER).get(f"/clearance?{query}").status_code == 400


def test_a_case_is_opened_once(signed_in: Actors, own: Held) -> None:
    planner = signed_in(Role.PLANNER)
    planner.get("/clearance")
    fresh = {"code": "gpmb-new", "zone": own.zone, "name": "Đợt 2", **PAPER}
    assert planner.post("/clearance", **fresh).headers["Location"] == "/clearance/GPMB-NEW"
    assert planner.get("/clearance/GPMB-NEW").status_code == 200
    assert planner.post("/clearance", **fresh).headers["Location"] == "/clearance"
    assert "đã có" in planner.get("/clearance").text.lower()


@pytest.mark.parametrize(
    ("path", "cells"),
    [
        ("/clearance", 2),
        ("/clearance/{0.code}", 2),
        ("/resettlement", 1),
        ("/resettlement/{0.home}", 1),
        ("/clearance/progress", 2),
    ],
)
def test_lists_leave_as_files(signed_in: Actors, case: Held, path: str, cells: int) -> None:
    viewer, path = signed_in(Role.VIEWER), path.format(case)
    plain = viewer.get(f"{path}?format=csv")
    assert plain.mimetype == "text/csv" and CANARY not in plain.text
    assert not any(line.startswith("=") or ";=" in line for line in plain.text.splitlines())
    book = viewer.client.get(f"{path}?format=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(book.data)).active
    assert sheet is not None and sheet.max_row > cells
    for row in sheet.iter_rows():
        assert all(cell.data_type != "f" for cell in row), "no cell is a formula"


def test_items_filter_and_sort(signed_in: Actors, case: Held) -> None:
    viewer = signed_in(Role.VIEWER)
    address = case.path()
    assert "12/2" in viewer.get(f"{address}?q=12/2").text
    assert "12/1" not in viewer.get(f"{address}?q=12/2").text
    for sort in ("number", "-area_m2", "last_on", "-handover_planned_on"):
        assert viewer.get(f"{address}?sort={sort}").status_code == 200
    assert viewer.get(f"{address}?sort=holder").status_code == 400
    assert viewer.get("/clearance/NOTHING").status_code == 404
    assert viewer.get(f"{address}/items/{UUID(int=1)}").status_code == 404


def test_the_household_is_corrected(signed_in: Actors, own: Held) -> None:
    officer = signed_in(Role.OFFICER)
    address = own.item(1, "/household")
    officer.get(own.item(1))
    wrong = {"head_name": "Lê Văn Cò", "identity_no": "12345", **PAPER}
    answer = officer.post(address, **wrong)
    assert answer.status_code == 422 and "9 hoặc 12 chữ số" in answer.text
    right = {**wrong, "identity_no": "123456789", "members": "3"}
    assert officer.post(address, **right).status_code == 302
    assert "Lê Văn Cò" in officer.get(address).text
    assert officer.post(address, **{**right, "head_name": "Lê Văn Cốc"}).status_code == 302
    page = officer.get(address).text
    assert "Lê Văn Cốc" in page and "Lê Văn Cò<" not in page


def brought(browser: Browser, own: Held, rows: str, **more: str) -> tuple[int, str]:
    """Send a table of items; the status and what the page says."""
    browser.get(own.path())
    form = {
        "csrf_token": browser.token,
        "file": (io.BytesIO(rows.encode("utf-8-sig")), "muc.csv"),
        **PAPER,
        **more,
    }
    answer = browser.client.post(own.path("/items"), data=form)
    return answer.status_code, answer.text


def test_items_come_from_a_table_all_or_none(signed_in: Actors, own: Held) -> None:
    officer = signed_in(Role.OFFICER)
    head = "Mục;Tờ;Thửa;Loại đất;Lô cần;Chủ hộ;CCCD\n"
    wrong = "7;12;4;nông nghiệp;1;Phạm Thị Cò;123\n8;12;99;;;;\n9;12;1;;;;\n1;12;5;;;;\n"
    status, page = brought(officer, own, head + wrong)
    assert status == 422
    for said in ("Số giấy tờ", "12/99", "12/1", "Mục 1 đã có"):
        assert said in page, said
    assert "Phạm Thị Cò" not in page, "a row is named by its number, never by its person"
    right = "7;12;4;nông nghiệp;1;Phạm Thị Cò;123456789\n7;12;5;;;;\n8;12;6;phi nông nghiệp;0;;\n"
    status, page = brought(officer, own, head + right, **{"try": "1"})
    assert status == 200 and "Nhận được cả danh sách" in page
    assert "12/4" not in officer.get(own.path()).text
    assert brought(officer, own, head + right)[0] == 302
    page = officer.get(own.path()).text
    assert "12/4, 12/5" in page and "Phạm Thị Cò" not in page
    assert brought(officer, own, "a;b\n1;2\n")[0] == 422
    assert brought(signed_in(Role.VIEWER), own, head + right)[0] == 403


def test_a_part_of_a_parcel_is_recovered_on_the_page(
    app: Flask, signed_in: Actors, own: Held
) -> None:
    """Item 2 holds 1 ha of other land: a quarter of it is cut from the north and recovered."""
    with database_of(app).households() as session:
        lead(session, own.case, *TO_PLAN, place=1)
    planner = signed_in(Role.PLANNER)
    assert "Thu hồi một phần" in planner.get(own.item(1)).text
    form = {"part_m2": "2500", "side": "north", **PAPER, "issued": "2025-04-01"}
    wrong = {"side": "up"}, {"part_m2": "x"}, {"part_m2": "0"}, {"part_m2": "99999"}
    for more in wrong:
        assert planner.post(own.item(1, "/part"), **{**form, **more}).status_code == 422, more
    assert planner.post(own.item(1, "/part"), **form).status_code == 302
    assert "2.500,0 m²" in planner.get(own.item(1)).text
    assert "10.000,0 m²" in planner.get(own.item(1) + "?as_of=2025-03-31").text

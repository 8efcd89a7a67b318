"""Items, steps, payments, plots and promises as tables: out, in again, refused in words."""

from __future__ import annotations

import io
from collections.abc import Callable

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import text

from gisapp.running import database_of
from gisapp.security.permissions import Role
from tests.db.clearing import CANARY, PERSON
from tests.web.clearing import PAPER, TO_PLAN, Held, lay_held, send
from tests.web.conftest import Browser

Actors = Callable[[Role | None], Browser]
STEPS = ["Hồ sơ", "Mục", "Bước", "Ngày", "Số văn bản", "Ngày văn bản", "Cơ quan ban hành"]
MONEY = ["Hồ sơ", "Mục", "Bước", "Ngày", "Bồi thường", "Hỗ trợ", "Tái định cư"]


@pytest.fixture
def own(app: Flask) -> Held:
    """A case to write on, its first item led to the approved plan."""
    return lay_held(app, *TO_PLAN)


def step_row(own: Held, item: str, kind: str, day: str) -> list[object]:
    return [own.code, item, kind, day, "", "", ""]


def test_steps_come_in_and_go_out_again(signed_in: Actors, own: Held) -> None:
    planner = signed_in(Role.PLANNER)
    address = "/clearance/steps/import"
    rows = [
        step_row(own, "2", "Thông báo thu hồi đất", "10/09/2024"),
        [own.code, "2", "Kiểm đếm", "01/10/2024", "7/BB", "01/10/2024", "UBND phường"],
    ]
    status, page = send(planner, address, STEPS, rows, **{"try": "1"})
    assert status == 200 and "chưa ghi gì" in page
    assert "7/BB" not in planner.get(f"/clearance/{own.code}/steps").text
    assert send(planner, address, STEPS, rows)[0] == 302
    listed = planner.get(f"/clearance/{own.code}/steps").text
    assert "7/BB" in listed and "UBND phường" in listed
    file = planner.get(f"/clearance/{own.code}/steps?format=csv").text
    head = file.lstrip("\ufeff").splitlines()[0]
    for column in STEPS[1:]:
        assert column in head, "an export is read again by its headings"
    assert planner.get(f"/clearance/{own.code}/steps?kind=inventory&q=2").status_code == 200


@pytest.mark.parametrize(
    ("item", "kind", "day", "said"),
    [
        ("2", "Kiểm đếm", "01/10/2024", "một bước trong số: Thông báo thu hồi đất"),
        ("1", "Quyết định thu hồi đất", "11/12/2024", "một bước trong số: Phê duyệt phương án"),
        ("99", "Kiểm đếm", "01/10/2024", "không có mục “99”"),
        ("1", "Bay", "01/10/2024", "không dùng được"),
        ("1", "Quyết định thu hồi đất", "01/01/2190", "chưa đến"),
        ("1", "Bàn giao mặt bằng", "01/02/2025", "một bước trong số: Quyết định thu hồi đất"),
        ("1", "Chi trả", "01/02/2025", "không dùng được"),
    ],
    ids=["order", "dated-before", "no-item", "no-step", "ahead", "not-recovered", "money"],
)
def test_a_step_that_cannot_be_is_refused_by_its_row(
    signed_in: Actors, own: Held, item: str, kind: str, day: str, said: str
) -> None:
    good = step_row(own, "1", "Họp phổ biến", "05/09/2024")
    status, page = send(
        signed_in(Role.PLANNER), "/clearance/steps/import", STEPS,
        [good, step_row(own, item, kind, day)],
    )  # fmt: skip
    assert status == 422
    assert said in page
    assert '<td class="num">3</td>' in page, "the second row of data is row 3 of the sheet"
    assert (
        "Họp phổ biến"
        not in signed_in(Role.VIEWER).get(f"/clearance/{own.code}/steps").text.split("<tbody>")[1]
    )


def test_items_come_in(signed_in: Actors, own: Held) -> None:
    planner, address = signed_in(Role.PLANNER), "/clearance/items/import"
    head = ["Hồ sơ", "Mục", "Tờ", "Thửa", "Loại đất", "Lô cần", "Khu tái định cư"]
    wrong = [
        [own.code, "1", "12", "3", "", "", ""],
        [own.code, "7", "12", "99", "", "", ""],
        [own.code, "8", "12", "1", "", "", ""],
        ["GPMB-NONE", "8", "12", "3", "", "", ""],
        [own.code, "9", "12", "4", "đất trời", "", ""],
        [own.code, "9", "12", "5", "", "1", "TDC-NONE"],
    ]
    status, page = send(planner, address, head, wrong)
    assert status == 422
    for said in ("đã có trong hồ sơ", "12/99", "12/1", "GPMB-NONE", "đất trời", "TDC-NONE"):
        assert said in page, said
    right = [
        [own.code, "7", "12", "3", "đất nông nghiệp", "1", own.home],
        [own.code, "7", "12", "4", "", "", ""],
        [own.code, "8", "12", "5", "phi nông nghiệp", "", ""],
    ]
    assert send(planner, address, head, right)[0] == 302
    listed = planner.get(f"/clearance/{own.code}").text
    assert "12/3, 12/4" in listed and "12/5" in listed
    assert send(signed_in(Role.VIEWER), address, head, right)[0] == 403


def test_payments_are_the_officers_and_refused_by_row(
    app: Flask, signed_in: Actors, own: Held
) -> None:
    officer, address = signed_in(Role.OFFICER), "/clearance/payments/import"
    rows = [
        [own.code, "1", "Chi trả", "10/01/2025", "800000001", "0", "0"],
        [own.code, "1", "Chi trả", "11/01/2025", "10,5", "0", "0"],
        [own.code, "1", "Chi trả", "12/01/2025", "-5", "0", "0"],
        [own.code, "1", "Chi trả", "13/01/2025", "0", "0", "0"],
        [own.code, "2", "Chi trả", "13/01/2025", "5", "0", "0"],
    ]
    said = {
        0: "vượt phương án", 1: "số đồng nguyên", 2: "số đồng nguyên", 3: "ít nhất một số tiền",
        4: "một bước trong số: Phê duyệt phương án",
    }  # fmt: skip
    for place, words in said.items():
        status, page = send(officer, address, MONEY, [rows[place]])
        assert status == 422 and words in page, (place, page)
    paid = [own.code, "1", "Chi trả", "10/01/2025", "800.000.000", "150.000.000", "50.000.000"]
    assert send(officer, address, MONEY, [paid])[0] == 302
    page = officer.get(f"/clearance/{own.code}/payments").text
    assert CANARY in page and "150.000.000" in page and str(PERSON.identity_no) not in page
    book = officer.client.get(f"/clearance/{own.code}/payments?format=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(book.data)).active
    assert sheet is not None and "800000000" in str([[c.value for c in r] for r in sheet.rows])
    for role in (Role.VIEWER, Role.PLANNER, Role.LEADER, Role.AUDITOR, Role.ADMIN):
        other = signed_in(role)
        assert other.get(f"/clearance/{own.code}/payments").status_code == 403
        assert send(other, address, MONEY, [paid])[0] == 403
    with database_of(app).reading() as db:
        reasons = db.execute(text("SELECT reason FROM land.change")).scalars()
        assert not any("ds.csv" in each for each in reasons if "payments" in each)


def test_plots_and_promises_come_in(signed_in: Actors, own: Held) -> None:
    planner = signed_in(Role.PLANNER)
    head = ["Khu tái định cư", "Lô", "Diện tích (m²)", "Sẵn sàng từ"]
    wrong = [[own.home, "LK-1", "-100", ""], ["TDC-NONE", "LK-9", "", ""]]
    status, page = send(planner, "/resettlement/plots/import", head, wrong)
    assert status == 422 and "ngoài khoảng" in page and "TDC-NONE" in page
    right = [[own.home, "=LK-7", "120,5", "01/06/2026"], [own.home, "LK-8", "", ""]]
    assert send(planner, "/resettlement/plots/import", head, right)[0] == 302
    plain = planner.get(f"/resettlement/{own.home}?format=csv").text
    assert "'=LK-7" in plain, "a formula is defused on its way out"
    head = ["Khu tái định cư", "Lô", "Hồ sơ", "Mục", "Giao ngày"]
    address = "/resettlement/assignments/import"
    twice = [
        [own.home, "LK-1", own.code, "1", "10/01/2025"],
        [own.home, "LK-1", own.code, "2", "11/01/2025"],
    ]
    status, page = send(planner, address, head, twice)
    assert status == 422 and "Trùng với dòng" in page
    early = [[own.home, "LK-8", own.code, "1", "10/01/2024"]]
    status, page = send(planner, address, head, early)
    assert status == 422 and "chưa có (hoặc không còn) vào ngày 10/01/2024" in page
    assert send(planner, address, head, twice[:1])[0] == 302
    status, page = send(planner, address, head, twice[1:])
    assert status == 422 and "đã giao cho hộ khác" in page


def test_land_beside_money_by_zone(signed_in: Actors, own: Held) -> None:
    viewer = signed_in(Role.VIEWER)
    page = viewer.get("/clearance/by-zone?as_of=2025-01-05").text
    assert own.zone in page and "1.000.000.000" in page
    file = viewer.get("/clearance/by-zone?format=csv").text
    assert own.zone in file


def test_the_auditor_sees_who_read_what_and_no_name(signed_in: Actors, own: Held) -> None:
    signed_in(Role.OFFICER).get(own.item(0, "/household"))
    auditor = signed_in(Role.AUDITOR)
    page = auditor.get(f"/audit/households?q={own.code}").text
    assert f"{own.code} · 1" in page and "officer" in page
    assert "Tên, giấy tờ, tài khoản" in page and "Số tiền" in page
    assert CANARY not in page and str(own.case.household) not in page
    rows = page.split("<tbody>")[1]
    assert rows.count("<tr") == 2
    assert auditor.get(f"/audit/households?q={own.code}&kind=household-read").text.split(
        "<tbody>"
    )[1].count("<tr") == 1  # fmt: skip
    for form in ("csv", "xlsx"):
        file = auditor.client.get(f"/audit/households?q={own.code}&format={form}")
        assert file.status_code == 200 and CANARY.encode() not in file.data
    assert "chưa kiểm chứng" in page, "a term of retention is not claimed to be law"
    for role in Role:
        if role is not Role.AUDITOR:
            assert signed_in(role).get("/audit/households").status_code == 403
    assert auditor.get("/audit/households?since=2020-02-30").status_code == 400


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(
    ("path", "address", "role"),
    [
        ("steps", "/clearance/steps/import", Role.PLANNER),
        ("payments", "/clearance/payments/import", Role.OFFICER),
    ],
)
def test_what_went_out_comes_in_again(
    app: Flask, signed_in: Actors, path: str, address: str, role: Role, language: str
) -> None:
    """The file of one case is read into another with the same land: headings, words and numbers."""
    kinds = TO_PLAN[:4] if path == "steps" else (*TO_PLAN, "paid")
    first = lay_held(app, *kinds)
    other = lay_held(app, *(() if path == "steps" else TO_PLAN[:4]))
    browser = signed_in(role)
    file = browser.get(f"/clearance/{first.code}/{path}?format=csv&lang={language}").text
    assert file.count("\n") >= (4 if path == "steps" else 2)
    content = file.replace(first.code, other.code).encode()
    browser.get(address)
    form = {"csrf_token": browser.token, "file": (io.BytesIO(content), "ds.csv"), "try": "1"}
    answer = browser.client.post(address, data={**form, **PAPER})
    browser.get("/clearance?lang=vi")
    assert answer.status_code == 200, answer.text

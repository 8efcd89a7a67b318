"""A planner at the map: a decision opened, land edited under it, committed, undone, redone."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from gisapp.security.permissions import Role
from planning.changes.drafts.commands import own_draft
from tests.e2e.conftest import Site
from tests.e2e.test_map import ZONE, ready
from tests.e2e.workbench import Bench, OpenPage, bench, place

DAY = "2025-06-15"


def total_m2(site: Site) -> float:
    """The ground of the zone's parcels today, straight from the register."""
    with site.database.reading() as session:
        found = session.execute(
            text(
                "SELECT sum(parcel.area_m2) FROM land.parcel_version AS parcel "
                "JOIN land.zone ON zone.id = parcel.zone_id WHERE zone.code = 'KCN-TEST' "
                "AND parcel.closed_by IS NULL AND parcel.valid_to IS NULL"
            )
        )
        return float(found.scalar_one())


def standing(site: Site) -> set[tuple[str, str, str]]:
    """Every parcel of the zone today: sheet, number, and its exact ground."""
    with site.database.reading() as session:
        rows = session.execute(
            text(
                "SELECT parcel.sheet_no, parcel.parcel_no, encode(ST_AsBinary(parcel.geom), 'hex') "
                "FROM land.parcel_version AS parcel JOIN land.zone ON zone.id = parcel.zone_id "
                "WHERE zone.code = 'KCN-TEST' AND parcel.closed_by IS NULL "
                "AND parcel.valid_to IS NULL"
            )
        )
        return {(row[0], row[1], row[2]) for row in rows}


def register_decision(page: Page, number: str) -> None:
    """Register a decision in place, as its paper says."""
    page.get_by_role("button", name="Đăng ký văn bản mới").click()
    page.get_by_label("Số, ký hiệu").fill(number)
    page.get_by_label("Ngày ban hành").fill(DAY)
    page.get_by_label("Cơ quan ban hành").fill("UBND tỉnh")
    page.get_by_label("Trích yếu").fill("Điều chỉnh ranh thửa và mở đường N3")
    page.get_by_role("button", name="Đăng ký văn bản", exact=True).click()
    expect(page.locator(".opening-picked")).to_contain_text(number)


def opened_on(page: Page, site: Site) -> Bench:
    """Open the change that is ready to be opened; answer the bench of it."""
    page.get_by_role("button", name="Mở thay đổi", exact=True).click()
    expect(page.locator("#document-bar")).to_contain_text("0 thao tác")
    page.wait_for_function("() => window.__app.edit.ready()")
    return Bench(page, site, UUID(page.evaluate("() => window.__app.edit.change().id")))


@pytest.mark.timeout(400)
def test_the_journey_of_a_planner(open_page: OpenPage, site: Site) -> None:
    page = open_page(ZONE, role=Role.PLANNER)
    ready(page)
    before_m2, before = total_m2(site), standing(site)
    bar = page.locator("#document-bar")
    expect(bar).to_be_hidden()

    # a decision
    page.get_by_role("button", name="Sửa thửa").click()
    register_decision(page, "31/QĐ-UBND")
    expect(page.get_by_label("Ngày hiệu lực", exact=True)).to_have_value(DAY)
    at = opened_on(page, site)
    expect(bar).to_contain_text("31/QĐ-UBND")
    expect(bar).to_contain_text("hiệu lực 15/06/2025")
    expect(page.locator(".topbar .day summary b")).to_have_text("15/06/2025")

    # split a parcel by exact area
    at.choose((4, 3))
    at.start("a")
    page.keyboard.type("3.333,3")
    seen = at.previewing(at.enter)
    effect = page.locator("#edit-effect")
    expect(effect).to_contain_text("3.333,3 m²")
    expect(effect).to_contain_text("6.666,7 m²")
    expect(effect).to_contain_text("Tổng diện tích được bảo toàn: 10.000,0 m²")
    expect(effect).to_contain_text("77/QĐ-UBND")
    assert page.evaluate("() => window.__app.edit.pieces()") == 2
    assert at.steps() == []
    at.add_previewed()
    assert [round(each["area_m2"], 1) for each in seen["effect"]["added"] if each["taken"]] == [
        3333.3
    ]
    assert len(page.evaluate("() => window.__app.edit.chosen()")) == 2, "the pieces stay chosen"

    # drag a corner that four parcels share
    at.choose((7, 3))
    at.start("d")
    corner, moved = place(7, 3), (place(7, 3)[0] + 6.5, place(7, 3)[1] - 4.25)
    sharing = page.evaluate("(at) => window.__app.edit.sharing(at)", list(corner))
    assert len(sharing) == 4
    at.adding(lambda: at.drag(corner, moved))
    (edit,) = at.steps()[-1]["parameters"]["edits"]
    landed = tuple(edit["to"])
    assert sorted(page.evaluate("(at) => window.__app.edit.sharing(at)", list(landed))) == sorted(
        sharing
    )

    # cut a road through a column of parcels
    at.start("h")
    page.get_by_label("Bề rộng").fill("12")
    at.type_places(place(2.5, 1.98), place(2.5, 5.02))
    at.previewing(lambda: page.get_by_role("button", name="Xem trước").last.click())
    expect(effect).to_contain_text("Tổng diện tích được bảo toàn")
    at.adding(page.locator("#edit-add").click)

    # merge two neighbours
    page.keyboard.press("Escape")
    at.choose((8, 4), (9, 4))
    at.start("g")
    at.previewing(at.enter)
    expect(effect).to_contain_text("20.000,0 m²")
    at.add_previewed()

    # the whole change, before anything of it is in the register
    expect(bar).to_contain_text("4 thao tác")
    expect(bar).to_contain_text("chưa ghi vào sổ")
    assert [step["operation"] for step in at.steps()] == ["split", "reshape", "corridor", "merge"]
    assert standing(site) == before
    page.get_by_role("button", name="Xem trước", exact=True).first.click()
    expect(effect).to_contain_text("Cả thay đổi khi ghi vào sổ")
    expect(effect).to_contain_text("Tổng diện tích được bảo toàn")

    # commit asks nothing
    bar.get_by_role("button", name="Ghi thay đổi").click()
    expect(bar).to_contain_text(re.compile(r"Đã ghi vào sổ, thay đổi số \d+"))
    expect(page.locator("#edit-receipt")).to_contain_text("Bản ghi mới")
    after = standing(site)
    assert after != before
    assert total_m2(site) == pytest.approx(before_m2, abs=0.1)

    # undo, redo
    bar.get_by_role("button", name="Hoàn tác").click()
    expect(bar).to_contain_text("đã được hoàn tác")
    assert standing(site) == before
    bar.get_by_role("button", name="Ghi lại").click()
    expect(bar).not_to_contain_text("đã được hoàn tác")
    expect(bar.get_by_role("button", name="Hoàn tác")).to_be_visible()
    assert standing(site) == after
    assert total_m2(site) == pytest.approx(before_m2, abs=0.1)

    # leave the register as it was found
    bar.get_by_role("button", name="Hoàn tác").click()
    expect(bar).to_contain_text("đã được hoàn tác")
    bar.get_by_role("button", name="Xong").click()
    expect(bar).to_be_hidden()
    assert standing(site) == before
    assert "change=" not in page.url


def test_without_a_document_there_are_no_tools(open_page: OpenPage) -> None:
    page = open_page(ZONE, role=Role.PLANNER)
    ready(page)
    page.get_by_role("button", name="Sửa thửa").click()
    split = page.get_by_role("button", name="Tách theo diện tích")
    expect(split).to_have_attribute("aria-disabled", "true")
    split.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#edit-say")).to_contain_text("Chọn văn bản làm căn cứ trước")
    expect(page.locator(".tool-form")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator("#edit-panel")).to_be_hidden()
    expect(page.locator("#edit-open")).to_be_focused()


def test_who_may_not_edit_sees_no_editor(open_page: OpenPage) -> None:
    page = open_page(ZONE, role=Role.VIEWER)
    ready(page)
    expect(page.get_by_role("button", name="Sửa thửa")).to_have_count(0)
    expect(page.locator("#document-bar, #edit-panel, #edit-toolbar")).to_have_count(0)


@pytest.mark.timeout(400)
def test_an_existing_document_is_found_and_a_change_is_taken_up_again(
    open_page: OpenPage, site: Site
) -> None:
    page = open_page(ZONE, role=Role.PLANNER)
    ready(page)
    page.get_by_role("button", name="Sửa thửa").click()
    page.get_by_label("Tìm văn bản").fill("77/QĐ")
    page.locator("#opening-found button", has_text="77/QĐ-UBND").click()
    expect(page.get_by_label("Ngày hiệu lực", exact=True)).to_have_value("2022-01-01")
    expect(page.locator(".opening-details .note")).to_contain_text("ngày có thay đổi sau ngày đó")
    page.get_by_label("Ngày hiệu lực", exact=True).fill(DAY)
    expect(page.locator(".opening-details .note")).to_be_hidden()
    page.get_by_label("Lý do").fill("Nối tiếp hôm sau")
    at = opened_on(page, site)
    at.choose((5, 4))
    at.start("a")
    page.keyboard.type("1000")
    at.previewing(at.enter)
    at.add_previewed()
    page.get_by_role("button", name="Tạm đóng").click()
    expect(page.locator("#document-bar")).to_be_hidden()
    expect(page.locator(".topbar")).not_to_have_class(re.compile("elsewhen"))
    page.get_by_role("button", name="Sửa thửa").click()
    page.locator(f"[data-change='{at.change}']").click()
    expect(page.locator("#document-bar")).to_contain_text("1 thao tác")
    expect(page.locator("#edit-steps")).to_contain_text("Tách thửa 6, tờ 5 thành 2 thửa")
    page.reload()
    expect(page.locator("#document-bar")).to_contain_text("1 thao tác")
    at.ready()
    # discarding asks, because something would be lost, and stays readable
    page.get_by_role("button", name="Huỷ bỏ").click()
    page.get_by_role("button", name="Giữ lại").click()
    page.get_by_role("button", name="Huỷ bỏ").click()
    page.get_by_role("button", name="Bỏ thay đổi").click()
    expect(page.locator("#document-bar")).to_be_hidden()
    expect(page.locator("#edit-say")).to_contain_text("Đã huỷ bỏ thay đổi")
    with site.database.reading() as session:
        assert own_draft(session, at.change, "planner").status == "discarded"


def test_undo_and_redo_of_operations_by_keys(open_page: OpenPage, site: Site) -> None:
    at = bench(open_page, site)
    page = at.page
    (parcel,) = at.choose((5, 3))
    ring = at.rings(parcel)
    at.start("a")
    page.keyboard.type("2500")
    at.previewing(at.enter)
    at.add_previewed()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+z")
    expect(page.locator("#edit-say")).to_contain_text("Đã bỏ thao tác: Tách thửa 6, tờ 4")
    at.ready()
    assert at.rings(parcel) == ring
    assert [step["taken_back"] for step in at.steps()] == [True]
    expect(page.locator("#edit-steps .taken-back")).to_have_count(1)
    for key in ("Control+Shift+z", "Control+z", "Control+y"):
        page.keyboard.press(key)
        at.page.wait_for_function(
            "(gone) => window.__app.edit.ready() &&"
            " window.__app.edit.change().operations[0].taken_back === gone",
            arg=key == "Control+z",
        )
    assert [step["taken_back"] for step in at.steps()] == [False]
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Hoàn tác thao tác cuối")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_parcels_are_chosen_by_click_box_lasso_and_number(open_page: OpenPage, site: Site) -> None:
    at = bench(open_page, site)
    page = at.page
    chosen = "() => window.__app.edit.chosen().length"
    at.choose((4, 3), (5, 3))
    expect(page.locator("#edit-chosen [data-total]")).to_have_text("20.000,0 m² · 2,00 ha")
    at.click(place(5.45, 3.3), shift=True)
    page.wait_for_function(f"() => ({chosen})() === 1")
    page.locator("#map").focus()
    page.keyboard.press("x")
    at.drag(place(3.6, 1.6), place(5.9, 3.9))
    page.wait_for_function(f"() => ({chosen})() === 4", timeout=10_000)
    page.keyboard.press("z")
    at.hover(place(4.2, 2.2))
    page.mouse.down()
    for corner in ((5.9, 2.2), (5.9, 2.9), (4.2, 2.9), (4.2, 2.2)):
        page.mouse.move(*at.px(place(*corner)), steps=5)
    page.mouse.up()
    page.wait_for_function(f"() => ({chosen})() === 2", timeout=10_000)
    page.keyboard.press("Escape")
    page.get_by_label("Tờ/thửa, ví dụ 5/12").fill("thửa 6 tờ 4")
    page.keyboard.press("Enter")
    expect(page.locator(".chosen-list li")).to_have_count(1)
    expect(page.locator(".chosen-list")).to_contain_text("Thửa 6, tờ 4")
    page.get_by_role("button", name="Bỏ chọn thửa: Thửa 6, tờ 4").click()
    expect(page.locator(".chosen-list")).to_have_count(0)


def test_split_by_area_and_commit_without_a_mouse(open_page: OpenPage, site: Site) -> None:
    at = bench(open_page, site, at=(6.5, 4.5))
    page = at.page
    before = standing(site)
    page.locator("#map").focus()
    page.keyboard.press("Enter")  # the parcel in the middle of the map
    expect(page.locator(".chosen-list")).to_contain_text("Thửa 7, tờ 5")
    page.keyboard.press("a")
    page.keyboard.type("0,4 ha")
    at.previewing(at.enter)
    at.add_previewed()
    page.keyboard.press("Escape")
    for _ in range(60):
        if page.evaluate("() => document.activeElement.dataset.act") == "commit":
            break
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#document-bar")).to_contain_text("Đã ghi vào sổ")
    assert len(standing(site) - before) >= 2
    page.keyboard.press("Control+z")
    expect(page.locator("#document-bar")).to_contain_text("đã được hoàn tác")
    assert standing(site) == before


def test_far_out_parcels_are_not_edited_and_it_says_so(open_page: OpenPage, site: Site) -> None:
    at = bench(open_page, site)
    page = at.page
    page.locator("#map-strip [data-scale]").select_option("25000")
    expect(page.locator("#map-notice")).to_contain_text("Phóng đến 1:10.000")
    expect(page.get_by_role("button", name="Vẽ thửa mới")).to_have_attribute(
        "aria-disabled", "true"
    )
    page.locator("#map-strip [data-scale]").select_option("5000")
    at.ready()
    expect(page.locator("#map-notice")).to_be_hidden()


def test_edges_to_snap_to_are_exact(open_page: OpenPage, site: Site) -> None:
    at = bench(open_page, site)
    (west, south), (east, north) = place(0, 0), place(10, 6)
    said = at.page.evaluate(
        "async (path) => (await fetch(path)).json()",
        f"/api/v1/zones/KCN-TEST/edges?as_of={DAY}&bbox={west},{south},{east},{north}",
    )
    symbols = sorted(each["properties"]["symbol"] for each in said["lots"]["features"])
    assert symbols == ["CN-01", "CN-02", "CX-01", "DV-01", "HT-01"]
    lot = next(e for e in said["lots"]["features"] if e["properties"]["symbol"] == "CN-01")
    assert sorted(map(tuple, lot["geometry"]["coordinates"][0][:4])) == sorted(
        [place(0, 0), place(7, 0), place(7, 3), place(0, 3)]
    )
    assert [each["properties"]["code"] for each in said["boundary"]["features"]] == ["KCN-TEST"]

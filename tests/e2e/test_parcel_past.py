"""The past of a parcel as people look it up: family, both clocks, what lay on a spot, papers."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from gisapp.security.permissions import Role
from tests.conftest import ROOT
from tests.e2e.conftest import TABLET, Site, Watch
from tests.e2e.test_map import ZONE, choose, pixel, ready

OpenPage = Callable[..., Page]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"


def history(page: Page) -> None:
    """Open the page of the card that tells the past."""
    page.get_by_role("tab", name="Lịch sử").click()
    expect(page.locator("#card .timeline li").first).to_be_visible()


def test_the_family_is_a_tree_that_opens_by_click_and_by_key(
    open_page: OpenPage, site: Site
) -> None:
    page = open_page(f"{ZONE}&parcel={site.park.parcels[0]}")
    ready(page)
    history(page)
    tree = page.locator("#card .lineage")
    expect(tree.locator("[aria-current]")).to_contain_text("Thửa 1, tờ 1")
    expect(tree.locator("button b")).to_have_text(["Thửa 101, tờ 1", "Thửa 102, tờ 1"])
    expect(tree.locator("button").first).to_contain_text("4.000,0 m²")
    expect(tree.locator("button").first).to_contain_text("tách thửa · 01/01/2025")
    tree.locator("button").first.focus()
    page.keyboard.press("ArrowDown")
    expect(tree.locator("button").nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#card h2")).to_have_text("Thửa 102, tờ 1")
    expect(page.locator("#card h2")).to_be_focused()
    expect(tree.locator("button b")).to_have_text(["Thửa 1, tờ 1"])
    tree.locator("button").first.click()
    expect(page.locator("#card h2")).to_have_text("Thửa 1, tờ 1")
    assert f"parcel={site.park.parcels[0]}" in page.url


def test_the_timeline_runs_on_either_clock_and_leads_to_the_day(
    open_page: OpenPage, site: Site
) -> None:
    page = open_page(f"{ZONE}&parcel={site.park.parcels[0]}")
    ready(page)
    history(page)
    line = page.locator("#card .timeline")
    days = line.locator(".legal button")
    expect(days.first).to_have_text("01/01/2025")
    expect(line.locator(".recorded").first).to_contain_text("Ghi vào sổ")
    expect(line.locator(".recorded").first).to_contain_text("sau ")
    expect(line.locator("li", has_text="Thành thửa")).to_contain_text("1/101, 1/102 (tách thửa)")
    page.get_by_role("button", name="Lúc ghi sổ").click()
    expect(line.locator("li:not(.year) > p").first).to_have_class(re.compile("recorded"))
    expect(page.get_by_role("button", name="Lúc ghi sổ")).to_be_focused()
    page.get_by_role("button", name="Ngày pháp lý").click()
    days.filter(has_text="01/06/2023").first.click()
    expect(page.locator("#day-bar [data-text]")).to_have_text("01/06/2023")
    expect(page.locator("#card")).to_contain_text("Đã cho thuê lại")
    assert "as_of=2023-06-01" in page.url


def test_a_parcel_of_the_past_shows_its_ground_and_its_last_day(
    open_page: OpenPage, site: Site
) -> None:
    page = open_page(f"{ZONE}&parcel={site.park.parcels[0]}")
    ready(page)
    page.wait_for_function("() => window.__app.scale() <= 4000")
    page.get_by_role("button", name="Xem ngày cuối còn hiệu lực (31/12/2024)").click()
    expect(page.locator("#card")).not_to_contain_text("Không còn vào ngày này")
    expect(page.locator("#day-bar [data-text]")).to_have_text("31/12/2024")


def test_a_right_click_tells_what_ever_lay_there(open_page: OpenPage, site: Site) -> None:
    page = open_page(ZONE)
    ready(page)
    page.mouse.click(*pixel(page, 0, 0), button="right")
    page.get_by_role("menuitem", name="Mọi thửa từng nằm ở đây").click()
    rows = page.locator("#card .spot-list button")
    expect(rows.locator("b")).to_have_text(["Thửa 102, tờ 1", "Thửa 1, tờ 1"])
    expect(rows.first).to_contain_text("vào ngày đang xem")
    expect(rows.nth(1)).to_contain_text("từ 01/01/2020 đến trước 01/01/2025")
    expect(rows.nth(1)).to_contain_text("10.000,0 m²")
    assert "spot=432" in page.url
    page.reload()
    ready(page)
    rows.nth(1).click()
    expect(page.locator("#card")).to_contain_text("Không còn vào ngày này")
    assert "spot=" not in page.url
    page.get_by_role("button", name="Mọi thửa từng nằm ở đây").click()
    expect(rows).to_have_count(2)
    page.get_by_role("button", name="Về phiếu thửa").click()
    expect(page.locator("#card h2")).to_have_text("Thửa 1, tờ 1")


def test_the_menu_of_a_place_answers_to_keys(open_page: OpenPage) -> None:
    page = open_page(ZONE)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ready(page)
    page.locator("#map").focus()
    page.keyboard.press("Shift+F10")
    expect(page.get_by_role("menuitem").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu")).to_be_hidden()
    expect(page.locator("#map")).to_be_focused()
    page.keyboard.press("Shift+F10")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_function("async () => /^X 2[.]317[.]/.test(await navigator.clipboard.readText())")


def test_a_long_press_opens_the_menu_on_a_tablet(open_page: OpenPage) -> None:
    page = open_page(ZONE, viewport=TABLET, has_touch=True)
    ready(page)
    x, y = pixel(page, 5, 2)
    touch = page.context.new_cdp_session(page)
    touch.send(
        "Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]}
    )
    item = page.get_by_role("menuitem", name="Mọi thửa từng nằm ở đây")
    expect(item).to_be_visible()
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    box = item.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    item.tap()
    expect(page.locator("#card .spot-list b")).to_have_text(["Thửa 6, tờ 3"])


def test_a_spot_without_parcels_says_so(open_page: OpenPage) -> None:
    page = open_page("/map?zone=KKT-TEST&spot=430500.00,2315500.00")
    ready(page)
    expect(page.locator("#card")).to_contain_text("Chưa có thửa nào được ghi ở điểm này")
    expect(page.locator("#card")).to_contain_text("X 2.315.500,00")


def test_a_document_opens_from_the_card_and_a_missing_file_is_said(
    open_page: OpenPage, site: Site, watch: Watch
) -> None:
    page = open_page(ZONE, role=Role.PLANNER)
    ready(page)
    parcel = str(site.park.parcels[44])
    number = _renamed_on_paper(page, site, parcel)
    choose(page, 4, 4)
    page.get_by_role("tab", name="Hồ sơ").click()
    papers = page.locator("#page-documents .block")
    expect(papers.filter(has_text="01/QĐ-UBND")).to_contain_text("Chưa có tệp trong sổ")
    link = papers.filter(has_text=number).get_by_role("link")
    expect(link).to_have_attribute("target", "_blank")
    href = link.get_attribute("href")
    assert href is not None
    answer = page.context.request.get(site.url + href)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["content-disposition"].startswith("inline")
    assert answer.body() == PDF
    history(page)
    expect(page.locator("#card .timeline a", has_text=number)).to_have_attribute("href", href)


def _renamed_on_paper(page: Page, site: Site, parcel: str) -> str:
    """Change a parcel's official number on a decision whose file is kept; its number."""
    token = page.locator('meta[name="csrf-token"]').get_attribute("content") or ""
    ask = page.context.request

    def post(path: str, **sent: object) -> dict[str, str]:
        headers = {"X-CSRFToken": token, "Idempotency-Key": str(uuid4()), "Referer": site.url}
        answer = ask.post(f"{site.url}/api/v1{path}", headers=headers, **sent)  # type: ignore[arg-type]
        assert answer.ok, answer.text()
        return dict(answer.json())

    paper = {"name": "qd.pdf", "mimeType": "application/pdf", "buffer": PDF}
    stored = post("/documents/files", multipart={"file": paper})
    number = "120/QĐ-BQL"
    document = post("/documents", data={
        "number": number, "issued_on": "2025-05-05", "issuer": "Ban Quản lý",
        "file_sha256": stored["sha256"], "file_name": "qd.pdf",
    })  # fmt: skip
    change = post("/changes", data={
        "document_id": document["id"], "reason": "Cấp mã", "effective_on": "2025-05-06",
    })  # fmt: skip
    version = ask.get(f"{site.url}/api/v1/parcels/{parcel}").json()["properties"]["version"]
    post(f"/changes/{change['id']}/parcels/attributes", data={
        "parcel": parcel, "versions": {parcel: version}, "set": {"official_id": "0681400015"},
    })  # fmt: skip
    post(f"/changes/{change['id']}/commit", data={})
    return number


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_assistive_tools_find_nothing_to_complain_of(
    open_page: OpenPage, site: Site, scheme: str
) -> None:
    page = open_page(f"{ZONE}&parcel={site.park.halves[0]}", color_scheme=scheme, bypass_csp=True)
    ready(page)
    history(page)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for step in ("history", "spot", "menu"):
        if step == "spot":
            page.get_by_role("button", name="Mọi thửa từng nằm ở đây").click()
            expect(page.locator(".spot-list li")).to_have_count(2)
        if step == "menu":
            page.locator("#map").focus()
            page.keyboard.press("Shift+F10")
        found = page.evaluate("() => axe.run()")
        assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == [], step

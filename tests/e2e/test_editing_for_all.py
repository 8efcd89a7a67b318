"""Editing for everybody: assistive tools look at every state, and a tablet's sheet and targets."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from gisapp.security.permissions import Role
from tests.conftest import ROOT
from tests.e2e.conftest import TABLET, Site
from tests.e2e.test_editing import DAY, opened_on
from tests.e2e.test_map import ZONE, ready
from tests.e2e.workbench import OpenPage, bench, place

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"


def test_on_a_tablet_the_panel_is_a_sheet_and_targets_are_large(
    open_page: OpenPage, site: Site
) -> None:
    at = bench(open_page, site, viewport=TABLET, has_touch=True)
    page = at.page
    page.touchscreen.tap(*at.px(place(4.45, 3.3)))
    expect(page.locator(".chosen-list li")).to_have_count(1)
    parts = "#document-bar .btn, .edit-tool, #edit-panel .btn, #edit-panel .icon-button"
    for button in page.locator(parts).all():
        box = button.bounding_box()
        if box is not None:
            assert box["height"] >= 44, button.inner_html()
    sheet, ground = page.locator("#edit-panel").bounding_box(), page.locator("#map").bounding_box()
    assert sheet is not None
    assert ground is not None
    assert ground["y"] + ground["height"] <= sheet["y"] + 1, "the sheet never covers the map"
    tall = sheet["height"]
    page.get_by_role("button", name="Thu gọn, mở rộng").tap()
    folded = page.locator("#edit-panel").bounding_box()
    assert folded is not None
    assert folded["height"] < tall / 2
    assert page.evaluate("() => document.documentElement.scrollWidth") <= TABLET["width"]


@pytest.mark.timeout(400)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_assistive_tools_find_nothing_to_complain_of(
    open_page: OpenPage, site: Site, scheme: str
) -> None:
    page = open_page(ZONE, role=Role.PLANNER, color_scheme=scheme, bypass_csp=True)
    ready(page)
    page.evaluate(AXE.read_text(encoding="utf-8"))

    def clean(state: str) -> None:
        found = page.evaluate("() => axe.run()")
        said = [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]]
        assert said == [], state

    page.get_by_role("button", name="Sửa thửa").click()
    expect(page.locator("#opening-found button").first).to_be_visible()
    clean("choosing a document")
    page.get_by_role("button", name="Đăng ký văn bản mới").click()
    clean("registering a document")
    page.get_by_role("button", name="Tìm văn bản đã có").click()
    page.locator("#opening-found button").first.click()
    clean("opening a change")
    page.get_by_label("Ngày hiệu lực", exact=True).fill(DAY)
    at = opened_on(page, site)
    at.choose((4, 3))
    at.start("a")
    page.keyboard.type("2000")
    at.previewing(at.enter)
    expect(page.locator("#edit-add")).to_be_visible()
    clean("a preview")
    at.add_previewed()
    page.keyboard.press("Escape")
    clean("an operation in the change")
    page.keyboard.press("?")
    clean("the keys")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Huỷ bỏ").click()
    clean("before discarding")
    page.get_by_role("button", name="Bỏ thay đổi").click()
    expect(page.locator("#document-bar")).to_be_hidden()

"""Plans on the map: a clicked lot has a page, a spot tells every level, drafts are swiped."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import ROOT
from tests.e2e.conftest import TABLET, Site
from tests.e2e.test_map import ZONE, choose, pixel, ready
from tests.park_draft import add_draft

OpenPage = Callable[..., Page]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture(scope="module")
def draft(site: Site) -> UUID:
    """A draft of the park's plan."""
    with site.database.transaction() as session:
        return add_draft(session)


def test_a_lot_clicked_on_the_map_leads_to_its_page(open_page: OpenPage, site: Site) -> None:
    page = open_page(ZONE)
    ready(page)
    page.get_by_label("Lô quy hoạch", exact=True).check()
    page.get_by_label("Thửa theo tình trạng", exact=True).uncheck()
    ready(page)
    page.wait_for_function("() => window.__app.count('plan-lots') === 5")
    page.mouse.click(*pixel(page, 8, 0))
    expect(page.locator("#card h2")).to_have_text("Quy hoạch có hiệu lực ở đây")
    level = page.locator("#card [data-level=subdivision]")
    expect(level).to_contain_text("24/QĐ-BQL")
    expect(page.locator("#card [data-level=detailed]")).to_contain_text("Không có quy hoạch")
    assert "plans=" in page.url
    page.reload()
    level.locator("a", has_text="CX-01").click()
    expect(page.locator("h1")).to_have_text("Lô CX-01")
    expect(page.locator("main")).to_contain_text("Cho thuê đất không cho thuê")
    page.locator("a:has-text('Xem bản đồ')").click()
    ready(page)
    expect(page.get_by_label("Lô quy hoạch", exact=True)).to_be_checked()


def test_a_parcel_tells_its_findings_and_its_plans(open_page: OpenPage) -> None:
    page = open_page(ZONE)
    ready(page)
    choose(page, 8, 0)
    found = page.locator("#card .card-findings")
    expect(found).to_contain_text("1 đang vướng, 0 đã miễn trừ")
    expect(found.locator("li.high")).to_contain_text("Cho thuê đất không cho thuê")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    faults = page.evaluate("() => axe.run('#card').then((said) => said.violations.map(v => v.id))")
    assert faults == []
    page.locator("#card button", has_text="Quy hoạch có hiệu lực ở đây").click()
    shared = page.locator("#card [data-level=subdivision] .shares")
    expect(shared).to_contain_text("10.000,0 m²")
    page.get_by_role("button", name="Về phiếu thửa").click()
    found.get_by_role("link").click()
    expect(page.locator("table.grid tbody tr")).to_have_count(1)
    expect(page.locator("table.grid tbody")).to_contain_text("1/9")


def test_a_polygon_is_drawn_and_asked_about(open_page: OpenPage) -> None:
    page = open_page(ZONE)
    ready(page)
    page.mouse.click(*pixel(page, 4, 3), button="right")
    page.get_by_role("menuitem", name="Quy hoạch trong vùng vẽ…").click()
    expect(page.locator("#map-notice")).to_contain_text("Esc để thôi")
    page.keyboard.press("Escape")
    expect(page.locator("#map-notice")).to_be_hidden()
    page.mouse.click(*pixel(page, 4, 3), button="right")
    page.get_by_role("menuitem", name="Quy hoạch trong vùng vẽ…").click()
    for corner in ((5, 1), (9, 1), (9, 4)):
        page.mouse.click(*pixel(page, *corner))
    page.mouse.dblclick(*pixel(page, 5, 4))
    expect(page.locator("#card")).to_contain_text("Vùng vẽ · 120.000")
    lots = page.locator("#card [data-level=subdivision] .shares li")
    expect(lots).to_have_count(5)
    expect(page.locator("#card .tab-bar")).to_have_count(0)


def test_a_draft_is_chosen_swiped_and_marked(open_page: OpenPage, site: Site, draft: UUID) -> None:
    page = open_page(ZONE, viewport=TABLET)
    ready(page)
    page.locator("[data-open-layers]").click()
    group = page.locator("#plan-version optgroup[label='Dự thảo, chưa có hiệu lực'] option")
    expect(group).to_have_text("QHPK-TEST · 3 · dự thảo (Đề xuất)")
    page.select_option("#plan-version", str(draft))
    expect(page.locator("#map-notice")).to_contain_text("dự thảo, chưa có hiệu lực vào ngày này")
    page.select_option("#plan-version", "")
    expect(page.locator("#map-notice")).to_be_hidden()
    page.select_option("#swipe-left", f"plan-{site.park.plan_versions[1]}")
    page.select_option("#swipe-right", f"plan-{draft}")
    expect(page.locator(".swipe-names span").last).to_contain_text("dự thảo")
    expect(page.locator(".swipe-range")).to_be_visible()

"""A planner finds a site, sees it lit, keeps it, finds it gone, takes it back; a leader goes from
the list of hold-outs to the map.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from gisapp.security.permissions import Role
from planning.clocks import today
from tests.db.site_ground import SiteGround, lay_sites
from tests.e2e.conftest import TABLET, Site

OpenPage = Callable[..., Page]
FINDER = "/land/sites?zone=KCN-S&area=2"


@pytest.fixture(scope="module")
def laid(site: Site) -> Iterator[SiteGround]:
    """Ground with one site of 2.02 ha and four parcels that wait, beside the small park."""
    with site.database.households() as session:
        made = lay_sites(session)
    yield made


def ready(page: Page) -> None:
    expect(page.locator("#site-map[data-ready]")).to_be_visible()


def lit(page: Page) -> str | None:
    found: str | None = page.evaluate("window.__sites.lit()")
    return found


def test_a_site_is_found_lit_kept_gone_and_given_back(
    open_page: OpenPage, laid: SiteGround
) -> None:
    page = open_page(FINDER, role=Role.PLANNER)
    ready(page)
    assert page.evaluate("window.__sites.count('site')") == 1
    expect(page.locator("#site-legend")).to_contain_text("Khu đất sạch đủ diện tích")
    page.get_by_role("table").get_by_role("link", name="1", exact=True).click()
    expect(page.get_by_role("heading", name="Khu đất số 1")).to_be_visible()
    ready(page)
    key = lit(page)
    assert key is not None and key in page.url
    assert page.evaluate("(id) => window.__sites.shows(id)", key), "the map went there"
    expect(page.locator("#site-say")).to_have_text("Khu đất 1: 2,02 ha · CN-01")
    page.get_by_label("Nhà đầu tư").fill("Công ty Bán dẫn Ví Dụ")
    page.get_by_label("Số giữ chỗ").fill("GC-01")
    page.get_by_label("Đến hết ngày", exact=True).fill((today() + timedelta(days=90)).isoformat())
    page.get_by_label("Số văn bản").fill("15/BQL-GC")
    page.get_by_label("Ngày văn bản").fill(today().isoformat())
    page.get_by_label("Cơ quan ban hành").fill("Ban Quản lý")
    page.get_by_role("button", name="Giữ chỗ các thửa đã chọn").click()
    expect(page.get_by_text("Đã giữ chỗ 2 thửa.")).to_be_visible()
    ready(page)
    assert page.evaluate("window.__sites.count('site')") == 0
    expect(page.locator(".nearly-list > li").first).to_contain_text("đang giữ chỗ đến hết")
    page.get_by_role("button", name="Bỏ giữ chỗ vừa ghi").click()
    expect(page.get_by_text("Đã bỏ giữ chỗ; đất lại trống.")).to_be_visible()
    ready(page)
    assert page.evaluate("window.__sites.count('site')") == 1


def test_a_row_of_the_ranking_lights_its_parcel(open_page: OpenPage, laid: SiteGround) -> None:
    page = open_page("/clearance/holdouts?zone=KCN-S", role=Role.LEADER)
    ready(page)
    assert page.evaluate("window.__sites.count()") == 4
    parcel = str(laid.parcels[4])
    link = page.get_by_role("table").get_by_role("link", name="5/4", exact=True)
    link.click()
    expect(page.locator("#site-say")).to_contain_text("thửa 5/4: 1,01 ha")
    assert lit(page) == parcel and "/clearance/holdouts" in page.url
    page.wait_for_function("(id) => window.__sites.shows(id)", arg=parcel)
    expect(page.locator("tr.lit")).to_have_count(1)
    page.get_by_label("Xếp theo").select_option("road")
    page.get_by_role("button", name="Xếp hạng").click()
    ready(page)
    expect(page.get_by_role("table").locator("tbody tr").first).to_contain_text("5/10")


def test_on_a_tablet_and_by_the_keyboard(open_page: OpenPage, laid: SiteGround) -> None:
    page = open_page("/land/sites?zone=KCN-S&area=3", viewport=TABLET)
    ready(page)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= TABLET["width"], "nothing is wider than the screen"
    first = page.locator("a[data-lit]").first
    first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#site-say")).to_contain_text(re.compile(r"Khu đất A: 3,03 ha"))
    assert lit(page) == first.get_attribute("data-lit")

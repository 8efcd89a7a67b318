"""The map as people use it: look, click, move the day, search, read the legend, print."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from gisapp.security.permissions import Role
from tests import small_park
from tests.conftest import ROOT
from tests.e2e.conftest import TABLET, Site, Watch

OpenPage = Callable[..., Page]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
ZONE = "/map?zone=KCN-TEST"


def ready(page: Page) -> None:
    """Wait until the map has drawn everything."""
    expect(page.locator("#map[data-ready='1']")).to_be_visible()


def pixel(page: Page, column: int, row: int) -> tuple[float, float]:
    """Where the middle of a parcel is on the screen."""
    middle = small_park.cell(column, row).centroid
    x, y = page.evaluate("(at) => window.__app.px(at)", [middle.x, middle.y])
    box = page.locator("#map").bounding_box()
    assert box is not None
    return box["x"] + x, box["y"] + y


def choose(page: Page, column: int, row: int) -> None:
    """Click a parcel and wait for its card."""
    page.mouse.click(*pixel(page, column, row))
    expect(page.locator("#card [role=tab]").first).to_be_visible()


def states(page: Page, **wanted: int) -> None:
    """Wait until the map draws these many parcels of each state."""
    ready(page)
    page.wait_for_function(
        "(wanted) => JSON.stringify(Object.entries(window.__app.states()).sort()) === "
        "JSON.stringify(Object.entries(wanted).sort())",
        arg=wanted,
    )


def test_the_map_works_in_the_plane_of_the_zone(open_page: OpenPage) -> None:
    page = open_page(ZONE)
    ready(page)
    assert page.evaluate("() => window.__app.projection()") == f"EPSG:{small_park.SRID}"
    page.mouse.move(*pixel(page, 4, 3))
    expect(page.locator("[data-northing]")).to_have_text(re.compile(r"^2\.317\.4[45]\d,\d\d$"))
    expect(page.locator("[data-easting]")).to_have_text(re.compile(r"^432\.5[45]\d,\d\d$"))
    expect(page.locator("#map-strip")).to_contain_text(f"EPSG:{small_park.SRID}")
    states(page, allocated=19, cleared=10, in_use=3, leased=18, not_cleared=10, reserved=1)


def test_a_click_opens_the_card_and_escape_closes_it(open_page: OpenPage, site: Site) -> None:
    page = open_page(ZONE)
    ready(page)
    choose(page, 5, 0)
    card = page.locator("#card")
    expect(card).to_contain_text("Thửa 6, tờ 1")
    expect(card).to_contain_text("10.000,0 m²")
    expect(card).to_contain_text("Đã cho thuê lại")
    expect(card).to_contain_text("Công ty TNHH Điện tử Bình Minh")
    assert f"parcel={site.park.parcels[5]}" in page.url
    page.get_by_role("tab", name="Quy hoạch").click()
    expect(card.locator(".shares li")).to_contain_text(["CN-01"])
    expect(card).to_contain_text("24/QĐ-BQL")
    page.get_by_role("tab", name="GPMB").click()
    expect(card).to_contain_text("01/06/2021")
    page.get_by_role("tab", name="Lịch sử").click()
    expect(card.locator(".timeline li[data-change]").first).to_contain_text("01/06/2023")
    expect(card.locator(".timeline")).to_contain_text("Ghi vào sổ")
    page.get_by_role("tab", name="Hồ sơ").click()
    expect(card).to_contain_text("05/BB-BGMB")
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    assert "parcel=" not in page.url
    expect(page.locator("#map")).to_be_focused()


def test_tabs_and_parcels_answer_to_the_keyboard(open_page: OpenPage) -> None:
    page = open_page(ZONE)
    ready(page)
    page.locator("#map").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#card [role=tab]").first).to_be_visible()
    page.get_by_role("tab", name="Quyền").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Quy hoạch")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("tab", name="Hồ sơ")).to_have_attribute("aria-selected", "true")


def test_the_card_is_copied_as_plain_text(open_page: OpenPage, site: Site) -> None:
    page = open_page(f"{ZONE}&parcel={site.park.parcels[5]}")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ready(page)
    page.get_by_role("button", name="Chép thành văn bản").click()
    expect(page.locator("#card .bi-clipboard-check")).to_be_visible()
    copied = page.evaluate("() => navigator.clipboard.readText()")
    for part in ("Thửa 6, tờ 1", "KCN Đông Mai Thử", "10.000,0 m²", "08/HĐ-TLĐ", "CN-01"):
        assert part in copied


def test_the_day_moves_everything_at_once(open_page: OpenPage) -> None:
    page = open_page(ZONE)
    ready(page)
    choose(page, 5, 0)
    page.locator("#day-bar [data-input]").evaluate(
        "(input) => { input.value = '2022-06-01'; input.dispatchEvent(new Event('change')) }"
    )
    expect(page.locator("#card")).to_contain_text("Nhà nước đã giao, cho thuê")
    page.keyboard.press("Escape")
    page.locator("#whole-zone").click()
    states(page, allocated=40, cleared=10, not_cleared=10)
    expect(page.locator(".topbar .day summary b")).to_have_text("01/06/2022")
    expect(page.locator(".topbar")).to_have_class(re.compile("elsewhen"))
    assert "as_of=2022-06-01" in page.url
    expect(page.locator(".rail a").first).to_have_attribute("href", re.compile("as_of=2022-06-01"))
    page.locator("#day-bar [data-before]").click()
    expect(page.locator("#day-bar [data-text]")).to_have_text("01/01/2022")
    page.locator("#day-bar [data-before]").click()
    states(page, cleared=50, not_cleared=10)
    page.reload()
    states(page, cleared=50, not_cleared=10)


def test_an_old_parcel_leads_to_what_it_became(open_page: OpenPage, site: Site) -> None:
    page = open_page(f"{ZONE}&parcel={site.park.parcels[0]}")
    ready(page)
    card = page.locator("#card")
    expect(card).to_contain_text("Không còn vào ngày này")
    card.get_by_role("button", name="Thửa 102, tờ 1").click()
    expect(card).to_contain_text("6.000,0 m²")
    expect(card).to_contain_text("Đang hoạt động")
    assert f"parcel={site.park.halves[1]}" in page.url


def test_search_jumps_to_what_is_found(open_page: OpenPage) -> None:
    page = open_page(ZONE)
    ready(page)
    page.keyboard.press("Control+k")
    expect(page.locator(".search input[type=search]")).to_be_focused()
    page.keyboard.type("thua 4 to 6")
    page.locator(".search-results a", has_text="Thửa 4, tờ 6").click()
    expect(page.locator("#card")).to_contain_text("Thửa 4, tờ 6")
    page.wait_for_function("() => window.__app.scale() <= 4000")
    page.locator(".search input[type=search]").fill("binh minh")
    page.locator(".search-results a", has_text="Bình Minh").first.click()
    page.wait_for_url(re.compile("company=|project="))


def test_the_legend_lists_only_what_is_in_view(open_page: OpenPage) -> None:
    page = open_page(f"{ZONE}&as_of=2021-06-01")
    states(page, cleared=50, not_cleared=10)
    legend = page.locator("#legend [data-layer=parcels] li")
    expect(legend).to_have_text(["Chưa giải phóng mặt bằng", "Đã bàn giao mặt bằng"])
    page.get_by_label("Thửa theo tình trạng", exact=True).uncheck()
    expect(page.locator("#legend [data-layer=parcels]")).to_have_count(0)
    page.get_by_label("Lô quy hoạch", exact=True).check()
    expect(page.locator("#legend [data-layer=plan-lots] li")).to_contain_text(["Nhà máy"])


def test_another_plan_version_can_be_looked_at(open_page: OpenPage, site: Site) -> None:
    page = open_page(ZONE)
    ready(page)
    select = page.locator("#plan-version")
    expect(select.locator("option")).to_have_count(3)
    select.select_option(str(site.park.plan_versions[0]))
    expect(page.get_by_label("Lô quy hoạch", exact=True)).to_be_checked()
    ready(page)
    page.wait_for_function("() => window.__app.count('plan-lots') === 5")
    assert "plan_version=" in page.url


def test_far_out_the_map_says_that_parcels_are_merged(open_page: OpenPage) -> None:
    page = open_page("/map?zone=KKT-TEST")
    ready(page)
    page.locator("#map-strip [data-scale]").select_option("50000")
    expect(page.locator("#map-notice")).to_contain_text("1:25.000")
    page.locator("#map-strip [data-scale]").select_option("10000")
    expect(page.locator("#map-notice")).to_be_hidden()


def test_an_empty_day_says_what_to_do(open_page: OpenPage) -> None:
    page = open_page(f"{ZONE}&as_of=2019-06-01")
    ready(page)
    expect(page.locator("#map-notice")).to_contain_text("chưa có thửa đất nào")


def test_a_zone_without_a_boundary_says_what_to_do(open_page: OpenPage) -> None:
    page = open_page("/map?zone=KCN-EMPTY", role=Role.PLANNER)
    expect(page.locator(".map-empty")).to_contain_text("chưa có ranh giới")
    expect(page.locator(".map-empty a")).to_be_visible()


def test_the_country_shows_both_archipelagos(open_page: OpenPage) -> None:
    page = open_page("/map")
    ready(page)
    names = ["Quần đảo Hoàng Sa (Việt Nam)", "Quần đảo Trường Sa (Việt Nam)"]
    assert page.evaluate("() => window.__app.archipelagos()") == names
    assert page.evaluate("() => window.__app.drawnNames()") == names
    for lonlat in ([112.0, 17.3], [114.3, 11.5]):
        x, y = page.evaluate("(at) => window.__app.px(ol.proj.fromLonLat(at))", lonlat)
        box = page.locator("#map").bounding_box()
        assert box is not None
        assert 0 < x < box["width"]
        assert 0 < y < box["height"]
    page.locator(".zone-list a", has_text="KCN Đông Mai Thử").click()
    ready(page)
    assert page.evaluate("() => window.__app.projection()") == f"EPSG:{small_park.SRID}"


def test_a_print_of_the_country_holds_both_archipelagos(open_page: OpenPage) -> None:
    page = open_page("/map")
    ready(page)
    page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    for lonlat in ([111.2, 16.0], [117.8, 6.6]):
        x, y = page.evaluate("(at) => window.__app.px(ol.proj.fromLonLat(at))", lonlat)
        assert 0 < x < 277 * 96 / 25.4
        assert 0 < y < 138 * 96 / 25.4
    page.evaluate("() => window.dispatchEvent(new Event('afterprint'))")


def test_english_is_one_click_away(open_page: OpenPage, site: Site) -> None:
    page = open_page(f"{ZONE}&parcel={site.park.parcels[5]}&lang=en")
    ready(page)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    card = page.locator("#card")
    expect(card).to_contain_text("Parcel 6, sheet 1")
    expect(card).to_contain_text("10,000.0 m²")
    expect(card).to_contain_text("Sub-leased")
    expect(page.locator("#legend")).to_contain_text("Zone boundary")
    page.get_by_role("tab", name="History").click()
    expect(card.locator(".timeline")).to_contain_text("1 Jun 2023")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_assistive_tools_find_nothing_to_complain_of(
    open_page: OpenPage, site: Site, scheme: str
) -> None:
    card = f"{ZONE}&parcel={site.park.parcels[5]}"
    page = open_page(card, color_scheme=scheme, bypass_csp=True)
    for path in (None, "/map", "/search?q=dong+mai"):
        if path is not None:
            page.goto(site.url + path)
        if path != "/search?q=dong+mai":
            ready(page)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("() => axe.run()")
        assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == [], path


def test_on_a_tablet_panels_are_sheets_and_targets_are_large(open_page: OpenPage) -> None:
    page = open_page(ZONE, viewport=TABLET, has_touch=True)
    ready(page)
    expect(page.locator("#map-left")).to_be_hidden()
    page.get_by_role("button", name="Lớp và chú giải").tap()
    expect(page.locator("#map-left")).to_be_visible()
    page.locator("[data-close-layers]").tap()
    expect(page.locator("#map-left")).to_be_hidden()
    page.touchscreen.tap(*pixel(page, 5, 2))
    expect(page.locator("#card")).to_contain_text("Thửa 6, tờ 3")
    for button in page.locator(".tool:visible, .icon-button:visible, [role=tab]:visible").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44
    width = page.evaluate("() => document.documentElement.scrollWidth")
    assert width <= TABLET["width"]


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080), (1024, 768)])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_cut_off_at_any_size(
    open_page: OpenPage, site: Site, size: tuple[int, int], scheme: str
) -> None:
    page = open_page(
        f"{ZONE}&parcel={site.park.parcels[5]}",
        viewport={"width": size[0], "height": size[1]},
        color_scheme=scheme,
    )
    ready(page)
    strip = page.locator("#map-strip").bounding_box()
    assert strip is not None
    assert strip["y"] + strip["height"] <= size[1]
    assert page.evaluate("() => document.documentElement.scrollWidth") <= size[0]
    assert page.evaluate("() => document.documentElement.scrollHeight") <= size[1]


def test_a_layer_that_does_not_come_is_named(open_page: OpenPage, watch: Watch) -> None:
    watch.expected = ("503",)
    page = open_page("/map?zone=KCN-EMPTY")
    page.context.route("**/tiles/projects/**", lambda route: route.fulfill(status=503))
    page.goto(page.url.replace("KCN-EMPTY", "KCN-TEST"))
    expect(page.locator("#map-notice")).to_contain_text("Dự án")


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        (ZONE, ["KCN Đông Mai Thử", "1:", "VN-2000", "Đã cho thuê lại"]),
        (
            "/map",
            ["Bản đồ cả nước", "Quần đảo Hoàng Sa (Việt Nam)", "Quần đảo Trường Sa (Việt Nam)"],
        ),
    ],
)
def test_the_map_prints_on_one_sheet(
    open_page: OpenPage, tmp_path: Path, path: str, parts: list[str]
) -> None:
    page = open_page(path)
    ready(page)
    sheet = tmp_path / "map.pdf"
    page.pdf(path=sheet, prefer_css_page_size=True, print_background=True)
    text = subprocess.run(
        ["pdftotext", "-layout", sheet, "-"], capture_output=True, text=True, check=True
    ).stdout
    assert text.count("\f") == 1
    for part in parts:
        assert part in text

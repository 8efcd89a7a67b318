"""Findings on the map: a list with pins beside it, by mouse and by keyboard; a leader waives."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from gisapp.security.permissions import Role
from tests.db.findings_ground import EAST, NORTH, Park, park
from tests.e2e.conftest import TABLET, Site, Watch
from tests.e2e.test_map import AXE, ready

OpenPage = Callable[..., Page]
MAP = "/map?zone=KCN-F"
COUNT = 6


@pytest.fixture(scope="module")
def laid(site: Site) -> Iterator[Park]:
    """The park with one finding of each kind, beside the small one."""
    with site.database.transaction() as session:
        made = park(session)
    yield made


def opened(open_page: OpenPage, query: str = "&findings=1", **options: object) -> Page:
    """The map of the park with its findings."""
    page = open_page(MAP + query, **options)
    expect(page.locator(".map-page[data-findings]")).to_be_visible()
    ready(page)
    return page


def lines(page: Page) -> Locator:
    return page.locator(".finding-line")


def pixel(page: Page, east: float, north: float) -> tuple[float, float]:
    x, y = page.evaluate("(at) => window.__app.px(at)", [EAST + east, NORTH + north])
    box = page.locator("#map").bounding_box()
    assert box is not None
    return box["x"] + x, box["y"] + y


def test_the_button_opens_list_and_pins_and_closes_both(open_page: OpenPage, laid: Park) -> None:
    page = open_page(MAP)
    ready(page)
    button = page.get_by_role("button", name="Vướng mắc")
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    expect(lines(page)).to_have_count(COUNT)
    expect(page.locator("#findings [role=status]")).to_have_text("6 đang vướng, 0 đã miễn trừ.")
    expect(lines(page).first).to_contain_text("Cho thuê đất không cho thuê")
    expect(lines(page).first).to_contain_text("10.000,0 m²")
    expect(page.locator("#open-findings .tool-badge")).to_have_text("6")
    assert "findings=1" in page.url
    page.keyboard.press("Escape")
    expect(page.locator("#findings")).to_be_hidden()
    expect(button).to_be_focused()
    expect(button).to_have_attribute("aria-pressed", "false")


def test_filters_narrow_list_and_pins(open_page: OpenPage, laid: Park) -> None:
    page = opened(open_page)
    page.get_by_label("Loại", exact=True).select_option("outside_plan")
    expect(lines(page)).to_have_count(2)
    page.get_by_label("Mức độ").select_option("medium")
    expect(lines(page)).to_have_count(1)
    expect(lines(page).first).to_contain_text("5.000,0 m²")
    page.get_by_label("Loại", exact=True).select_option("")
    page.get_by_label("Mức độ").select_option("")
    expect(lines(page)).to_have_count(COUNT)


def test_a_pin_is_clicked_and_its_line_opens(open_page: OpenPage, laid: Park) -> None:
    page = opened(open_page)
    page.mouse.click(*pixel(page, 185, 50))
    chosen = page.locator(".finding.chosen")
    expect(chosen).to_contain_text("3.000,0 m² (30,0 %) của thửa 2 tờ 1 nằm trên lô CX-01")
    assert "finding=across_uses-" in page.url
    expect(page.locator("#card")).to_be_hidden()


def test_everything_is_reached_by_keyboard(open_page: OpenPage, laid: Park) -> None:
    page = opened(open_page)
    lines(page).first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(lines(page).nth(2)).to_be_focused()
    page.keyboard.press("Enter")
    expect(lines(page).nth(2)).to_have_attribute("aria-expanded", "true")
    expect(lines(page).nth(2)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Phóng đến")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".finding.chosen")).to_have_count(0)
    expect(page.locator("#findings")).to_be_visible()


def test_zooming_puts_the_ground_in_view(open_page: OpenPage, laid: Park) -> None:
    page = opened(open_page)
    before = page.evaluate("() => window.__app.scale()")
    page.locator(".finding-line", has_text="Khe hở").click()
    page.wait_for_function("(before) => window.__app.scale() < before / 1.5", arg=before)
    x, y = pixel(page, 150, 100.15)
    box = page.locator("#map").bounding_box()
    assert box is not None
    assert box["x"] < x < box["x"] + box["width"]
    assert box["y"] < y < box["y"] + box["height"]


def test_the_card_takes_the_place_and_the_pins_stay(open_page: OpenPage, laid: Park) -> None:
    page = opened(open_page)
    lines(page).first.click()
    page.get_by_role("button", name="Mở phiếu thửa").click()
    expect(page.locator("#card")).to_contain_text("Thửa 3, tờ 1")
    expect(page.locator("#findings")).to_be_hidden()
    button = page.get_by_role("button", name="Vướng mắc")
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    expect(page.locator("#findings")).to_be_visible()
    expect(page.locator("#card")).to_be_hidden()


def test_a_link_opens_one_finding(open_page: OpenPage, laid: Park) -> None:
    page = opened(open_page)
    href = page.locator("#findings [data-list]").get_attribute("href")
    assert href == "/conflicts?zone=KCN-F"
    page.goto(page.url.split("/map")[0] + href)
    page.locator("table.grid tbody tr", has_text="Ngoài quy hoạch").first.locator("a").click()
    expect(page.locator(".finding.chosen")).to_contain_text("nằm ngoài mọi quy hoạch")


def test_another_day_has_other_findings(open_page: OpenPage, laid: Park) -> None:
    # a waiver of another test may be a later day of change: begin before it
    page = opened(open_page, "&findings=1&as_of=2023-06-01")
    for day in ("01/01/2022", "01/01/2021"):
        page.locator("[data-before]").click()
        expect(page.locator(".day-bar [data-text]")).to_have_text(day)
    expect(lines(page)).to_have_count(COUNT - 1)  # nothing was let yet
    expect(lines(page).first).to_contain_text("Nằm trên hai mục đích")
    page.goto(page.url.split("/map")[0] + MAP + "&findings=1&as_of=2020-06-01")
    expect(lines(page)).to_have_count(2)


def test_only_a_leader_of_today_is_offered_to_waive(open_page: OpenPage, laid: Park) -> None:
    for role, query in (
        (Role.PLANNER, "&findings=1"),
        (Role.LEADER, "&findings=1&as_of=2023-06-01"),
    ):
        page = opened(open_page, query, role=role)
        lines(page).first.click()
        expect(page.get_by_role("button", name="Phóng đến")).to_be_visible()
        expect(page.locator("[data-waive]")).to_have_count(0)


def test_a_leader_waives_in_place_and_takes_it_back(open_page: OpenPage, laid: Park) -> None:
    page = opened(open_page, role=Role.LEADER)
    page.locator(".finding-line", has_text="Nằm trên hai mục đích").click()
    page.locator("[data-waive]").click()
    reason = page.get_by_label("Lý do")
    expect(reason).to_be_focused()
    page.get_by_label("Văn bản (không bắt buộc)").fill("không có văn bản này")
    reason.fill("Theo biên bản họp ngày 02/11")
    page.get_by_role("button", name="Ghi miễn trừ").click()
    expect(page.get_by_role("alert").filter(has_text="Chưa có văn bản này")).to_be_visible()
    page.get_by_label("Văn bản (không bắt buộc)").fill("01/KCN-F")
    expect(page.locator("#waive-documents option")).to_have_count(1)
    page.get_by_label("Hết hạn ngày").fill("2190-01-01")
    page.screenshot(path="var/e2e/findings-waive-form.png")
    page.get_by_role("button", name="Ghi miễn trừ").click()
    expect(lines(page)).to_have_count(COUNT - 1)
    expect(page.locator("#findings [role=status]")).to_have_text("5 đang vướng, 1 đã miễn trừ.")
    page.get_by_label("Hiện cả vướng mắc đã miễn trừ").check()
    waived = page.locator(".finding.waived")
    expect(waived).to_have_count(1)
    waived.locator(".finding-line").click()
    expect(waived).to_contain_text("đến hết 01/01/2190: Theo biên bản họp ngày 02/11")
    ready(page)
    page.screenshot(path="var/e2e/findings-waived.png")
    page.locator("[data-withdraw]").click()
    page.get_by_label("Lý do rút").fill("Đã đo lại")
    page.locator(".waive-form").get_by_role("button", name="Rút miễn trừ").click()
    expect(waived).to_have_count(0)
    expect(page.locator(".finding-waiver.lapsed")).to_contain_text("đã được rút")


def test_what_the_server_refuses_is_said_in_the_form(
    open_page: OpenPage, laid: Park, site: Site, watch: Watch
) -> None:
    """The parcel is edited while the leader writes the reason."""
    from datetime import date

    from planning.clocks import amend
    from planning.parcels.model import ParcelVersion
    from tests.db.findings_ground import act

    watch.expected = ("404 (NOT FOUND)",)
    page = opened(open_page, role=Role.LEADER)
    page.locator(".finding-line", has_text="thửa 7").click()
    page.locator("[data-waive]").click()
    with site.database.transaction() as session:
        day = date(2026, 1, 1)
        number = act(session, laid.document, day=day)
        mine = ParcelVersion.parcel_id == laid.parcels["7"]
        amend(session, ParcelVersion, number, mine, day, {"land_use_code": "SKK"})
    page.get_by_label("Lý do").fill("Cho phép tạm")
    with page.expect_response("**/api/v1/waivers"):
        page.get_by_role("button", name="Ghi miễn trừ").click()
    expect(page.locator(".waive-form [role=alert]")).to_contain_text("Không còn vướng mắc này")
    expect(page.get_by_label("Lý do")).to_have_value("Cho phép tạm")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("window", ["desk", "tablet"])
def test_how_it_looks(open_page: OpenPage, laid: Park, theme: str, window: str) -> None:
    options = {"viewport": TABLET, "has_touch": True} if window == "tablet" else {}
    page = opened(open_page, f"&findings=1&theme={theme}", role=Role.LEADER, **options)
    page.locator(".finding-line", has_text="Nằm trên hai mục đích").click()
    ready(page)
    page.screenshot(path=f"var/e2e/findings-{window}-{theme}.png")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "() => axe.run('#findings', {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa']})"
        ".then((found) => found.violations.map((each) => `${each.id}: ${each.nodes[0].html}`))"
    )
    assert found == []
    page.goto(page.url.split("/map")[0] + f"/conflicts?zone=KCN-F&theme={theme}")
    expect(page.locator("table.grid tbody tr")).to_have_count(COUNT)
    page.screenshot(path=f"var/e2e/findings-list-{window}-{theme}.png")

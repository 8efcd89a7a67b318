"""The frame as people use it: keys, small windows, no script, light and dark, assistive tools."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from gisapp.security.permissions import Role
from tests.conftest import ROOT
from tests.e2e.conftest import DESK, PASSWORD, TABLET, Site, Watch
from tests.e2e.windows import Windows

OpenPage = Callable[..., Page]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PAGES = ["/", "/zones", "/zones/KCN-TEST", "/account", "/api/docs", "/imports", "/no-such-page"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_assistive_tools_find_nothing_to_complain_of(
    open_page: OpenPage, watch: Watch, path: str, scheme: str
) -> None:
    watch.expected = ("404",)
    page = open_page(path, role=Role.PLANNER, color_scheme=scheme, bypass_csp=True)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("() => axe.run()")
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []


@pytest.mark.parametrize("window", [DESK, TABLET, {"width": 1920, "height": 1080}], ids=str)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_nothing_is_cut_off_or_scrolls_sideways(
    open_page: OpenPage, window: dict[str, int], language: str
) -> None:
    page = open_page(f"/?lang={language}", role=Role.PLANNER, viewport=window)
    for path in ("/", "/zones", "/zones/KCN-TEST", "/account", "/imports"):
        page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2] + path)
        wide = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, path
        for entry in page.locator(".rail a, .btn, .drop > summary").all():
            if entry.is_visible():
                over = entry.evaluate("(one) => one.scrollWidth - one.clientWidth")
                assert over <= 1, f"{path}: {entry.inner_text()}"


def test_pages_read_and_work_without_a_script(open_page: OpenPage, site: Site) -> None:
    # a role of its own: signing out ends the session the other tests of a role share
    page = open_page("/zones", role=Role.AUDITOR, java_script_enabled=False)
    page.locator("details.day > summary").click()
    page.fill("#as_of", "2024-06-30")
    page.click("details.day button")
    assert page.url == f"{site.url}/zones?as_of=2024-06-30&known_at="
    expect(page.locator(".topbar.elsewhen")).to_be_visible()
    page.click("text=KCN-TEST >> nth=0")
    assert "as_of=2024-06-30" in page.url
    page.locator("details.drop > summary").last.click()
    page.click("text=Đăng xuất")
    page.goto(f"{site.url}/zones")
    expect(page.locator("#username")).to_be_visible()


def test_the_day_stays_while_one_looks_around(open_page: OpenPage) -> None:
    page = open_page("/?as_of=2022-06-30")
    for word in ("Khu", "Số liệu", "Tổng quan"):
        page.click(f".rail >> text='{word}'")
        expect(page.locator(".day summary b")).to_have_text("30/06/2022")


def test_small_windows_of_the_bar_close_by_key_and_by_a_click_beside_them(
    open_page: OpenPage,
) -> None:
    page = open_page("/zones")
    day = page.locator("details.day")
    day.locator("summary").click()
    expect(day.locator("#as_of")).to_be_visible()
    page.keyboard.press("Escape")
    expect(day.locator("#as_of")).to_be_hidden()
    expect(day.locator("summary")).to_be_focused()
    day.locator("summary").click()
    page.mouse.click(600, 700)
    expect(day.locator("#as_of")).to_be_hidden()


def test_search_by_keyboard_without_accents(open_page: OpenPage) -> None:
    page = open_page("/zones")
    page.keyboard.press("Control+k")
    expect(page.locator(".search input")).to_be_focused()
    page.keyboard.type("dong mai")
    result = page.locator("#search-results a").first
    expect(result).to_contain_text("KCN Đông Mai Thử")
    page.keyboard.press("ArrowDown")
    expect(result).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "KCN-TEST" in url)


def test_what_attributes_hold_is_shown_as_text(open_page: OpenPage, site: Site) -> None:
    page = open_page("/zones?q=<img src=x onerror=alert(1)>")
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    expect(page.locator("#filter-q")).to_have_value("<img src=x onerror=alert(1)>")
    assert page.locator("main img").count() == 0


def test_dark_is_chosen_by_the_reader_and_stays(open_page: OpenPage) -> None:
    page = open_page("/zones?theme=dark", color_scheme="light")
    page.goto(page.url.split("?")[0])
    ground = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(16, 23, 30)"


def test_a_wrong_password_is_said_on_the_login_page(open_page: OpenPage, watch: Watch) -> None:
    watch.expected = ("401",)
    page = open_page("/logout", role=Role.LEADER)
    page.click("text=Đăng xuất >> nth=-1")
    page.wait_for_url(lambda url: "/login" in url)
    page.fill("#username", "leader")
    page.fill("#password", "không phải mật khẩu")
    page.click("button[type=submit]")
    expect(page.locator("[role=alert]")).to_have_text("Tên đăng nhập hoặc mật khẩu không đúng.")
    expect(page.locator("#username")).to_have_value("leader")
    page.fill("#password", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url(lambda url: "/login" not in url)


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "http://192.0.2.1/"])
def test_a_request_that_leaves_the_machine_gets_nowhere_and_is_noted(
    open_page: OpenPage, watch: Watch, elsewhere: str
) -> None:
    page = open_page("/zones", bypass_csp=True)
    ask = "(url) => fetch(url, { mode: 'no-cors' }).then(() => 'came', () => 'nothing')"
    assert page.evaluate(ask, elsewhere) == "nothing"
    assert f"leaves the machine: {elsewhere}" in watch.faults
    assert any("ERR_NAME_NOT_RESOLVED" in fault for fault in watch.faults)
    watch.faults.clear()


def test_a_window_used_again_holds_nothing_of_who_used_it(windows: Windows, site: Site) -> None:
    held = """() => [
        document.cookie.includes('a=1'), localStorage.length, sessionStorage.length]"""
    used = set()
    for role in (Role.PLANNER, Role.VIEWER):
        window, page = windows.open(Watch(), site.cookies[role], viewport=DESK, locale="en-GB")
        used.add(window.context)
        page.goto(f"{site.url}/account")
        expect(page.locator("main")).to_contain_text(str(role))
        assert page.evaluate(held) == [False, 0, 0]
        page.evaluate("() => { document.cookie = 'a=1'; localStorage.b = 2; sessionStorage.c = 3 }")
        assert page.evaluate(held) == [True, 1, 1]
        windows.give_back(window, clean=True)
    assert len(used) == 1

"""Corridors, merging, what is said of parcels, cleaning and measuring, as a planner does them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from gisapp.security.permissions import Role
from tests.e2e.conftest import Site, Watch
from tests.e2e.workbench import Bench, bench, place

OpenPage = Callable[..., Page]


@pytest.fixture
def planner(open_page: OpenPage, site: Site) -> Bench:
    """A planner with a change open in the middle of the park."""
    return bench(open_page, site)


def test_a_road_is_cut_through_everything_it_meets(planner: Bench) -> None:
    page = planner.page
    planner.start("h")
    width = page.locator("input[name=width]")
    width.fill("0")
    expect(page.locator(".field-said.bad")).to_contain_text("lớn hơn 0")
    width.fill("12,5")
    planner.type_places(place(3.5, 3.2), place(6.5, 3.2))
    answer = planner.previewing(planner.enter)
    strips = [each for each in answer["effect"]["added"] if each["taken"]]
    assert sum(each["area_m2"] for each in strips) == pytest.approx(300 * 12.5, abs=0.05)
    assert len(answer["effect"]["removed"]) == 4
    page.get_by_label("Tròn").focus()
    round_ends = planner.previewing(lambda: page.get_by_label("Tròn").check())
    more = sum(each["area_m2"] for each in round_ends["effect"]["added"] if each["taken"])
    assert more == pytest.approx(300 * 12.5 + 3.14159 * 6.25**2, abs=3)
    page.locator("#edit-add").focus()
    planner.add_previewed()
    assert planner.steps()[0]["parameters"]["width_m"] == 12.5
    assert answer["effect"]["area_difference_m2"] == pytest.approx(0, abs=0.1)


def test_a_road_can_be_kept_to_the_chosen_parcels(planner: Bench) -> None:
    planner.choose((4, 3))
    planner.start("h")
    planner.page.get_by_label("Chỉ thửa đã chọn").check()
    planner.click(place(3.6, 3.5))
    planner.hover(place(5.2, 3.52))
    planner.click(place(5.4, 3.5))
    answer = planner.previewing(planner.enter)
    assert len(answer["effect"]["removed"]) == 1


def test_a_merge_of_different_rights_is_refused_by_name(planner: Bench, watch: Watch) -> None:
    watch.expected = ("409", "422")
    chosen = planner.choose((5, 1), (5, 2))
    planner.start("g")
    with planner.page.expect_response(lambda each: "preview=1" in each.url) as waiting:
        planner.enter()
    assert waiting.value.status in (409, 422)
    planner.refused("08/HĐ-TLĐ")
    assert planner.steps() == []
    assert len(planner.rings(chosen[0])) == 5


def test_only_what_was_changed_is_said(planner: Bench) -> None:
    (parcel,) = planner.choose((4, 3))
    page = planner.page
    planner.start("i")
    page.locator(".tool-form [type=submit]").click()
    expect(page.locator(".tool-message")).to_contain_text("Chưa có gì khác với sổ")
    use = page.locator(".tool-form input[name=land_use]")
    use.fill("skk")
    page.locator(".tool-form input[name=legal_area_m2]").fill("abc")
    use.press("Enter")
    expect(page.locator(".field-said.bad")).to_contain_text("Không đọc được")
    page.locator(".tool-form input[name=legal_area_m2]").fill("9.987,5")
    planner.previewing(lambda: use.press("Enter"))
    planner.add_previewed()
    (step,) = planner.steps()
    assert step["parameters"] == {
        "parcel": parcel, "set": {"land_use": "SKK", "legal_area_m2": 9987.5},
    }  # fmt: skip


def test_parcels_are_numbered_in_a_row(planner: Bench) -> None:
    chosen = planner.choose((4, 3), (5, 3))
    page = planner.page
    planner.start("r")
    page.locator("input[name=first]").fill("501")
    page.get_by_role("button", name="Đánh số liên tục").click()
    planner.previewing(page.locator(".tool-form [type=submit]").click)
    planner.add_previewed()
    numbers = planner.steps()[0]["parameters"]["numbers"]
    assert [numbers[each]["number"] for each in chosen] == ["501", "502"]


def test_a_parcel_is_ended(planner: Bench) -> None:
    (parcel,) = planner.choose((4, 4))
    planner.start("k")
    answer = planner.previewing(planner.enter)
    assert [each["id"] for each in answer["effect"]["removed"]] == [parcel]
    assert answer["effect"]["added"] == []


def test_a_block_is_cleaned_with_a_report(planner: Bench) -> None:
    planner.choose((4, 3), (5, 3))
    page = planner.page
    planner.start("c")
    page.locator("input[name=tolerance]").fill("50")
    expect(page.locator(".field-said.bad")).to_contain_text("không quá 10 cm")
    page.locator("input[name=tolerance]").fill("8")
    answer = planner.previewing(lambda: page.locator("input[name=tolerance]").press("Enter"))
    assert answer["effect"]["report"]["gaps_before"] == 0
    expect(page.locator(".tool-report")).to_contain_text("Không có khe hở")
    expect(page.locator(".tool-report tbody tr")).to_have_count(4)


def test_measuring_tells_metres_hectares_and_azimuths(planner: Bench) -> None:
    page = planner.page
    planner.start("m")
    planner.type_places(place(4, 2), "100<0", "100<90")
    expect(page.locator(".measured")).to_have_text("200,00 m")
    page.get_by_label("Diện tích", exact=True).check()
    for each in (place(4, 2), place(5, 2), place(5, 3)):
        planner.click((each[0] + 1, each[1] - 1))
        planner.hover((each[0] + 30, each[1] + 30))
    expect(page.locator(".measured")).to_have_text("5.000,0 m² · 0,50 ha")
    expect(page.locator(".tool-table tbody tr")).to_have_count(3)
    expect(page.locator(".tool-table")).to_contain_text("225°00′00″")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Chép").click()
    expect(page.locator(".bi-clipboard-check")).to_be_visible()
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert "2.317.300,000" in copied
    assert "225°00′00″" in copied
    assert planner.steps() == []


def test_measuring_needs_no_document(open_page: OpenPage, site: Site) -> None:
    east, north = place(5, 3)
    page = open_page(f"/map?zone=KCN-TEST&view={east:.0f},{north:.0f},2500", role=Role.PLANNER)
    page.locator("#edit-open").click()
    page.locator("[data-tool=measure]").click()
    page.get_by_label("Độ dài", exact=True).check()
    entry = page.locator("[data-entry]")
    for said in (f"{north:.0f} {east:.0f}", "@30 40"):
        entry.fill(said)
        entry.press("Enter")
    expect(page.locator(".entry-said.bad")).to_have_count(0)
    expect(page.locator(".measured")).to_have_text("50,00 m")
    page.locator("#map").focus()
    page.keyboard.press("a")
    expect(page.locator("[data-tool-form=measure]")).to_be_visible()
    expect(page.locator("#edit-say")).to_contain_text("văn bản")


def test_the_tools_speak_english_too(open_page: OpenPage, site: Site) -> None:
    planner = bench(open_page, site, more="&lang=en")
    planner.choose((4, 3))
    planner.start("a")
    page = planner.page
    expect(page.locator(".tool-form")).to_contain_text("Area to cut off")
    page.keyboard.type("4,000.5")
    expect(page.locator(".field-said").first).to_contain_text("5,999.5 m² remain")


def test_who_may_not_edit_is_given_no_tools(open_page: OpenPage) -> None:
    page = open_page("/map?zone=KCN-TEST", role=Role.VIEWER)
    expect(page.locator("#map[data-ready='1']")).to_be_visible()
    expect(page.locator("#tool-texts")).to_have_count(0)
    expect(page.locator(".edit-tool")).to_have_count(0)

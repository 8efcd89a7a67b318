"""Splitting on the map by area, line, parts and plan lots; refusals in place, nothing changed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site, Watch
from tests.e2e.workbench import Bench, bench, place

OpenPage = Callable[..., Page]


@pytest.fixture
def planner(open_page: OpenPage, site: Site) -> Bench:
    """A planner with a change open in the middle of the park."""
    return bench(open_page, site)


def areas(answer: dict[str, Any]) -> list[float]:
    """The areas of new parcels, smallest first, to a tenth of a square metre."""
    return sorted(round(each["area_m2"], 1) for each in answer["effect"]["added"])


def taken(answer: dict[str, Any]) -> list[list[float]]:
    """The ring of the part that was cut off."""
    (part,) = (each for each in answer["effect"]["added"] if each["taken"])
    ring: list[list[float]] = part["feature"]["geometry"]["coordinates"][0]
    return ring


def test_from_a_chosen_parcel_to_a_previewed_split_in_three_acts(planner: Bench) -> None:
    planner.choose((4, 3))
    page = planner.page
    planner.start("a")  # 1
    expect(page.locator(".tool-form input[name=area]")).to_be_focused()
    page.keyboard.type("4.000,5")  # 2
    expect(page.locator(".field-said").first).to_contain_text("còn lại 5.999,5 m²")
    answer = planner.previewing(planner.enter)  # 3
    assert areas(answer) == [4000.5, 5999.5]
    assert min(north for _, north in taken(answer)) == place(0, 3)[1], "from the south"
    assert planner.steps() == [], "a preview keeps nothing"
    planner.add_previewed()
    assert [step["operation"] for step in planner.steps()] == ["split"]


def test_hectares_from_another_side_by_keys_alone(planner: Bench) -> None:
    planner.choose((4, 3))
    page = planner.page
    planner.start("a")
    page.keyboard.type("0,25 ha")
    page.get_by_label("đông bắc").focus()
    page.keyboard.press("Space")
    answer = planner.previewing(planner.enter)
    assert areas(answer) == [2500.0, 7500.0]
    assert list(place(5, 4)) in taken(answer)
    page.locator(".tool-form input[name=area]").focus()
    again = planner.previewing(lambda: page.get_by_label("tây", exact=True).check())
    assert list(place(4, 4)) in taken(again), "another side is worked out at once"


def test_parallel_to_an_edge_that_is_clicked(planner: Bench) -> None:
    planner.choose((4, 3))
    page = planner.page
    planner.start("a")
    page.keyboard.type("1000")
    page.get_by_label("Song song một cạnh").check()
    planner.click(place(4.99, 3.6))
    expect(page.locator(".direction-more")).to_contain_text("100,00 m")
    answer = planner.previewing(lambda: page.locator(".tool-form [type=submit]").click())
    assert {east for east, _ in taken(answer)} == {place(5, 0)[0], place(5, 0)[0] - 10}
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Cạnh sau").click()
    expect(page.locator(".direction-more")).not_to_contain_text("Bấm vào")


def test_along_a_bearing_in_degrees_minutes_seconds(planner: Bench) -> None:
    planner.choose((4, 3))
    page = planner.page
    planner.start("a")
    page.keyboard.type("2000")
    page.get_by_label("Theo phương vị").check()
    bearing = page.locator("input[name=bearing]")
    bearing.fill("45 75 0")
    page.locator(".tool-form [type=submit]").click()
    expect(page.locator(".tool-message")).to_contain_text("không phải phương vị")
    bearing.fill("45°00′00″")
    answer = planner.previewing(lambda: bearing.press("Enter"))
    assert areas(answer) == [2000.0, 8000.0]
    assert list(place(4, 3)) in taken(answer), "45° begins in the south-west"


def test_more_than_the_parcel_has_is_refused(planner: Bench, watch: Watch) -> None:
    watch.expected = ("422",)
    before = planner.rings(planner.choose((4, 3))[0])
    page = planner.page
    planner.start("a")
    page.keyboard.type("1,2 ha")
    expect(page.locator(".field-said.bad")).to_contain_text("không nhỏ hơn cả thửa")
    planner.previewing(planner.enter, status=422)
    planner.refused("12.000,0 m²", "10.000,0 m²")
    page.locator(".tool-form input[name=area]").fill("mười")
    page.locator(".tool-form input[name=area]").press("Enter")
    expect(page.locator(".field-said.bad")).to_contain_text("Không đọc được “mười”")
    assert planner.steps() == []
    assert planner.rings(page.evaluate("() => window.__app.edit.chosen()[0]")) == before


def test_a_line_by_typed_coordinates_is_exact_to_the_millimetre(planner: Bench) -> None:
    planner.choose((4, 3))
    west, east = place(4, 3.4), place(5, 3.6)
    start, end = (west[0], west[1] + 0.123), (east[0], east[1] + 0.457)
    planner.start("l")
    planner.type_places(start, end)
    answer = planner.previewing(planner.enter)
    corners = {
        (x, y)
        for each in answer["effect"]["added"]
        for x, y in each["feature"]["geometry"]["coordinates"][0]
    }
    assert {start, end} <= corners
    expect(planner.page.locator("#edit-effect")).to_contain_text("m²")


def test_a_line_drawn_with_the_mouse_catches_corners_bit_for_bit(planner: Bench) -> None:
    planner.choose((4, 3))
    planner.start("l")
    near = place(4, 3)
    planner.hover((near[0] + 2, near[1] + 1))
    expect(planner.page.locator("[data-snap]")).to_have_text(re.compile(r"^đỉnh · lệch \d+ cm$"))
    planner.click((near[0] + 2, near[1] + 1))
    far = place(5, 4)
    planner.hover((far[0] - 30, far[1] - 22))
    expect(planner.page.locator(".sketch-read")).to_contain_text("°")
    planner.click((far[0] - 2, far[1] - 2))
    answer = planner.previewing(planner.enter)
    assert areas(answer) == [5000.0, 5000.0], answer["effect"]["added"]
    assert answer["effect"]["area_difference_m2"] == 0


def test_a_perpendicular_is_caught_and_snapping_can_be_switched_off(planner: Bench) -> None:
    planner.choose((4, 3))
    planner.start("l")
    planner.type_places(place(4.3, 3))
    planner.hover(place(4.305, 3.99))
    caught = planner.page.locator("[data-snap]")
    expect(caught).to_contain_text("vuông góc")
    planner.page.keyboard.press("F3")
    expect(caught).to_contain_text("tắt")
    planner.hover(place(4.31, 3.99))
    expect(caught).to_contain_text("tắt")
    planner.page.locator("#map").focus()
    planner.page.keyboard.press("s")
    planner.hover(place(4.305, 3.99))
    expect(caught).to_contain_text("vuông góc")
    planner.click(place(4.305, 3.99))
    answer = planner.previewing(planner.enter)
    assert areas(answer) == [3000.0, 7000.0]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (((7.2, 3.5), (7.8, 3.5)), "không chia thửa nào"),
        (((4, 3), (4, 4)), "chỉ chạm"),
        (((4, 3.5), (4.6, 3.5)), "kết thúc bên trong"),
    ],
    ids=["misses", "only touches", "ends inside"],
)
def test_a_line_that_does_not_divide_is_refused_in_place(
    planner: Bench, watch: Watch, line: tuple[tuple[float, float], ...], words: str
) -> None:
    watch.expected = ("422", "409")
    chosen = planner.choose((4, 3))
    before = planner.rings(chosen[0])
    planner.start("l")
    planner.type_places(*(place(*each) for each in line))
    planner.previewing(planner.enter, status=422)
    planner.refused(words)
    assert planner.steps() == []
    assert planner.rings(chosen[0]) == before
    planner.page.locator("[data-entry]").press("Backspace")
    expect(planner.page.locator(".sketch-read")).to_contain_text("Số điểm1")


def test_what_is_typed_wrongly_is_told_in_words(planner: Bench) -> None:
    planner.choose((4, 3))
    planner.start("l")
    entry = planner.page.locator("[data-entry]")
    said = planner.page.locator(".entry-said.bad")
    for text, words in (
        ("@5 5", "Cần một điểm trước đó"),
        ("432650 2317450", "Y (Đông) đang đứng trước"),
        ("2318698 718624", "khớp kinh tuyến trục 105°00′"),
        ("2417400 432600", "cách khu"),
        ("12 5", "không phải toạ độ VN-2000"),
        ("2317450", "Cần hai số"),
    ):
        entry.fill(text)
        entry.press("Enter")
        expect(said).to_contain_text(words)
    entry.fill("")
    planner.type_places(place(4, 3.5), "@0 50,5", "10<90")
    expect(planner.page.locator(".sketch-read")).to_contain_text("10,00 m · 90°00′00″")
    assert planner.steps() == []


def test_equal_parts(planner: Bench) -> None:
    planner.choose((4, 3))
    planner.start("p")
    planner.page.keyboard.type("3")
    expect(planner.page.locator(".field-said").first).to_have_text("Mỗi phần 3.333,3 m².")
    planner.page.get_by_label("tây", exact=True).check()
    answer = planner.previewing(planner.enter)
    assert [pytest.approx(3333.3, abs=0.1)] * 3 == areas(answer)
    planner.add_previewed()
    assert len(planner.page.evaluate("() => window.__app.edit.chosen()")) == 3
    planner.page.locator("input[name=parts]").fill("1")
    expect(planner.page.locator(".field-said.bad")).to_contain_text("từ 2 đến 100")


def test_along_the_lots_of_the_plan(open_page: OpenPage, site: Site) -> None:
    planner = bench(open_page, site, at=(7.0, 3.0))
    planner.choose((6, 3), (7, 3))
    planner.start("g")
    merged = planner.previewing(planner.enter)
    assert areas(merged) == [20_000.0]
    planner.add_previewed()
    planner.start("q")
    answer = planner.previewing(planner.enter)
    assert areas(answer) == [10_000.0, 10_000.0]

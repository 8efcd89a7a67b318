"""New parcels: drawn, typed, or from coordinate tables; every bad table is named in words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site, Watch
from tests.e2e.workbench import Bench, Place, bench, place, sheet

OpenPage = Callable[..., Page]
# the zone has a strip of 100 m without parcels along its western side
WEST, MIDDLE = -0.8, 3.0


@pytest.fixture
def planner(open_page: OpenPage, site: Site) -> Bench:
    """A planner with a change open at the free ground in the west of the park."""
    return bench(open_page, site, at=(0.0, MIDDLE), scale=2500)


def table(*places: Place, sides: tuple[str, ...] = ()) -> str:
    """A table as a decision prints it: point, X, Y, perhaps the length of the side."""
    rows = [f"{n}\t{at[1]:.2f}\t{at[0]:.2f}".replace(".", ",") for n, at in enumerate(places, 1)]
    return "\n".join(
        f"{row}\t{side}" for row, side in zip(rows, sides or [""] * len(rows), strict=True)
    )


FIELD = (place(-0.6, 3.0), place(-0.6, 3.5), place(0, 3.5), place(0, 3.0))


def test_a_parcel_typed_corner_by_corner(planner: Bench) -> None:
    page = planner.page
    planner.start("n")
    page.keyboard.press("2")
    expect(page.locator("[data-entry]")).to_be_focused()
    planner.type_places(FIELD[0], "@50 0", "60<90")
    expect(page.locator(".sketch-read")).to_contain_text("1.500,0 m²")
    planner.type_places(FIELD[3])
    expect(page.locator(".sketch-read")).to_contain_text("3.000,0 m²")
    page.get_by_text("Số thửa, loại đất, diện tích pháp lý").click()
    page.locator(".tool-form input[name=number]").fill("777")
    page.locator(".tool-form input[name=legal_area_m2]").fill("0,3 ha")
    answer = planner.previewing(lambda: page.locator("[data-entry]").press("Enter"))
    (made,) = answer["effect"]["added"]
    corners = {(x, y) for x, y in made["feature"]["geometry"]["coordinates"][0]}
    assert set(FIELD) <= corners
    assert made["area_m2"] == pytest.approx(3000, abs=0.05)
    planner.add_previewed()
    (step,) = planner.steps()
    assert step["parameters"]["attributes"] == {"number": "777", "legal_area_m2": 3000.0}
    expect(page.locator(".sketch-read")).to_contain_text("Số điểm0")


def test_a_parcel_drawn_over_its_neighbour_keeps_to_free_ground(planner: Bench) -> None:
    planner.start("n")
    corner = place(0, 2)
    for each in (place(-0.5, 2.1), place(-0.5, 2.6), place(0.3, 2.6)):
        planner.click(each)
    planner.click((corner[0] + 2, corner[1] + 1))
    answer = planner.previewing(planner.enter)
    (made,) = answer["effect"]["added"]
    ring = made["feature"]["geometry"]["coordinates"][0]
    assert list(corner) in ring, "the caught corner, bit for bit"
    assert max(east for east, _ in ring) == corner[0], "nothing is taken from the neighbour"
    assert answer["effect"]["warnings"]
    assert planner.steps() == []


def test_an_outline_that_crosses_itself_is_said_while_drawing(planner: Bench) -> None:
    page = planner.page
    planner.start("n")
    planner.type_places(
        *(place(*each) for each in ((-0.6, 3), (-0.2, 3.4), (-0.2, 3), (-0.6, 3.4)))
    )
    expect(page.locator(".sketch-read")).to_contain_text("tự cắt")
    page.locator("[data-entry]").press("Enter")
    expect(page.locator(".tool-message")).to_contain_text("Đường bao tự cắt")
    page.locator("#map").focus()
    page.keyboard.press("Backspace")
    expect(page.locator(".sketch-read")).to_contain_text("Số điểm3")
    page.keyboard.press("Escape")
    expect(page.locator(".sketch-read")).to_contain_text("Số điểm0")
    page.keyboard.press("Escape")
    expect(page.locator(".tool-form")).to_have_count(0)
    assert planner.steps() == []


def test_a_pasted_table_with_stated_sides_and_area(planner: Bench) -> None:
    page = planner.page
    planner.start("t")
    page.locator("[data-table-text]").fill(
        table(*FIELD, sides=("50,00", "60,00", "51,00", "60,00"))
    )
    page.locator("input[name=stated]").fill("3.000,0")
    page.get_by_role("button", name="Đọc bảng").click()
    report = page.locator(".tool-report")
    expect(report).to_contain_text("3.000,0 m²")
    expect(report).to_contain_text("90°00′00″")
    expect(report.locator("[data-finding=table-edge-differs]")).to_contain_text("51,00")
    expect(report.locator("tr.off")).to_have_count(1)
    answer = planner.previewing(page.get_by_role("button", name="Xem trước thửa mới").click)
    corners = {
        (x, y) for x, y in answer["effect"]["added"][0]["feature"]["geometry"]["coordinates"][0]
    }
    assert set(FIELD) <= corners
    planner.add_previewed()
    assert planner.steps()[0]["operation"] == "draw"
    expect(page.locator("[data-table-text]")).to_have_value("")


def test_a_table_typed_row_by_row_with_enter(planner: Bench) -> None:
    page = planner.page
    planner.start("t")
    page.get_by_label("Từng dòng").check()
    page.locator("[data-column=x]").first.focus()
    for at in FIELD:
        north, east = sheet(at).split()
        page.keyboard.type(north)
        page.keyboard.press("Enter")
        page.keyboard.type(east)
        page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator(".tool-report")).to_contain_text("3.000,0 m²")
    expect(page.locator("[data-finding=table-not-closed]")).to_be_visible()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1 2318698 718624\n2 2318748 718624\n3 2318748 718684", "kinh tuyến trục 105°00'"),
        ("1 2417400 432600\n2 2417450 432600\n3 2417450 432660", "cách khu"),
        ("1 hai ba\n2 2317450 432600\n3 2317450 432660", "Dòng 1"),
        ("1 2317400 432040\n2 2317450 432100\n3 2317400 432100\n4 2317450 432040", "tự cắt"),
        ("1 2317400 432040", "ít nhất ba điểm"),
    ],
    ids=["meridian", "far", "unreadable", "crossing", "short"],
)
def test_a_bad_table_is_refused_in_words(
    planner: Bench, watch: Watch, text: str, words: str
) -> None:
    watch.expected = ("422",)
    page = planner.page
    planner.start("t")
    page.locator("[data-table-text]").fill(text)
    page.get_by_role("button", name="Đọc bảng").click()
    expect(page.locator(".tool-message")).to_contain_text(words)
    expect(page.get_by_role("button", name="Xem trước thửa mới")).to_be_disabled()
    assert planner.steps() == []


def test_a_table_with_easting_first_is_turned_and_told(planner: Bench) -> None:
    page = planner.page
    planner.start("t")
    turned = "\n".join(f"{n} {at[0]:.2f} {at[1]:.2f}" for n, at in enumerate(FIELD, 1))
    page.locator("[data-table-text]").fill(turned)
    page.locator("input[name=stated]").fill("3500")
    page.get_by_role("button", name="Đọc bảng").click()
    expect(page.locator("[data-finding=table-order-yx]")).to_contain_text("đã đổi lại")
    expect(page.locator("[data-finding=table-area-differs]")).to_contain_text("3.500,0")
    expect(page.locator(".tool-report")).to_contain_text("-500,0 m²")

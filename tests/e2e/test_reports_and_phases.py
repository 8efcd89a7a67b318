"""A figure of a report with its completion beside it; a park that operates and clears at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from gisapp.security.permissions import Role
from tests.conftest import TestDatabase
from tests.db.ground import EAST, NORTH, lay
from tests.e2e.conftest import Door, opened

OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def site(module_database: TestDatabase) -> Iterator[Door]:
    """A zone of 10,000 ha, served."""
    with module_database.database.transaction() as session:
        lay(session, 1, code="KCN-1")
    with opened(module_database) as door:
        yield door


def paper(page: Page, prefix: str, number: str, day: str) -> None:
    """Name the document a form hangs on."""
    page.locator(f"#{prefix}-document").fill(number)
    page.locator(f"#{prefix}-issued").fill(day)
    page.locator(f"#{prefix}-issuer").fill("Ban Quản lý")


def test_a_printed_figure_and_its_completion(open_page: OpenPage, site: Door) -> None:
    """Entered through the form, read on its page and in the list, corrected, both texts kept."""
    page = open_page("/figures", role=Role.PLANNER)
    page.get_by_role("link", name="Số liệu ghi theo báo cáo").click()
    page.get_by_role("link", name="Ghi số liệu").click()
    page.get_by_label("Mã chỉ tiêu").fill("area_cleared_in_period")
    page.get_by_label("Loại số").select_option("flow")
    page.get_by_label("Kỳ từ ngày").fill("2024-01-01")
    page.get_by_label("Kỳ đến ngày").fill("2024-06-30")
    page.get_by_label("Tên chỉ tiêu").fill("Giải phóng mặt bằng")
    page.get_by_label("Số như in", exact=True).fill("48,9 ha")
    page.get_by_label("Kế hoạch như in", exact=True).fill("87 ha")
    page.get_by_label("So kế hoạch như in (%)").fill("57,24")
    paper(page, "figure", "45/BC-BQL", "2024-07-10")
    page.get_by_role("button", name="Ghi số liệu").click()
    expect(page.locator("#completion")).to_contain_text("56,21")
    expect(page.locator("#completion")).to_contain_text("lệch")

    page.get_by_text("Sửa chỗ đọc sai").click()
    page.get_by_label("Số như in", exact=True).fill("49,8 ha")
    page.get_by_label("Giá trị", exact=True).fill("49,8")
    page.get_by_role("button", name="Ghi lại").click()
    expect(page.locator("#completion")).to_contain_text("57,24")
    expect(page.locator("#completion")).to_contain_text("khớp")
    expect(page.locator(".printed")).to_have_text("49,8 ha")
    expect(page.get_by_role("cell", name="48,9 ha").first).to_be_visible()

    page.get_by_role("link", name="Số liệu ghi theo báo cáo").click()
    row = page.get_by_role("row").filter(has_text="Giải phóng mặt bằng")
    expect(row).to_contain_text("49,8 ha")
    expect(row).to_contain_text("57,24")
    expect(row).to_contain_text("6 tháng đầu năm 2024")


def test_a_park_operates_and_clears_at_once(open_page: OpenPage, site: Door) -> None:
    """Phases written on the zone's page; what the zone does follows, and sums come to the whole."""
    page = open_page("/zones/KCN-1", role=Role.PLANNER)
    points = [(0, 0), (5_000, 0), (5_000, 5_000), (0, 5_000)]
    corners = "\n".join(
        f"{n} {NORTH + 100 + a:.3f} {EAST + 100 + b:.3f}" for n, (a, b) in enumerate(points, 1)
    )
    for number, state, ground in (("1", "operating", corners), ("2", "clearing", "")):
        page.get_by_text("Thêm giai đoạn").click()
        page.locator("#phase-number").fill(number)
        page.locator("#phase-name").fill(f"Giai đoạn {number}")
        page.locator("#phase-state").select_option(state)
        if ground:
            page.locator("#phase-corners").fill(ground)
        else:
            page.locator("#phase-area").fill("3000")
        paper(page, "phase", f"{number}/QĐ-UBND", "2023-03-01")
        page.get_by_role("button", name="Ghi giai đoạn").click()
        expect(page.get_by_role("cell", name=f"Giai đoạn {number}")).to_be_visible()
    section = page.locator("#phases")
    expect(section).to_contain_text("Vừa hoạt động vừa giải phóng mặt bằng")
    expect(section.locator("rect")).to_have_count(3)
    expect(section).to_contain_text("Chưa phân loại 4.500,00 ha")
    page.get_by_role("link", name="Các khu theo giai đoạn").click()
    page.set_viewport_size({"width": 820, "height": 1180})
    areas = page.locator(
        "section", has=page.get_by_role("heading", name="Diện tích theo trạng thái")
    )
    expect(areas.locator("tfoot")).to_contain_text("10.000,00")
    expect(page.get_by_role("row").filter(has_text="KCN-1")).to_have_count(2)
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(f"{site.url}/map?zone=KCN-1")
    page.locator("#layer-zone-phases").check()
    expect(page.locator("#legend")).to_contain_text("Giai đoạn đang hoạt động")

"""A planner records an amendment, progress and a photo; a leader sees who is late on the map."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from gisapp.db import owner_engine
from gisapp.demo.load import load_demo
from gisapp.demo.pictures import keep_site_picture
from gisapp.security.permissions import Role
from tests.conftest import TestDatabase
from tests.e2e.conftest import Door, Watch, opened
from tests.photo_files import SECRET, exif, photo_jpeg

OpenPage = Callable[..., Page]
ZONE, CODE = "KCN-DEMO-A", "DA-A04"


@pytest.fixture(scope="module")
def site(module_database: TestDatabase) -> Iterator[Door]:
    """The demo board, served."""
    engine = owner_engine(module_database.settings)
    with Session(engine) as session, session.begin():
        load_demo(session)
    engine.dispose()
    keep_site_picture(module_database.settings)
    with opened(module_database) as door:
        yield door


def paper(page: Page, prefix: str, number: str, day: str) -> None:
    """Name the document a form hangs on."""
    page.locator(f"#{prefix}-document").fill(number)
    page.locator(f"#{prefix}-issued").fill(day)
    page.locator(f"#{prefix}-issuer").fill("Ban Quản lý (minh hoạ)")


def form(page: Page, title: str) -> None:
    """Open one of the forms of a project."""
    page.locator("summary", has_text=title).click()


@pytest.mark.timeout(240)
def test_a_planner_records_and_a_leader_sees_it_on_the_map(
    open_page: OpenPage, site: Door, watch: Watch
) -> None:
    planner = open_page(f"/projects/{CODE}", role=Role.PLANNER)
    expect(planner.locator("h1")).to_contain_text("Nhà máy")
    form(planner, "Giấy chứng nhận, điều chỉnh")
    planner.locator("#c-n").fill("2")
    planner.get_by_label("tiến độ", exact=True).check()
    planner.locator("#c-summary").fill("Lùi mốc vận hành sáu tháng")
    paper(planner, "certificate", f"GCN-{CODE}-DC2", "2026-11-02")
    planner.get_by_role("button", name="Ghi giấy chứng nhận").click()
    expect(planner.locator(".note")).to_contain_text("điều chỉnh lần 2")
    expect(planner.locator(".story")).to_contain_text("Lùi mốc vận hành sáu tháng")

    form(planner, "Tiến độ quan sát")
    planner.locator("#p-actual").fill("38,5")
    paper(planner, "progress", "KT-A04-9", "2026-11-10")
    planner.get_by_role("button", name="Ghi tiến độ").click()
    expect(planner.locator(".note")).to_contain_text("Đã ghi tiến độ")

    form(planner, "Ghi chú kiểm tra và ảnh")
    planner.locator("#v-day").fill("2026-11-10")
    planner.locator("#v-body").fill("Đã lợp xong mái phía đông")
    photo = {"name": "mai.jpg", "mimeType": "image/jpeg", "buffer": photo_jpeg(exif(), 400, 300)}
    planner.locator("#v-photos").set_input_files(photo)  # type: ignore[arg-type]
    planner.get_by_role("button", name="Ghi kiểm tra").click()
    expect(planner.locator(".note")).to_contain_text("với 1 ảnh")
    shown = planner.locator(".visits img").first
    shown.scroll_into_view_if_needed()
    planner.wait_for_function("() => document.querySelector('.visits img').naturalWidth > 0")
    address = planner.locator(".visits a[href*='/api/v1/photos/']").first.get_attribute("href")
    content = planner.request.get(f"{site.url}{address}").body()
    assert SECRET not in content and content.startswith(b"\xff\xd8\xff")

    leader = open_page("/projects?lateness=any", role=Role.LEADER)
    row = leader.locator("tbody tr", has_text=CODE)
    expect(row).to_contain_text("Chậm trên 1 năm")
    expect(row).to_contain_text("39")

    leader.goto(f"{site.url}/map?zone={ZONE}&late=1")
    leader.wait_for_selector("#map[data-ready]")
    expect(leader.locator("#projects-late")).to_be_checked()
    expect(leader.locator("#legend [data-layer=projects] [data-key=overdue]")).to_have_text(
        "Chậm trên 1 năm"
    )
    answer = leader.request.get(f"{site.url}/api/v1/projects/{CODE}")
    assert answer.ok, answer.text()
    told = answer.json()
    west, south, east, north = told["box"]
    leader.goto(
        f"{site.url}/map?zone={ZONE}&late=1&view={(west + east) / 2},{(south + north) / 2},3000"
    )
    leader.wait_for_selector("#map[data-ready]")
    leader.wait_for_function("() => window.__app.count('projects') > 0")
    x, y = leader.evaluate("(at) => window.__app.px(at)", [(west + east) / 2, (south + north) / 2])
    box = leader.locator("#map").bounding_box()
    assert box is not None
    leader.mouse.click(box["x"] + x, box["y"] + y)
    card = leader.locator("#card")
    expect(card.locator("h2")).to_contain_text("Nhà máy")
    expect(card).to_contain_text("Chậm trên 1 năm")
    expect(card).to_contain_text("Vận hành")
    expect(card.locator("dd", has_text="Đã quá hạn")).to_contain_text("Ngày hết hạn 05/03/2026")
    expect(card.get_by_role("link", name="Chứng cứ và văn bản")).to_be_visible()
    expect(card.locator("img").first).to_be_visible()
    card.get_by_role("link", name="Mở trang dự án").click()
    expect(leader.locator("h1")).to_contain_text("Nhà máy")
    expect(leader.locator(".steps-chart")).to_be_visible()
    expect(leader.locator("form[action*='/progress']")).to_have_count(0)


@pytest.mark.timeout(120)
def test_a_leader_follows_a_late_project_to_its_evidence_its_letter_and_the_digest(
    open_page: OpenPage, site: Door, watch: Watch
) -> None:
    leader = open_page("/projects?lateness=any", role=Role.LEADER)
    leader.locator("tbody tr", has_text=CODE).get_by_role("link", name=CODE, exact=True).click()
    leader.get_by_role("link", name="Chứng cứ và văn bản").click()
    late = leader.locator(".face", has_text="Chậm tiến độ dự án")
    expect(late).to_contain_text("Đã quá hạn")
    breach = late.locator("dt:has-text('Ngày hết hạn') + dd b").inner_text()
    handed = leader.locator("section[aria-labelledby=land-head] tbody tr")
    minutes = handed.locator("td", has_text="Biên bản").inner_text().removeprefix("Biên bản ")
    expect(leader.locator("section[aria-labelledby=evidence-head]")).to_contain_text(minutes)
    expect(leader.locator("form[action*='/clocks/']")).to_have_count(0)

    leader.get_by_role("link", name="Xem thử: Chậm tiến độ dự án").click()
    letter = leader.locator(".letter")
    expect(letter).to_contain_text("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    expect(letter).to_contain_text(f"Thời hạn 24 tháng đã hết vào ngày {breach}.")
    expect(letter).to_contain_text(minutes)
    word = leader.get_by_role("link", name="Tải bản Word").get_attribute("href")
    assert leader.request.get(f"{site.url}{word}").body().startswith(b"PK")

    leader.goto(f"{site.url}/digest?rule=clocks")
    urgent = leader.locator("section", has_text="Gấp")
    urgent.get_by_role("link", name=f"Dự án {CODE}").click()
    expect(leader.locator(".face", has_text="Đã quá hạn")).to_be_visible()

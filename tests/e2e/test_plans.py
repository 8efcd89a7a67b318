"""A draft adjustment from its scope to approval, as a planner and a leader take it together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from playwright.sync_api import Page, expect

from gisapp.jobs.work import Worker
from gisapp.security.permissions import Role
from planning.clocks import Moment
from planning.indicators.queries import land
from tests.conftest import ROOT, TestDatabase
from tests.e2e.conftest import TABLET, Site, Watch
from tests.import_files import write_file
from tests.small_park import cell

OpenPage = Callable[..., Page]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
BEGUN, CONSULTED, APPRAISED = "2026-03-02", "2026-05-04", "2026-09-01"
APPROVED = date(2026, 10, 12)
GREEN_M2 = 3 * 2 * 100 * 100


@pytest.fixture
def worker(site: Site, module_database: TestDatabase) -> Iterator[None]:
    """A worker beside the web, as `bin/run` starts one."""
    stop = Event()
    working = Worker(module_database.database, module_database.settings)
    thread = Thread(target=working.run, args=(stop.is_set, 0.2))
    thread.start()
    yield
    stop.set()
    thread.join(60)


@pytest.fixture
def lots(tmp_path: Path) -> Path:
    """What the adjustment makes of the green lot of 6 ha: industry in its western two thirds."""
    shapes = [cell(7, 0, 2, 2), cell(9, 0, 1, 2)]
    fields = {"KYHIEULO": ["CN-07", "CX-09"], "DIENTICH": [40_000.0, 20_000.0]}
    return write_file(tmp_path / "lo-dieu-chinh.gpkg", shapes, fields)


def paper(page: Page, form: str, number: str, day: str) -> None:
    """Fill in the document a form hangs on."""
    page.fill(f"{form} [name=document]", number)
    page.fill(f"{form} [name=issued]", day)
    page.fill(f"{form} [name=issuer]", "UBND tỉnh Quảng Ninh")


def take(page: Page, status: str, number: str, day: str) -> None:
    """Take a step: look at what it changes, then record it."""
    form = "form[action*='/steps']"
    page.select_option(f"{form} [name=status]", status)
    paper(page, form, number, day)
    page.click(f"{form} button:has-text('Xem trước')")
    expect(page.locator(".empty")).to_contain_text("không đổi số liệu nào")
    page.click("button:has-text('Ghi:')")
    expect(page.locator(".note")).to_contain_text("Đã ghi bước")


def leasable(site: Site, day: date) -> float:
    """The leasable area of the park on a day."""
    with site.database.reading() as session:
        figures = land(session, Moment(day), zone="KCN-TEST", flows=False).figures()
    return float(figures["leasable_area"].answer.value or 0)


@pytest.mark.timeout(300)
def test_a_draft_from_its_scope_to_approval(
    open_page: OpenPage, site: Site, worker: None, lots: Path, watch: Watch
) -> None:
    watch.expected = ("422",)  # the refusal on the leader's page
    planner = open_page("/plans", role=Role.PLANNER)
    planner.click("a:has-text('QHPK-TEST')")
    planner.click(".crumbs a:has-text('QHPK-TEST')")
    planner.click("a:has-text('Lập điều chỉnh')")
    planner.fill("#tick-filter", "cay xanh")
    expect(planner.locator(".tick-list tbody tr:visible")).to_have_count(1)
    planner.get_by_label("CX-01", exact=True).check()
    expect(planner.locator("[data-ticked]")).to_have_text("đã chọn 1 lô, 6,00 ha")
    paper(planner, "form[action*='/adjustments']", "12/TTr-BQL", BEGUN)
    planner.click("main form[action*='/adjustments'] button[type=submit]")
    expect(planner.locator(".note").first).to_contain_text("Đã lập bản 3: giữ nguyên 4 lô")
    expect(planner.locator(".faults")).to_contain_text("Phần hở")
    draft = planner.url

    planner.click("a:has-text('Nhập lô từ tệp')")
    expect(planner.locator("#layer")).to_have_value("plan-lots")
    planner.set_input_files("#file", lots)
    planner.fill("#document", "12/TTr-BQL")
    planner.fill("#issued", BEGUN)
    planner.fill("#issuer", "UBND tỉnh Quảng Ninh")
    planner.click("button:has-text('Tải lên và chạy thử')")
    planner.click("button:has-text('Ghi 2 dòng vào sổ')")
    expect(planner.locator(".receipt-line")).to_contain_text("Đã ghi bởi lần thay đổi số")
    planner.goto(draft)
    take(planner, "consultation", "20/BC-BQL", CONSULTED)
    take(planner, "appraisal", "31/TTr-BQL", APPRAISED)

    leader = open_page(draft.removeprefix(site.url), role=Role.LEADER)
    form = "form[action*='/approval']"
    paper(leader, form, "55/QĐ-UBND", APPROVED.isoformat())
    leader.click(f"{form} button")
    expect(leader.locator(".note.bad")).to_contain_text("chưa ai ký chấp nhận: phần hở")
    leader.click("summary:has-text('Ký chấp nhận lỗi')")
    waiver = "form[action*='/waivers']"
    leader.fill(f"{waiver} [name=reason]", "Phần hở ngoài ranh lô đã có từ bản 2")
    paper(leader, waiver, "54/TB-BQL", APPROVED.isoformat())
    leader.click(f"{waiver} button")
    expect(leader.locator(".faults")).to_contain_text("leader ký chấp nhận")
    paper(leader, form, "55/QĐ-UBND", APPROVED.isoformat())
    leader.click(f"{form} button")
    expect(leader.locator("tr.moved").first).to_contain_text("+4,00")
    leader.click("button:has-text('Ghi: phê duyệt')")
    expect(leader.locator(".note").first).to_contain_text("Đã ghi bước “Phê duyệt”")
    gained = leasable(site, APPROVED) - leasable(site, APPROVED - timedelta(days=1))
    assert gained == pytest.approx(40_000)

    planner.goto(draft)
    expect(planner.locator("form[action*='/uses']")).to_have_count(0)
    expect(planner.locator(".steps-taken li").first).to_contain_text("leader ghi")
    planner.click("a:has-text('Cân bằng đất')")
    expect(planner.locator("table.balance tfoot")).to_contain_text("96,00")
    planner.emulate_media(media="print")
    assert planner.pdf(format="A4").startswith(b"%PDF")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_assistive_tools_and_a_tablet(open_page: OpenPage, scheme: str) -> None:
    page = open_page(
        "/plans", role=Role.LEADER, viewport=TABLET, color_scheme=scheme, bypass_csp=True
    )
    start = page.url.removesuffix("/plans")
    for path in ("/plans", "/plans?view=table", "/plans?view=timeline", "/plans/QHPK-TEST",
                 "/plans/QHPK-TEST/2", "/plans/QHPK-TEST/2/balance", "/plans/deadlines",
                 "/plans/here?zone=KCN-TEST&x=1&y=1", "/plans?q=khong-co"):  # fmt: skip
        page.goto(start + path)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("() => axe.run()")
        assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == [], path
        wide = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, path

"""An import as a planner does it: pick the file, watch it being tried, look at a refusal, write."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread

import pytest
from playwright.sync_api import Page, expect
from shapely.geometry import box

from gisapp.jobs.work import Worker
from gisapp.security.permissions import Role
from tests.conftest import ROOT, TestDatabase
from tests.e2e.conftest import TABLET, Site
from tests.import_files import write_file
from tests.small_park import SOUTH, WEST

OpenPage = Callable[..., Page]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"


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
def file(tmp_path: Path) -> Path:
    """Three parcels in free land of the park; two carry one number."""
    shapes = [box(WEST + 10 + 20 * i, SOUTH + 10, WEST + 30 + 20 * i, SOUTH + 40) for i in range(3)]
    numbers = {"so_to": ["77"] * 3, "so_thua": ["1", "2", "2"]}
    return write_file(tmp_path / "thua-moi.gpkg", shapes, numbers)


def fill(page: Page, file: Path) -> None:
    """Fill the form of step one."""
    page.set_input_files("#file", file)
    page.select_option("#layer", "parcels")
    page.select_option("#zone", "KCN-TEST")
    page.fill("#document", "15/BB-KTĐĐ")
    page.fill("#issued", "2025-03-01")
    page.fill("#issuer", "Văn phòng đăng ký đất đai")


def test_from_the_file_to_the_receipt(open_page: OpenPage, worker: None, file: Path) -> None:
    page = open_page("/imports", role=Role.PLANNER)
    page.click(".page-head .btn-primary")
    fill(page, file)
    page.click("button:has-text('Tải lên và chạy thử')")
    expect(page.locator("#result-head")).to_have_text("Kết quả thử")
    expect(page.locator("table.grid tbody tr", has_text="còn ở dòng")).to_have_count(2)
    expect(page.locator(".import-picture rect.refused")).to_have_count(2)
    page.check("input[name='allow_duplicates']")
    page.click("button:has-text('Chạy thử lại')")
    page.click("button:has-text('Ghi 3 dòng vào sổ')")
    expect(page.locator(".receipt-line")).to_contain_text("Đã ghi bởi lần thay đổi số")
    expect(page.locator("#result-head")).to_have_text("Biên nhận")
    page.emulate_media(media="print")
    assert page.pdf(format="A4").startswith(b"%PDF")
    page.emulate_media(media="screen")
    page.click(".crumbs a")
    expect(page.locator("table.grid tbody tr", has_text="thua-moi.gpkg").first).to_contain_text(
        "Đã ghi"
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_assistive_tools_and_a_tablet(
    open_page: OpenPage, worker: None, file: Path, scheme: str
) -> None:
    page = open_page(
        "/imports/new", role=Role.PLANNER, viewport=TABLET, color_scheme=scheme, bypass_csp=True
    )
    fill(page, file)
    pages = ["/imports/new", "/founding"]
    page.click("button:has-text('Tải lên và chạy thử')")
    expect(page.locator("#result-head")).to_be_visible()
    for path in [page.url, *pages]:
        page.goto(path if path.startswith("http") else "/".join(page.url.split("/")[:3]) + path)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("() => axe.run()")
        assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == [], path
        wide = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, path


def test_it_works_without_a_script(open_page: OpenPage, worker: None, file: Path) -> None:
    page = open_page("/imports/new", role=Role.PLANNER, java_script_enabled=False)
    fill(page, file)
    page.click("button:has-text('Tải lên và chạy thử')")
    expect(page.locator("#result-head")).to_have_text("Kết quả thử")
    page.click("button:has-text('Bỏ tệp này')")
    expect(page.locator("h1")).to_have_text("Nhập")

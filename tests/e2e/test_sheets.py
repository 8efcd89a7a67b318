"""A scanned PNG of the plan placed by four points in the browser, laid on the map, and swiped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from gisapp.jobs.work import Worker
from gisapp.security.permissions import Role
from tests.conftest import TestDatabase
from tests.e2e.conftest import TABLET, Site
from tests.raster_files import Scan, scan_of
from tests.small_park import cell

OpenPage = Callable[..., Page]
LOTS = [
    ("CN", cell(0, 0, 7, 3)), ("CN", cell(0, 3, 7, 3)), ("CX", cell(7, 0, 3, 2)),
    ("DV", cell(7, 2, 3, 2)), ("HTKT", cell(7, 4, 3, 2)),
]  # fmt: skip
CORNERS = [(0, 0), (10, 0), (10, 6), (0, 6)]


@pytest.fixture(scope="module")
def scan() -> Scan:
    """The plan of 2024 on paper, two metres a pixel."""
    return scan_of(LOTS, metres_a_pixel=2.0, grain=1)


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


def upload(page: Page, file: Path) -> None:
    page.set_input_files("#file", file)
    page.fill("#title", "Bản đồ QHSDĐ 2024, tờ 1")
    page.select_option("#zone", "KCN-TEST")
    page.select_option("#plan_version", index=1)
    page.click("#sheet-form [type=submit]")
    expect(page.locator("#sheet-panes")).to_be_visible()
    expect(page.locator("#image-pane[data-ready]")).to_be_visible()
    expect(page.locator("#ground-pane[data-ready]")).to_be_visible()


def click(page: Page, pane: str, place: list[float]) -> None:
    # the panes grow and shrink with the table below them: once the place is seen in its pane
    seen = page.wait_for_function(
        f"""(place) => {{
            const at = __sheet.{pane}(place)
            const {{ clientWidth, clientHeight }} = document.getElementById('{pane}-pane')
            return at && at[0] > 0 && at[1] > 0 && at[0] < clientWidth && at[1] < clientHeight && at
        }}""",
        arg=place,
    )
    x, y = seen.json_value()
    page.locator(f"#{pane}-pane").click(position={"x": x, "y": y})


def value(page: Page, point: int, name: str) -> Any:
    return page.locator(f"#points tr[data-point='{point}'] [data-name={name}]")


def place_four(page: Page, scan: Scan) -> None:
    """Two points with typed coordinates, two by clicking the map near a corner of a lot."""
    for index, (column, row) in enumerate(CORNERS):
        e, n, _, _ = cell(column, row).bounds
        col, line = scan.place(e, n)
        click(page, "image", [col, line])
        expect(value(page, index, "northing")).to_be_focused()
        if index < 2:
            page.keyboard.type(f"{n:.3f}")
            page.keyboard.press("Tab")
            page.keyboard.type(f"{e:.3f}".replace(".", ","))
            page.keyboard.press("Enter")
        else:
            click(page, "ground", [e + 4, n - 3])  # near enough to be caught
            expect(page.locator("#sheet-say")).to_contain_text("Bắt vào góc")
        assert e.is_integer()
        expect(value(page, index, "easting")).to_have_value(
            f"{e:,.3f}".translate(str.maketrans(",.", ".,"))
        )


@pytest.mark.timeout(300)
def test_a_scan_is_placed_by_four_points_laid_and_swiped(
    open_page: OpenPage, worker: None, scan: Scan, tmp_path: Path, site: Site
) -> None:
    file = tmp_path / "qh-2024.png"
    file.write_bytes(scan.png)
    page = open_page("/plans/sheets", role=Role.PLANNER)
    page.click(".page-head .btn-primary")
    upload(page, file)
    place_four(page, scan)
    expect(page.locator("#sheet-rms")).to_contain_text("mm trên giấy")
    expect(page.locator("#points tr")).to_have_count(4)
    fit = page.evaluate("__sheet.fit()")
    assert fit["rms_m"] < 3.0
    page.click("#save-points")
    expect(page.locator("#see-map")).to_be_visible()
    expect(page.locator("#sheet-status")).to_have_text("Đã lên bản đồ")

    page.click("#see-map")
    expect(page.locator("#map[data-ready]")).to_be_visible()
    expect(page.locator(".scan-list input[type=checkbox]")).to_be_checked()
    expect(page.locator(".scan-list")).to_contain_text("sai số ±")
    sheet = page.locator("#swipe-left option[value^=sheet-]").get_attribute("value")
    assert sheet is not None
    page.select_option("#swipe-left", "map")
    page.select_option("#swipe-right", sheet)
    swipe = page.locator(".swipe-range")
    expect(swipe).to_be_visible()
    swipe.focus()
    before = page.locator(".swipe-line").get_attribute("style")
    for _ in range(20):
        page.keyboard.press("ArrowLeft")
    assert page.locator(".swipe-line").get_attribute("style") != before
    assert f"swipe=map~{sheet}" in page.url.replace("%7E", "~")


def test_2021_is_swiped_against_2024(open_page: OpenPage, site: Site) -> None:
    """Right of the line the plan of 2024, left that of 2021; the line decides what is seen."""
    old, new = site.park.plan_versions
    page = open_page(f"/map?zone=KCN-TEST&swipe=plan-{old}~plan-{new}")
    expect(page.locator("#map[data-ready]")).to_be_visible()
    expect(page.locator("#swipe-left")).to_have_value(f"plan-{old}")
    expect(page.locator(".swipe-names span").first).to_contain_text("01/01/2021")
    expect(page.locator(".swipe-names span").last).to_contain_text("01/01/2024")
    # the strip between the seventh and the eighth column was industrial in 2021, not in 2024
    place = [cell(7, 1).centroid.x, cell(7, 1).centroid.y]
    swipe = page.locator(".swipe-range")
    seen = {}
    for side, share in (("2021", "1000"), ("2024", "0")):
        swipe.fill(share)
        expect(page.locator("#map[data-ready]")).to_be_visible()
        seen[side] = _colour(page, place)
    assert seen["2021"] != seen["2024"]
    page.select_option("#swipe-left", "")
    expect(swipe).to_be_hidden()


def _colour(page: Page, place: list[float]) -> Any:
    """The colour of the map at a place, from a picture of the page."""
    import io

    import numpy as np
    import rasterio

    x, y = page.evaluate("(place) => __app.px(place)", place)
    box = page.locator("#map").bounding_box()
    assert box is not None
    clip = {"x": box["x"] + x - 3, "y": box["y"] + y - 3, "width": 6, "height": 6}
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
        with rasterio.open(io.BytesIO(page.screenshot(clip=clip))) as picture:  # type: ignore[arg-type]
            return np.median(picture.read()[:3].reshape(3, -1), axis=1).astype(int).tolist()


def test_everything_can_be_typed_and_a_wrong_point_is_named(
    open_page: OpenPage, worker: None, scan: Scan, tmp_path: Path, watch: Any
) -> None:
    watch.expected = ("422",)
    file = tmp_path / "lan-hai.png"
    file.write_bytes(scan_of(LOTS, metres_a_pixel=2.4, grain=1).png)
    page = open_page("/plans/sheets/new", role=Role.PLANNER, viewport=TABLET)
    upload(page, file)
    other = scan_of(LOTS, metres_a_pixel=2.4, grain=1)
    for index, (column, row) in enumerate([*CORNERS, (7, 2), (7, 4)]):
        e, n, _, _ = cell(column, row).bounds
        col, line = other.place(e, n)
        if index == 4:
            e += 25  # a slip of the pen
        page.click("#add-point")
        expect(value(page, index, "col")).to_be_focused()
        for number in (f"{col:.1f}", f"{line:.1f}", f"{n:.3f}", f"{e:.3f}"):
            page.keyboard.type(number)
            page.keyboard.press("Tab")
    expect(page.locator("#points tr.worst")).to_have_attribute("data-point", "4")
    expect(page.locator("#sheet-rms")).to_contain_text("bỏ từng điểm")
    page.click("#points tr.worst button")
    expect(page.locator("#sheet-rms")).to_contain_text("RMS 0,0")
    for index in range(5):
        value(page, index, "col").focus()
        page.keyboard.press("Control+A")
        page.keyboard.type("500")
        page.keyboard.press("Tab")
    expect(page.locator("#sheet-problem")).to_contain_text("đường thẳng")
    assert urlsplit(page.url).path.startswith("/plans/sheets/")


def test_a_refused_file_is_told_beside_the_form(
    open_page: OpenPage, tmp_path: Path, watch: Any
) -> None:
    watch.expected = ("422",)
    file = tmp_path / "khong-phai-anh.png"
    file.write_text("không phải ảnh", encoding="utf-8")
    page = open_page("/plans/sheets/new", role=Role.PLANNER)
    page.set_input_files("#file", file)
    page.fill("#title", "Hỏng")
    page.click("#sheet-form [type=submit]")
    expect(page.locator("#sheet-problem")).to_contain_text("không phải TIFF, JPEG, PNG hay PDF")
    assert page.locator("#title").input_value() == "Hỏng"

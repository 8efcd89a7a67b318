"""Scanned sheets over HTTP: uploads refused clearly, points previewed and kept, tiles and crops."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from flask import Flask
from numpy.typing import NDArray

from gisapp.running import database_of
from gisapp.security import accounts
from gisapp.security.model import UserScope
from gisapp.security.permissions import Role
from layers.raster.png import png
from layers.tiles import plane_grid
from tests import small_park
from tests.conftest import TestDatabase
from tests.raster_files import (
    Scan,
    pdf_file,
    png_header,
    scan_of,
    tiff_header,
    written,
)
from tests.web.conftest import PASSWORD, Browser, session_of
from tests.web.sheet_visits import LOTS, bring, picture, points, post, put, work


@pytest.fixture(scope="module")
def park(app: Flask) -> small_park.SmallPark:
    """The small park, and a planner limited to another zone."""
    with database_of(app).transaction() as session:
        made = small_park.build(session)
    with database_of(app).transaction() as session:
        stranger = accounts.create_user(session, "stranger", Role.PLANNER, PASSWORD)
        stranger.scopes = [UserScope(zone_code="KCN-EMPTY")]
    return made


@pytest.fixture(scope="module")
def scan() -> Scan:
    """The park's plan on paper, half a metre a pixel."""
    return scan_of(LOTS, metres_a_pixel=1.0, grain=0)  # small enough for the client's memory


@pytest.fixture
def planner(signed_in: Callable[[Role | None], Browser], park: object) -> Browser:
    """A planner's browser."""
    return signed_in(Role.PLANNER)


@pytest.fixture(scope="module")
def laid(
    app: Flask,
    park: object,
    scan: Scan,
    module_database: TestDatabase,
    signed_in: Callable[[Role | None], Browser],
) -> dict[str, Any]:
    """A sheet brought, read, placed by four points and laid."""
    browser = signed_in(Role.PLANNER)
    sheet: dict[str, Any] = bring(browser, scan.png, title="Tờ đã đặt").get_json()
    work(module_database)
    wanted = points(scan)
    wanted[2]["easting"] += 1.0
    answer = put(browser, f"{sheet['id']}/control-points", {"kind": "affine", "points": wanted})
    assert answer.status_code == 200, answer.text
    assert post(browser, f"{sheet['id']}/convert").status_code == 202
    work(module_database)
    found: dict[str, Any] = browser.get(f"/api/v1/sheets/{sheet['id']}").get_json()
    assert found["status"] == "ready"
    return found


BAD: dict[str, tuple[str, Callable[[Path], bytes], int, str]] = {
    "nothing": ("a.png", lambda _: b"", 422, "file-empty"),
    "a text": ("a.png", lambda _: b"xin chao", 422, "raster-type-unknown"),
    "one pixel": (
        "a.png", lambda _: png(np.zeros((1, 1, 3), dtype=np.uint8)), 422, "raster-too-small",
    ),
    "40 gigapixels": ("a.tif", lambda _: tiff_header(200_000, 200_000), 422, "raster-too-large"),
    "a bomb": ("a.png", lambda _: png_header(30_000, 30_000), 422, "raster-swells"),
    "cut off": (
        "a.png", lambda _: png(np.zeros((99, 99, 3), np.uint8))[:-9], 422, "raster-damaged",
    ),
    "300 pages": (
        "a.pdf", lambda f: pdf_file(f / "a.pdf", 300).read_bytes(), 422, "raster-page-to-choose",
    ),
    "numbers": (
        "a.tif", lambda f: written(f / "a.tif", np.zeros((1, 99, 99), np.float32)).read_bytes(),
        422, "raster-not-a-picture",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_in_words_and_nothing_is_kept(
    planner: Browser, module_database: TestDatabase, tmp_path: Path, name: str
) -> None:
    called, content, status, code = BAD[name]
    before = planner.get("/api/v1/sheets").get_json()["sheets"]
    answer = bring(planner, content(tmp_path), called)
    assert answer.status_code == status, answer.text
    problem = answer.get_json()
    assert problem["type"] == f"urn:gisapp:problem:{code}"
    assert "<" not in problem["detail"]
    assert planner.get("/api/v1/sheets").get_json()["sheets"] == before
    folder = module_database.settings.data_dir / "sheets"
    assert [p for p in folder.iterdir() if p.is_file()] == []


@pytest.mark.parametrize(
    ("form", "content", "note"),
    [
        ("cmyk", np.full((4, 90, 90), 40, np.uint8), "CMYK"),
        ("deep", np.linspace(0, 4095, 8100).reshape(1, 90, 90).astype(np.uint16), "16 bit"),
    ],
)
def test_an_odd_scan_is_converted_and_says_so(
    planner: Browser, module_database: TestDatabase, tmp_path: Path, form: str,
    content: NDArray[Any], note: str,
) -> None:  # fmt: skip
    options = {"photometric": "CMYK"} if form == "cmyk" else {}
    answer = bring(planner, written(tmp_path / "a.tif", content, **options).read_bytes(), "a.tif")
    assert answer.status_code == 201, answer.text
    assert note in " ".join(answer.get_json()["notes"])
    work(module_database)
    sheet = planner.get(f"/api/v1/sheets/{answer.get_json()['id']}").get_json()
    assert sheet["status"] == "to_place"
    picture(planner.client.get(f"/tiles/sheets/{sheet['id']}/image/0/0/0.png"))


def test_a_page_of_a_long_pdf_is_brought(planner: Browser, tmp_path: Path) -> None:
    content = pdf_file(tmp_path / "a.pdf", 300, (200, 200)).read_bytes()
    answer = bring(planner, content, "a.pdf", page="7")
    assert answer.status_code == 201, answer.text
    assert answer.get_json()["page"] == 7


def test_the_same_file_answers_the_sheet_it_is(planner: Browser, scan: Scan) -> None:
    first = bring(planner, scan.png, title="Một")
    again = bring(planner, scan.png, title="Hai")
    assert again.status_code == 200
    assert again.get_json()["id"] == first.get_json()["id"]


def test_points_are_told_in_metres_and_millimetres_before_they_are_kept(
    planner: Browser, laid: dict[str, Any], scan: Scan
) -> None:
    wanted = points(scan)
    wanted[0]["northing"] += 4.0
    path = f"{laid['id']}/control-points?preview=1"
    answer = put(planner, path, {"kind": "affine", "points": wanted})
    told = answer.get_json()
    assert told["rms_m"] == pytest.approx(1.0, rel=0.01)
    assert told["rms_mm"] == pytest.approx(0.5, rel=0.01)
    assert [round(each["error_m"], 2) for each in told["points"]] == [1.0] * 4
    assert [round(each["alone_m"], 1) for each in told["points"]] == [4.0] * 4
    assert planner.get(f"/api/v1/sheets/{laid['id']}").get_json() == laid


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda p: p[:2], "reference-too-few-points"),
        (lambda p: [*p, p[0]], "reference-points-repeated"),
        (
            lambda p: [{**p[0], "row": each["row"], "col": p[0]["col"] + i} for i, each in
                       enumerate(p)],
            "reference-points-repeated",
        ),
        (
            lambda p: [{**each, "col": p[1 - i % 2 + (i // 2) * 2]["col"],
                        "row": p[1 - i % 2 + (i // 2) * 2]["row"]} for i, each in enumerate(p)],
            "reference-sheet-mirrored",
        ),
        (
            lambda p: [{"col": 100.0 + 50 * i, "row": 100.0 + 50 * i,
                        "easting": p[0]["easting"] + 50 * i, "northing": p[0]["northing"] - 50 * i}
                       for i in range(4)],
            "reference-points-collinear",
        ),
        (
            lambda p: [{**each, "easting": each["northing"], "northing": each["easting"]}
                       for each in p],
            "reference-axes-swapped",
        ),
        (lambda p: [{**p[0], "col": -5.0}, *p[1:]], "reference-point-outside-image"),
    ],
)  # fmt: skip
def test_bad_points_are_refused_in_words_and_change_nothing(
    planner: Browser, laid: dict[str, Any], scan: Scan, change: Callable[[Any], Any], code: str
) -> None:
    body = {"kind": "affine", "points": change(points(scan)), "based_on": laid["reference_id"]}
    for path in ("control-points?preview=1", "control-points"):
        answer = put(planner, f"{laid['id']}/{path}", body)
        assert answer.status_code == 422, answer.text
        assert answer.get_json()["type"].endswith(code)
        assert "<" not in answer.get_json()["detail"]
    assert planner.get(f"/api/v1/sheets/{laid['id']}").get_json() == laid


def test_numbers_that_are_none_never_reach_the_fit(planner: Browser, laid: dict[str, Any]) -> None:
    answer = planner.client.put(
        f"/api/v1/sheets/{laid['id']}/control-points?preview=1",
        data='{"kind": "affine", "points": [{"col": NaN, "row": 1, "easting": 1, "northing": 1}]}',
        headers={"X-CSRFToken": planner.token, "Content-Type": "application/json"},
    )
    assert answer.status_code in {400, 422}


def test_points_made_from_older_ones_are_not_kept(
    planner: Browser, laid: dict[str, Any], scan: Scan
) -> None:
    body = {"kind": "affine", "points": points(scan), "based_on": None}
    answer = put(planner, f"{laid['id']}/control-points", body)
    assert answer.status_code == 409
    assert answer.get_json()["type"].endswith("sheet-reference-moved")


def test_tiles_show_the_plan_where_it_lies(planner: Browser, laid: dict[str, Any]) -> None:
    grid = plane_grid(small_park.SRID)
    west, south, east, north = small_park.cell(1, 1).bounds
    e, n = (west + east) / 2, (south + north) / 2
    z = laid["map"]["zoom"]
    side = grid.resolution(z) * 512
    x, y = int((e - grid.extent[0]) // side), int((grid.extent[3] - n) // side)
    path = f"/tiles/sheets/{laid['id']}/{small_park.SRID}/{z}/{x}/{y}.png"
    answer = planner.client.get(path)
    found = picture(answer)
    left, top = grid.extent[0] + x * side, grid.extent[3] - y * side
    at = found[int((top - n) / grid.resolution(z)), int((e - left) / grid.resolution(z))]
    assert found.shape == (512, 512, 4)
    assert np.abs(at[:3].astype(int) - (232, 160, 150)).max() < 12
    again = planner.client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert "private" in answer.headers["Cache-Control"]
    far = planner.client.get(f"/tiles/sheets/{laid['id']}/{small_park.SRID}/{z}/0/0.png")
    assert not picture(far)[:, :, -1].any() or picture(far).shape[2] == 1
    for bad in (
        "99999/1/1/1",
        f"{small_park.SRID}/{z}/01/1",
        f"{small_park.SRID}/40/1/1",
        "x/1/1/1",
    ):
        assert planner.client.get(f"/tiles/sheets/{laid['id']}/{bad}.png").status_code == 404
    assert (
        planner.client.get(f"/tiles/sheets/{laid['id']}/WebMercatorQuad/0/0/0.png").status_code
        == 200
    )


def test_a_sheet_that_is_not_laid_has_no_tiles(
    planner: Browser, module_database: TestDatabase
) -> None:
    sheet = bring(planner, png(np.full((80, 80, 3), 9, np.uint8)), title="Chưa đặt").get_json()
    path = f"/tiles/sheets/{sheet['id']}/{small_park.SRID}/5/1/1.png"
    assert planner.get(path).status_code == 409
    assert post(planner, f"{sheet['id']}/convert").status_code == 422
    work(module_database)
    assert post(planner, f"{sheet['id']}/convert").get_json()["type"].endswith("sheet-not-placed")
    outside = planner.client.get(f"/tiles/sheets/{sheet['id']}/image/0/5/5.png")
    assert outside.status_code == 404


def test_a_parcel_is_shown_on_the_sheet_with_its_error_circle(
    planner: Browser, laid: dict[str, Any], park: small_park.SmallPark
) -> None:
    over = planner.get(f"/api/v1/sheets?parcel={park.parcels[30]}").get_json()["sheets"]
    assert laid["id"] in {each["id"] for each in over}
    assert laid["rms_m"] == pytest.approx(0.25, rel=0.05)
    path = f"/api/v1/sheets/{laid['id']}/crop?parcel={park.parcels[30]}&width=300&height=200"
    found = picture(planner.client.get(path)).astype(int)
    assert found.shape == (200, 300, 3)
    red = (found[:, :, 0] > 140) & (found[:, :, 1] < 110) & (found[:, :, 2] < 110)
    blue = (found[:, :, 2] > 140) & (found[:, :, 0] < 90)
    assert red.any(), "the circle"
    assert blue.sum() > 300, "the outline"
    assert planner.get(f"/api/v1/sheets/{laid['id']}/crop").status_code == 404


def test_heights_are_asked_of_models_only(planner: Browser, laid: dict[str, Any]) -> None:
    answer = planner.get(f"/api/v1/sheets/{laid['id']}/relief")
    assert answer.get_json()["type"].endswith("sheet-is-no-elevation")


def test_heights_and_slopes_of_lots_from_a_synthetic_model(
    planner: Browser, module_database: TestDatabase, tmp_path: Path
) -> None:
    """A made-up plane that rises 2 m in 100 m to the east: every lot has that slope."""
    west, south = small_park.WEST, small_park.SOUTH
    cols = np.arange(160, dtype=np.float32)
    heights = np.broadcast_to(5 + 0.02 * (10 * cols + 5), (100, 160)).astype(np.float32)
    path = written(
        tmp_path / "dem.tif", heights[None], crs=f"EPSG:{small_park.SRID}",
        transform=rasterio.Affine(10, 0, west, 0, -10, south + 1_000),
    )  # fmt: skip
    sheet = bring(planner, path.read_bytes(), "dem.tif", kind="dem", title="DEM thử").get_json()
    work(module_database)
    told = planner.get(f"/api/v1/sheets/{sheet['id']}").get_json()
    assert (told["status"], told["origin"], told["rms_m"]) == ("ready", "file", None)
    lots = planner.get(f"/api/v1/sheets/{sheet['id']}/relief").get_json()["lots"]
    by_symbol = {lot["symbol"]: lot["relief"] for lot in lots}
    one = by_symbol["CN-01"]
    assert one["mean_m"] == pytest.approx(5 + 0.02 * (100 + 350), abs=0.1)
    assert one["mean_slope_deg"] == pytest.approx(np.degrees(np.arctan(0.02)), abs=0.01)
    assert one["covered"] == pytest.approx(1.0)
    grid = plane_grid(small_park.SRID)
    z = told["map"]["zoom"]
    side = grid.resolution(z) * 512
    x, y = int((west + 50) // side), int((grid.extent[3] - south - 500) // side)
    shown = picture(
        planner.client.get(f"/tiles/sheets/{sheet['id']}/{small_park.SRID}/{z}/{x}/{y}.png")
    )
    assert shown[:, :, 3].any()


def test_who_is_limited_to_another_zone_sees_no_sheet(
    app: Flask, laid: dict[str, Any], scan: Scan
) -> None:
    stranger = session_of(app, "stranger")
    assert stranger.get("/api/v1/sheets").get_json()["sheets"] == []
    sheet = laid["id"]
    for path in (f"/api/v1/sheets/{sheet}", f"/tiles/sheets/{sheet}/{small_park.SRID}/9/1/1.png",
                 f"/plans/sheets/{sheet}", f"/api/v1/sheets/{sheet}/control-points"):  # fmt: skip
        assert stranger.get(path).status_code == 404, path
    body = {"kind": "affine", "points": points(scan), "based_on": laid["reference_id"]}
    assert put(stranger, f"{sheet}/control-points", body).status_code == 404
    assert post(stranger, f"{sheet}/withdraw").status_code == 404
    assert bring(stranger, scan.png).status_code == 404


def test_pages_of_sheets(
    signed_in: Callable[[Role | None], Browser], laid: dict[str, Any], planner: Browser
) -> None:
    viewer = signed_in(Role.VIEWER)
    assert (
        "Tờ đã đặt" in viewer.get("/plans/sheets").text or "Một" in viewer.get("/plans/sheets").text
    )
    assert viewer.get("/plans/sheets/new").status_code == 403
    shown = planner.get(f"/plans/sheets/{laid['id']}")
    assert shown.status_code == 200
    assert "2.317.100,000" in shown.text  # the table reads without a script
    assert planner.get("/plans/sheets?format=csv").mimetype == "text/csv"
    answer = planner.post("/plans/sheets", zone="KCN-TEST", title="Không tệp")
    assert answer.status_code == 422
    assert "tệp" in answer.text


def test_a_sheet_is_described_anew_and_taken_away(
    planner: Browser, park: small_park.SmallPark
) -> None:
    sheet = bring(planner, png(np.full((70, 70, 3), 99, np.uint8)), title="Nhầm").get_json()
    said = {"title": "Đúng", "scale_denominator": 500, "plan_version": str(park.plan_versions[0])}
    told = put(planner, sheet["id"], said).get_json()
    assert (told["title"], told["scale_denominator"], told["plan_number"]) == ("Đúng", 500, 1)
    assert post(planner, f"{sheet['id']}/withdraw").status_code == 200
    assert planner.get(f"/api/v1/sheets/{sheet['id']}").status_code == 404

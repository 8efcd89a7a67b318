"""The import page: upload, dry run, answers, writing, receipt; nothing for who may not."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from shapely.geometry import box

from gisapp.jobs.work import Worker
from gisapp.running import database_of
from gisapp.security.permissions import Role
from planning.changes.imports import Layer
from tests.conftest import TestDatabase
from tests.import_files import found_zone, run_import, write_file
from tests.web.conftest import Browser

E, N = 432_000.0, 2_317_000.0
SignedIn = Callable[[Role | None], Browser]


@pytest.fixture(scope="module")
def park(
    app: Flask, module_database: TestDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A zone with its boundary, and files to bring into it."""
    folder = tmp_path_factory.mktemp("files")
    found_zone(module_database.database)
    write_file(folder / "r.gpkg", [box(E, N, E + 1000, N + 1000)], {"ten": ["Khu"]})
    run_import(
        module_database.database, module_database.settings, folder / "r.gpkg", Layer.BOUNDARY
    )
    shapes = [box(E + 100 * i, N, E + 100 * (i + 1), N + 100) for i in range(4)]
    numbers = {"so_to": ["1"] * 4, "so_thua": ["1", "2", "3", "3"]}
    write_file(folder / "t.gpkg", shapes, numbers)
    one = {"so_to": ["9"], "so_thua": ["9"]}
    write_file(folder / "s.zip", [box(E, N + 500, E + 9, N + 509)], one, crs=None)
    return folder


def work(app: Flask) -> None:
    """Let the worker do what is queued."""
    worker = Worker(database_of(app), app.extensions["gisapp.settings"])
    while worker.step():
        pass


def upload(browser: Browser, path: Path, **fields: object) -> str:
    """Upload a file through the form; the address of its page."""
    browser.get("/imports/new")
    form = {
        "layer": "parcels",
        "zone": "KCN-A",
        "document": "1/BB",
        "issued": "2021-01-01",
        "issuer": "Ban quản lý",
        "file": (io.BytesIO(path.read_bytes()), path.name),
    }
    answer = browser.post("/imports", **{**form, **fields})
    assert answer.status_code == 302, answer.text
    return answer.location


def test_from_file_to_receipt(app: Flask, signed_in: SignedIn, park: Path) -> None:
    browser = signed_in(Role.PLANNER)
    page = upload(browser, park / "t.gpkg")
    waiting = browser.get(page)
    assert "Chờ chạy thử" in waiting.text and "http-equiv" in waiting.text
    assert browser.get(f"{page}/progress").json["running"] is True
    work(app)
    tried = browser.get(page)
    assert "Thửa 1/3" in tried.text and "import-picture" in tried.text
    assert re.search(r"Từ chối</span> <b class=\"figures\">2<", tried.text)
    browser.post(f"{page}/again", allow_duplicates="1")
    work(app)
    tried = browser.get(page)
    assert "Ghi 4 dòng vào sổ" in tried.text
    browser.post(f"{page}/commit")
    work(app)
    receipt = browser.get(page)
    assert "Biên nhận" in receipt.text and "Đã ghi bởi lần thay đổi số" in receipt.text
    assert "t.gpkg" in browser.get("/imports").text
    report = browser.get(f"{page}/report.json").json
    assert report["written"]["parcels"] == 4


def test_a_silent_file_is_asked_for_its_plane(app: Flask, signed_in: SignedIn, park: Path) -> None:
    browser = signed_in(Role.PLANNER)
    page = upload(browser, park / "s.zip")
    work(app)
    asked = browser.get(page)
    assert 'name="srid"' in asked.text and "Không có gì được ghi." in asked.text
    browser.post(f"{page}/again", srid="5899")
    work(app)
    assert "do người nhập nêu" in browser.get(page).text
    assert browser.post(f"{page}/discard").status_code == 302
    assert browser.get(page).status_code == 404


def test_only_the_result_asked_for_is_listed(app: Flask, signed_in: SignedIn, park: Path) -> None:
    browser = signed_in(Role.PLANNER)
    page = upload(browser, park / "t.gpkg")
    work(app)
    told = browser.get(f"{page}/report.json").json["counts"]
    for outcome, word in (("refused", "Từ chối"), ("accepted", "Đạt"), ("repaired", "Đã sửa")):
        listed = browser.get(f"{page}?outcome={outcome}").text
        assert listed.count(f"{word}</span></td>") == told[outcome]
        assert listed.count("</span></td>") == told[outcome]
    browser.post(f"{page}/discard")


@pytest.mark.parametrize(
    ("field", "value"),
    [("issued", "hôm nay"), ("layer", "x"), ("document", ""), ("srid", "abc"), ("zone", "KHONG")],
)
def test_a_form_that_cannot_be_read_comes_back(
    signed_in: SignedIn, park: Path, field: str, value: str
) -> None:
    browser = signed_in(Role.PLANNER)
    browser.get("/imports/new")
    form: dict[str, object] = {
        "layer": "parcels", "zone": "KCN-A", "document": "1/BB", "issued": "2021-01-01",
        "issuer": "Ban", "file": (io.BytesIO(b"x"), "t.gpkg"), field: value,
    }  # fmt: skip
    assert browser.post("/imports", **form).status_code in (404, 422)


def test_a_file_may_be_larger_than_a_form_but_only_for_who_may_upload(
    signed_in: SignedIn, park: Path
) -> None:
    form = {"layer": "parcels", "zone": "KCN-A", "document": "1", "issued": "2021-01-01",
            "issuer": "Ban"}  # fmt: skip
    planner = signed_in(Role.PLANNER)
    planner.get("/imports/new")
    kept = planner.client.post("/imports", **three_megabytes(planner.token, form))
    assert kept.status_code == 302
    planner.post(f"{kept.location}/discard")
    viewer = signed_in(Role.VIEWER)
    viewer.get("/account")
    refused = viewer.client.post("/imports", **three_megabytes(viewer.token, form))
    assert refused.status_code in (400, 403, 413)


def three_megabytes(token: str, form: dict[str, str]) -> dict[str, Any]:
    """A form with a large file as a browser sends it (the test client would leave a file open)."""
    head = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in {**form, "csrf_token": token}.items()
    )
    file = '--x\r\nContent-Disposition: form-data; name="file"; filename="t.gpkg"\r\n\r\n'
    body = (head + file).encode() + b"\0" * (3 * 1024 * 1024) + b"\r\n--x--\r\n"
    return {"data": body, "content_type": "multipart/form-data; boundary=x"}


def test_nobody_else_sees_an_import(app: Flask, signed_in: SignedIn, park: Path) -> None:
    page = upload(signed_in(Role.PLANNER), park / "t.gpkg")
    for role in Role:
        expected = 200 if role is Role.PLANNER else 403
        assert signed_in(role).get(page).status_code == expected
    signed_in(Role.PLANNER).post(f"{page}/discard")

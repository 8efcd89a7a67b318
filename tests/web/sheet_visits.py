"""What tests of scanned sheets do over and over: bring a file, place it, wait, look."""

from __future__ import annotations

import warnings
from io import BytesIO
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from werkzeug.test import TestResponse

from gisapp.jobs.sheets import SheetWorker
from tests import small_park
from tests.conftest import TestDatabase
from tests.raster_files import Scan
from tests.web.conftest import Browser

LOTS = [
    ("CN", small_park.cell(0, 0, 7, 3)),
    ("CN", small_park.cell(0, 3, 7, 3)),
    ("CX", small_park.cell(7, 0, 3, 2)),
    ("DV", small_park.cell(7, 2, 3, 2)),
    ("HTKT", small_park.cell(7, 4, 3, 2)),
]
CORNERS = [(0, 0), (10, 0), (10, 6), (0, 6)]


def bring(browser: Browser, content: bytes, name: str = "qh.png", **fields: Any) -> TestResponse:
    """Upload a file as the form's script does."""
    data = {"zone": "KCN-TEST", "title": "QHSDĐ tờ 1", "file": (BytesIO(content), name), **fields}
    return browser.client.post(
        "/api/v1/sheets", data=data, headers={"X-CSRFToken": browser.token},
        content_type="multipart/form-data",
    )  # fmt: skip


def put(browser: Browser, path: str, body: Any) -> TestResponse:
    return browser.client.put(
        f"/api/v1/sheets/{path}", json=body, headers={"X-CSRFToken": browser.token}
    )


def post(browser: Browser, path: str) -> TestResponse:
    return browser.client.post(f"/api/v1/sheets/{path}", headers={"X-CSRFToken": browser.token})


def work(made: TestDatabase) -> None:
    while SheetWorker(made.database, made.settings).step():
        pass


def points(scan: Scan, shift: float = 0.0) -> list[dict[str, float]]:
    """The corners of the park on the paper and on the ground."""
    found = []
    for column, row in CORNERS:
        west, south, _, _ = small_park.cell(column, row).bounds
        col, line = scan.place(west, south)
        found.append({"col": col, "row": line, "easting": west + shift, "northing": south})
    return found


def picture(answer: TestResponse) -> NDArray[np.uint8]:
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "image/png"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
        with rasterio.MemoryFile(answer.data) as file, file.open() as dataset:
            return np.moveaxis(dataset.read(), 0, 2)

"""A sheet of 20,000 x 20,000 pixels: memory and time to COG; tiles beside rio-tiler."""

from __future__ import annotations

import datetime as dt
import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
import rasterio
from rasterio.windows import Window

from gisapp.security import accounts
from gisapp.security.permissions import Role
from gisapp.security.tokens import create_token
from gisapp.sheet_files import path_of
from gisapp.sheets import Upload, bring_sheet
from layers.raster.georeference import ControlPoint, Kind
from layers.raster.png import png
from layers.raster.reading import tile
from layers.raster.warping import Laid
from layers.tiles import TileAddress
from planning.clocks import Moment, today
from planning.plans.sheets.commands import Description, place_sheet, queue_laying
from planning.plans.sheets.queries import sheet
from planning.records.commands import open_change
from tests import small_park
from tests.conftest import ROOT, TestDatabase
from tests.raster_files import IMAGE
from tests.web.conftest import PASSWORD

SIDE = 20_000
GOAL_MEMORY_MB = 2_048
GOAL_P95_MS = 50.0
PEER = "rio-tiler==9.4.12"
ROUNDS = 300

_WORK = """
import json, resource, sys, time
from pathlib import Path
from gisapp.config import Settings
from gisapp.db import Database
from gisapp.jobs.sheets import SheetWorker
given = json.load(sys.stdin)
settings = Settings(**{**given, "data_dir": Path(given["data_dir"])})
worker = SheetWorker(Database(settings), settings)
began = time.perf_counter()
assert worker.step()
used = [resource.getrusage(who).ru_maxrss // 1024
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print(json.dumps([time.perf_counter() - began, *used]))
"""

_PEER = """
import json, sys, time
from morecantile import TileMatrixSet
from pyproj import CRS
from rio_tiler.io import Reader
asked = json.load(sys.stdin)
grid = TileMatrixSet.custom(asked["extent"], CRS.from_epsg(asked["srid"]), tile_width=512,
                            tile_height=512, minzoom=0, maxzoom=18, matrix_scale=[1, 1])
times = []
for round in range(2):
    times = []
    with Reader(asked["path"], tms=grid) as reader:
        for z, x, y in asked["tiles"]:
            began = time.perf_counter()
            reader.tile(x, y, z, tilesize=512).render(img_format="PNG")
            times.append((time.perf_counter() - began) * 1000)
print(json.dumps(times))
"""


@dataclass(frozen=True)
class Laying:
    """What the work cost: seconds and megabytes of the worker and of the reader in its sandbox."""

    seconds: float
    memory_mb: int
    sandbox_mb: int


def _huge(path: Path) -> None:
    """A made-up plan: tinted blocks, dark lines, grain of paper."""
    grain = np.random.default_rng(1).integers(-4, 5, (512, SIDE, 3), dtype=np.int16)
    cols = np.arange(SIDE)
    with rasterio.open(
        path, "w", driver="GTiff", width=SIDE, height=SIDE, count=3, dtype="uint8", tiled=True,
        blockxsize=512, blockysize=512, compress="zstd", zstd_level=1, transform=IMAGE,
        photometric="RGB",
    ) as dataset:  # fmt: skip
        for top in range(0, SIDE, 512):
            rows = np.arange(top, min(top + 512, SIDE))[:, None]
            block = (rows // 900 * 7 + cols // 700 * 5) % 9
            strip = np.stack((200 + block * 5, 235 - block * 6, 190 + block * 3), axis=2)
            strip[(rows % 900 < 5) | (cols % 700 < 5)] = 40
            strip = np.clip(strip + grain[: len(rows)], 0, 255).astype(np.uint8)
            dataset.write(np.moveaxis(strip, 2, 0), window=Window(0, top, SIDE, len(rows)))


def _work(made: TestDatabase) -> Laying:
    done = subprocess.run(
        [sys.executable, "-c", _WORK], input=json.dumps(asdict(made.settings), default=str),
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    seconds, own, sandbox = json.loads(done.stdout.splitlines()[-1])
    return Laying(seconds, own, sandbox)


@pytest.fixture(scope="module")
def laid(module_database: TestDatabase) -> Iterator[tuple[TestDatabase, UUID, Laying, Laying]]:
    """The sheet brought, read, placed by four points and laid by workers of their own."""
    made = replace(
        module_database,
        settings=replace(module_database.settings, max_upload_bytes=4 << 30),
    )
    with made.database.transaction() as session:
        park = small_park.build(session)
    path = made.settings.data_dir / "huge.tif"
    _huge(path)
    said = Description("20.000 × 20.000", 2_000, park.plan_versions[1])
    asked = Upload(park.zone, small_park.SRID, "sheet", "huge.tif", None, said, "bench")
    with path.open("rb") as stream:
        sheet_id = bring_sheet(made.database, made.settings, stream, asked).sheet_id
    reading = _work(made)
    corners = [(10, 10), (SIDE - 10, 20), (SIDE - 20, SIDE - 10), (15, SIDE - 15)]
    angle, size = np.radians(1.5), 0.125
    points = [
        ControlPoint(
            c, r, small_park.WEST + size * (c * np.cos(angle) + r * np.sin(angle)),
            small_park.SOUTH + 2_500 + size * (c * np.sin(angle) - r * np.cos(angle)),
        )
        for c, r in corners
    ]  # fmt: skip
    with made.database.transaction() as session:
        change = open_change(
            session, kind="setup", reason="bench", actor="bench", effective_on=today()
        )
        place_sheet(session, change, sheet_id, points, Kind.AFFINE)
        queue_laying(session, sheet_id, "bench")
    yield made, sheet_id, reading, _work(made)


def test_memory_of_a_20000_pixel_sheet(
    laid: tuple[TestDatabase, UUID, Laying, Laying],
) -> None:
    made, sheet_id, reading, laying = laid
    with made.database.reading() as session:
        row = sheet(session, Moment(today()), sheet_id)
    assert row.status == "ready", row.error
    assert row.map_sha256 is not None
    path = path_of(made.settings, row.map_sha256)
    with rasterio.open(path) as dataset:
        assert dataset.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        size = f"{dataset.width:,} x {dataset.height:,}"
    most = max(reading.memory_mb, reading.sandbox_mb, laying.memory_mb, laying.sandbox_mb)
    print(
        f"\n20,000 x 20,000 px RGB -> COG {size}, {path.stat().st_size / 1e6:.0f} MB: read "
        f"{reading.seconds:.0f} s, lay {laying.seconds:.0f} s; peak memory reader in the sandbox "
        f"{reading.sandbox_mb} MB, worker {max(reading.memory_mb, laying.memory_mb)} MB "
        f"(goal {GOAL_MEMORY_MB} MB)"
    )
    assert most < GOAL_MEMORY_MB


def _addresses(where: Laid) -> list[TileAddress]:
    """Tiles somebody who looks around asks for: every zoom of the sheet, evenly."""
    rng = np.random.default_rng(2)
    found = []
    for z in range(where.zoom - 6, where.zoom + 1):
        side = 512 * 2 ** (where.zoom - z)
        for _ in range(ROUNDS // 7):
            x = (where.col + int(rng.integers(0, where.width))) // side
            y = (where.row + int(rng.integers(0, where.height))) // side
            found.append(TileAddress(z, x, y))
    return found


def test_warm_tiles_beside_rio_tiler(laid: tuple[TestDatabase, UUID, Laying, Laying]) -> None:
    made, sheet_id, _, _ = laid
    with made.database.reading() as session:
        row = sheet(session, Moment(today()), sheet_id)
    assert row.laid is not None
    assert row.map_sha256 is not None
    where, path = Laid(**row.laid), path_of(made.settings, row.map_sha256)
    wanted = _addresses(where)
    ours: list[float] = []
    encoding: list[float] = []
    for _ in range(2):  # the second time is warm
        ours, encoding = [], []
        for address in wanted:
            began = time.perf_counter()
            found = tile(path, where, where.grid, address)
            looked = time.perf_counter()
            if found is not None:
                png(found)
            done = time.perf_counter()
            ours.append((done - began) * 1000)
            encoding.append((done - looked) * 1000)
    measured = {
        "ours": ours, "of it PNG": encoding, "rio-tiler": _peer(where, path, wanted),
        **_over_http(made, sheet_id, wanted),
    }  # fmt: skip
    for name, times in measured.items():
        p50, p95 = np.percentile(times, [50, 95])
        print(f"\ntile 512 px, {name}: p50 {p50:.1f} ms, p95 {p95:.1f} ms", end="")
    print(f"\nload of the machine meanwhile: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    assert np.percentile(measured["HTTP, warm"], 95) < GOAL_P95_MS
    assert np.percentile(measured["HTTP, 304"], 95) < GOAL_P95_MS
    assert np.percentile(ours, 95) < np.percentile(measured["rio-tiler"], 95)


def _peer(where: Laid, path: Path, wanted: list[TileAddress]) -> list[float]:
    folder = ROOT / "var" / "bench-peers"
    if not (folder / "rio_tiler").is_dir():
        install = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(folder)]
        pins = ["--constraint", str(ROOT / "constraints.txt")]
        subprocess.run([*install, *pins, PEER], check=True)
    asked = {
        "extent": where.grid.extent, "srid": where.srid, "path": str(path),
        "tiles": [(each.z, each.x, each.y) for each in wanted],
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", _PEER], input=json.dumps(asked), capture_output=True, text=True,
        check=True, env={"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    times: list[float] = json.loads(done.stdout.splitlines()[-1])
    return times


def _over_http(
    made: TestDatabase, sheet_id: UUID, wanted: list[TileAddress]
) -> dict[str, list[float]]:
    """The same tiles as a browser gets them: a server of its own, one connection kept open, an
    access token; asked for once (cold), again (warm), and once more with the mark it was given.
    """
    now = dt.datetime.now(dt.UTC)
    with made.database.transaction() as session:
        user = accounts.create_user(session, "viewer", Role.VIEWER, PASSWORD)
        token = create_token(session, user, "bench", now, dt.timedelta(days=1))
    paths = [
        f"/tiles/sheets/{sheet_id}/{small_park.SRID}/{each.z}/{each.x}/{each.y}.png"
        for each in wanted
    ]
    found: dict[str, list[float]] = {}
    with _serving(made) as connection:
        marks: dict[str, str] = {}
        for name, status in (("cold", 200), ("warm", 200), ("304", 304)):
            times = found[f"HTTP, {name}"] = []
            for path in paths:
                headers = {"Authorization": f"Bearer {token}"}
                if status == 304:
                    headers["If-None-Match"] = marks[path]
                began = time.perf_counter()
                connection.request("GET", path, headers=headers)
                answer = connection.getresponse()
                body = answer.read()
                times.append((time.perf_counter() - began) * 1000)
                assert (answer.status, bool(body)) == (status, status == 200)
                marks[path] = answer.headers["ETag"]
    return found


@contextmanager
def _serving(made: TestDatabase) -> Iterator[http.client.HTTPConnection]:
    """The web server as `gisapp serve` starts it, with one process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        "PATH": os.environ["PATH"],
        "GISAPP_DATA_DIR": str(made.settings.data_dir),
        "GISAPP_DATABASE_URL": made.settings.database_url or "",
        "GISAPP_DATABASE_URL_READ": made.settings.database_url_read or "",
        "GISAPP_DATABASE_URL_WRITE": made.settings.database_url_write or "",
        "GISAPP_SECRET_KEY": made.settings.secret_key or "",
    }
    command = [sys.executable, "-m", "gunicorn", "gisapp.wsgi:application()",
               f"--bind=127.0.0.1:{port}", "--workers=1", "--worker-class=gthread", "--threads=8",
               "--log-level=warning"]  # fmt: skip
    server = subprocess.Popen(
        command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        for _ in range(600):
            try:
                connection.request("GET", "/healthz")
                connection.getresponse().read()
                break
            except OSError:
                connection.close()
                time.sleep(0.1)
        yield connection
    finally:
        connection.close()
        server.terminate()
        server.wait(60)

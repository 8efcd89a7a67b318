"""``gisapp worker`` as it runs: a process a lane, neither waits for the other, both come back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
from shapely.geometry import box

from gisapp.config import Settings
from gisapp.jobs import queue
from gisapp.sheets import Upload, bring_sheet
from layers.raster.png import png
from planning.changes.imports import Layer
from planning.plans.sheets.commands import Description
from tests.conftest import TestDatabase
from tests.import_files import request, write_file
from tests.raster_files import drawing
from tests.small_park import SRID, SmallPark, build

PATIENCE_S = 90.0
"""How long a loaded machine may take; nothing here waits for a clock."""


@pytest.fixture
def park(fresh_database: TestDatabase) -> SmallPark:
    with fresh_database.database.transaction() as session:
        return build(session)


@pytest.fixture
def working(fresh_database: TestDatabase) -> Iterator[subprocess.Popen[bytes]]:
    """The worker, running."""
    started = subprocess.Popen(
        [sys.executable, "-m", "gisapp.cli", "worker"], env=environment(fresh_database.settings)
    )
    try:
        yield started
    finally:
        for lane in lanes(started).values():
            os.kill(lane, signal.SIGCONT)
        started.terminate()
        started.wait(PATIENCE_S)


def environment(settings: Settings) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "GISAPP_DATA_DIR": str(settings.data_dir),
        "GISAPP_DATABASE_URL": settings.database_url or "",
        "GISAPP_DATABASE_URL_READ": settings.database_url_read or "",
        "GISAPP_DATABASE_URL_WRITE": settings.database_url_write or "",
        "GISAPP_DATABASE_URL_HOUSEHOLD": settings.database_url_household or "",
        "GISAPP_SECRET_KEY": settings.secret_key or "",
    }


def lanes(working: subprocess.Popen[bytes]) -> dict[str, int]:
    """The processes of the lanes by name."""
    try:
        children = Path(f"/proc/{working.pid}/task/{working.pid}/children").read_text().split()
        named = {Path(f"/proc/{pid}/cmdline").read_bytes(): int(pid) for pid in children}
    except OSError:
        return {}
    found = {command.split(b"\0")[-2].decode(): pid for command, pid in named.items() if command}
    return {name: pid for name, pid in found.items() if name in ("imports", "sheets")}


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_for(condition: Callable[[], object], what: str) -> None:
    until = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < until, what
        time.sleep(0.02)


def bring_a_sheet(made: TestDatabase, park: SmallPark) -> UUID:
    asked = Upload(
        zone_id=park.zone, srid=SRID, kind="sheet", file_name="to-1.png", page=None, actor="an",
        said=Description("Tờ 1", 2_000, park.plan_versions[1]),
    )  # fmt: skip
    content = png(drawing(800, 600))
    return bring_sheet(made.database, made.settings, BytesIO(content), asked).sheet_id


def bring_parcels(made: TestDatabase, folder: Path) -> UUID:
    write_file(folder / "t.gpkg", [box(0, 0, 1, 1)], {"so_to": ["1"], "so_thua": ["1"]})
    with (folder / "t.gpkg").open("rb") as stream, made.database.transaction() as session:
        asked = request(Layer.PARCELS, "KCN-TEST", file_name="t.gpkg")
        return queue.submit(session, made.settings, stream, asked)


def status(made: TestDatabase, table: str) -> tuple[str, int]:
    """Status and attempts of the one job there is."""
    with made.connect("gisapp_owner") as owner:
        row = owner.execute(f"SELECT status, attempts FROM app.{table}".encode()).fetchone()
    assert row is not None
    return str(row[0]), int(str(row[1]))


@contextmanager
def held_in_the_middle(made: TestDatabase, sheet_id: UUID) -> Iterator[None]:
    """What a sheet's job makes cannot be kept meanwhile: it stays in the middle of its work."""
    with made.connect("gisapp_owner") as owner, owner.transaction():
        owner.execute("SELECT FROM land.sheet WHERE id = %s FOR UPDATE", [sheet_id])
        yield


def test_an_import_does_not_wait_for_a_sheet(
    fresh_database: TestDatabase,
    park: SmallPark,
    working: subprocess.Popen[bytes],
    tmp_path: Path,
) -> None:
    made = fresh_database
    sheet_id = bring_a_sheet(made, park)
    with held_in_the_middle(made, sheet_id):
        wait_for(lambda: status(made, "sheet_job")[0] == "running", "the sheet is not begun")
        os.kill(lanes(working)["sheets"], signal.SIGSTOP)
    bring_parcels(made, tmp_path)
    wait_for(lambda: status(made, "import_job")[0] in ("checked", "refused"), "the import waits")
    assert status(made, "sheet_job")[0] == "running"
    os.kill(lanes(working)["sheets"], signal.SIGCONT)
    wait_for(lambda: status(made, "sheet_job")[0] == "done", "the sheet is not done")


def test_a_sheet_does_not_wait_for_an_import(
    fresh_database: TestDatabase, park: SmallPark, working: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    wait_for(lambda: len(lanes(working)) == 2, "two lanes")
    os.kill(lanes(working)["imports"], signal.SIGSTOP)
    bring_parcels(fresh_database, tmp_path)
    bring_a_sheet(fresh_database, park)
    wait_for(lambda: status(fresh_database, "sheet_job")[0] == "done", "the sheet waits")
    assert status(fresh_database, "import_job") == ("uploaded", 0)


def test_a_lane_that_is_killed_comes_back_and_takes_its_job_up_again(
    fresh_database: TestDatabase, park: SmallPark, working: subprocess.Popen[bytes]
) -> None:
    made = fresh_database
    sheet_id = bring_a_sheet(made, park)
    with held_in_the_middle(made, sheet_id):
        wait_for(lambda: status(made, "sheet_job")[0] == "running", "the sheet is not begun")
        before = lanes(working)
        os.kill(before["sheets"], signal.SIGKILL)
    wait_for(lambda: status(made, "sheet_job")[0] == "done", "the sheet is not done")
    assert status(made, "sheet_job")[1] >= 2
    now = lanes(working)
    assert now["imports"] == before["imports"] and now["sheets"] != before["sheets"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_no_lane_outlives_the_worker(
    working: subprocess.Popen[bytes], number: signal.Signals
) -> None:
    wait_for(lambda: len(lanes(working)) == 2, "two lanes")
    mine = lanes(working)
    assert sorted(mine) == ["imports", "sheets"]
    working.send_signal(number)
    assert working.wait(PATIENCE_S) in (0, -signal.SIGKILL)
    wait_for(lambda: not any(lives(pid) for pid in mine.values()), "a lane lives on")

"""``gisapp worker``: does what the web has queued, imports and sheets beside each other.

Each lane is a process: one import and one sheet at once, and a sheet that takes the machine's
memory takes no import with it. A lane that ends by itself is started again; the job it held is
taken up again, three times at most.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time

import click
import structlog

from gisapp import config
from gisapp.cli.children import gisapp, start
from gisapp.cli.opened import opened
from gisapp.config import Settings
from gisapp.jobs.work import Lane, Worker
from gisapp.logs import configure_logs

GRACE_SECONDS = 30
AGAIN_SECONDS = 2.0
LOOK_SECONDS = 0.5
SHEETS_YIELD = 5
"""By how much the lane of sheets is nicer than the web and the imports."""

_log = structlog.get_logger(__name__)


@click.command()
@click.option("--once", is_flag=True, help="Làm hết việc đang chờ rồi thôi · until nothing waits")
@click.option(
    "--lane",
    type=click.Choice([lane.value for lane in Lane]),
    help="Chỉ một loại việc · one kind of jobs only",
)
def worker(once: bool, lane: str | None) -> None:
    """Chạy việc nền cho đến khi được bảo dừng · do queued jobs until told to stop."""
    settings = config.load()
    configure_logs()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    if lane is None and not once:
        _supervise(stop)
    else:
        _work(settings, tuple(Lane) if lane is None else (Lane(lane),), once, stop)


def _work(settings: Settings, lanes: tuple[Lane, ...], once: bool, stop: threading.Event) -> None:
    if lanes == (Lane.SHEETS,):
        os.nice(SHEETS_YIELD)
    working = Worker(opened(settings), settings, lanes)
    if not once:
        working.run(stop.is_set)
        return
    while not stop.is_set() and working.step():
        pass


def _supervise(stop: threading.Event) -> None:
    """Keep one process a lane until told to stop; then let both finish their job's step."""
    running = {lane: start(gisapp("worker", "--lane", lane.value)) for lane in Lane}
    again: dict[Lane, float] = {}
    while not stop.wait(LOOK_SECONDS):
        for lane, process in running.items():
            if process.poll() is None:
                continue
            if lane not in again:
                _log.warning("worker_lane_ended", lane=lane.value, status=process.returncode)
                again[lane] = time.monotonic() + AGAIN_SECONDS
            elif time.monotonic() >= again[lane]:
                del again[lane]
                running[lane] = start(gisapp("worker", "--lane", lane.value))
    for process in running.values():
        process.terminate()
    until = time.monotonic() + GRACE_SECONDS
    for process in running.values():
        try:
            process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

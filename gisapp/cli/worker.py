"""``gisapp worker``: does what the web has queued, imports above all."""

from __future__ import annotations

import signal
import threading

import click

from gisapp import config
from gisapp.cli.opened import opened
from gisapp.jobs.work import Worker
from gisapp.logs import configure_logs


@click.command()
@click.option("--once", is_flag=True, help="Làm hết việc đang chờ rồi thôi · until nothing waits")
def worker(once: bool) -> None:
    """Chạy việc nền cho đến khi được bảo dừng · do queued jobs until told to stop."""
    settings = config.load()
    configure_logs()
    working = Worker(opened(settings), settings)
    if once:
        while working.step():
            pass
        return
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    working.run(stop.is_set)

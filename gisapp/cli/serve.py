"""``gisapp serve``: the whole application in one terminal; Ctrl-C stops everything it started."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType

import click

from gisapp import config, migrations
from gisapp.cli import DONE, say
from gisapp.cli.children import gisapp, start
from gisapp.cli.db import private_cluster
from gisapp.cluster import instance
from gisapp.config import Settings
from gisapp.db import Database
from gisapp.refusals import Refusal
from planning.records.queries import is_demo

READY_SECONDS = 60
GRACE_SECONDS = 35  # a little more than gunicorn gives its requests


class PortTaken(Refusal):
    """Somebody else listens on the port."""

    code = "serve-port-taken"


class ServerEnded(Refusal):
    """A part of the application ended by itself."""

    code = "serve-ended"


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Địa chỉ · address")
@click.option("--port", default=8000, show_default=True, help="Cổng · port")
@click.option("--no-demo", is_flag=True, help="Không nạp dữ liệu mẫu · no demo board")
@click.option("--workers", default=2, show_default=True, help="Tiến trình web · web processes")
def serve(host: str, port: int, no_demo: bool, workers: int) -> int:
    """Chạy ứng dụng · run the application: database, migrations, demo board, web, worker."""
    _refuse_taken_port(host, port)
    with _stop_signals(), ExitStack() as running:
        try:
            settings = _database(running)
            children = running.enter_context(_children())
            children["worker"] = start(gisapp("worker"))
            children["web"] = start(_gunicorn(settings, host, port, workers))
            if not no_demo:
                _command("demo", "load", "--if-empty")
            _wait_until_ready(children["web"], host, port)
            click.echo()
            say("serve-ready", url=f"http://{_shown(host)}:{port}/")
            if _is_demo(settings):
                _command("demo", "accounts")
            part = _first_to_end(children)
        except _Stop:
            say("serve-stopping")
            return DONE
        raise ServerEnded(part=part, status=children[part].returncode)


def _database(running: ExitStack) -> Settings:
    """The database started (if it is private), prepared and migrated."""
    settings = config.load()
    if settings.private:
        cluster = private_cluster(settings)
        config.keep_secret_key(settings.data_dir)
        if instance.start(cluster):
            running.callback(cluster.stop)
        settings = config.load()
    migrations.upgrade(settings.urls()[0])
    return settings


def _is_demo(settings: Settings) -> bool:
    """Whether the register is the demo board: then its accounts may be told."""
    database = Database(settings)
    with database.reading() as session:
        answer = is_demo(session)
    database.close()
    return answer


def _gunicorn(settings: Settings, host: str, port: int, workers: int) -> list[str]:
    address = f"[{host}]" if ":" in host else host
    return [
        sys.executable,
        "-m",
        "gunicorn",
        "gisapp.wsgi:application()",
        f"--bind={address}:{port}",
        f"--workers={workers}",
        "--worker-class=gthread",
        "--preload",  # the program is loaded once; connections are each process's own
        "--threads=8",
        "--timeout=150",  # an export may take 120 s
        "--graceful-timeout=30",
        "--log-level=warning",
        "--limit-request-line=8190",
        *(["--forwarded-allow-ips=127.0.0.1"] if settings.proxy_hops else []),
    ]


def _command(*arguments: str) -> None:
    """Run another of our commands and wait for it."""
    done = subprocess.run(gisapp(*arguments), check=False)
    if done.returncode != DONE:
        raise ServerEnded(part=" ".join(arguments), status=done.returncode)


@contextmanager
def _children() -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """The running parts by name; all are asked to end at once, and ended when they do not."""
    children: dict[str, subprocess.Popen[bytes]] = {}
    try:
        yield children
    finally:
        for child in children.values():
            child.terminate()
        deadline = time.monotonic() + GRACE_SECONDS
        for name, child in children.items():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                say("serve-slow", part=name)
                child.kill()
                child.wait()


def _first_to_end(children: dict[str, subprocess.Popen[bytes]]) -> str:
    """Wait until a part ends by itself: none of them should."""
    while True:
        for name, child in children.items():
            if child.poll() is not None:
                return name
        time.sleep(0.5)


class _Stop(BaseException):
    """Somebody asked us to stop."""


@contextmanager
def _stop_signals() -> Iterator[None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)  # once is enough
        raise _Stop

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _refuse_taken_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as reason:
            raise PortTaken(host=host, port=port, reason=os.strerror(reason.errno or 0)) from None


def _wait_until_ready(web: subprocess.Popen[bytes], host: str, port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and web.poll() is None:
        connection = http.client.HTTPConnection(_shown(host), port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == http.client.OK:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    if web.poll() is None:
        raise ServerEnded(part="web", status="/healthz")
    raise ServerEnded(part="web", status=web.returncode)


def _shown(host: str) -> str:
    """The address a browser on this machine types."""
    return "127.0.0.1" if host in ("0.0.0.0", "::", "") else host  # noqa: S104 - only compared

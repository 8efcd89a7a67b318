"""``gisapp serve``: one command starts everything, and ending it ends everything."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gisapp.cluster import process
from gisapp.cluster.home import ClusterHome
from gisapp.cluster.server import Cluster


@pytest.fixture
def data_dir(open_folder: Path) -> Iterator[Path]:
    """A machine of one's own; whatever still runs on it afterwards is ended."""
    yield open_folder / "var"
    Cluster(ClusterHome.under(open_folder / "var")).stop()


@pytest.fixture
def port() -> int:
    """A port nobody uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def serving(data_dir: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """The application, ready."""
    started = _serve(data_dir, port)
    try:
        _wait_for(lambda: _answers(port), 60)
        yield started
    finally:
        if started.poll() is None:
            started.terminate()
        said, _ = started.communicate(timeout=60)
        print(said)


def test_ctrl_c_ends_everything_it_started(
    serving: subprocess.Popen[str], data_dir: Path, port: int
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", "/login")
    answer = connection.getresponse()
    assert answer.status == http.client.OK
    assert "Đăng nhập" in answer.read().decode()
    connection.close()
    pgdata = ClusterHome.under(data_dir).pgdata
    assert process.postmaster(pgdata)
    serving.send_signal(signal.SIGINT)
    assert serving.wait(60) == 0
    assert list(process.workers(pgdata)) == []
    assert not _answers(port)
    assert _children(serving.pid, data_dir) == []


def test_killing_it_ends_the_web_and_the_next_start_works(
    serving: subprocess.Popen[str], data_dir: Path, port: int
) -> None:
    serving.kill()
    serving.wait(10)
    _wait_for(lambda: not _answers(port), 40)
    again = _serve(data_dir, port)
    _wait_for(lambda: _answers(port), 60)
    again.terminate()
    assert again.wait(60) == 0
    again.communicate()


def test_a_cluster_that_ran_before_runs_afterwards(data_dir: Path, port: int) -> None:
    cluster = Cluster(ClusterHome.under(data_dir))
    cluster.start()
    serving = _serve(data_dir, port)
    _wait_for(lambda: _answers(port), 60)
    serving.terminate()
    serving.communicate(timeout=60)
    assert cluster.status().accepts


def test_a_taken_port_is_refused_before_anything_starts(data_dir: Path, port: int) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        refused = _serve(data_dir, port)
        said, _ = refused.communicate(timeout=60)
    assert refused.returncode == 2
    assert f"Cổng {port}" in said
    assert "Traceback" not in said
    assert not data_dir.exists()


def test_it_does_not_go_on_without_one_of_its_parts(
    serving: subprocess.Popen[str], data_dir: Path, port: int
) -> None:
    parts = [pid for pid in _children(serving.pid, data_dir) if _parent(pid) == serving.pid]
    assert len(parts) == 2
    os.kill(min(parts), signal.SIGKILL)
    assert serving.wait(60) == 2
    assert not _answers(port)


def _serve(data_dir: Path, port: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "gisapp.cli", "serve", "--no-demo", f"--port={port}"],
        env={"PATH": os.environ["PATH"], "GISAPP_DATA_DIR": str(data_dir)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()


def _children(pid: int, data_dir: Path) -> list[int]:
    """Living processes of that run, told by the data folder in their environment."""
    mark = f"GISAPP_DATA_DIR={data_dir}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != pid:
            try:
                if mark in (entry / "environ").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def _parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def _wait_for(condition: object, seconds: float) -> None:
    assert callable(condition)
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)

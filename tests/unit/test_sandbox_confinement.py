"""What the worker can see and do, how it is ended, and that there is no way around it."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from layers.sandbox import Limits, check, read_file, sweep
from layers.sandbox.confinement import Allowance, command, run
from layers.sandbox.protocol import believed
from layers.vector.errors import (
    FileMalformed,
    ReadingDied,
    ReadingNotBelieved,
    ReadingTookTooLong,
    ReadingTookTooMuch,
    SandboxUnavailable,
)
from tests.land_files import feature_collection, squares, written


def inmate(
    folder: Path, code: str, *, extra: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[str]:
    """Run our own Python inside the same walls a worker has."""
    line = command(folder, [sys.executable, "-I", "-c", code], extra=extra)
    return subprocess.run(line, capture_output=True, text=True, timeout=60, env={}, check=False)


def test_the_sandbox_keeps_its_promises_here() -> None:
    status = check()
    assert (status.ready, status.reason) == (True, "")
    assert status.gdal


@pytest.mark.parametrize(
    "path",
    ["/etc/passwd", "/etc/hostname", "/proc/1/environ", "/root/.bashrc", "/var", "/sys"],
)
def test_nothing_of_the_machine_is_there(tmp_path: Path, path: str) -> None:
    ended = inmate(tmp_path, f"import os; print(os.path.exists({path!r}))")
    assert ended.stdout.strip() == "False"


def test_of_peoples_folders_only_the_way_to_the_program_is_there(tmp_path: Path) -> None:
    """A checkout under ``/home`` has its interpreter there; nobody else's folder comes along."""
    ended = inmate(
        tmp_path, "import os; print(*os.listdir('/home')) if os.path.isdir('/home') else 0"
    )
    homes = (Path(sys.prefix), Path(sys.base_prefix))
    ours = {path.parts[2] for path in homes if path.parts[1] == "home"}
    assert set(ended.stdout.split()) == ours


def test_the_checkout_is_not_there_but_the_package_is(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[2]
    code = f"import os; print(os.path.exists({str(root / 'setup.cfg')!r}), os.listdir('/sandbox'))"
    assert inmate(tmp_path, code).stdout.strip() == "False ['layers']"


def test_nothing_can_be_written_but_a_little_memory(tmp_path: Path) -> None:
    code = """
import os
for folder in ('/', '/job', '/usr', '/dev', '/sandbox/layers', '/sandbox'):
    try:
        open(folder + '/x', 'w').write('x')
        print('wrote', folder)
    except OSError:
        pass
try:
    open('/tmp/x', 'wb').write(bytes(64 << 20))
    print('filled')
except OSError:
    pass
"""
    assert inmate(tmp_path, code).stdout == ""
    assert list(tmp_path.iterdir()) == []


@contextlib.contextmanager
def listener() -> Iterator[tuple[int, list[object]]]:
    """A port on the loopback that counts who calls."""
    calls: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        stop = threading.Event()

        def listen() -> None:
            while not stop.is_set():
                with contextlib.suppress(TimeoutError):
                    connection, address = server.accept()
                    connection.close()
                    calls.append(address)

        thread = threading.Thread(target=listen)
        thread.start()
        try:
            yield server.getsockname()[1], calls
        finally:
            stop.set()
            thread.join()


def test_no_network_not_even_the_loopback(tmp_path: Path) -> None:
    with listener() as (port, calls):
        code = f"""
import socket
try:
    socket.create_connection(('127.0.0.1', {port}), 2)
    print('reached')
except OSError as error:
    print(type(error).__name__)
"""
        assert "reached" not in inmate(tmp_path, code).stdout
        with socket.create_connection(("127.0.0.1", port), 2):
            time.sleep(0.2)
        assert len(calls) == 1  # the listener counts: only our own call came


def test_a_file_that_names_an_address_calls_nobody(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with listener() as (port, calls):
        link = {
            "type": "link",
            "properties": {"href": f"http://127.0.0.1:{port}/crs", "type": "proj4"},
        }
        path = written(tmp_path / "a.geojson", feature_collection(squares(1), crs=link))
        parsed = read_file(path, layer=None, encoding=None, limits=Limits(), scratch=scratch)
        assert (parsed.crs.stated, parsed.crs.epsg) == (True, None)
        assert calls == []


def test_the_environment_does_not_come_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GISAPP_SECRET_KEY", "canary")
    monkeypatch.setenv("PYTHONSTARTUP", "/canary")
    ended = inmate(tmp_path, "import os; print(sorted(os.environ))")
    assert "canary" not in ended.stdout
    assert "GISAPP_SECRET_KEY" not in ended.stdout


def test_other_processes_are_not_seen_and_children_die_with_the_job(tmp_path: Path) -> None:
    code = "import os; print(os.getpid() < 10); os.kill(1, 0)"
    assert inmate(tmp_path, code).stdout.startswith("True")
    mark = f"mark{os.getpid()}"
    code = f"""
import os, time
if os.fork() == 0:
    time.sleep(300)
print('parent leaves'); x = '{mark}'
"""
    assert inmate(tmp_path, code).returncode == 0
    assert mark not in _command_lines()


def _command_lines() -> str:
    lines = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            lines.append(place.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace"))
    return "\n".join(lines)


def worker(tmp_path: Path, code: str, wall_seconds: float = 30.0) -> bytes:
    """Run any code in the place of the worker, through the parent's own listening."""
    allowance = Allowance(1 << 30, 1, 1 << 20, wall_seconds)
    return run(tmp_path, [sys.executable, "-I", "-c", code], allowance)


def test_the_clock_ends_a_worker_that_sleeps(tmp_path: Path) -> None:
    began = time.monotonic()
    with pytest.raises(ReadingTookTooLong):
        worker(tmp_path, "import time; time.sleep(300)", wall_seconds=1.0)
    assert time.monotonic() - began < 60, "stopped by the limit, not by the end of the sleep"


BOUND = (
    "import sys; sys.path.insert(0, '/sandbox'); from layers.vector.worker import bound;"
    "bound({'memory_bytes': 1 << 30, 'cpu_seconds': 1, 'output_bytes': 1 << 20});"
)


def test_the_processor_limit_ends_a_worker_that_spins(tmp_path: Path) -> None:
    with pytest.raises(ReadingTookTooLong):
        worker(tmp_path, f"{BOUND}\nwhile True: pass")


def test_the_memory_limit_holds(tmp_path: Path) -> None:
    with pytest.raises(ReadingTookTooMuch):
        worker(tmp_path, f"{BOUND} x = bytearray(2 << 30)")


def test_a_worker_that_dies_is_said(tmp_path: Path) -> None:
    with pytest.raises(ReadingDied):
        worker(tmp_path, "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    with pytest.raises(ReadingDied):
        worker(tmp_path, "pass")  # ends well but says nothing


def test_a_worker_that_floods_us_is_stopped(tmp_path: Path) -> None:
    with pytest.raises(ReadingNotBelieved):
        worker(tmp_path, "while True: print('x' * 100000, end='')")
    with pytest.raises(ReadingTookTooLong):
        code = "import sys\nwhile True: sys.stderr.write('x' * 100000)"
        worker(tmp_path, code, wall_seconds=1.0)


@pytest.mark.parametrize(
    "line",
    [
        "[]",
        "{}x",
        '{"refused": {"code": "no-such-code", "context": {}}}',
        '{"refused": {"code": "file-malformed", "context": {"reason": {"a": 1}}}}',
        '{"layers": [], "rows": 5}',
        '{"layers": [], "rows": -1}',
        '{"rows": 1, "more": 1}',
        '{"layers": [{"name": "a", "features": 1, "geometry_type": null, "fields": [], "crs": '
        '{"text": "", "epsg": null, "name": "", "stated": false, "origin": "none"}, "encoding": '
        '{"encoding": "klingon", "how": "x", "before": "", "after": "", "likelihood": 1.0}}], '
        '"findings": [], "rows": 1}',
    ],
)
def test_no_word_of_the_worker_is_believed_unread(line: str) -> None:
    with pytest.raises(ReadingNotBelieved):
        believed(line.encode()).the_layer()


def test_a_refusal_of_the_worker_is_told() -> None:
    with pytest.raises(FileMalformed) as caught:
        believed(b'{"refused": {"code": "file-malformed", "context": {"reason": "ring"}}}')
    assert caught.value.context == {"reason": "ring"}


def test_without_bubblewrap_files_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    path = written(tmp_path / "a.geojson", feature_collection(squares(1)))
    with pytest.raises(SandboxUnavailable):
        read_file(path, layer=None, encoding=None, limits=Limits(), scratch=tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["a.geojson"]
    status = check()
    assert not status.ready
    assert "bubblewrap" in status.reason


def test_a_bubblewrap_that_fails_is_not_gone_around(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = written(
        tmp_path / "bwrap",
        "#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n",
    )
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    status = check()
    assert (status.ready, "namespace" in status.reason) == (False, True)


def test_a_gdal_with_drivers_we_do_not_know_starts_a_second_time() -> None:
    """As with a newer GDAL: the surplus is skipped by name and GDAL loaded anew."""
    code = (
        "import layers.vector.ogr as o; import os\n"
        "if o._SECOND_START not in os.environ: o.KNOWN_DRIVERS = 'CSV'\n"
        "o.allow_only('GPKG'); import pyogrio; print(sorted(pyogrio.list_drivers()))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "['GPKG']"


def test_folders_of_killed_jobs_are_swept(tmp_path: Path) -> None:
    old, new, other = (tmp_path / name for name in ("job-old", "job-new", "mine"))
    for folder in (old, new, other):
        folder.mkdir()
        (folder / "x").write_text("x")
    os.utime(old, (0, 0))
    assert sweep(tmp_path) == 1
    assert sorted(p.name for p in tmp_path.iterdir()) == ["job-new", "mine"]

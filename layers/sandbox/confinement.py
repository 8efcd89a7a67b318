"""Starting the worker under bubblewrap and never otherwise.

The sandbox has its own namespaces (no network, no other processes), an empty root with ``/usr``,
the Python prefix and this package bound read-only, no capability, no environment, and one folder
with the file to read.
"""

from __future__ import annotations

import json
import os
import selectors
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from layers.sandbox.protocol import ANSWER_BYTES
from layers.vector.errors import (
    ReadingDied,
    ReadingNotBelieved,
    ReadingTookTooLong,
    ReadingTookTooMuch,
    SandboxUnavailable,
)
from layers.vector.limits import MB

JOB: Final = Path("/job")
_PACKAGE: Final = Path(__file__).resolve().parents[1]
_START: Final = (
    "import sys; sys.path.insert(0, '/sandbox'); from layers.vector.worker import main; main()"
)
_TMP_BYTES: Final = 16 * MB
_STDERR_BYTES: Final = 16_384
_LINE_BYTES: Final = ANSWER_BYTES
ENVIRONMENT: Final = {
    "HOME": "/tmp",  # noqa: S108
    "TMPDIR": "/tmp",  # noqa: S108
    "LANG": "C.UTF-8",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "ARROW_IO_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
}

Progress = Callable[[int, int | None], None]


@dataclass(frozen=True)
class Allowance:
    """What one run may use: the worker binds itself to the first three, we watch the clock."""

    memory_bytes: int
    cpu_seconds: int
    output_bytes: int
    wall_seconds: float


@dataclass(frozen=True)
class Ended:
    """How the worker ended and its last line."""

    status: int
    last_line: bytes
    stderr: str


def bwrap_path() -> Path:
    """Where bubblewrap is.

    Raises:
        SandboxUnavailable: it is not installed.
    """
    found = shutil.which("bwrap")
    if found is None:
        raise SandboxUnavailable(reason="bubblewrap")
    return Path(found)


def command(folder: Path, program: Sequence[str], *, extra: Sequence[str] = ()) -> list[str]:
    """The whole command line for one worker; `extra` are further bwrap options."""
    line = [str(bwrap_path()), "--unshare-all", "--die-with-parent", "--new-session"]
    line += ["--cap-drop", "ALL", "--clearenv", "--ro-bind", "/usr", "/usr"]
    for name in ("/bin", "/sbin", "/lib", "/lib32", "/lib64"):
        place = Path(name)
        if place.is_symlink():
            line += ["--symlink", str(place.readlink()), name]
        elif place.is_dir():
            line += ["--ro-bind", name, name]
    line += ["--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"]
    line += ["--ro-bind-try", "/etc/alternatives", "/etc/alternatives"]
    # before the prefixes: one of them may lie in /tmp
    line += ["--size", str(_TMP_BYTES), "--tmpfs", "/tmp"]  # noqa: S108
    for place in python_folders():
        line += ["--ro-bind", str(place), str(place)]
    line += ["--ro-bind", str(_PACKAGE), "/sandbox/layers", "--dev", "/dev"]
    line += ["--ro-bind", str(folder), str(JOB), *extra]
    line += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", str(JOB)]
    for name, value in ENVIRONMENT.items():
        line += ["--setenv", name, value]
    return [*line, "--", *program]


def python_folders() -> list[Path]:
    """Prefixes of this interpreter that lie outside ``/usr``, outermost first."""
    real = Path(sys.executable).resolve().parent.parent
    wanted = {Path(sys.prefix), Path(sys.base_prefix), real}
    outside = sorted(p for p in wanted if not p.is_relative_to("/usr"))
    return [p for p in outside if not any(p != o and p.is_relative_to(o) for o in outside)]


def worker_program(
    request: dict[str, Any], allowance: Allowance, *, start: str = _START
) -> list[str]:
    """The interpreter with a worker's start, cut off from the caller's environment."""
    bounds = {
        "memory_bytes": allowance.memory_bytes,
        "cpu_seconds": allowance.cpu_seconds,
        "output_bytes": allowance.output_bytes,
    }
    said = json.dumps({**request, **bounds}, ensure_ascii=True)
    return [sys.executable, "-I", "-B", "-X", "utf8", "-c", start, said]


def run(
    folder: Path,
    program: Sequence[str],
    allowance: Allowance,
    *,
    descriptors: Sequence[int] = (),
    on_progress: Progress | None = None,
) -> bytes:
    """Run one program inside to its end and give the last line it said.

    Raises:
        SandboxUnavailable, ReadingTookTooLong, ReadingTookTooMuch, ReadingDied, ReadingNotBelieved
    """
    process = subprocess.Popen(
        command(folder, program),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        pass_fds=tuple(descriptors),
        start_new_session=True,
        close_fds=True,
        env={},
    )
    try:
        ended = _listen(process, time.monotonic() + allowance.wall_seconds, on_progress)
    finally:
        _end(process)
    if ended is None:
        raise ReadingTookTooLong(seconds=round(allowance.wall_seconds))
    return _judge(ended, allowance)


def _judge(ended: Ended, allowance: Allowance) -> bytes:
    if ended.status == 0 and ended.last_line:
        return ended.last_line
    signals = {128 + signal.SIGXCPU, -signal.SIGXCPU, 128 + signal.SIGKILL, -signal.SIGKILL}
    if ended.status in signals:
        raise ReadingTookTooLong(seconds=allowance.cpu_seconds)
    if "bwrap:" in ended.stderr:
        reason = ended.stderr.split("bwrap:", 1)[1].strip().splitlines()[0]
        raise SandboxUnavailable(reason=reason[:200])
    if "MemoryError" in ended.stderr or "bad_alloc" in ended.stderr:
        raise ReadingTookTooMuch(limit_mb=allowance.memory_bytes // MB)
    raise ReadingDied(status=ended.status)


def _listen(
    process: subprocess.Popen[bytes], deadline: float, on_progress: Progress | None
) -> Ended | None:
    """Read both pipes until they close; None when the clock ran out. Memory is bounded."""
    pending, last, stderr = bytearray(), b"", bytearray()
    with selectors.DefaultSelector() as selector:
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                selector.register(pipe, selectors.EVENT_READ)
        while selector.get_map():
            left = deadline - time.monotonic()
            if left <= 0:
                return None
            for key, _ in selector.select(left):
                block = os.read(key.fd, 65_536)
                if not block:
                    selector.unregister(key.fileobj)
                elif key.fileobj is process.stderr:
                    stderr += block[: _STDERR_BYTES - len(stderr)]
                else:
                    pending += block
                    last = _lines(pending, last, on_progress)
    try:
        status = process.wait(max(deadline - time.monotonic(), 0.1))
    except subprocess.TimeoutExpired:
        return None
    return Ended(status, last, stderr.decode("utf-8", "replace"))


def _lines(pending: bytearray, last: bytes, on_progress: Progress | None) -> bytes:
    if len(pending) > _LINE_BYTES:
        raise ReadingNotBelieved(reason="answer too long")
    while (end := pending.find(b"\n")) >= 0:
        last = bytes(pending[:end])
        del pending[: end + 1]
        if on_progress is not None and last.startswith(b'{"done":') and len(last) < 100:
            _report(last, on_progress)
    return last


def _report(line: bytes, on_progress: Progress) -> None:
    try:
        said = json.loads(line)
        done, of = said["done"], said["of"]
    except (ValueError, KeyError, TypeError):
        return
    if isinstance(done, int) and (of is None or isinstance(of, int)):
        on_progress(done, of)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Nothing of the worker outlives the call: killing bwrap ends its whole process namespace."""
    if process.poll() is None:
        process.kill()
    process.wait()
    for pipe in (process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()

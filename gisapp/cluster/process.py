"""Which processes are this cluster's, told from the kernel and never from a number in a file alone.

A process identifier is used again by the kernel: after a crash the one in ``postmaster.pid`` may
be anybody's. A server is ours when its program is postgres and its working folder is our data.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

PROC = Path("/proc")


def recorded_pid(pgdata: Path) -> int | None:
    """The process number the last server wrote down."""
    try:
        first = (pgdata / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0]
    except FileNotFoundError:
        return None
    return int(first) if first.strip().isdigit() else None


def postmaster(pgdata: Path) -> int | None:
    """The running server of these data, or ``None``."""
    pid = recorded_pid(pgdata)
    return pid if pid is not None and belongs(pid, pgdata) else None


def belongs(pid: int, pgdata: Path) -> bool:
    """Whether the process is a PostgreSQL process working on these data."""
    try:
        folder = (PROC / str(pid) / "cwd").readlink()
        name = (PROC / str(pid) / "comm").read_text(encoding="utf-8").strip()
    except OSError:
        return False
    return name in ("postgres", "postmaster") and folder == pgdata.resolve() and not _dead(pid)


def taken(pid: int) -> bool:
    """Whether any process has that number now, anybody's.

    A zombie counts: PostgreSQL asks with signal 0, which a zombie answers, and in a container
    whose first process does not reap, the killed server itself stays one for ever.
    """
    return (PROC / str(pid)).exists()


def workers(pgdata: Path) -> Iterator[int]:
    """Every live PostgreSQL process on these data: the server, or what a killed one left."""
    for entry in PROC.iterdir():
        if entry.name.isdigit() and belongs(int(entry.name), pgdata):
            yield int(entry.name)


def wait_until_gone(pgdata: Path, seconds: float) -> bool:
    """Wait for the last process on these data to end; ``False`` when some remain."""
    deadline = time.monotonic() + seconds
    while any(True for _ in workers(pgdata)):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def send(pid: int, pgdata: Path, number: signal.Signals) -> bool:
    """Signal one of our processes; ``False`` when it is not ours or has gone.

    The process is pinned by a descriptor before it is looked at, so the number cannot change hands
    between the look and the signal.
    """
    try:
        pinned = os.pidfd_open(pid)
    except ProcessLookupError:
        return False
    try:
        if not belongs(pid, pgdata):
            return False
        signal.pidfd_send_signal(pinned, number)
    except ProcessLookupError:
        return False
    finally:
        os.close(pinned)
    return True


def _dead(pid: int) -> bool:
    """Whether the process is a zombie: ended, its parent has not asked yet."""
    try:
        status = (PROC / str(pid) / "stat").read_text(encoding="utf-8")
    except OSError:
        return True
    return status.rpartition(")")[2].split()[0] in ("Z", "X")

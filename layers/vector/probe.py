"""What the sandbox lets its inmate see: run inside, judged outside."""

from __future__ import annotations

import os
import resource
import socket
from pathlib import Path
from typing import Any


def probe() -> dict[str, Any]:
    """Try what must not work, and say what did."""
    from layers.vector.ogr import allow_only, environment_seen

    allow_only("GeoJSON")
    import pyogrio

    return {
        "passwd": _readable("/etc/passwd"),
        "shadow": _readable("/etc/shadow"),
        "network": _network(),
        "root": sorted(os.listdir("/")),  # noqa: PTH208  names only
        "writable": _writable(),
        "environment": environment_seen(),
        "drivers": sorted(pyogrio.list_drivers()),
        "gdal": pyogrio.__gdal_version_string__,
        "cpu_seconds": resource.getrlimit(resource.RLIMIT_CPU)[0],
        "memory_bytes": resource.getrlimit(resource.RLIMIT_AS)[0],
        "capabilities": _sets_hostname(),
    }


def _readable(path: str) -> bool:
    try:
        return bool(Path(path).read_bytes())
    except OSError:
        return False


def _network() -> bool:
    """Whether any interface but an isolated loopback is there."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe_socket:
        try:
            probe_socket.connect(
                ("192.0.2.1", 9)
            )  # documentation address: a route is all that is asked
        except OSError:
            return False
    return True


def _writable() -> list[str]:
    found = []
    for folder in ("/", "/job", "/usr", "/dev", "/sandbox"):
        try:
            place = Path(folder) / "written-by-probe"
            place.write_bytes(b"x")
            place.unlink()
        except OSError:
            continue
        found.append(folder)
    return found


def _sets_hostname() -> bool:
    """Whether a privileged call works (a capability was left)."""
    try:
        socket.sethostname("probe")
    except OSError:
        return False
    return True

"""Parts of the application as processes of their own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence


def gisapp(*arguments: str) -> list[str]:
    """The command line of another of our commands."""
    return [sys.executable, "-m", "gisapp.cli", *arguments]


def start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start a part of the application, in a session of its own so that Ctrl-C reaches only us.

    The kernel ends it should this process be killed.
    """
    bound = [shutil.which("setpriv") or "", "--pdeathsig", "TERM", "--"]
    return subprocess.Popen(
        [*(bound if bound[0] else []), *command], stdin=subprocess.DEVNULL, start_new_session=True
    )

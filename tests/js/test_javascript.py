"""The browser's pure modules under ``node --test``: one test a file."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent
SUITES = sorted(FOLDER.rglob("*.test.*js"))


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.relative_to(FOLDER).as_posix())
def test_suite(suite: Path) -> None:
    node = shutil.which("node")
    assert node, "bin/test installs Node.js"
    ran = subprocess.run(
        [node, "--test", str(suite)], cwd=FOLDER.parents[1], capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "# pass 0" not in ran.stdout, "a suite without tests proves nothing"

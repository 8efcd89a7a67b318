"""The copy step of the browser packages: whole or not at all."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the copy step and the installed packages."""
    (tmp_path / "scripts").mkdir()
    (tmp_path / "static").mkdir()
    shutil.copy2(ROOT / "scripts" / "vendor.mjs", tmp_path / "scripts")
    for package in json.loads((ROOT / "package.json").read_text())["dependencies"]:
        copy = tmp_path / "node_modules" / package
        shutil.copytree(ROOT / "node_modules" / package, copy, ignore=_only_what_is_copied)
    return tmp_path


def test_two_runs_give_the_same_files(checkout: Path) -> None:
    assert _copy(checkout).returncode == 0
    first = (checkout / "static" / "vendor" / "manifest.json").read_bytes()
    assert _copy(checkout).returncode == 0
    assert (checkout / "static" / "vendor" / "manifest.json").read_bytes() == first


@pytest.mark.parametrize("lost", ["proj4/dist/proj4.js", "ol/LICENSE.md"])
def test_a_missing_file_stops_it_and_leaves_the_old_copy(checkout: Path, lost: str) -> None:
    assert _copy(checkout).returncode == 0
    before = (checkout / "static" / "vendor" / "manifest.json").read_bytes()
    (checkout / "node_modules" / lost).unlink()
    stopped = _copy(checkout)
    assert stopped.returncode != 0
    assert lost.partition("/")[2] in stopped.stderr
    assert (checkout / "static" / "vendor" / "manifest.json").read_bytes() == before


def test_what_a_stylesheet_asks_for_has_to_be_copied(checkout: Path) -> None:
    sheet = checkout / "node_modules" / "leaflet" / "dist" / "leaflet.css"
    sheet.write_text(sheet.read_text() + ".x { background: url(images/forgotten.png) }")
    stopped = _copy(checkout)
    assert stopped.returncode != 0
    assert "images/forgotten.png" in stopped.stderr


def _copy(checkout: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["node", "scripts/vendor.mjs"], cwd=checkout, capture_output=True, text=True, check=False
    )


def _only_what_is_copied(folder: str, names: list[str]) -> set[str]:
    """Leave out the thousands of source files that the browser never gets."""
    left_out = {"src", "lib", "es", "test", "examples", "theme", "ssr", "node_modules", "licenses"}
    return left_out & set(names) | {name for name in names if name.endswith((".map", ".svg"))}

"""The files the rules look at."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("gisapp", "layers", "planning")


@cache
def all_files() -> list[Path]:
    """Every file that belongs to the project: what git knows or would take."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    named = (ROOT / name for name in listed.stdout.decode().split("\0") if name)
    return sorted(path for path in set(named) if path.is_file() and not path.is_symlink())


def python_files(*folders: str) -> list[Path]:
    """The Python files under the named top-level folders."""
    return [path for path in all_files() if path.suffix == ".py" and _within(path, folders)]


def browser_files(*suffixes: str) -> list[Path]:
    """Files of the pages and of the browser, by suffix."""
    return [
        path
        for path in all_files()
        if path.suffix in suffixes and _within(path, ("static", "templates"))
    ]


def name(path: Path) -> str:
    """The path as a person names it."""
    return path.relative_to(ROOT).as_posix()


def _within(path: Path, folders: tuple[str, ...]) -> bool:
    return path.relative_to(ROOT).parts[0] in folders

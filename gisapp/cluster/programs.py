"""The PostgreSQL programs of this machine, and the command that installs what is missing."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from gisapp.cluster.errors import ProgramsMissing, VersionMissing

DEBIAN_ROOT = Path("/usr/lib/postgresql")
DEBIAN_VERSION = 15
OLDEST = 15
NEEDED = ("initdb", "pg_ctl", "postgres", "pg_dump", "pg_restore")


@dataclass(frozen=True)
class Programs:
    """One installed PostgreSQL with PostGIS."""

    version: int
    folder: Path

    def path(self, name: str) -> str:
        """The full path of one program."""
        return str(self.folder / name)


def find(version: int | None = None, *, roots: Iterable[Path] | None = None) -> Programs:
    """The newest installed PostgreSQL that has PostGIS, or the one that wrote the data.

    Raises:
        ProgramsMissing: PostgreSQL or PostGIS is not installed.
        VersionMissing: the data need a version that is not installed.
    """
    installed = {programs.version: programs for programs in _installed(roots)}
    usable = {number: found for number, found in installed.items() if has_postgis(found)}
    if version is not None:
        if version not in installed:
            raise VersionMissing(version=version, command=apt_command(*_packages(version)))
        if version not in usable:
            raise ProgramsMissing(missing="PostGIS", command=apt_command(_packages(version)[1]))
        return usable[version]
    if usable:
        return usable[max(usable)]
    if installed:
        raise ProgramsMissing(missing="PostGIS", command=apt_command(_packages(max(installed))[1]))
    raise ProgramsMissing(
        missing="PostgreSQL, PostGIS", command=apt_command(*_packages(DEBIAN_VERSION))
    )


def has_postgis(programs: Programs) -> bool:
    """Whether ``CREATE EXTENSION postgis`` can work with these programs."""
    debian = Path(f"/usr/share/postgresql/{programs.version}/extension/postgis.control")
    if programs.folder.is_relative_to(DEBIAN_ROOT):
        return debian.is_file()
    beside = programs.folder.parent / "share"
    return any(
        (beside / part / "extension" / "postgis.control").is_file()
        for part in ("", "postgresql", f"postgresql/{programs.version}")
    )


def apt_command(*packages: str) -> str:
    """The exact command that installs packages on Debian, for whoever is calling."""
    sudo = "" if os.geteuid() == 0 else "sudo "
    return f"{sudo}apt-get install --no-install-recommends {' '.join(packages)}"


def _packages(version: int) -> tuple[str, str]:
    return f"postgresql-{version}", f"postgresql-{version}-postgis-3"


def _installed(roots: Iterable[Path] | None) -> Iterable[Programs]:
    if roots is None:
        roots = [*DEBIAN_ROOT.glob("*/bin")]
        named = shutil.which("initdb")
        if named:
            roots = [*roots, Path(named).resolve().parent]
    for folder in roots:
        if all((folder / name).is_file() for name in NEEDED):
            version = _version(folder)
            if version >= OLDEST:
                yield Programs(version, folder)


def _version(folder: Path) -> int:
    said = subprocess.run(
        [str(folder / "postgres"), "--version"], capture_output=True, text=True, check=False
    )
    found = re.search(r"PostgreSQL\) (\d+)", said.stdout)
    return int(found.group(1)) if found else 0

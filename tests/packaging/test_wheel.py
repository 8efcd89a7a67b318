"""The wheel carries everything and runs where there is no checkout."""

from __future__ import annotations

import os
import shutil
import site
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from gisapp import resources
from tests.conftest import TestDatabase

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ("gisapp/", "layers/", "planning/", "static/", "templates/")
NOT_SHIPPED = (".po", ".pot", ".gitkeep", ".mako", "babel.cfg")


@pytest.fixture(scope="module")
def tracked() -> list[str]:
    """Every file git knows or would take, links left out."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    names = [name for name in listed.stdout.decode().split("\0") if name]
    return sorted(name for name in set(names) if (ROOT / name).exists())


@pytest.fixture(scope="module")
def wheel(tracked: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy, so that no earlier build's leavings get in."""
    source = tmp_path_factory.mktemp("source")
    built = list((ROOT / "gisapp").glob("translations/**/*.mo"))
    vendored = [p for p in resources.VENDOR_MANIFEST.parent.resolve().rglob("*") if p.is_file()]
    extra = [path.relative_to(ROOT).as_posix() for path in (*built, *vendored)]
    for name in (*tracked, *extra):
        copy = source / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, copy, follow_symlinks=False)
    out = tmp_path_factory.mktemp("wheel")
    made = subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "wheel",
            "--quiet",
            "--no-deps",
            "--no-build-isolation",
            f"--wheel-dir={out}",
            str(source),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    (found,) = out.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new virtual environment with the wheel; the other packages are lent by this one's.

    A path in a ``.pth`` file is searched, but the ``.pth`` files in it are not: the checkout's own
    editable installation stays out of sight.
    """
    environment = tmp_path_factory.mktemp("venv")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(environment)], check=True)
    python = environment / "bin" / "python"
    (folder,) = (environment / "lib").glob("python*/site-packages")
    (folder / "lent.pth").write_text("\n".join(site.getsitepackages()) + "\n")
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            f"--python={python}",
            "install",
            "--quiet",
            "--no-deps",
            "--no-index",
            "--ignore-installed",
            str(wheel),
        ],
        check=True,
    )
    return environment


def test_every_file_of_the_packages_is_in_the_wheel(wheel: Path, tracked: list[str]) -> None:
    with zipfile.ZipFile(wheel) as opened:
        carried = set(opened.namelist())
    wanted = {
        name.replace("static/", "gisapp/_static/", 1)
        if name.startswith("static/")
        else name.replace("templates/", "gisapp/_templates/", 1)
        if name.startswith("templates/")
        else name
        for name in tracked
        if name.startswith(SHIPPED)
        and not (ROOT / name).is_symlink()
        and not name.endswith(NOT_SHIPPED)
    }
    assert sorted(wanted - carried) == []
    vendored = {f"gisapp/_static/vendor/{entry['file']}" for entry in resources.vendor_manifest()}
    assert sorted(vendored - carried) == []


def test_nothing_else_is_in_the_wheel(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as opened:
        tops = {name.split("/")[0] for name in opened.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {
        "gisapp",
        "layers",
        "planning",
    }


def test_the_installed_program_finds_its_files(installed: Path, tmp_path: Path) -> None:
    said = _python(
        installed,
        tmp_path,
        "import gisapp, layers, planning\n"
        "from gisapp import resources, migrations, messages\n"
        "from gisapp.cluster import preparation\n"
        "print(gisapp.__file__, layers.__file__, planning.__file__)\n"
        "print(resources.checkout(), resources.STATIC.is_symlink())\n"
        "print(len(resources.vendor_manifest()), migrations.head())\n"
        "print(len(preparation.statements()), len(messages.texts('vi')))\n"
        "print(sum(1 for _ in resources.TEMPLATES.rglob('*.html')))\n",
    )
    places, where, counts, texts, pages = said.splitlines()
    assert all(place.startswith(str(installed)) for place in places.split())
    assert where == "None False"
    from gisapp import messages, migrations
    from gisapp.cluster import preparation

    assert counts == f"{len(resources.vendor_manifest())} {migrations.head()}"
    assert texts == f"{len(preparation.statements())} {len(messages.texts('vi'))}"
    assert int(pages) == sum(1 for _ in resources.TEMPLATES.resolve().rglob("*.html"))


def test_the_installed_command_migrates_an_empty_database(
    installed: Path, fresh_database: TestDatabase, tmp_path: Path
) -> None:
    server = fresh_database.server
    name = server.empty()
    try:
        environment = _urls(server.url, name, tmp_path)
        helped = _run(installed, tmp_path, environment, "--help")
        assert (helped.returncode, "db" in helped.stdout) == (0, True)
        migrated = _run(installed, tmp_path, environment, "db", "upgrade")
        assert migrated.returncode == 0, migrated.stderr
        assert _run(installed, tmp_path, environment, "db", "check").returncode == 0
    finally:
        with server.connect() as connection:
            server.drop(connection, name)


def test_the_installed_application_serves_pages_and_files(
    installed: Path, fresh_database: TestDatabase, tmp_path: Path
) -> None:
    said = _python(
        installed,
        tmp_path,
        "from gisapp import config, create_app\n"
        "client = create_app(config.load()).test_client()\n"
        "print('>', client.get('/healthz').status_code)\n"
        "page = client.get('/login')\n"
        "print('>', page.status_code)\n"
        "import re\n"
        'links = re.findall(r\'(?:href|src)="(/static/[^"]+)"\', page.text)\n'
        "print('>', bool(links), {client.get(link).status_code for link in links})\n",
        _urls(fresh_database.server.url, fresh_database.name, tmp_path),
    )
    told = [line for line in said.splitlines() if line.startswith("> ")]  # between lines of the log
    assert told == ["> 200", "> 200", "> True {200}"]


def _urls(url: Callable[[str, str], str], name: str, data_dir: Path) -> dict[str, str]:
    return {
        "GISAPP_DATA_DIR": str(data_dir),
        "GISAPP_SECRET_KEY": "only for the tests, never anywhere else",
        "GISAPP_DATABASE_URL": url("gisapp_owner", name),
        "GISAPP_DATABASE_URL_READ": url("gisapp_read", name),
        "GISAPP_DATABASE_URL_WRITE": url("gisapp_write", name),
    }


def _run(
    installed: Path, folder: Path, environment: dict[str, str], *arguments: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(installed / "bin" / "gisapp"), *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def _python(
    installed: Path, folder: Path, code: str, environment: dict[str, str] | None = None
) -> str:
    ran = subprocess.run(
        [str(installed / "bin" / "python"), "-c", code],
        cwd=folder,
        env={"PATH": os.environ["PATH"], **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout

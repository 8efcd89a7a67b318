"""The lists of packages agree: setup.cfg, constraints.txt, environment.yml, package-lock.json."""

from __future__ import annotations

import configparser
import json
import re
from importlib.metadata import distributions
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
# conda-forge's name where it differs from PyPI's
CONDA_NAMES = {
    "brotli": {"brotli-python"},
    "isal": {"python-isal"},
    "psycopg": {"psycopg", "psycopg-c", "psycopg-pool"},
}
# not Python packages: what bin/setup.sh takes from Debian
MACHINE = {"python", "postgresql", "postgis", "nodejs", "bubblewrap", "pip"}


def _plain(requirement: str) -> str:
    """The package's name alone, in one spelling."""
    name = re.match(r"[A-Za-z0-9_.-]+", requirement)
    assert name, requirement
    return name.group().lower().replace("_", "-")


@pytest.fixture(scope="module")
def wanted() -> set[str]:
    """Every name setup.cfg asks for."""
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    lists = [setup["options"]["install_requires"], *setup["options.extras_require"].values()]
    return {_plain(line) for text in lists for line in text.split("\n") if line.strip()}


@pytest.fixture(scope="module")
def pins() -> dict[str, str]:
    """Every exact version of constraints.txt."""
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pairs = [line.split("==") for line in lines if line and not line.startswith("#")]
    assert all(len(pair) == 2 for pair in pairs), "only name==version"
    return {_plain(name): version for name, version in pairs}


def test_names_have_no_versions_in_setup_cfg() -> None:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    for text in (setup["options"]["install_requires"], *setup["options.extras_require"].values()):
        assert not re.search(r"[=<>~]", text)


def test_every_name_has_an_exact_version(wanted: set[str], pins: dict[str, str]) -> None:
    assert wanted <= set(pins)


def test_what_is_installed_is_what_is_pinned(pins: dict[str, str]) -> None:
    installed = {_plain(found.name): found.version for found in distributions()}
    of_ours = {name: version for name, version in installed.items() if name in pins}
    assert of_ours == {name: pins[name] for name in of_ours}
    assert set(installed) - set(pins) <= {"pip", "gisapp"}


def test_environment_yml_names_the_same_packages(wanted: set[str]) -> None:
    listed = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    from_pip = {
        _plain(name) for entry in listed if isinstance(entry, dict) for name in entry["pip"]
    }
    from_conda = {_plain(entry.split()[0]) for entry in listed if isinstance(entry, str)}
    assert from_conda >= MACHINE
    expected = {conda for name in wanted for conda in CONDA_NAMES.get(name, {name})}
    assert (from_conda - MACHINE) | from_pip == expected
    assert not from_conda & from_pip


def test_environment_yml_wants_the_same_python() -> None:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    listed = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    assert f"python {setup['options']['python_requires']}" in listed


def test_front_end_versions_are_exact_and_locked() -> None:
    package = json.loads((ROOT / "package.json").read_text())
    lock = json.loads((ROOT / "package-lock.json").read_text())
    asked = package["dependencies"] | package["devDependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in asked.values())
    for name, version in asked.items():
        assert lock["packages"][f"node_modules/{name}"]["version"] == version
    for name, entry in lock["packages"].items():
        assert "resolved" not in entry, f"{name} names the host it came from"
        if name:
            assert entry["integrity"].startswith("sha512-"), name


def test_every_setting_is_explained() -> None:
    from gisapp.config import OTHER_VARIABLES, known_names

    explained = set(re.findall(r"^#(GISAPP_\w+)=", (ROOT / ".env.example").read_text(), re.M))
    assert explained == known_names() - OTHER_VARIABLES

"""The large board that measurements share: 100,000 parcels in 50 parks, three plans each."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from gisapp.cluster import preparation
from tests.conftest import ROOT, TestDatabase
from tests.server import Server

ZONES = 50
PARCELS = ZONES * 2000


@pytest.fixture(scope="session")
def large_board(
    server: Server, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestDatabase]:
    """A clone filled through the register's own triggers by one script (some two minutes)."""
    from tests.conftest import _cloned

    for made in _cloned(server, template, tmp_path_factory.mktemp("large")):
        fill(made, ROOT / "tests" / "bench" / "board.sql", zones=ZONES)
        yield made


@pytest.fixture(scope="session")
def busy_board(
    server: Server, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestDatabase]:
    """Ten parks of 2,000 parcels with 2,000 projects, most of them late, and 20,000 items."""
    from tests.conftest import _cloned

    for made in _cloned(server, template, tmp_path_factory.mktemp("busy")):
        fill(made, ROOT / "tests" / "bench" / "board.sql", zones=10)
        fill(made, ROOT / "tests" / "bench" / "digest.sql")
        yield made


def fill(made: TestDatabase, script: Path, **variables: int) -> None:
    """Run a psql script as the owner in one transaction, then gather statistics."""
    given = [f"--set={name}={value}" for name, value in variables.items()]
    url = made.server.url(preparation.OWNER, made.name).replace("+psycopg", "")
    command = ["psql", url, "-q", "-1", "-v", "ON_ERROR_STOP=1", *given, "-f", str(script)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["psql", url, "-q", "-c", "VACUUM ANALYZE"], check=True)

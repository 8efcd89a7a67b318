"""Arenas: one shared by all races, and clones whose guards may be taken away."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import TestDatabase
from tests.db.races.arena import Arena


@pytest.fixture(scope="module")
def arena(module_database: TestDatabase) -> Iterator[Arena]:
    """A database all races of a module share, each on its own ground."""
    made = Arena(module_database)
    yield made
    made.close()


@pytest.fixture(scope="module")
def quarry(module_database: TestDatabase) -> Iterator[Arena]:
    """A database whose guards are taken away and put back, one after the other."""
    made = Arena(module_database, plots=1_000)
    yield made
    made.close()


@pytest.fixture
def disarmed(fresh_database: TestDatabase) -> Iterator[Arena]:
    """A database of one's own, to take a guard away from."""
    made = Arena(fresh_database)
    yield made
    made.close()

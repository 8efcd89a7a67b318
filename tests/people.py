"""One user a role, each named like the role, in a database that modules clone.

A password's record takes its time on purpose: users are made once a run, not once a module.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from gisapp.db import owner_engine
from gisapp.demo.load import load_demo
from gisapp.security import accounts
from gisapp.security.permissions import Role
from tests.conftest import TestDatabase, _cloned
from tests.server import Server

PASSWORD = "thửa đất số chín mươi"


@pytest.fixture(scope="session")
def peopled_template(
    server: Server, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The name of a database with the users, which nobody is connected to."""
    for made in _cloned(server, template, tmp_path_factory.mktemp("people")):
        with made.database.transaction() as session:
            for role in Role:
                accounts.create_user(session, str(role), role, PASSWORD)
        made.database.close()
        yield made.name


@pytest.fixture(scope="module")
def module_database(
    server: Server, peopled_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestDatabase]:
    """A database of the module's own, with one user a role."""
    yield from _cloned(server, peopled_template, tmp_path_factory.mktemp("module"))


@pytest.fixture(scope="session")
def demo_template(
    server: Server, peopled_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The name of a database with the users and the demo board, which nobody is connected to."""
    for made in _cloned(server, peopled_template, tmp_path_factory.mktemp("demo")):
        engine = owner_engine(made.settings)
        with Session(engine) as session, session.begin():
            load_demo(session)
        engine.dispose()
        yield made.name


@pytest.fixture(scope="module")
def peopled_demo(
    server: Server, demo_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestDatabase]:
    """The demo board in a database of the module's own, with one user a role."""
    yield from _cloned(server, demo_template, tmp_path_factory.mktemp("module"))

"""Databases for the tests, one mark a folder, and the rule that nothing is ever skipped.

``session``: one transaction, undone afterwards. ``database``: the same clone for reading and for
many sessions that undo. ``fresh_database``: a clone of one's own, for tests that commit.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from gisapp import config
from gisapp.cluster import preparation
from gisapp.config import Settings
from gisapp.db import Database
from gisapp.demo.load import load_whole_demo
from tests.server import Connection, Server, named_server, private_server

ROOT = Path(__file__).resolve().parents[1]
FOLDER_MARKS = ("unit", "db", "web", "e2e", "js", "architecture", "packaging")


@dataclass(frozen=True)
class TestDatabase:
    """A database of the present schema, with all its logins."""

    __test__ = False

    name: str
    server: Server
    settings: Settings
    database: Database

    def url(self, role: str = preparation.WRITE) -> str:
        """The SQLAlchemy URL of ``gisapp_owner``, ``gisapp_read`` or ``gisapp_write``."""
        return self.server.url(role, self.name)

    def connect(self, role: str = preparation.WRITE) -> Connection:
        """A plain psycopg connection in autocommit; use ``connection.transaction()``."""
        return self.server.connect(role, self.name)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The PostgreSQL server of this run."""
    named = config.variable("GISAPP_TEST_DATABASE_URL")
    if named:
        yield named_server(named)
        return
    with private_server(ROOT / "var" / "test-cluster") as running:
        yield running


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A new folder that any system user may walk to, as a cluster's user must.

    Not pytest's own: that one is closed to others, again and again by every run.
    """
    folder = Path(tempfile.mkdtemp(prefix="gisapp-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def template(server: Server) -> str:
    """The name of the prepared and migrated database that clones are made of."""
    return server.template()


@pytest.fixture(scope="session")
def shared_database(
    server: Server, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestDatabase]:
    """The clone that tests which undo their work share."""
    yield from _cloned(server, template, tmp_path_factory.mktemp("shared"))


@pytest.fixture(scope="session")
def database(shared_database: TestDatabase) -> Database:
    """The shared clone as the application sees it. Whoever commits to it breaks other tests."""
    return shared_database.database


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A session of the writing login in a transaction that is undone; commits are savepoints."""
    with database.write_engine.connect() as connection:
        outer = connection.begin()
        joined = Session(
            connection, join_transaction_mode="create_savepoint", expire_on_commit=False
        )
        with joined:
            yield joined
        outer.rollback()


@pytest.fixture
def fresh_database(server: Server, template: str, tmp_path: Path) -> Iterator[TestDatabase]:
    """A database of one's own, for tests that commit or open several sessions."""
    yield from _cloned(server, template, tmp_path)


@pytest.fixture(scope="module")
def module_database(
    server: Server, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestDatabase]:
    """A database of the module's own, filled once and then read."""
    yield from _cloned(server, template, tmp_path_factory.mktemp("module"))


@pytest.fixture(scope="session")
def demo_database(
    server: Server, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestDatabase]:
    """A clone with the demo board, for tests that only read."""
    for made in _cloned(server, template, tmp_path_factory.mktemp("demo")):
        load_whole_demo(made.settings)
        yield made


@pytest.fixture
def demo_reading(demo_database: TestDatabase) -> Iterator[Session]:
    """A reading session on the demo board."""
    with demo_database.database.reading() as session:
        yield session


def _cloned(server: Server, template: str, data_dir: Path) -> Iterator[TestDatabase]:
    name = server.clone(template)
    settings = Settings(
        data_dir=data_dir,
        private=False,
        database_url=server.url(preparation.OWNER, name),
        database_url_read=server.url(preparation.READ, name),
        database_url_write=server.url(preparation.WRITE, name),
        database_url_household=server.url(preparation.HOUSEHOLD, name),
        secret_key="only for the tests, never anywhere else",
    )
    database = Database(settings)
    try:
        yield TestDatabase(name, server, settings, database)
    finally:
        database.close()
        with server.connect() as connection:
            server.drop(connection, name)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark every test with the name of its folder; a journey told in parts keeps its order."""
    for item in items:
        folder = item.path.relative_to(ROOT / "tests").parts[0]
        if folder in FOLDER_MARKS:
            item.add_marker(folder)
    parts = [place for place, item in enumerate(items) if _module(item).get("TOLD_IN_ORDER")]
    told = sorted((items[place] for place in parts), key=lambda each: (each.path, _line(each)))
    for place, item in zip(parts, told, strict=True):
        items[place] = item
    if hasattr(config, "workerinput"):
        # several workers take files in this order: none is left alone with a long one at the end
        items.sort(key=lambda item: item.get_closest_marker("e2e") is None)


def _module(item: pytest.Item) -> dict[str, object]:
    found = item.getparent(pytest.Module)
    return vars(found.obj) if found is not None else {}


def _line(item: pytest.Item) -> int:
    return item.location[1] or 0


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that does not run proves nothing: a skip is a failure."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which is a failure here: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a module that skips itself."""
    report = yield
    if report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped, which is a failure here: {report.longrepr}"
    return report

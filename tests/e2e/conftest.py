"""Chromium in front of the real application on a database of the module's own.

A request that would leave the machine finds no host and fails the test, and so does an error on the
console, an error of a script, or a breach of the content security policy.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from gisapp import create_app
from gisapp.db import Database
from gisapp.running import database_of
from gisapp.security.permissions import Role
from tests import small_park
from tests.conftest import ROOT, TestDatabase
from tests.e2e.serving import served
from tests.e2e.windows import Watch, Window, Windows
from tests.people import (
    PASSWORD,
    demo_template,
    module_database,
    peopled_demo,
    peopled_template,
)
from tests.web.conftest import session_of

__all__ = [
    "PASSWORD",
    "Watch",
    "demo_template",
    "module_database",
    "peopled_demo",
    "peopled_template",
]
DESK, TABLET = {"width": 1366, "height": 768}, {"width": 820, "height": 1180}
PICTURES = ROOT / "var" / "e2e"
_PLAIN = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # whatever else a page asks for has no address; holding every request up to look at it would
    # also switch off the browser's memory, and every page would be fetched anew
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
_FAILED = pytest.StashKey[bool]()


@dataclass
class Door:
    """The application as it is served to the browser, with a session for every role."""

    url: str
    database: Database
    cookies: dict[Role, str]


@dataclass
class Site(Door):
    """The application over the small park."""

    park: small_park.SmallPark


@pytest.fixture(scope="module")
def site(module_database: TestDatabase) -> Iterator[Site]:
    """The small park, one user a role, served on a free port of this machine."""
    with module_database.database.transaction() as session:
        park = small_park.build(session)
    with opened(module_database) as door:
        yield Site(door.url, door.database, door.cookies, park)


@contextmanager
def opened(made: TestDatabase) -> Iterator[Door]:
    """Serve what a database holds, with a session for the user of each role."""
    app = create_app(made.settings)
    cookies = {role: session_of(app, str(role)).cookie() for role in Role}
    with served(made.settings) as url:
        yield Door(url, made.database, cookies)
    database_of(app).close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the whole run."""
    expect.set_options(timeout=30_000)
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=_PLAIN)
        yield browser
        browser.close()


@pytest.fixture
def watch() -> Watch:
    """What the pages of a test did wrong."""
    return Watch()


@pytest.fixture(scope="module")
def windows(site: Door, chromium: Browser) -> Iterator[Windows]:
    """The windows on what a module serves."""
    made = Windows(chromium, site.url)
    yield made
    made.close()


@pytest.fixture
def open_page(
    site: Door, windows: Windows, watch: Watch, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Page]]:
    """Open a page as somebody: ``open_page("/map", role=Role.VIEWER, **options of the window)``."""
    opened: list[Window] = []

    def open_as(path: str, role: Role = Role.VIEWER, **options: object) -> Page:
        window, page = windows.open(watch, site.cookies[role], **{"viewport": DESK, **options})
        opened.append(window)
        page.goto(site.url + path)
        return page

    yield open_as
    clean = not (request.node.stash.get(_FAILED, False) or watch.faults)
    for number, window in enumerate(opened):
        if not clean:
            for page in window.context.pages:
                _picture(page, f"{request.node.name}-{number}")
        windows.give_back(window, clean=clean)
    assert watch.faults == []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember that a test failed: pictures are taken of its pages, its windows end."""
    report = yield
    if report.failed:
        item.stash[_FAILED] = True
    return report


def _picture(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    safe = "".join(letter if letter.isalnum() else "-" for letter in name)
    page.screenshot(path=Path(PICTURES) / f"{safe}.png")

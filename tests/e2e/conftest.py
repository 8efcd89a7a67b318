"""Chromium in front of the real application on a database of the module's own.

A request that would leave the machine fails the test, and so does an error on the console, an error
of a script, or a breach of the content security policy.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright

from gisapp import create_app
from gisapp.config import Settings
from gisapp.db import Database
from gisapp.running import database_of
from gisapp.security import accounts
from gisapp.security.permissions import Role
from tests import small_park
from tests.conftest import ROOT, TestDatabase
from tests.web.conftest import PASSWORD, session_of

DESK, TABLET = {"width": 1366, "height": 768}, {"width": 820, "height": 1180}
PICTURES = ROOT / "var" / "e2e"
_PLAIN = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_WATCH_POLICY = """document.addEventListener('securitypolicyviolation', (event) =>
    console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`))"""


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


@dataclass
class Watch:
    """What went wrong on a page while nobody asked."""

    faults: list[str] = field(default_factory=list)
    expected: tuple[str, ...] = ()

    def note(self, fault: str) -> None:
        """Keep a fault unless the test said it would come."""
        if not any(part in fault for part in self.expected):
            self.faults.append(fault)


@pytest.fixture(scope="module")
def site(module_database: TestDatabase) -> Iterator[Site]:
    """The small park, one user a role, served on a free port of this machine."""
    with module_database.database.transaction() as session:
        park = small_park.build(session)
    with opened(module_database) as door:
        yield Site(door.url, door.database, door.cookies, park)


@contextmanager
def opened(made: TestDatabase) -> Iterator[Door]:
    """Serve what a database holds, with one user a role."""
    with made.database.transaction() as session:
        for role in Role:
            accounts.create_user(session, str(role), role, PASSWORD)
    app = create_app(made.settings)
    cookies = {role: session_of(app, str(role)).cookie() for role in Role}
    with _served(made.settings) as url:
        yield Door(url, made.database, cookies)
    database_of(app).close()


@contextmanager
def _served(settings: Settings) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        descriptor = listening.fileno()
        program = [sys.executable, "-m", "tests.e2e.serving", str(descriptor)]
        server = subprocess.Popen(
            program, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
            pass_fds=[descriptor], text=True,
        )  # fmt: skip
        try:
            assert server.stdin is not None
            with server.stdin as given:
                json.dump(asdict(settings), given, default=str)
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.terminate()
            server.wait(timeout=30)


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


@pytest.fixture
def open_page(
    site: Door, chromium: Browser, watch: Watch, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Page]]:
    """Open a page as somebody: ``open_page("/map", role=Role.VIEWER, **options of the window)``."""
    contexts: list[BrowserContext] = []

    def open_as(path: str, role: Role = Role.VIEWER, **options: object) -> Page:
        window = {"viewport": DESK, "locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh", **options}
        context = chromium.new_context(**window)  # type: ignore[arg-type]
        contexts.append(context)
        context.set_default_timeout(60_000)
        context.route("**/*", _only_here(site, watch))
        context.add_init_script(_WATCH_POLICY)
        context.add_cookies([{"name": "gisapp", "value": site.cookies[role], "url": site.url}])
        page = context.new_page()
        page.on("console", lambda line: watch.note(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: watch.note(f"script: {error}"))
        page.goto(site.url + path)
        return page

    yield open_as
    for number, context in enumerate(contexts):
        for page in context.pages:
            _picture(page, f"{request.node.name}-{number}")
        context.close()
    assert watch.faults == []


def _only_here(site: Door, watch: Watch) -> Callable[[Route], None]:
    host = urlsplit(site.url).netloc

    def decide(route: Route) -> None:
        asked = urlsplit(route.request.url)
        if asked.netloc == host or asked.scheme in {"data", "blob"}:
            route.continue_()
        else:
            watch.note(f"leaves the machine: {route.request.url}")
            route.abort()

    return decide


def _picture(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    safe = "".join(letter if letter.isalnum() else "-" for letter in name)
    page.screenshot(path=Path(PICTURES) / f"{safe}.png")

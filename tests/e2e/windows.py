"""Windows of the browser: opened as somebody, watched, and used again as by the next person.

What a browser keeps of the application's own files stays, as it does in an office; what it keeps of
a person goes: cookies, stored values, permissions, what a test put in the way of requests.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

_PLACE = {"locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh"}
_OF_A_PERSON = "cookies,local_storage,indexeddb,cache_storage,service_workers,file_systems"
_WATCH_POLICY = """document.addEventListener('securitypolicyviolation', (event) =>
    console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`))"""


@dataclass
class Watch:
    """What went wrong on a page while nobody asked."""

    faults: list[str] = field(default_factory=list)
    expected: tuple[str, ...] = ()

    def note(self, fault: str) -> None:
        """Keep a fault unless the test said it would come."""
        if not any(part in fault for part in self.expected):
            self.faults.append(fault)


@dataclass
class Window:
    """A browser context and what listens to it during one test."""

    kind: str
    context: BrowserContext
    listener: Callable[[Request], None]


@dataclass
class Windows:
    """The contexts of one address; one that a test is done with serves a later one of its kind."""

    chromium: Browser
    url: str
    _idle: dict[str, list[BrowserContext]] = field(default_factory=lambda: defaultdict(list))

    def open(self, watch: Watch, cookie: str, **options: Any) -> tuple[Window, Page]:
        """An empty page of somebody; every request and error of it is watched."""
        size, scheme = options.pop("viewport"), options.pop("color_scheme", None)
        kind = repr(sorted(options.items()))
        context = self._idle[kind].pop() if self._idle[kind] else self._new(options)
        window = Window(kind, context, self._only_here(watch))
        context.on("request", window.listener)
        context.add_cookies([{"name": "gisapp", "value": cookie, "url": self.url}])
        page = context.new_page()
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)

        def console(line: ConsoleMessage) -> None:
            if line.type == "error":
                watch.note(line.text)

        page.on("console", console)
        page.on("pageerror", lambda error: watch.note(f"script: {error}"))
        return window, page

    def give_back(self, window: Window, *, clean: bool) -> None:
        """Close the pages; a window that is not clean is never used again."""
        context = window.context
        if not clean:
            context.close()
            return
        context.unroute_all()
        for page in context.pages:
            page.close()
        context.remove_listener("request", window.listener)
        context.clear_cookies()
        context.clear_permissions()
        self._forget(context)
        self._idle[window.kind].append(context)

    def close(self) -> None:
        """Close all that are idle."""
        for contexts in self._idle.values():
            for context in contexts:
                context.close()

    def _new(self, options: dict[str, Any]) -> BrowserContext:
        context = self.chromium.new_context(**{**_PLACE, **options})
        context.set_default_timeout(60_000)
        context.add_init_script(_WATCH_POLICY)
        return context

    def _forget(self, context: BrowserContext) -> None:
        page = context.new_page()
        asked = {"origin": self.url, "storageTypes": _OF_A_PERSON}
        context.new_cdp_session(page).send("Storage.clearDataForOrigin", asked)
        page.close()

    def _only_here(self, watch: Watch) -> Callable[[Request], None]:
        host = urlsplit(self.url).netloc

        def look(request: Request) -> None:
            asked = urlsplit(request.url)
            if asked.netloc != host and asked.scheme not in {"data", "blob"}:
                watch.note(f"leaves the machine: {request.url}")

        return look

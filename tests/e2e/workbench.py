"""A planner at the map with a change open: hands on mouse and keys, eyes on the register."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from playwright.sync_api import Page, expect

from gisapp.security.permissions import Role
from planning.changes.drafts.commands import open_draft
from planning.changes.drafts.queries import operations
from planning.records.commands import register_document
from tests import small_park
from tests.e2e.conftest import Site

DAY = date(2025, 7, 1)
TOOLS = {
    "a": "split-area", "l": "split-line", "p": "split-parts", "q": "split-plan", "g": "merge",
    "d": "corners", "h": "corridor", "n": "draw", "t": "table", "i": "attributes",
    "r": "renumber", "k": "retire", "c": "clean", "m": "measure",
}  # fmt: skip
Place = tuple[float, float]
OpenPage = Callable[..., Page]


def place(column: float, row: float) -> Place:
    """A corner of the lattice of the small park, in metres (E, N)."""
    west, south, *_ = small_park.cell(0, 0).bounds
    return west + column * small_park.SIDE, south + row * small_park.SIDE


def sheet(at: Place) -> str:
    """A place as one types it: X north first."""
    return f"{at[1]:.3f} {at[0]:.3f}".replace(".", ",")


@dataclass
class Bench:
    """One page with one change."""

    page: Page
    site: Site
    change: UUID

    def px(self, at: Place) -> Place:
        """Where a place is on the screen."""
        x, y = self.page.evaluate("(at) => window.__app.px(at)", list(at))
        box = self.page.locator("#map").bounding_box()
        assert box is not None
        return box["x"] + x, box["y"] + y

    def hover(self, at: Place) -> None:
        """Put the pointer on a place."""
        self.page.mouse.move(*self.px(at))

    def click(self, at: Place, *, shift: bool = False) -> None:
        """Click a place; never so soon after another click that the two are one double click."""
        self.hover(at)
        if shift:
            self.page.keyboard.down("Shift")
        self.page.mouse.click(*self.px(at))
        if shift:
            self.page.keyboard.up("Shift")

    def drag(self, start: Place, end: Place) -> None:
        """Press at one place, move on in steps, let go at another."""
        self.hover(start)
        self.page.mouse.down()
        self.page.mouse.move(*self.px(((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)), steps=4)
        self.page.mouse.move(*self.px(end), steps=4)
        self.page.mouse.up()

    def choose(self, *cells: tuple[int, int]) -> list[str]:
        """Choose parcels by column and row with the mouse; answer their ids."""
        for number, (column, row) in enumerate(cells):
            self.click(place(column + 0.45, row + 0.3), shift=number > 0)
        self.page.wait_for_function(
            "(count) => window.__app.edit.chosen().length === count", arg=len(cells)
        )
        chosen: list[str] = self.page.evaluate("() => window.__app.edit.chosen()")
        return chosen

    def start(self, key: str) -> None:
        """Take up a tool by its key."""
        self.page.locator("#map").focus()
        self.page.keyboard.press(key)
        expect(self.page.locator(f"[data-tool-form={TOOLS[key]}]")).to_be_visible()

    def type_places(self, *places: Place | str) -> None:
        """Type places into the entry line, Enter after each."""
        entry = self.page.locator("[data-entry]")
        for each in places:
            entry.fill(each if isinstance(each, str) else sheet(each))
            entry.press("Enter")
            expect(entry).to_have_value("")

    def previewing(self, act: Callable[[], object], status: int = 200) -> dict[str, Any]:
        """Do what asks for a preview; answer what the server said."""
        return self._answer(True, act, status)

    def adding(self, act: Callable[[], object], status: int = 201) -> dict[str, Any]:
        """Do what adds an operation; answer what the server said, once the ground shows it."""
        before = sum(not each["taken_back"] for each in self.steps())
        said = self._answer(False, act, status)
        self.page.wait_for_function(
            "(count) => window.__app.edit.change().operations"
            ".filter((each) => !each.taken_back).length === count",
            arg=before + (status == 201),
        )
        expect(self.page.locator("#edit-add")).to_have_count(0)
        expect(self.page.locator(".tool-form[aria-busy]")).to_have_count(0)
        self.ready()
        return said

    def add_previewed(self) -> dict[str, Any]:
        """Add what the preview showed, by the button that has the keyboard."""
        expect(self.page.locator("#edit-add")).to_be_focused()
        return self.adding(self.enter)

    def _answer(self, preview: bool, act: Callable[[], object], status: int) -> dict[str, Any]:
        with self.page.expect_response(
            lambda each: (
                "/changes/" in each.url
                and "/parcels/" in each.url
                and ("preview=1" in each.url) is preview
            )
        ) as waiting:
            act()
        assert waiting.value.status == status, waiting.value.text()
        said: dict[str, Any] = waiting.value.json()
        return said

    def enter(self) -> None:
        """Press Enter wherever the keyboard is."""
        self.page.keyboard.press("Enter")

    def ready(self) -> None:
        """Wait until the exact ground is there and nothing is on its way."""
        self.page.wait_for_function("() => window.__app?.edit?.ready()")

    def rings(self, parcel: str) -> list[list[float]]:
        """The outer ring of a parcel as the map holds it."""
        found: list[list[float]] = self.page.evaluate(
            "(id) => window.__app.edit.coords(id)", parcel
        )
        return found

    def steps(self) -> list[dict[str, Any]]:
        """The operations of the change as the database holds them."""
        with self.site.database.reading() as session:
            found: list[dict[str, Any]] = operations(session, self.change)
        return found

    def refused(self, *words: str) -> None:
        """What was refused is told in the panel, in words, and marked on the map."""
        told = self.page.locator("#edit-problem")
        expect(told).to_be_visible()
        for each in words:
            expect(told).to_contain_text(each)


def open_change(site: Site) -> UUID:
    """A change of the planner on a decision of its own."""
    with site.database.transaction() as session:
        document = register_document(
            session, number=f"{uuid4().hex[:6]}/QĐ-UBND", issued_on=DAY, issuer="UBND tỉnh",
            actor="planner", kind="decision", title="Điều chỉnh thửa đất",
        )  # fmt: skip
        return open_draft(
            session, kind="act", document_id=document, reason="Theo quyết định",
            effective_on=DAY, actor="planner",
        )  # fmt: skip


def bench(
    open_page: OpenPage,
    site: Site,
    at: Place = (5.0, 3.0),
    scale: int = 2500,
    more: str = "",
    **window: object,
) -> Bench:
    """Open a change on the small park, looking at a place of its lattice."""
    change = open_change(site)
    east, north = place(*at)
    address = f"/map?zone=KCN-TEST&change={change}&view={east:.0f},{north:.0f},{scale}{more}"
    page = open_page(address, role=Role.PLANNER, **window)
    made = Bench(page, site, change)
    made.ready()
    return made

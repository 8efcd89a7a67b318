"""What goes wrong while land is edited: others at the spot, a lost line, stale parcels."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from playwright.sync_api import Dialog, Page, Route, expect

from gisapp.security import accounts
from gisapp.security.permissions import Role
from planning.changes.drafts.commands import add, commit, open_draft, own_draft
from planning.changes.drafts.replay import replay, steps_of
from planning.records.commands import register_document
from tests.conftest import ROOT
from tests.e2e.conftest import Site, Watch
from tests.e2e.test_editing import standing, total_m2
from tests.e2e.workbench import DAY, Bench, OpenPage, bench, place
from tests.web.conftest import PASSWORD

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture
def at(open_page: OpenPage, site: Site) -> Bench:
    """A planner with a change open in the middle of the park."""
    return bench(open_page, site)


class Colleague:
    """Somebody else who edits the same park without a browser."""

    name = "minh"

    def __init__(self, site: Site) -> None:
        self.site = site
        with site.database.transaction() as session:
            document = register_document(
                session, number="9/QĐ-BQL", issued_on=DAY, issuer="BQL", actor=self.name
            )
            self.change = open_draft(
                session, kind="act", document_id=document, reason="Việc khác", effective_on=DAY,
                actor=self.name,
            )  # fmt: skip

    def does(self, operation: str, said: dict[str, object], *parcels: str) -> None:
        """Add an operation on parcels as they stand."""
        with self.site.database.transaction() as session:
            draft = own_draft(session, self.change, self.name, to_change=True)
            ground = replay(session, draft, steps_of(session, draft.id))
            versions = {h.parcel_id: h.version for h in ground.held([UUID(p) for p in parcels])}
            add(session, draft, operation, said, versions)

    def cuts(self, parcel: str, area_m2: float) -> None:
        """Split a parcel from the west."""
        said = {
            "parcel": parcel,
            "method": "area",
            "area_m2": area_m2,
            "direction": {"side": "west"},
        }
        self.does("split", said, parcel)

    def saves(self) -> None:
        """Commit."""
        with self.site.database.transaction() as session:
            commit(session, own_draft(session, self.change, self.name, to_change=True))


@pytest.fixture
def colleague(site: Site) -> Colleague:
    """Somebody else with a change of their own."""
    return Colleague(site)


def cut(at: Bench, area: str) -> None:
    """Split the chosen parcel by area, with the keys."""
    at.start("a")
    at.page.keyboard.type(area)
    at.previewing(at.enter)
    at.add_previewed()
    at.page.keyboard.press("Escape")


def clean(page: Page) -> None:
    """Let assistive tools look at the page."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("() => axe.run()")
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []


@pytest.fixture
def second_window(open_page: OpenPage, site: Site) -> Iterator[Callable[[str], Page]]:
    """A second browser in which another planner signs in."""
    with site.database.transaction() as session:
        accounts.create_user(session, "lan", Role.PLANNER, PASSWORD)

    def opened(path: str) -> Page:
        page = open_page("/login")
        page.context.clear_cookies()
        page.goto(f"{site.url}/login")
        page.fill("#username", "lan")
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        expect(page.locator(".topbar")).to_contain_text("lan")
        page.goto(site.url + path)
        return page

    yield opened


@pytest.mark.timeout(400)
def test_two_browsers_at_the_same_spot_end_in_a_shown_conflict_never_in_a_loss(
    at: Bench, site: Site, second_window: Callable[[str], Page], watch: Watch
) -> None:
    watch.expected = ("409",)
    before_m2 = total_m2(site)
    (parcel,) = at.choose((4, 3))
    cut(at, "3000")
    at.choose((6, 4))
    cut(at, "2000")

    # the other planner, in another browser, sees nothing of it and commits the same ground
    other = second_window("/map?zone=KCN-TEST")
    expect(other.locator("#map[data-ready='1']")).to_be_visible()
    other.get_by_role("button", name="Sửa thửa").click()
    other.get_by_label("Tìm văn bản").fill("77/QĐ")
    other.locator("#opening-found button", has_text="77/QĐ-UBND").click()
    other.get_by_label("Ngày hiệu lực", exact=True).fill(DAY.isoformat())
    other.get_by_role("button", name="Mở thay đổi", exact=True).click()
    other.wait_for_function("() => window.__app.edit.ready()")
    theirs = Bench(other, site, UUID(other.evaluate("() => window.__app.edit.change().id")))
    expect(other.locator("#map-notice")).to_contain_text("planner đang sửa")
    assert theirs.choose((4, 3)) == [parcel]
    theirs.start("a")
    other.keyboard.type("5000")
    theirs.previewing(theirs.enter)
    theirs.add_previewed()
    other.get_by_role("button", name="Ghi thay đổi").click()
    expect(other.locator("#document-bar")).to_contain_text("Đã ghi vào sổ")
    saved = standing(site)

    # mine is refused whole, and shown side by side
    page = at.page
    page.get_by_role("button", name="Ghi thay đổi").click()
    problem = page.locator("#edit-problem")
    expect(problem).to_contain_text("1 thửa đã bị người khác thay đổi")
    expect(problem).to_contain_text("lan theo 77/QĐ-UBND")
    row = problem.locator(".conflict")
    expect(row).to_contain_text("Thửa 5, tờ 4")
    expect(row.locator("td")).to_have_text(["10.000,0 m² · LUC", "kết thúc", "đã kết thúc"])
    expect(page.locator("#document-bar")).to_contain_text("1 thửa bị người khác thay đổi")
    expect(page.get_by_role("button", name=re.compile("ghi đè", re.I))).to_have_count(0)
    assert standing(site) == saved
    assert total_m2(site) == pytest.approx(before_m2, abs=0.1)
    clean_enough = page.evaluate(
        "() => document.querySelectorAll('#edit-problem [data-parcel]').length"
    )
    assert clean_enough == 1

    # the way out: my steps from the one on that parcel go, then the rest can be done again
    problem.get_by_role("button", name="Bỏ 2 thao tác cuối của tôi").click()
    expect(problem).to_be_hidden()
    at.ready()
    assert [step["taken_back"] for step in at.steps()] == [True, True]
    at.choose((6, 4))
    cut(at, "2000")
    page.get_by_role("button", name="Ghi thay đổi").click()
    expect(page.locator("#document-bar")).to_contain_text("Đã ghi vào sổ")
    assert total_m2(site) == pytest.approx(before_m2, abs=0.1)
    assert saved - standing(site), "mine is written on top of theirs, not instead of it"


def test_a_stale_parcel_is_shown_as_it_is_now(
    at: Bench, colleague: Colleague, watch: Watch
) -> None:
    watch.expected = ("412",)
    (parcel,) = at.choose((5, 2))
    colleague.does("attributes", {"parcel": parcel, "set": {"land_use": "SKK"}}, parcel)
    colleague.saves()
    at.start("a")
    at.page.keyboard.type("1000")
    at.previewing(at.enter, 412)
    at.refused(
        "Thửa", "đã được người khác thay đổi", "minh theo 9/QĐ-BQL", "Chưa có gì bị thay đổi"
    )
    expect(at.page.locator("#edit-problem .problem")).to_have_attribute(
        "data-code", "version-stale"
    )
    at.ready()
    at.previewing(lambda: at.page.locator(".tool-form [type=submit]").click())
    expect(at.page.locator("#edit-problem")).to_be_hidden()
    expect(at.page.locator("#edit-add")).to_be_visible()


def test_a_parcel_somebody_ended_meanwhile_leads_to_its_successors(
    at: Bench, colleague: Colleague, watch: Watch
) -> None:
    watch.expected = ("409",)
    (parcel,) = at.choose((6, 2))
    colleague.cuts(parcel, 2500)
    colleague.saves()
    at.start("a")
    at.page.keyboard.type("1000")
    at.previewing(at.enter, 409)
    at.refused("Thửa 3/7 không còn hiệu lực", "Làm trên các thửa kế tiếp")
    clean(at.page)
    at.ready()
    at.page.get_by_role("button", name="Chọn 2 thửa kế tiếp").click()
    expect(at.page.locator(".chosen-list li")).to_have_count(2)
    expect(at.page.locator("#edit-problem")).to_be_hidden()


def test_a_past_day_on_which_later_versions_stand_is_explained(
    open_page: OpenPage, site: Site, watch: Watch
) -> None:
    watch.expected = ("409",)
    page = open_page("/map?zone=KCN-TEST", role=Role.PLANNER)
    page.get_by_role("button", name="Sửa thửa").click()
    page.get_by_label("Tìm văn bản").fill("31/GCN")
    page.locator("#opening-found button", has_text="31/GCN-BQL").click()
    page.get_by_label("Ngày hiệu lực", exact=True).fill("2024-12-01")
    page.get_by_role("button", name="Mở thay đổi", exact=True).click()
    late = Bench(page, site, UUID(int=0))
    late.ready()
    expect(page.locator("#edit-say")).to_contain_text("đất đai vào ngày 01/12/2024")
    late.choose((0, 0))
    late.start("a")
    page.keyboard.type("1000")
    late.previewing(late.enter, 409)
    late.refused("đã có thay đổi sau ngày", "Chọn ngày hiệu lực muộn hơn")


def test_a_cut_that_misses_is_marked_on_the_map(at: Bench, watch: Watch) -> None:
    watch.expected = ("422",)
    at.choose((6, 3))
    at.start("a")
    at.page.keyboard.type("2000")
    at.previewing(at.enter)
    at.page.keyboard.press("Escape")
    at.page.keyboard.press("Escape")
    at.page.keyboard.press("l")
    at.type_places(place(6.5, 3.5), place(6.9, 3.5))
    at.previewing(lambda: at.page.locator(".tool-form [type=submit]").click(), 422)
    at.refused("Kéo dài đường cắt")
    at.page.get_by_role("button", name="Phóng đến").first.click()
    at.page.get_by_role("button", name="Đã hiểu").click()
    expect(at.page.locator("#edit-problem")).to_be_hidden()
    assert at.steps() == []


def test_a_lost_line_keeps_the_operation_says_so_and_sends_it_again(
    at: Bench, site: Site, watch: Watch
) -> None:
    watch.expected = ("ERR_INTERNET_DISCONNECTED",)
    page = at.page
    at.choose((5, 3))
    at.start("a")
    page.keyboard.type("1500")
    at.previewing(at.enter)
    expect(page.locator("#edit-add")).to_be_focused()
    page.context.set_offline(True)
    at.enter()
    told = page.locator("#edit-pending")
    expect(told).to_contain_text("Chưa gửi được 1 thao tác: Tách thửa.")
    expect(told).to_contain_text("chưa có gì được lưu")
    expect(page.locator("#document-bar")).to_contain_text("đang chờ mạng")
    expect(page.get_by_role("button", name="Ghi thay đổi")).to_be_disabled()
    assert at.steps() == []
    kept = page.evaluate("() => Object.keys(localStorage).filter((key) => key.includes('pending'))")
    assert kept == [f"gisapp:pending:planner:{at.change}"]
    page.context.set_offline(False)
    expect(told).to_be_hidden()
    at.ready()
    assert [step["operation"] for step in at.steps()] == ["split"]
    expect(page.locator("#edit-steps li")).to_have_count(1)
    assert page.evaluate("() => Object.keys(localStorage).length") == 0


def test_an_answer_lost_on_the_way_is_not_done_twice(at: Bench, watch: Watch) -> None:
    watch.expected = ("ERR_FAILED",)
    page = at.page
    at.choose((5, 3))
    at.start("a")
    page.keyboard.type("1500")
    at.previewing(at.enter)
    lost: list[str] = []

    def answer_lost(route: Route) -> None:
        if not lost and "preview" not in route.request.url:
            lost.append(route.request.headers["idempotency-key"])
            route.fetch()  # the server does it; nobody hears of it
            route.abort()
        else:
            route.continue_()

    page.route("**/parcels/split*", answer_lost)
    expect(page.locator("#edit-add")).to_be_focused()
    at.enter()
    expect(page.locator("#edit-pending")).to_be_visible()
    with page.expect_response("**/parcels/split") as again:
        page.get_by_role("button", name="Gửi lại ngay").click()
    assert again.value.request.headers["idempotency-key"] == lost[0]
    assert again.value.headers["idempotency-replayed"] == "true"
    expect(page.locator("#edit-pending")).to_be_hidden()
    at.ready()
    assert len(at.steps()) == 1


def cut_off(at: Bench) -> None:
    """Divide a parcel by area and add it; on its way the request is lost, again and again."""
    at.choose((5, 4))
    at.start("a")
    at.page.keyboard.type("1200")
    at.previewing(at.enter)
    at.page.route("**/parcels/split", lambda route: route.abort())
    expect(at.page.locator("#edit-add")).to_be_focused()
    at.enter()


def test_what_could_not_be_sent_survives_the_page(at: Bench, site: Site, watch: Watch) -> None:
    watch.expected = ("ERR_FAILED",)
    page = at.page
    cut_off(at)
    expect(page.locator("#edit-pending")).to_be_visible()
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.unroute("**/parcels/split")
    page.reload()
    assert asked == ["beforeunload"]
    expect(page.locator("#edit-say")).to_contain_text("Đã gửi thao tác được giữ")
    assert [step["operation"] for step in at.steps()] == ["split"]
    page.reload()
    expect(page.locator("#document-bar")).to_contain_text("1 thao tác")
    assert asked == ["beforeunload"], "nothing is pending any more"


def test_what_could_not_be_sent_can_be_given_up(at: Bench, watch: Watch) -> None:
    watch.expected = ("ERR_FAILED",)
    page = at.page
    cut_off(at)
    page.get_by_role("button", name="Bỏ thao tác này").click()
    expect(page.locator("#edit-pending")).to_be_hidden()
    page.unroute("**/parcels/split")
    page.reload()
    expect(page.locator("#document-bar")).to_contain_text("0 thao tác")
    assert at.steps() == []

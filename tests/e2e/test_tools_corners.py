"""Corners and sides that parcels share: dragged, typed, inserted, taken away; or refused."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from planning.changes.drafts.commands import commit, own_draft
from planning.parcels.holding import held_of
from tests.e2e.conftest import TABLET, Site, Watch
from tests.e2e.workbench import DAY, Bench, Place, bench, place

OpenPage = Callable[..., Page]


@pytest.fixture
def planner(open_page: OpenPage, site: Site) -> Bench:
    """A planner with a change open in the middle of the park."""
    return bench(open_page, site, scale=1500)


def sharing(planner: Bench, at: Place) -> int:
    """How many parcels of the map have exactly this corner."""
    found: list[str] = planner.page.evaluate("(at) => window.__app.edit.sharing(at)", list(at))
    return sum([at[0], at[1]] in planner.rings(each) for each in found)


def test_a_dragged_corner_takes_all_its_owners_along_into_the_register(
    open_page: OpenPage, site: Site
) -> None:
    planner = bench(open_page, site, at=(8.0, 4.0), scale=1500)  # where no other test looks
    (parcel,) = planner.choose((7, 3))
    planner.start("d")
    old, new = place(8, 4), place(8.07, 4.05)
    assert sharing(planner, old) == 4
    answer = planner.adding(lambda: planner.drag(old, new))
    (step,) = planner.steps()
    (edit,) = step["parameters"]["edits"]
    assert edit["corner"] == list(old)
    moved = (edit["to"][0], edit["to"][1])
    assert abs(moved[0] - new[0]) < 0.5
    assert abs(moved[1] - new[1]) < 0.5
    assert len(answer["effect"]["reshaped"]) == 4
    assert sharing(planner, moved) == 4
    assert sharing(planner, old) == 0
    owners = [each["id"] for each in answer["effect"]["reshaped"]]
    with site.database.transaction() as session:
        commit(session, own_draft(session, planner.change, "planner", to_change=True))
    with site.database.reading() as session:
        held = held_of(session, {UUID(each) for each in owners}, DAY)
    assert len(held) == 4
    for each in held.values():
        assert moved in set(each.shape.exterior.coords)
    assert parcel in owners


def test_a_corner_is_typed_to_the_millimetre_by_keys_alone(planner: Bench) -> None:
    planner.choose((4, 2))
    planner.start("d")
    page = planner.page
    page.get_by_role("button", name="Sau", exact=True).focus()
    for _ in range(4):
        page.keyboard.press("Enter")
        if "chung của 4 thửa" in page.locator(".corner-told").inner_text():
            break
    said = page.locator(".corner-told").inner_text()
    entry = page.locator("[data-entry]")
    entry.fill("@1,234 -2,345")
    answer = planner.adding(lambda: entry.press("Enter"))
    (edit,) = planner.steps()[0]["parameters"]["edits"]
    assert edit["to"] == [round(edit["corner"][0] - 2.345, 3), round(edit["corner"][1] + 1.234, 3)]
    assert sharing(planner, tuple(edit["to"])) == len(answer["effect"]["reshaped"])
    assert "chung của" in said


def test_a_corner_dragged_over_a_neighbour_is_refused_in_place(
    planner: Bench, watch: Watch
) -> None:
    watch.expected = ("422", "409")
    (parcel,) = planner.choose((4, 2))
    before = planner.rings(parcel)
    planner.start("d")
    planner.adding(lambda: planner.drag(place(5, 3), place(5.9, 1.5)), status=422)
    planner.refused("X (Bắc)", "Y (Đông)")
    assert planner.steps() == []
    assert planner.rings(parcel) == before
    assert sharing(planner, place(5, 3)) == 4


def test_an_outline_that_would_cross_itself_is_refused(planner: Bench, watch: Watch) -> None:
    watch.expected = ("422", "409")
    (parcel,) = planner.choose((4, 2))
    before = planner.rings(parcel)
    planner.start("d")
    page = planner.page
    planner.click(place(5, 3))
    expect(page.locator(".corner-told")).to_contain_text("chung của 4 thửa")
    page.locator("[data-entry]").fill("@-150 -150")
    planner.adding(lambda: page.locator("[data-entry]").press("Enter"), status=422)
    planner.refused("tại X (Bắc)")
    assert planner.rings(parcel) == before


def test_a_corner_is_inserted_into_a_side_and_taken_away_again(planner: Bench) -> None:
    planner.choose((4, 2))
    planner.start("d")
    side = place(4.5, 3)
    answer = planner.adding(lambda: planner.drag(side, (side[0] + 1, side[1] + 6)))
    assert len(answer["effect"]["reshaped"]) == 2
    (edit,) = planner.steps()[0]["parameters"]["edits"]
    assert sharing(planner, tuple(edit["insert"])) == 2
    planner.click(tuple(edit["insert"]))
    expect(planner.page.locator(".corner-told")).to_contain_text("chung của 2 thửa")
    planner.adding(lambda: planner.page.keyboard.press("Delete"))
    assert sharing(planner, tuple(edit["insert"])) == 0
    assert planner.steps()[1]["parameters"]["edits"] == [{"corner": edit["insert"], "remove": True}]


def test_where_several_borders_meet_no_corner_is_taken_away(planner: Bench, watch: Watch) -> None:
    watch.expected = ("422", "409")
    planner.choose((4, 2))
    planner.start("d")
    planner.click(place(5, 3))
    remove = planner.page.get_by_role("button", name="Bỏ đỉnh này")
    planner.adding(remove.click, status=422)
    planner.refused("không bỏ được")
    assert sharing(planner, place(5, 3)) == 4


def test_a_side_moves_parallel_by_hand_and_by_a_typed_offset(planner: Bench) -> None:
    planner.choose((4, 2))
    planner.start("d")
    page = planner.page
    page.get_by_label("Cả cạnh").check()
    middle = place(5, 2.5)
    planner.adding(lambda: planner.drag(middle, (middle[0] + 7, middle[1] + 3)))
    edits = planner.steps()[0]["parameters"]["edits"]
    assert [edit["corner"] for edit in edits] in (
        [list(place(5, 2)), list(place(5, 3))], [list(place(5, 3)), list(place(5, 2))],
    )  # fmt: skip
    shifts = {round(edit["to"][0] - edit["corner"][0], 3) for edit in edits}
    assert len(shifts) == 1
    assert shifts.pop() == pytest.approx(7, abs=0.5)
    assert all(edit["to"][1] == edit["corner"][1] for edit in edits)
    planner.click(place(4, 2.5))
    page.locator("input[name=offset]").fill("2,5")
    planner.adding(lambda: page.locator("input[name=offset]").press("Enter"))
    edits = planner.steps()[1]["parameters"]["edits"]
    assert {edit["to"][0] for edit in edits} == {place(4, 0)[0] - 2.5}, "outwards is to the west"


def test_a_finger_moves_a_corner_on_a_tablet(open_page: OpenPage, site: Site) -> None:
    planner = bench(
        open_page, site, scale=1500, viewport=TABLET, has_touch=True, is_mobile=True,
        device_scale_factor=2,
    )  # fmt: skip
    page = planner.page
    page.touchscreen.tap(*planner.px(place(4.6, 2.6)))
    page.wait_for_function("() => window.__app.edit.chosen().length === 1")
    page.locator("[data-tool=corners]").tap()
    fingers = page.context.new_cdp_session(page)
    x, y = planner.px(place(5, 3))
    x, y = x + 12, y + 9  # a finger is not exact

    def touch(kind: str, *points: Place) -> None:
        touches = [{"x": a, "y": b} for a, b in points]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    def drag() -> None:
        touch("touchStart", (x, y))
        for step in range(1, 7):
            touch("touchMove", (x + 7 * step, y - 5 * step))
        touch("touchEnd")

    answer = planner.adding(drag)
    assert len(answer["effect"]["reshaped"]) == 4
    (edit,) = planner.steps()[0]["parameters"]["edits"]
    assert edit["corner"] == list(place(5, 3))

"""What the editor looks at over HTTP: edges to snap to, a change as a whole, a change overtaken."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from gisapp.running import database_of
from gisapp.security import accounts
from gisapp.security.permissions import Role
from tests.db.editing import DAY, Block, laid, spot
from tests.web.conftest import PASSWORD, Browser, session_of
from tests.web.test_changes_api import Desk, half


@pytest.fixture(scope="module")
def block(app: Flask) -> Block:
    """Sixteen squares in the module's database."""
    with database_of(app).transaction() as session:
        return laid(session)


@pytest.fixture
def desk(signed_in: Callable[[Role | None], Browser], block: Block) -> Desk:
    """A planner with a change open."""
    return Desk(signed_in(Role.PLANNER), block)


@pytest.fixture(scope="module")
def colleague(app: Flask) -> Browser:
    """Another planner."""
    with database_of(app).transaction() as session:
        accounts.create_user(session, "lan", Role.PLANNER, PASSWORD)
    return session_of(app, "lan")


def box(west: float, south: float, east: float, north: float) -> str:
    """A box of the lattice as the address has it."""
    return ",".join(map(str, (*spot(west, south), *spot(east, north))))


def test_edges_are_those_that_meet_the_box_exact_to_the_millimetre(desk: Desk) -> None:
    near = desk.browser.get(f"/api/v1/zones/KCN-1/edges?as_of={DAY}&bbox={box(0, 0, 4, 4)}")
    assert near.status_code == 200
    (boundary,) = near.json["boundary"]["features"]
    assert boundary["properties"] == {"code": "KCN-1"}
    corners = [corner for ring in boundary["geometry"]["coordinates"][0] for corner in ring]
    assert all(round(value, 3) == value for corner in corners for value in corner)
    assert near.json["lots"]["features"] == []
    far = desk.browser.get(
        f"/api/v1/zones/KCN-1/edges?as_of={DAY}&bbox=600000,2400000,600100,2400100"
    )
    assert far.json["boundary"]["features"] == []
    assert desk.browser.get("/api/v1/zones/KCN-1/edges?bbox=1,2,3").status_code == 422
    assert desk.browser.get(f"/api/v1/zones/NO-1/edges?bbox={box(0, 0, 1, 1)}").status_code == 404


def test_a_change_is_previewed_as_a_whole(desk: Desk) -> None:
    empty = desk.post(f"/changes/{desk.change}/preview", {}, key=None)
    assert (empty.status_code, empty.json["type"]) == (422, "urn:gisapp:problem:change-empty")
    parcel, neighbour = desk.block.at(0, 0), desk.block.at(0, 1)
    first = desk.edit("split", half(desk, parcel)).json["effect"]["added"]
    piece = max(first, key=lambda each: each["area_m2"])["id"]
    again = {
        "parcel": piece, "versions": desk.versions(piece), "method": "area", "area_m2": 1000,
        "direction": {"side": "east"},
    }  # fmt: skip
    assert desk.edit("split", again).status_code == 201
    renamed = {
        "parcel": str(neighbour),
        "versions": desk.versions(neighbour),
        "set": {"land_use": "SKK"},
    }
    assert desk.edit("attributes", renamed).status_code == 201
    seen = desk.post(f"/changes/{desk.change}/preview", {}, key=None)
    assert seen.status_code == 200, seen.json
    effect = seen.json["effect"]
    assert [each["id"] for each in effect["removed"]] == [str(parcel)], (
        "what came and went is not told"
    )
    assert sorted(round(each["area_m2"]) for each in effect["added"]) == [1000, 4000, 5000]
    assert all(each["parents"][0]["id"] == str(parcel) for each in effect["added"])
    assert [each["id"] for each in effect["attributes"]] == [str(neighbour)]
    assert effect["reshaped"] == []
    assert effect["area_after_m2"] == pytest.approx(effect["area_before_m2"], abs=0.1)
    assert str(parcel) not in desk.ground()
    assert desk.browser.get(f"/api/v1/parcels/{parcel}?as_of={DAY}").json["properties"]["in_force"]


def test_an_overtaken_change_can_still_be_read_and_taken_back(
    desk: Desk, colleague: Browser, block: Block
) -> None:
    overtaken, other = block.at(2, 2), block.at(2, 0)
    for parcel in (overtaken, other):
        assert desk.edit("split", half(desk, parcel)).status_code == 201
    theirs = Desk(colleague, block)
    assert theirs.edit("split", half(theirs, overtaken)).status_code == 201
    assert theirs.finish().status_code == 200
    refused = desk.finish()
    assert (refused.status_code, refused.json["type"]) == (
        409,
        "urn:gisapp:problem:change-conflicts",
    )
    shown = desk.browser.get(f"/api/v1/changes/{desk.change}").json
    assert (shown["net"], [each["parcel"] for each in shown["conflicts"]]) == (
        None,
        [str(overtaken)],
    )
    assert shown["conflicts"][0]["theirs"]["actor"] == "lan"
    one = desk.post(f"/changes/{desk.change}/undo", {})
    assert one.status_code == 200, one.json
    assert [each["parcel"] for each in one.json["conflicts"]] == [str(overtaken)]
    both = desk.post(f"/changes/{desk.change}/undo", {})
    assert (both.status_code, both.json["conflicts"]) == (200, [])
    assert both.json["net"]["removed"] == []

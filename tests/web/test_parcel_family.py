"""A parcel's family, what ever lay on a spot, and ids that an undo took back, over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask

from gisapp.running import database_of
from gisapp.security import accounts
from gisapp.security.model import UserScope
from gisapp.security.permissions import Role
from tests.db.editing import DAY, Block, laid, spot
from tests.db.ground import lay
from tests.web.conftest import PASSWORD, Browser, session_of

Actors = Callable[[Role | None], Browser]


@dataclass
class Story:
    """A square halved, one half cut in two again, and that cut undone."""

    root: UUID
    halves: list[str]
    taken_back: list[str]
    change: str


def _post(browser: Browser, path: str, body: Any) -> Any:
    headers = {"X-CSRFToken": browser.token, "Idempotency-Key": str(uuid4())}
    answer = browser.client.post(f"/api/v1{path}", json=body, headers=headers)
    assert answer.status_code in {200, 201}, answer.json
    return answer.json


def _get(browser: Browser, path: str, status: int = 200) -> Any:
    answer = browser.get(f"/api/v1{path}")
    assert answer.status_code == status, answer.text
    return answer.json


def _halve(browser: Browser, document: str, parcel: str, side: str) -> tuple[str, list[str]]:
    opened = _post(browser, "/changes", {
        "document_id": document, "reason": "Theo QĐ", "effective_on": DAY.isoformat(),
        "document_page": 4,
    })  # fmt: skip
    version = _get(browser, f"/parcels/{parcel}")["properties"]["version"]
    step = _post(browser, f"/changes/{opened['id']}/parcels/split", {
        "parcel": parcel, "versions": {parcel: version}, "method": "parts", "parts": 2,
        "direction": {"side": side},
    })  # fmt: skip
    _post(browser, f"/changes/{opened['id']}/commit", {})
    return opened["id"], [each["id"] for each in step["effect"]["added"]]


@pytest.fixture(scope="module")
def story(app: Flask, signed_in: Actors) -> Story:
    with database_of(app).transaction() as session:
        block: Block = laid(session)
        lay(session, code="KCN-ELSEWHERE", column=50)
    with database_of(app).transaction() as session:
        stranger = accounts.create_user(session, "stranger", Role.VIEWER, PASSWORD)
        stranger.scopes = [UserScope(zone_code="KCN-ELSEWHERE")]
    planner = signed_in(Role.PLANNER)
    root, document = block.at(1, 1), str(block.ground.document_id)
    _, halves = _halve(planner, document, str(root), "west")
    change, quarters = _halve(planner, document, halves[0], "south")
    _post(planner, f"/changes/{change}/undo", {"reason": "Nhầm hướng"})
    return Story(root, halves, quarters, change)


@pytest.fixture
def reader(signed_in: Actors) -> Browser:
    return signed_in(Role.VIEWER)


def test_a_family_tells_operation_ground_and_document(reader: Browser, story: Story) -> None:
    found = _get(reader, f"/parcels/{story.halves[0]}/lineage")
    assert found["complete"] is True
    [line] = found["lines"]
    assert (line["parent"], line["child"], line["kind"]) == (
        str(story.root), story.halves[0], "split",
    )  # fmt: skip
    assert line["area_m2"] == pytest.approx(5000)
    assert line["effective_on"] == DAY.isoformat()
    assert line["document_number"]
    by_id = {each["id"]: each for each in found["parcels"]}
    assert by_id[str(story.root)]["in_force"] is False
    assert by_id[str(story.root)]["area_m2"] == pytest.approx(10_000)
    assert by_id[story.halves[0]]["in_force"] is True


def test_both_directions_and_every_generation_are_in_it(reader: Browser, story: Story) -> None:
    family = _get(reader, f"/parcels/{story.root}/lineage")
    assert {line["child"] for line in family["lines"]} == set(story.halves)
    assert len(family["parcels"]) == 3


def test_children_that_an_undo_took_back_are_no_family(reader: Browser, story: Story) -> None:
    standing = _get(reader, f"/parcels/{story.halves[0]}/lineage")
    assert not {each["id"] for each in standing["parcels"]} & set(story.taken_back)
    own = _get(reader, f"/parcels/{story.taken_back[0]}/lineage")
    assert {line["parent"] for line in own["lines"]} == {story.halves[0], str(story.root)}
    mine = next(each for each in own["parcels"] if each["id"] == story.taken_back[0])
    assert mine["withdrawn"] is True


def test_an_id_that_was_taken_back_answers_with_the_parcel_that_came_back(
    reader: Browser, story: Story
) -> None:
    card = _get(reader, f"/parcels/{story.taken_back[0]}")
    told = card["properties"]
    assert (told["in_force"], told["withdrawn"], card["geometry"]) == (False, True, None)
    assert [kin["id"] for kin in told["successors"]] == [story.halves[0]]
    assert card["last_geometry"]["type"] == "Polygon"
    assert _get(reader, f"/parcels/{story.taken_back[0]}/history")["entries"]


def test_a_parcel_of_the_past_still_has_its_ground(reader: Browser, story: Story) -> None:
    plane = _get(reader, f"/parcels/{story.root}?crs=plane")
    west, south = spot(1, 1)
    assert [west, south] in plane["last_geometry"]["coordinates"][0]
    assert plane["properties"]["successors"]
    round_earth = _get(reader, f"/parcels/{story.root}")["last_geometry"]["coordinates"][0]
    assert all(100 < east < 120 and 5 < north < 25 for east, north in round_earth)
    assert "last_geometry" not in _get(reader, f"/parcels/{story.halves[0]}")


def test_the_timeline_marks_the_change_that_was_undone(reader: Browser, story: Story) -> None:
    entries = _get(reader, f"/parcels/{story.halves[0]}/history")["entries"]
    undo = next(entry for entry in entries if entry["undoes"])
    undone = next(entry for entry in entries if entry["undone_by"])
    assert undo["undoes"] == undone["change"]
    assert undone["undone_by"] == undo["change"]
    assert undo["kind"] == "correction"
    assert undo["actor"] == "planner"


def test_a_document_is_cited_with_its_page(reader: Browser, story: Story) -> None:
    told = _get(reader, f"/parcels/{story.halves[0]}")["properties"]["documents"]
    assert 4 in {document["page"] for document in told}
    entries = _get(reader, f"/parcels/{story.halves[0]}/history")["entries"]
    assert {entry["document_page"] for entry in entries if not entry["undoes"]} == {4}
    assert _get(reader, f"/parcels/{story.root}/history")["entries"][-1]["document_page"] is None


def test_a_page_is_a_page(signed_in: Actors, story: Story) -> None:
    planner = signed_in(Role.PLANNER)
    document = planner.get("/api/v1/documents")
    headers = {"X-CSRFToken": planner.token, "Idempotency-Key": str(uuid4())}
    for page in (0, -1, 10_000, 1.5, "ba"):
        asked = {
            "document_id": document.json["documents"][0]["id"], "reason": "x",
            "effective_on": DAY.isoformat(), "document_page": page,
        }  # fmt: skip
        answer = planner.client.post("/api/v1/changes", json=asked, headers=headers)
        assert answer.status_code == 422, page


def test_a_spot_tells_every_parcel_latest_first(reader: Browser, story: Story) -> None:
    east, north = spot(1.3, 1.3)
    found = _get(reader, f"/parcels/at?zone=KCN-1&e={east}&n={north}")["parcels"]
    here = next(half for half in story.halves if half == found[0]["parcel_id"])
    assert [each["parcel_id"] for each in found] == [here, str(story.root)]
    assert [each["in_force"] for each in found] == [True, False]
    assert found[1]["valid_to"] == found[0]["valid_from"] == DAY.isoformat()
    assert found[1]["area_m2"] == pytest.approx(10_000)
    before = _get(
        reader, f"/parcels/at?zone=KCN-1&e={east}&n={north}&known_at=2000-01-01T00:00:00Z"
    )
    assert before["parcels"] == []


def test_who_may_not_look_is_told_nothing_of_family_or_spot(app: Flask, story: Story) -> None:
    stranger = session_of(app, "stranger")
    east, north = spot(1.3, 1.3)
    _get(stranger, f"/parcels/{story.root}/lineage", 404)
    _get(stranger, f"/parcels/at?zone=KCN-1&e={east}&n={north}", 404)


@pytest.mark.parametrize("identifier", ["1", "not-an-id", "00000000-0000-0000-0000-000000000000"])
def test_nobody_has_no_family(reader: Browser, story: Story, identifier: str) -> None:
    _get(reader, f"/parcels/{identifier}/lineage", 404)

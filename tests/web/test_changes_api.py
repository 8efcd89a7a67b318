"""Edits over HTTP: versions, keys, previews, refusals, and nothing that others see too early."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from gisapp.running import database_of
from gisapp.security import accounts
from gisapp.security.permissions import Role
from tests.db.editing import DAY, Block, laid, spot
from tests.web.conftest import PASSWORD, Browser, session_of


@pytest.fixture(scope="module")
def block(app: Flask) -> Block:
    """Sixteen squares in the module's database."""
    with database_of(app).transaction() as session:
        return laid(session)


class Desk:
    """A planner with a change open."""

    def __init__(self, browser: Browser, block: Block) -> None:
        self.browser = browser
        self.block = block
        opened = self.post("/changes", {
            "document_id": str(block.ground.document_id), "reason": "Theo QĐ",
            "effective_on": DAY.isoformat(),
        })  # fmt: skip
        assert opened.status_code == 201, opened.json
        self.change = opened.json["id"]

    def post(
        self, path: str, body: Any, key: str | None = "", headers: dict[str, str] | None = None
    ) -> TestResponse:
        sent = {"X-CSRFToken": self.browser.token, "Accept-Language": "vi", **(headers or {})}
        if key is not None:
            sent["Idempotency-Key"] = key or str(uuid4())
        return self.browser.client.post(f"/api/v1{path}", json=body, headers=sent)

    def edit(
        self, operation: str, body: Any, *, preview: bool = False, **options: Any
    ) -> TestResponse:
        path = f"/changes/{self.change}/parcels/{operation}"
        return self.post(path + ("?preview=1" if preview else ""), body, **options)

    def ground(self) -> dict[str, Any]:
        (west, south), (east, north) = spot(0, 0), spot(4, 4)
        answer = self.browser.client.get(
            f"/api/v1/changes/{self.change}/ground?zone=KCN-1&bbox={west},{south},{east},{north}"
        )
        assert answer.status_code == 200, answer.json
        return {each["id"]: each for each in answer.json["features"]}

    def versions(self, *parcels: object) -> dict[str, int]:
        now = self.ground()
        return {str(each): now[str(each)]["properties"]["version"] for each in parcels}

    def finish(self) -> TestResponse:
        return self.post(f"/changes/{self.change}/commit", {})


@pytest.fixture
def desk(signed_in: Callable[[Role | None], Browser], block: Block) -> Desk:
    return Desk(signed_in(Role.PLANNER), block)


def half(desk: Desk, parcel: object) -> dict[str, Any]:
    return {
        "parcel": str(parcel), "versions": desk.versions(parcel), "method": "area",
        "area_m2": 4000, "direction": {"side": "west"},
    }  # fmt: skip


def test_a_split_is_previewed_added_committed_undone_and_redone(desk: Desk) -> None:
    parcel = desk.block.at(0, 0)
    body = half(desk, parcel)
    seen = desk.edit("split", body, preview=True, key=None)
    assert seen.status_code == 200, seen.json
    assert seen.json["step"] is None
    assert [round(e["area_m2"], 1) for e in seen.json["effect"]["added"] if e["taken"]] == [4000.0]
    assert str(parcel) in desk.ground()
    added = desk.edit("split", body)
    assert (added.status_code, added.json["step"]) == (201, 1)
    children = {each["id"]: each["version"] for each in added.json["effect"]["added"]}
    assert set(children.values()) == {-1}
    assert desk.browser.get(f"/api/v1/parcels/{next(iter(children))}").status_code == 404
    done = desk.finish()
    assert (done.status_code, done.json["status"]) == (200, "committed")
    assert done.json["area_after_m2"] == pytest.approx(done.json["area_before_m2"], abs=0.1)
    old = desk.browser.get(f"/api/v1/parcels/{parcel}?as_of={DAY}").json["properties"]
    assert {each["id"] for each in old["successors"]} == set(children)
    undone = desk.post(f"/changes/{desk.change}/undo", {})
    assert undone.status_code == 200
    assert desk.browser.get(f"/api/v1/parcels/{parcel}?as_of={DAY}").json["properties"]["in_force"]
    assert desk.post(f"/changes/{desk.change}/undo", {}).status_code == 409
    assert desk.post(f"/changes/{desk.change}/redo", {}).status_code == 200
    shown = desk.browser.get(f"/api/v1/changes/{desk.change}").json
    assert (shown["status"], shown["undone_by"]) == ("committed", None)
    assert desk.post(f"/changes/{desk.change}/undo", {"reason": "dọn"}).status_code == 200


def test_a_request_sent_twice_is_done_once(desk: Desk) -> None:
    body, key = half(desk, desk.block.at(1, 0)), str(uuid4())
    first, second = desk.edit("split", body, key=key), desk.edit("split", body, key=key)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json == second.json
    assert second.headers["Idempotency-Replayed"] == "true"
    assert len(desk.browser.get(f"/api/v1/changes/{desk.change}").json["operations"]) == 1
    other = desk.edit("split", {**body, "area_m2": 4001}, key=key)
    assert (other.status_code, other.json["type"]) == (
        422,
        "urn:gisapp:problem:idempotency-key-used",
    )
    missing = desk.edit("split", body, key=None)
    assert (missing.status_code, missing.json["title"]) == (428, "Thiếu điều kiện phiên bản")


def test_versions_are_asked_for_and_stale_ones_answered_with_the_current(
    desk: Desk, app: Flask, block: Block
) -> None:
    parcel = block.at(2, 0)
    body = half(desk, parcel)
    without = {name: value for name, value in body.items() if name != "versions"}
    assert desk.edit("split", without).status_code == 428
    with database_of(app).transaction() as session:
        accounts.create_user(session, "binh", Role.PLANNER, PASSWORD)
    other = Desk(session_of(app, "binh"), block)
    said = {"parcel": str(parcel), "versions": other.versions(parcel), "set": {"land_use": "SKK"}}
    assert other.edit("attributes", said).status_code == 201
    assert other.finish().status_code == 200
    stale = desk.edit("split", body)
    assert stale.status_code == 412
    theirs = stale.json["context"]["theirs"]
    assert theirs["feature"]["properties"]["land_use"] == "SKK"
    assert theirs["actor"] == "binh"
    tag = f'"p-{parcel}-v{theirs["version"]}"'
    assert desk.edit("split", without, headers={"If-Match": tag}).status_code == 201
    hidden = desk.browser.client.get(f"/api/v1/changes/{other.change}")
    assert hidden.status_code == 404


@pytest.mark.parametrize(
    ("operation", "body", "code"),
    [
        ("split", {"method": "line", "line": [spot(9, 9), spot(9, 10)]}, "cutter-misses"),
        ("split", {"method": "line", "line": [spot(3, -1), spot(3, 5)]}, "cutter-only-touches"),
        ("split", {"method": "line", "line": [spot(2.5, 2), spot(3.5, 2.5)]}, "cutter-ends-inside"),
        (
            "split",
            {"method": "area", "area_ha": 2, "direction": {"side": "west"}},
            "area-too-large",
        ),
        ("split", {"method": "plan"}, "plan-missing"),
        ("split", {"method": "area", "area_m2": 5}, "input-refused"),
    ],
)  # fmt: skip
def test_bad_input_is_named_in_vietnamese_and_changes_nothing(
    desk: Desk, operation: str, body: dict[str, Any], code: str
) -> None:
    parcel = desk.block.at(3, 2)
    before = desk.ground()
    said = {"parcel": str(parcel), "versions": desk.versions(parcel), **body}
    answer = desk.edit(operation, said)
    assert (answer.status_code, answer.json["type"]) == (422, f"urn:gisapp:problem:{code}")
    assert desk.ground() == before


def test_every_other_operation_answers(desk: Desk) -> None:
    at = desk.block.at
    corner = {"corner": spot(3, 3), "to": [spot(3, 3)[0] + 1.5, spot(3, 3)[1] - 2.25]}
    said: list[tuple[str, dict[str, Any]]] = [
        ("reshape", {"parcels": [str(at(3, 3))], "edits": [corner]}),
        ("merge", {"parcels": [str(at(0, 3)), str(at(1, 3))]}),
        ("renumber", {"numbers": {str(at(0, 2)): {"number": "77"}}}),
        ("attributes", {"parcel": str(at(0, 2)), "set": {"land_use": "DGT"}}),
        ("clean", {"parcels": [str(at(1, 1)), str(at(1, 2))]}),
        ("retire", {"parcels": [str(at(2, 3))]}),
    ]  # fmt: skip
    for operation, body in said:
        named = [*body.get("parcels", []), *body.get("numbers", {})]
        named += [body["parcel"]] if "parcel" in body else []
        answer = desk.edit(operation, {**body, "versions": desk.versions(*named)})
        assert answer.status_code == 201, (operation, answer.json)
    road = {"zone": "KCN-1", "centreline": [spot(-0.1, 1.5), spot(4.1, 1.5)], "width_m": 10}
    assert desk.edit("corridor", road).status_code == 201
    corners = [spot(2, 3), spot(3, 3), spot(3, 4), spot(2, 4)]
    table = {"rows": [{"x": y, "y": x} for x, y in corners], "stated_area_m2": 10_000}
    drawn = desk.edit("draw", {"zone": "KCN-1", "table": table, "attributes": {"sheet": "12"}})
    assert drawn.status_code == 201, drawn.json
    assert all(warned["text"] for warned in drawn.json["effect"]["warnings"])
    back = desk.post(f"/changes/{desk.change}/undo", {})
    assert back.json["operations"][-1]["taken_back"] is True
    assert desk.post(f"/changes/{desk.change}/redo", {}).status_code == 200
    assert desk.post(f"/changes/{desk.change}/discard", {}).json["status"] == "discarded"
    assert desk.finish().status_code == 409


def test_a_coordinate_table_is_understood(desk: Desk) -> None:
    corners = [spot(2, 3), spot(3, 3), spot(3, 4)]
    text = "\n".join(f"{y:.2f};{x:.2f}" for x, y in corners)
    body = {"zone": "KCN-1", "text": text, "stated_area_m2": 4000}
    answer = desk.post("/coordinate-table", body, key=None)
    assert answer.status_code == 200, answer.json
    assert answer.json["area_m2"] == pytest.approx(5000)
    assert answer.json["difference_m2"] == pytest.approx(1000)
    codes = [each["code"] for each in answer.json["findings"]]
    assert codes == [
        "table-not-closed",
        "table-area-differs",
    ]


def test_documents_are_registered_once_with_their_file(desk: Desk) -> None:
    pdf = b"%PDF-1.7\n" + b"x" * 100
    sent = {"X-CSRFToken": desk.browser.token}
    up = desk.browser.client.post(
        "/api/v1/documents/files", data={"file": (io.BytesIO(pdf), "qd.pdf")}, headers=sent
    )
    assert up.json["media_type"] == "application/pdf"
    body = {
        "number": "99/QĐ-UBND", "issued_on": "2024-05-01", "issuer": "UBND tỉnh",
        "file_sha256": up.json["sha256"], "file_name": "qd.pdf",
    }  # fmt: skip
    made = desk.post("/documents", body)
    assert (made.status_code, made.json["has_file"]) == (201, True)
    assert desk.post("/documents", body).json["id"] == made.json["id"]
    found = desk.browser.get("/api/v1/documents?q=99/qđ").json["documents"]
    assert [each["number"] for each in found] == ["99/QĐ-UBND"]
    got = desk.browser.client.get(f"/api/v1/documents/{made.json['id']}/file")
    assert got.data == pdf
    got.close()
    bad = desk.browser.client.post(
        "/api/v1/documents/files", data={"file": (io.BytesIO(b"MZ.."), "qd.pdf")}, headers=sent
    )
    assert bad.status_code == 422


def test_a_spot_tells_its_parcels_and_an_editor_is_seen_near(
    desk: Desk, app: Flask, block: Block
) -> None:
    parcel = block.at(3, 1)
    middle_e, middle_n = spot(3.25, 1.25)
    address = f"/api/v1/parcels/at?zone=KCN-1&e={middle_e}&n={middle_n}"
    first = desk.browser.get(address).json["parcels"]
    assert str(parcel) in {each["parcel_id"] for each in first}
    assert desk.edit("split", half(desk, parcel)).status_code == 201
    (west, south), (east, north) = spot(3, 1), spot(4, 2)
    box = f"zone=KCN-1&bbox={west},{south},{east},{north}"
    with database_of(app).transaction() as session:
        accounts.create_user(session, "cuc", Role.PLANNER, PASSWORD)
    other = session_of(app, "cuc")
    seen = other.get(f"/api/v1/changes/presence?{box}").json["editors"]
    assert [each["actor"] for each in seen] == ["planner"]
    assert str(parcel) in seen[0]["parcels"]
    mine = desk.browser.get(f"/api/v1/changes/presence?{box}").json["editors"]
    assert "planner" not in {each["actor"] for each in mine}
    assert desk.finish().status_code == 200
    later = desk.browser.get(address).json["parcels"]
    ended = {each["parcel_id"]: each["valid_to"] for each in later}
    assert ended[str(parcel)] == DAY.isoformat()
    assert len(later) == len(first) + 1

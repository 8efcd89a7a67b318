"""Findings and waivers over HTTP: what is answered, who may waive, what is refused and how."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from shapely.geometry import shape
from werkzeug.test import TestResponse

from gisapp.running import database_of
from gisapp.security import accounts
from gisapp.security.permissions import Role
from planning.clocks import today
from planning.records.commands import open_change
from planning.zones.commands import create_board, create_zone
from tests.db.findings_ground import START, Park, area, park
from tests.web.conftest import Browser, session_of

KINDS = {"overlap", "gap", "across_uses", "lease_on_green", "outside_plan"}
SignedIn = Callable[[Role | None], Browser]


@pytest.fixture(scope="module")
def laid(app: Flask) -> Iterator[Park]:
    with database_of(app).transaction() as session:
        made = park(session)
    yield made


def asked(browser: Browser, **query: str) -> dict[str, Any]:
    answer = browser.client.get("/api/v1/zones/KCN-F/conflicts", query_string=query)
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "application/geo+json"
    found: dict[str, Any] = answer.get_json(force=True)
    return found


def one(browser: Browser, kind: str, number: str = "") -> dict[str, Any]:
    found = [each["properties"] for each in asked(browser, kind=kind)["features"]]
    named = [each for each in found if f"thửa {number} tờ" in each["parcel"]["name"]]
    (only,) = named if number else found
    return dict(only)


def send(browser: Browser, path: str, body: dict[str, Any], key: str | None = None) -> TestResponse:
    headers = {"X-CSRFToken": browser.token, "Idempotency-Key": key or str(uuid.uuid4())}
    return browser.client.post(path, json=body, headers=headers)


def waive(browser: Browser, finding: str, **more: object) -> TestResponse:
    body = {"zone": "KCN-F", "finding": finding, "reason": "Theo biên bản ngày 02/11", **more}
    return send(browser, "/api/v1/waivers", body)


def problem(answer: TestResponse) -> tuple[int, str]:
    said = json.loads(answer.text)
    assert answer.mimetype == "application/problem+json"
    return answer.status_code, said["type"].rpartition(":")[2]


def test_every_role_reads_them_numbered_in_the_plane_or_in_degrees(
    laid: Park, signed_in: SignedIn
) -> None:
    plane = asked(signed_in(Role.VIEWER), crs="plane")
    assert plane["crs"]["properties"]["name"].endswith("EPSG::5899")
    assert plane["numberMatched"] == plane["numberReturned"] == 6
    properties = [each["properties"] for each in plane["features"]]
    assert {each["kind"] for each in properties} == KINDS
    assert [each["number"] for each in properties] == [1, 2, 3, 4, 5, 6]
    across = next(each for each in plane["features"] if each["properties"]["kind"] == "across_uses")
    assert shape(across["geometry"]).equals(area(170, 0, 30, 100))
    degrees = asked(signed_in(Role.AUDITOR), kind="across_uses")
    assert "crs" not in degrees
    lon, lat = degrees["features"][0]["geometry"]["coordinates"][0][0]
    assert 102 < lon < 110 and 8 < lat < 24


def test_a_sentence_says_what_where_and_how_much(laid: Park, signed_in: SignedIn) -> None:
    across = one(signed_in(Role.VIEWER), "across_uses")
    assert across["text"].startswith("3.000,0 m² (30,0 %) của thửa 2 tờ 1 nằm trên lô CX-01 (CX)")
    assert (across["severity"], across["severity_name"]) == ("high", "Cao")
    assert across["other"]["plan"] == "QH-KCN-F"
    lease = one(signed_in(Role.VIEWER), "lease_on_green")
    assert "Hợp đồng thuê lại TL-1 giữ 10.000,0 m²" in lease["text"]
    assert lease["right"]["lessee"] == "Công ty Bình Minh"
    english = asked(signed_in(Role.OFFICER), kind="gap", lang="en")["features"][0]["properties"]
    assert english["text"].startswith("A gap of 30.00 m² belongs to no parcel")


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ({"severity": "high"}, {"across_uses", "lease_on_green"}),
        ({"kind": "gap"}, {"gap"}),
        ({"bbox": "420000,2320195,420100,2320205"}, {"overlap"}),
        ({"state": "waived"}, set()),
        ({"as_of": "2020-06-01"}, {"overlap", "gap"}),
        ({"known_at": "2001-01-01T00:00:00Z"}, None),
    ],
)
def test_they_are_narrowed(
    laid: Park, signed_in: SignedIn, query: dict[str, str], kinds: set[str] | None
) -> None:
    browser = signed_in(Role.VIEWER)
    if kinds is None:  # the zone was not known then
        answer = browser.client.get("/api/v1/zones/KCN-F/conflicts", query_string=query)
        assert problem(answer) == (404, "not-found")
    else:
        found = asked(browser, **query)["features"]
        assert {each["properties"]["kind"] for each in found} == kinds


def test_a_limit_says_how_many_there_are(laid: Park, signed_in: SignedIn) -> None:
    found = asked(signed_in(Role.VIEWER), limit="2")
    assert (found["numberMatched"], found["numberReturned"], len(found["features"])) == (6, 2, 2)


@pytest.mark.parametrize(
    "query",
    [
        {"kind": "x"}, {"bbox": "1,2,3"}, {"bbox": "nan,0,1,1"}, {"bbox": "2,0,1,1"},
        {"limit": "0"}, {"state": "x"}, {"unknown": "1"},
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(
    laid: Park, signed_in: SignedIn, query: dict[str, str]
) -> None:
    browser = signed_in(Role.VIEWER)
    answer = browser.client.get("/api/v1/zones/KCN-F/conflicts", query_string=query)
    assert problem(answer) == (422, "input-refused")


def test_a_leader_waives_and_withdraws(laid: Park, signed_in: SignedIn) -> None:
    leader, viewer = signed_in(Role.LEADER), signed_in(Role.VIEWER)
    gap = one(viewer, "gap")
    key = str(uuid.uuid4())
    body = {"zone": "KCN-F", "finding": gap["id"], "reason": "Chờ đo lại"}
    answer = send(leader, "/api/v1/waivers", body, key)
    assert answer.status_code == 201, answer.text
    again = send(leader, "/api/v1/waivers", body, key)
    assert again.headers["Idempotency-Replayed"] == "true"
    waived = one(viewer, "gap")
    assert not waived["open"]
    assert waived["waiver"]["text"].startswith("Được leader miễn trừ từ ")
    assert {each["properties"]["kind"] for each in asked(viewer, state="waived")["features"]} == {
        "gap"
    }
    assert problem(waive(leader, gap["id"])) == (409, "waived-already")
    path = f"/api/v1/waivers/{answer.get_json()['id']}/withdraw"
    assert send(leader, path, {"reason": "Đã lấp khe"}).status_code == 200
    opened = one(viewer, "gap")
    assert opened["open"]
    assert opened["waiver"]["lapsed"] == "withdrawn"
    assert problem(send(leader, path, {"reason": "lần nữa"})) == (409, "waiver-ended")


def test_an_old_waiver_says_why_it_lapsed(laid: Park, signed_in: SignedIn, app: Flask) -> None:
    from planning.clocks import amend
    from planning.parcels.model import ParcelVersion
    from tests.db.findings_ground import act

    leader = signed_in(Role.LEADER)
    assert waive(leader, one(leader, "across_uses")["id"]).status_code == 201
    with database_of(app).transaction() as session:
        number = act(session, laid.document, day=today(), actor="planner")
        mine = ParcelVersion.parcel_id == laid.parcels["2"]
        amend(session, ParcelVersion, number, mine, today(), {"land_use_code": "SKK"})
    across = one(leader, "across_uses")
    assert across["open"]
    assert across["waiver"]["lapsed"] == "parcel-changed"
    assert across["waiver"]["text"].endswith("vì thửa đã đổi theo 01/KCN-F.")


def test_who_drew_it_does_not_waive_it(laid: Park, signed_in: SignedIn, app: Flask) -> None:
    """The one who drew the park becomes a leader."""
    from tests.db.findings_ground import DRAWER
    from tests.web.conftest import PASSWORD

    with database_of(app).transaction() as session:
        accounts.create_user(session, DRAWER, Role.LEADER, PASSWORD)
    answer = waive(session_of(app, DRAWER), one(signed_in(Role.VIEWER), "overlap")["id"])
    assert problem(answer) == (403, "waiver-own-work")
    assert "không tự miễn trừ" in answer.get_json(force=True)["detail"]


@pytest.mark.parametrize("role", [role for role in Role if role != Role.LEADER], ids=str)
def test_only_leaders_waive(laid: Park, signed_in: SignedIn, role: Role) -> None:
    browser = signed_in(role)
    answer = waive(browser, one(browser, "overlap")["id"])
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"reason": "  "}, (422, "input-refused")),
        ({"finding": "gap-1"}, (422, "input-refused")),
        ({"finding": "gap-1-p2-3-4"}, (404, "finding-gone")),
        ({"zone": "KCN-NOWHERE"}, (404, "not-found")),
        ({"expires_on": "2001-01-01"}, (422, "waiver-days-refused")),
        ({"document_id": "00000000-0000-4000-8000-000000000000"}, (422, "value-refused")),
        ({"extra": 1}, (422, "input-refused")),
    ],
    ids=str,
)
def test_a_waiver_that_cannot_be_is_refused(
    laid: Park, signed_in: SignedIn, more: dict[str, object], expected: tuple[int, str]
) -> None:
    leader = signed_in(Role.LEADER)
    finding = one(leader, "overlap")["id"]
    answer = waive(leader, **{"finding": finding, **more})  # type: ignore[arg-type]
    assert problem(answer) == expected


def test_without_a_key_nothing_is_waived(laid: Park, signed_in: SignedIn) -> None:
    leader = signed_in(Role.LEADER)
    answer = leader.client.post(
        "/api/v1/waivers",
        json={"zone": "KCN-F", "finding": one(leader, "overlap")["id"], "reason": "vì"},
        headers={"X-CSRFToken": leader.token},
    )
    assert answer.status_code in {422, 428}
    assert one(leader, "overlap")["open"]


def test_findings_of_a_zone_out_of_sight_are_not_told(
    laid: Park, app: Flask, signed_in: SignedIn
) -> None:
    from gisapp.security.model import UserScope
    from tests.web.conftest import PASSWORD

    with database_of(app).transaction() as session:
        setup = open_change(session, kind="setup", reason="lập", actor="an", effective_on=START)
        board = create_board(
            session, setup, code="B-ELSE", name_vi="Ban khác", province_name="Hải Dương",
            valid_from=START,
        )  # fmt: skip
        create_zone(
            session, setup, code="KCN-ELSE", kind="industrial_park", srid=5897, board_id=board,
            name_vi="Khu khác", valid_from=START,
        )  # fmt: skip
        user = accounts.create_user(session, "elsewhere", Role.LEADER, PASSWORD)
        user.scopes.append(UserScope(zone_code="KCN-ELSE"))
    browser = session_of(app, "elsewhere")
    answer = browser.client.get("/api/v1/zones/KCN-F/conflicts")
    assert problem(answer) == (404, "not-found")
    finding = one(signed_in(Role.VIEWER), "overlap")["id"]
    assert problem(waive(browser, finding)) == (404, "not-found")


def test_conformance_of_a_parcel_names_its_findings(laid: Park, signed_in: SignedIn) -> None:
    browser = signed_in(Role.VIEWER)
    answer = browser.client.get(f"/api/v1/parcels/{laid.parcels['3']}/conformance")
    said = answer.get_json()
    assert said["lots"][0]["symbol"] == "CX-01"
    assert said["lots"][0]["area_m2"] == pytest.approx(10_000)
    assert said["lots"][0]["share"] == pytest.approx(1.0)
    assert said["lots"][0]["share_pct"] == pytest.approx(100.0)
    assert [each["kind"] for each in said["findings"]] == ["lease_on_green"]
    gone = browser.client.get(f"/api/v1/parcels/{uuid.uuid4()}/conformance")
    assert problem(gone) == (404, "not-found")

"""Parcels, zones and search for programs: exact in the plane, lawful in WGS 84, on both clocks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from shapely import Polygon
from shapely.geometry import shape

from gisapp.running import database_of
from gisapp.security import accounts
from gisapp.security.model import UserScope
from gisapp.security.permissions import Role
from layers.crs import from_wgs84
from tests import small_park
from tests.web.conftest import PASSWORD, Browser, session_of


@pytest.fixture(scope="module", autouse=True)
def park(app: Flask) -> small_park.SmallPark:
    """The small park in the module's database, and a reader limited to another zone."""
    with database_of(app).transaction() as session:
        made = small_park.build(session)
    with database_of(app).transaction() as session:
        stranger = accounts.create_user(session, "stranger", Role.VIEWER, PASSWORD)
        stranger.scopes = [UserScope(zone_code="KCN-EMPTY")]
    return made


@pytest.fixture
def reader(signed_in: Callable[[Role | None], Browser]) -> Browser:
    """A viewer's browser."""
    return signed_in(Role.VIEWER)


def _json(browser: Browser, path: str, status: int = 200) -> Any:
    answer = browser.get(f"/api/v1{path}")
    assert answer.status_code == status, answer.text
    return answer.json


def test_pages_of_parcels_lead_to_each_other_and_miss_none(reader: Browser) -> None:
    seen: list[str] = []
    path = "/parcels?zone=KCN-TEST&limit=25"
    while path:
        page = _json(reader, path)
        assert page["numberReturned"] == len(page["features"]) <= 25
        seen += [feature["id"] for feature in page["features"]]
        links = page.get("links", [])
        path = links[0]["href"].removeprefix("/api/v1") if links else ""
    assert len(seen) == len(set(seen)) == 61
    assert seen == sorted(seen)


def test_lists_carry_the_version_an_edit_is_made_on(reader: Browser) -> None:
    [first] = _json(reader, "/parcels?zone=KCN-TEST&limit=1")["features"]
    card = reader.get(f"/api/v1/parcels/{first['id']}")
    assert first["properties"]["version"] == card.json["properties"]["version"]
    assert card.headers["ETag"] == f'"p-{first["id"]}-v{first["properties"]["version"]}"'


def test_wgs84_is_lawful_geojson_and_the_plane_is_exact(reader: Browser) -> None:
    lonlat = _json(reader, "/parcels?zone=KCN-TEST&limit=100")["features"]
    plane = _json(reader, "/parcels?zone=KCN-TEST&limit=100&crs=plane")
    assert plane["crs"]["properties"]["name"] == f"urn:ogc:def:crs:EPSG::{small_park.SRID}"
    # identities are random, so the first of the list is now one parcel, now another
    wgs84 = next(item for item in lonlat if item["properties"]["area_m2"] == 10_000)
    (same,) = (item for item in plane["features"] if item["id"] == wgs84["id"])
    exact, round_earth = shape(same["geometry"]), shape(wgs84["geometry"])
    assert isinstance(exact, Polygon)
    assert isinstance(round_earth, Polygon)
    assert exact.area == wgs84["properties"]["area_m2"] == 10_000
    assert all(value % 100 == 0 for corner in exact.exterior.coords for value in corner)
    assert round_earth.exterior.is_ccw
    assert from_wgs84(round_earth, small_park.SRID).hausdorff_distance(exact) < 0.02


def test_a_box_limits_the_page_in_either_system(reader: Browser) -> None:
    west, south = small_park.WEST + 110, small_park.SOUTH + 110
    box = f"{west},{south},{west + 80},{south + 80}"
    found = _json(reader, f"/parcels?zone=KCN-TEST&crs=plane&bbox={box}&as_of=2024-06-01")
    assert [feature["properties"]["number"] for feature in found["features"]] == ["1"]
    assert _json(reader, "/parcels?zone=KCN-TEST&bbox=100,10,101,11")["features"] == []


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("bbox=1,2,3", 422),
        ("bbox=a,b,c,d", 422),
        ("bbox=3,2,1,4", 422),
        ("bbox=nan,0,1,1", 422),
        ("limit=0", 422),
        ("limit=100000", 422),
        ("cursor=1", 422),
        ("crs=plane", 422),
        ("colour=red", 422),
        ("as_of=yesterday", 400),
        ("zone=NOWHERE", 404),
    ],
)
def test_bad_questions_are_refused_in_words(reader: Browser, query: str, status: int) -> None:
    problem = _json(reader, f"/parcels?{query}", status)
    assert problem["detail"]
    assert problem["type"].startswith("urn:gisapp:problem:")


def test_the_card_tells_rights_lots_and_hand_over(
    reader: Browser, park: small_park.SmallPark
) -> None:
    card = _json(reader, f"/parcels/{park.parcels[5]}?as_of=2024-02-01")["properties"]
    assert (card["sheet"], card["number"], card["state"]) == ("1", "6", "leased")
    assert [right["kind"] for right in card["rights"]] == ["state_lease", "sub_lease"]
    assert card["rights"][1]["lessee"] == "Công ty TNHH Điện tử Bình Minh"
    assert card["rights"][1]["document_number"] == "08/HĐ-TLĐ"
    [lot] = card["lots"]
    assert (lot["symbol"], lot["area_m2"], lot["share"]) == ("CN-01", 10_000, 1)
    assert lot["decision_number"] == "24/QĐ-BQL"
    assert card["handovers"][0]["handed_over_on"] == "2021-06-01"
    assert {document["number"] for document in card["documents"]} >= {"05/BB-BGMB", "77/QĐ-UBND"}


def test_lots_follow_the_plan_of_the_day(reader: Browser, park: small_park.SmallPark) -> None:
    path = f"/parcels/{park.parcels[7]}"
    before, after = (_json(reader, f"{path}?as_of={day}") for day in ("2023-12-31", "2024-01-01"))
    assert [lot["symbol"] for lot in before["properties"]["lots"]] == ["CN-01"]
    assert [lot["symbol"] for lot in after["properties"]["lots"]] == ["CX-01"]


def test_conformance_accounts_for_every_square_metre(
    reader: Browser, park: small_park.SmallPark
) -> None:
    found = _json(reader, f"/parcels/{park.parcels[7]}/conformance")
    assert sum(lot["area_m2"] for lot in found["lots"]) == pytest.approx(10_000)
    assert found["outside_m2"] == {"subdivision": pytest.approx(0, abs=1e-6)}


def test_an_old_id_answers_with_its_successors(reader: Browser, park: small_park.SmallPark) -> None:
    old = _json(reader, f"/parcels/{park.parcels[0]}")
    assert old["geometry"] is None
    assert old["properties"]["in_force"] is False
    assert {kin["id"] for kin in old["properties"]["successors"]} == set(map(str, park.halves))
    before = _json(reader, f"/parcels/{park.parcels[0]}?as_of=2024-12-31")
    assert before["properties"]["in_force"] is True
    assert before["properties"]["successors"] == []
    child = _json(reader, f"/parcels/{park.halves[0]}")["properties"]
    assert [kin["id"] for kin in child["predecessors"]] == [str(park.parcels[0])]
    assert child["handovers"][0]["handed_over_on"] == "2021-06-01"
    assert child["older_names"][0]["number"] == "1"


def test_the_history_has_both_clocks(reader: Browser, park: small_park.SmallPark) -> None:
    entries = _json(reader, f"/parcels/{park.parcels[0]}/history")["entries"]
    assert [entry["effective_on"] for entry in entries] == sorted(
        (entry["effective_on"] for entry in entries), reverse=True
    )
    assert all(entry["recorded_at"].startswith("20") for entry in entries)
    news = {(event["kind"], event["what"]) for entry in entries for event in entry["events"]}
    assert news >= {
        ("parcel", "began"), ("parcel", "ended"), ("became", "began"), ("handover", "began"),
        ("sub_lease", "began"), ("sub_lease", "carried"), ("project_status", "began"),
    }  # fmt: skip


def test_who_may_not_look_is_told_nothing(app: Flask, park: small_park.SmallPark) -> None:
    stranger = session_of(app, "stranger")
    for path in ("", "/history", "/conformance"):
        _json(stranger, f"/parcels/{park.parcels[3]}{path}", 404)
    assert _json(stranger, "/parcels")["features"] == []
    assert _json(stranger, "/search?q=dong+mai")["results"] == []
    assert [zone["code"] for zone in _json(stranger, "/zones")["zones"]] == ["KCN-EMPTY"]


@pytest.mark.parametrize("identifier", ["1", "not-an-id", "00000000-0000-0000-0000-000000000000"])
def test_what_is_not_there_is_not_found(reader: Browser, identifier: str) -> None:
    _json(reader, f"/parcels/{identifier}", 404)


@pytest.mark.parametrize(
    ("words", "kind", "label"),
    [
        ("dong mai", "zone", "KCN Đông Mai Thử"),
        ("ĐÔNG MAI", "zone", "KCN Đông Mai Thử"),
        ("kcn-test", "zone", "KCN Đông Mai Thử"),
        ("cn-01", "lot", "CN-01"),
        ("tờ 3 thửa 4", "parcel", "Thửa 4, tờ 3"),
        ("3/4", "parcel", "Thửa 4, tờ 3"),
        ("1/1", "parcel", "Thửa 101, tờ 1"),
        ("binh minh", "company", "Công ty TNHH Điện tử Bình Minh"),
        ("nha may", "project", "Nhà máy Điện tử Bình Minh"),
        ("77/qd", "document", "77/QĐ-UBND"),
    ],
)
def test_search_finds_without_diacritics(
    reader: Browser, words: str, kind: str, label: str
) -> None:
    results = _json(reader, f"/search?q={words}&as_of=2025-06-01")["results"]
    [first] = [each for each in results if (each["kind"], each["label"]) == (kind, label)][:1]
    west, south, east, north = first["box"]
    assert small_park.WEST <= west < east <= small_park.WEST + 1200
    assert small_park.SOUTH <= south < north <= small_park.SOUTH + 800
    assert first["url"].startswith("/map?")
    assert "zone=KCN-TEST" in first["url"]


def test_a_thing_found_can_be_asked_for_again(reader: Browser) -> None:
    [lot] = _json(reader, "/search?q=dv-01")["results"]
    again = _json(reader, f"/search/one?kind=lot&id={lot['id']}&zone=KCN-TEST")
    assert again == lot
    _json(reader, f"/search/one?kind=company&id={lot['id']}", 404)
    _json(reader, f"/search/one?kind=person&id={lot['id']}", 422)


@pytest.mark.parametrize("words", ["", "%", "_", "'; drop table land.parcel; --", "\\", "a" * 81])
def test_search_takes_words_as_words(reader: Browser, words: str) -> None:
    answer = reader.get("/api/v1/search", query_string={"q": words})
    assert answer.status_code == (422 if len(words) > 80 else 200)
    if answer.status_code == 200:
        assert answer.json == {"results": []}


def test_a_zone_tells_its_plane_and_the_days_that_matter(reader: Browser) -> None:
    zone = _json(reader, "/zones/KCN-TEST")
    assert zone["plane"]["srid"] == small_park.SRID
    assert "+towgs84=-191.90441429" in zone["plane"]["proj4"]
    assert zone["plane"]["grid"]["resolution_0"] == 4096
    assert zone["extent"] == [432000, 2317000, 433200, 2317800]
    assert zone["days_of_change"][0] == "2025-01-01"
    assert zone["days_of_change"][-1] == "2020-01-01"
    assert [(each["number"], each["in_force"]) for each in zone["plan_versions"]] == [
        (2, True),
        (1, False),
    ]
    assert _json(reader, "/zones/KCN-EMPTY")["extent"] is None


def test_the_frame_of_the_country_names_both_archipelagos(reader: Browser) -> None:
    frame = _json(reader, "/map/national-frame")
    assert len(frame["provinces"]["features"]) == 34
    assert [each["label_vi"] for each in frame["archipelagos"]] == [
        "Quần đảo Hoàng Sa (Việt Nam)",
        "Quần đảo Trường Sa (Việt Nam)",
    ]
    assert all(each["islands"] for each in frame["archipelagos"])


def test_styles_are_served_from_the_one_source(reader: Browser) -> None:
    served = _json(reader, "/map/styles")
    keys = {(each["layer"], each["key"]) for each in served["styles"]}
    assert {("parcels", "leased"), ("plan-lots", "CN"), ("projects", "late")} <= keys


def test_pages_of_search_and_map_read_without_a_script(reader: Browser) -> None:
    found = reader.get("/search?q=dong+mai")
    assert found.status_code == 200
    assert "KCN Đông Mai Thử" in found.text
    country = reader.get("/map").text
    assert "Quần đảo Hoàng Sa (Việt Nam)" in country
    assert "Quần đảo Trường Sa (Việt Nam)" in country
    empty = reader.get("/map?zone=KCN-EMPTY").text
    assert "chưa có ranh giới" in empty
    assert "ol.js" not in empty
    assert reader.get("/map?zone=NOWHERE").status_code == 404

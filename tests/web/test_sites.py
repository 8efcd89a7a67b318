"""Hold-outs and sites on screen, for programs, as files: who sees what, refusals in words."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import date, timedelta

import openpyxl
import pytest
from flask import Flask

from gisapp.running import database_of
from gisapp.security import accounts
from gisapp.security.model import UserScope
from gisapp.security.permissions import Role
from planning.clocks import today
from tests.db.clearing import CANARY
from tests.db.ground import lay
from tests.db.site_ground import SiteGround, lay_sites
from tests.web.conftest import PASSWORD, Browser, session_of

Actors = Callable[[Role | None], Browser]
ROLES = list(Role)
FINDER = "/land/sites?zone=KCN-S&area=2"
HOLD = "/clearance/holdouts?zone=KCN-S"
PAPER = {"document": "8/GC", "issued": "2025-01-10", "issuer": "Ban Quản lý"}


@pytest.fixture(scope="module")
def laid(app: Flask) -> SiteGround:
    """Ground everybody reads, and bare ground beside it."""
    with database_of(app).households() as session:
        made = lay_sites(session)
        lay(session, 0, code="KCN-BARE", column=500)
        lay(session, 2, code="KCN-NOPLAN", column=1_000)
    return made


@pytest.fixture(scope="module")
def own(app: Flask, laid: SiteGround) -> SiteGround:
    """Ground to reserve on."""
    with database_of(app).households() as session:
        return lay_sites(session, code="KCN-W", column=2_000)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    "path",
    [
        HOLD, f"{HOLD}&format=csv", f"{HOLD}&format=geojson", FINDER, f"{FINDER}&format=csv",
        "/land/sites?zone=KCN-S&area=3&format=csv&part=nearly", f"{FINDER}&format=geojson",
        "/api/v1/zones/KCN-S/holdouts", "/api/v1/zones/KCN-S/sites?area_ha=3",
    ],
    ids=["page", "csv", "geojson", "finder", "finder-csv", "lacks", "finder-geojson", "api",
         "finder-api"],
)  # fmt: skip
def test_everybody_reads_and_nobody_is_named(
    signed_in: Actors, laid: SiteGround, role: Role, path: str
) -> None:
    answer = signed_in(role).get(path)
    assert answer.status_code == 200
    assert CANARY not in answer.text and CANARY.split()[-1] not in answer.text


def test_the_ranking_tells_case_step_and_days(signed_in: Actors, laid: SiteGround) -> None:
    page = signed_in(Role.VIEWER).get(f"{HOLD}&as_of=2026-06-01").text
    assert "5/3" in page and laid.case in page and "Đã thông báo" in page
    assert "Hộ gia đình, cá nhân ••••••" in page
    assert "chưa vào hồ sơ nào" in page, "parcel 5 is in no case"
    assert "629" in page, "days since the notice of 10 September 2024"
    assert "4 thửa còn chờ, 3 thửa một mình" in page and "1 thửa không phải GPMB" in page


def test_orders_filters_and_files(signed_in: Actors, laid: SiteGround) -> None:
    viewer = signed_in(Role.VIEWER)
    by_road = viewer.get("/api/v1/zones/KCN-S/holdouts?order=road&as_of=2026-06-01").json
    assert by_road is not None
    first = by_road["features"][0]["properties"]
    assert (first["parcel"], first["rank"], first["road_m"], first["key"]) == (
        "5/10", 1, 400.0, "most",
    )  # fmt: skip
    assert by_road["limits"]["lot_min_m2"] == 10_000 and by_road["not_to_clear"] == 1
    narrow = viewer.get(f"{HOLD}&state=none&format=csv").text
    assert "5/5" in narrow and "5/3" not in narrow
    alone = viewer.get(f"{HOLD}&frees=together&format=csv").text
    assert "5/5" in alone and "5/3" not in alone
    book = openpyxl.load_workbook(io.BytesIO(viewer.client.get(f"{HOLD}&format=xlsx").data))
    rows = list(book.active.values)  # type: ignore[union-attr]
    assert len(rows) == 5 and rows[1][1] in ("5/3", "5/4")


def test_the_finder_lists_sites_and_what_the_next_lack(signed_in: Actors, laid: SiteGround) -> None:
    viewer = signed_in(Role.VIEWER)
    page = viewer.get(FINDER).text
    assert "2,02" in page and "CN-01" in page
    three = viewer.get("/land/sites?zone=KCN-S&area=3").text
    assert "Không có khu đất nào đủ diện tích" in three
    assert "5/3" in three and f"{laid.case} mục 1: đã thông báo" in three
    assert "dự kiến 01/03/2030" in three
    let = viewer.get("/land/sites?zone=KCN-S&area=2&category=service").text
    assert "đang cho thuê đến hết 31/12/2050" in let and "dự án đang hoạt động" in let
    none = viewer.get("/land/sites?zone=KCN-S&area=2&category=KT").text
    assert "không có đất loại này" in none


def test_a_forecast_says_that_it_is_one(signed_in: Actors, laid: SiteGround) -> None:
    viewer = signed_in(Role.PLANNER)
    page = viewer.get("/land/sites?zone=KCN-S&area=3&by=2031-01-01").text
    assert "Dự báo cho ngày 01/01/2031" in page and "3,03" in page
    answer = viewer.get("/api/v1/zones/KCN-S/sites?area_ha=3&by=2031-01-01").json
    assert answer is not None and answer["forecast"] is True and answer["sites"] == 1
    key = answer["features"][0]["id"]
    opened = viewer.get(f"/land/sites?zone=KCN-S&area=3&by=2031-01-01&site={key}").text
    assert "không phải ngày khác hay dự báo" in opened and 'name="party"' not in opened


@pytest.mark.parametrize(
    ("query", "said", "status"),
    [
        ("area=0", "lớn hơn 0", 422),
        ("area=-3", "lớn hơn 0", 422),
        ("area=1000000", "không quá 50.000 ha", 422),
        ("area=nan", "Diện tích (ha)", 422),
        ("area=%3Cb%3E", "Diện tích (ha)", 422),
        ("area=2&frontage=0", "Tiếp giáp đường ít nhất", 422),
        ("area=2&snap=9", "Bắt dính", 422),
        ("area=2&category=vàng", "Loại đất", 422),
        ("area=2&by=1999-01-01", "sổ bắt đầu từ 01/01/2020", 200),
        ("area=2&by=2020-06-01", "chưa có quy hoạch phân khu", 200),
    ],
    ids=["nothing", "negative", "huge", "no-number", "markup", "frontage", "snap", "category",
         "before", "no-plan"],
)  # fmt: skip
def test_bad_input_is_answered_in_words(
    signed_in: Actors, laid: SiteGround, query: str, said: str, status: int
) -> None:
    answer = signed_in(Role.VIEWER).get(f"/land/sites?zone=KCN-S&{query}")
    assert answer.status_code == status
    assert said in answer.text and "<b>" not in answer.text.partition('role="alert"')[2][:300]


def test_empty_zones_say_what_to_do(signed_in: Actors, laid: SiteGround) -> None:
    viewer = signed_in(Role.VIEWER)
    assert "chưa có thửa đất nào trong sổ" in viewer.get("/land/sites?zone=KCN-BARE").text
    page = viewer.get("/clearance/holdouts?zone=KCN-NOPLAN").text
    assert "Nhập đồ án ở trang Quy hoạch" in page and "Mở quy hoạch" in page
    assert viewer.get("/land/sites?zone=KCN-NONE").status_code == 404
    assert viewer.get("/land/sites?zone=KCN-S&by=never").status_code == 400


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("area_ha=0", 422),
        ("area_ha=-1", 422),
        ("area_ha=inf", 422),
        ("", 422),
        ("area_ha=1&snap_m=7", 422),
        ("area_ha=1&by=tomorrow", 400),
        ("area_ha=1&by=2001-01-01", 422),
        ("area_ha=1&category=%27--", 422),
        ("area_ha=1&unknown=1", 422),
    ],
    ids=["zero", "negative", "infinite", "missing", "snap", "day", "before", "category", "more"],
)
def test_programs_get_problems(signed_in: Actors, laid: SiteGround, query: str, code: int) -> None:
    answer = signed_in(Role.VIEWER).get(f"/api/v1/zones/KCN-S/sites?{query}")
    assert answer.status_code == code
    assert answer.mimetype == "application/problem+json"


def test_coordinates_in_the_plane_and_on_the_globe(signed_in: Actors, laid: SiteGround) -> None:
    viewer = signed_in(Role.VIEWER)
    plane = viewer.get("/api/v1/zones/KCN-S/sites?area_ha=2&crs=plane").json
    globe = viewer.get("/api/v1/zones/KCN-S/sites?area_ha=2").json
    assert plane is not None and globe is not None
    assert plane["crs"]["properties"]["name"].endswith("5899") and "crs" not in globe
    east, north = plane["features"][0]["geometry"]["coordinates"][0][0]
    assert east > 400_000 and north == int(north)
    lon, lat = globe["features"][0]["geometry"]["coordinates"][0][0]
    assert 100 < lon < 110 and 8 < lat < 24


def test_who_is_limited_elsewhere_finds_nothing(app: Flask, laid: SiteGround) -> None:
    with database_of(app).transaction() as session:
        user = accounts.create_user(session, "elsewhere", Role.PLANNER, PASSWORD)
        user.scopes.append(UserScope(board_code="B-KCN-BARE"))
    browser = session_of(app, "elsewhere")
    for path in (FINDER, HOLD, "/api/v1/zones/KCN-S/sites?area_ha=1",
                 "/api/v1/zones/KCN-S/holdouts"):  # fmt: skip
        assert browser.get(path).status_code == 404, path
    asked = {"zone": "KCN-S", "party": "Cty", "number": "1", "until": _ahead(90), **PAPER}
    answer = browser.post("/land/sites/reserve", parcel=str(laid.parcels[1]), **asked)
    assert answer.status_code == 404


def _ahead(days: int) -> str:
    return (today() + timedelta(days=days)).isoformat()


def _key(browser: Browser, zone: str, area: float = 2) -> str | None:
    answer = browser.get(f"/api/v1/zones/{zone}/sites?area_ha={area}").json
    assert answer is not None
    found = [each for each in answer["features"] if each["properties"]["kind"] == "site"]
    return found[0]["id"] if found else None


def test_a_planner_keeps_a_site_and_takes_it_back(
    app: Flask, signed_in: Actors, own: SiteGround
) -> None:
    planner = signed_in(Role.PLANNER)
    query = "zone=KCN-W&area=2"
    key = _key(planner, "KCN-W")
    page = planner.get(f"/land/sites?{query}&site={key}").text
    assert 'name="party"' in page and "5/1" in page and "5/2" in page
    form = {
        "zone": "KCN-W", "party": "Công ty Bán dẫn", "tax_code": "5700100077", "number": "GC-7",
        "until": _ahead(120), "parcel": [str(own.parcels[1]), str(own.parcels[2])], **PAPER,
    }  # fmt: skip
    address = f"/land/sites/reserve?{query}&site={key}"
    for wrong, said in (
        ({"parcel": []}, "Thửa"),
        ({"parcel": ["x"]}, "Thửa"),
        ({"tax_code": "12"}, "Mã số thuế"),
        ({"until": ""}, "Đến hết ngày"),
        ({"until": "2024-01-01"}, "trước ngày đầu"),
        ({"party": " "}, "Nhà đầu tư"),
        ({"parcel": [str(own.parcels[7])]}, "đã thuộc"),
    ):
        answer = planner.post(address, **{**form, **wrong})
        assert answer.status_code == 422 and said in answer.text, wrong
    assert _key(planner, "KCN-W") == key, "nothing was written"
    done = planner.post(address, **form)
    assert done.status_code == 302, done.text
    assert _key(planner, "KCN-W") is None, "what is kept is no longer found"
    page = planner.get(done.location).text
    assert "Đã giữ chỗ 2 thửa" in page and "Bỏ giữ chỗ vừa ghi" in page
    assert "đang giữ chỗ đến hết" in page, "it is among the next best, with its day"
    answer = planner.post(address, **{**form, "number": "GC-8"})
    assert answer.status_code == 422 and "GC-7" in answer.text, "twice is once too often"
    number = done.location.rpartition("done=")[2]
    for wrong in ("", "x", "1", "999999"):
        assert planner.post(f"/land/sites/undo?{query}", change=wrong).status_code == 422
    back = planner.post(f"/land/sites/undo?{query}", change=number)
    assert back.status_code == 302 and "done=" not in back.location
    assert _key(planner, "KCN-W") == key
    assert planner.post(f"/land/sites/undo?{query}", change=number).status_code == 422


@pytest.mark.parametrize("role", [each for each in ROLES if each is not Role.PLANNER])
def test_nobody_else_keeps_land(signed_in: Actors, laid: SiteGround, role: Role) -> None:
    browser = signed_in(role)
    browser.get("/account")
    assert browser.post("/land/sites/reserve", **PAPER).status_code == 403
    assert browser.post("/land/sites/undo", change="1").status_code == 403
    key = _key(browser, "KCN-S")
    assert 'name="party"' not in browser.get(f"{FINDER}&site={key}").text


def test_a_reservation_of_another_is_not_taken_back_here(
    app: Flask, signed_in: Actors, own: SiteGround
) -> None:
    planner = signed_in(Role.PLANNER)
    form = {"zone": "KCN-W", "party": "Cty", "number": "GC-9", "until": _ahead(30), **PAPER}
    done = planner.post("/land/sites/reserve?zone=KCN-W", parcel=str(own.parcels[1]), **form)
    number = done.location.rpartition("done=")[2]
    with database_of(app).transaction() as session:
        accounts.create_user(session, "planner2", Role.PLANNER, PASSWORD)
    other = session_of(app, "planner2")
    assert other.post("/land/sites/undo?zone=KCN-W", change=number).status_code == 422
    assert planner.post("/land/sites/undo?zone=KCN-W", change=number).status_code == 302


def test_links_lead_there(signed_in: Actors, laid: SiteGround) -> None:
    viewer = signed_in(Role.VIEWER)
    assert "/land/sites" in viewer.get("/").text, "the menu"
    for path in ("/zones/KCN-S", "/map?zone=KCN-S"):
        page = viewer.get(path).text
        assert "/land/sites?zone=KCN-S" in page and "/clearance/holdouts?zone=KCN-S" in page, path
    assert "/clearance/holdouts" in viewer.get("/clearance").text


def test_english_reads_english(signed_in: Actors, laid: SiteGround) -> None:
    viewer = signed_in(Role.VIEWER)
    page = viewer.get(f"{HOLD}&lang=en").text
    assert "Hold-out parcels" in page and "Thửa" not in page
    page = viewer.get("/land/sites?zone=KCN-S&area=3").text
    assert "not handed over" in page and "chưa bàn giao" not in page
    viewer.get("/?lang=vi")


def test_the_answer_is_plain_geojson(signed_in: Actors, laid: SiteGround) -> None:
    answer = signed_in(Role.VIEWER).get("/land/sites?zone=KCN-S&area=3&format=geojson")
    read = json.loads(answer.data)
    kinds = {each["properties"]["kind"] for each in read["features"]}
    assert kinds == {"nearly", "lack"} and read["forecast"] is False
    assert date.fromisoformat(read["by"]) == today()
    assert "attachment" in answer.headers["Content-Disposition"]

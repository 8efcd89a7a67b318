"""The page of a lot: what the plan says, who is on it, what does not fit, the signed sheet."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from gisapp.running import database_of
from gisapp.security import accounts
from gisapp.security.model import UserScope
from gisapp.security.permissions import Role
from tests import small_park
from tests.conftest import TestDatabase
from tests.park_draft import add_draft
from tests.raster_files import scan_of
from tests.web.conftest import PASSWORD, Browser, session_of
from tests.web.sheet_visits import LOTS, bring, points, post, put, work

SignedIn = Callable[[Role | None], Browser]
PLAN = "/plans/QHPK-TEST"


@pytest.fixture(scope="module")
def park(app: Flask) -> small_park.SmallPark:
    """The small park, a draft of its plan with one lot, and a reader of another zone."""
    with database_of(app).transaction() as session:
        made = small_park.build(session)
        add_draft(session)
        stranger = accounts.create_user(session, "stranger", Role.VIEWER, PASSWORD)
        stranger.scopes = [UserScope(zone_code="KCN-EMPTY")]
    return made


@pytest.fixture(scope="module")
def sheet(
    park: small_park.SmallPark, module_database: TestDatabase, signed_in: SignedIn
) -> dict[str, Any]:
    """The plan in force on paper, placed by four points and laid."""
    browser = signed_in(Role.PLANNER)
    scan = scan_of(LOTS, metres_a_pixel=1.0, grain=0)
    made: dict[str, Any] = bring(
        browser, scan.png, title="Tờ đã ký", plan_version=str(park.plan_versions[1])
    ).get_json()
    work(module_database)
    wanted = points(scan)
    wanted[2]["easting"] += 1.0
    assert put(
        browser, f"{made['id']}/control-points", {"kind": "affine", "points": wanted}
    ).status_code == 200  # fmt: skip
    assert post(browser, f"{made['id']}/convert").status_code == 202
    work(module_database)
    return made


def page_of(browser: Browser, version: int, symbol: str) -> str:
    """The address of a lot, as the list of its version links it."""
    text = browser.get(f"{PLAN}/{version}").text
    found = re.search(rf'href="([^"]*/lots/[0-9a-f-]{{36}})"[^>]*>{symbol}<', text)
    assert found, symbol
    return found[1]


def test_a_lot_shows_its_parcels_rights_and_the_signed_sheet(
    signed_in: SignedIn, sheet: dict[str, Any]
) -> None:
    viewer = signed_in(Role.VIEWER)
    address = page_of(viewer, 2, "CN-01")
    text = viewer.get(address).text
    for said in ("Lô CN-01", "210.000,0 m²", "công nghiệp, cho thuê", "QHPK KCN Đông Mai Thử"):
        assert said in text, said
    assert "Thửa 101, tờ 1" in text and "4.000,0" in text and "1,90\u00a0%" in text
    assert "08/HĐ-TLĐ" in text and "77/QĐ-UBND" in text and "12/GC-BQL" in text
    assert "Cả lô đã có thửa" in text and "chưa nêu" in text
    crop = re.search(r'<img src="(/api/v1/sheets/[^"]+/crop[^"]*)"', text)
    assert crop and sheet["id"] in crop[1]
    assert viewer.client.get(crop[1].replace("&amp;", "&")).mimetype == "image/png"
    assert re.search(r"sai số ±0,\d\d m \(0,\d\d mm trên giấy 1:2\.000\)", text)
    assert "Bản vẽ này không phải của bản đang xem" not in text
    assert f"lot={address.rpartition('/')[2]}" in text and "Sửa lô của bản nháp" not in text


def test_a_lot_of_green_land_names_what_does_not_fit(signed_in: SignedIn, park: object) -> None:
    viewer = signed_in(Role.VIEWER)
    text = viewer.get(page_of(viewer, 2, "CX-01")).text
    assert "Cho thuê đất không cho thuê" in text and "08/HĐ-TLĐ" in text
    assert "Không thửa nào vướng" not in text
    before = viewer.get(f"{page_of(viewer, 2, 'CX-01')}?as_of=2020-06-01").text
    assert "Thửa 8, tờ 1" in before and "Không có quyền nào" in before


def test_a_draft_lot_is_marked_judged_and_edited(
    signed_in: SignedIn, sheet: dict[str, Any]
) -> None:
    viewer = signed_in(Role.VIEWER)
    address = page_of(viewer, 3, "CN-09")
    text = viewer.get(address).text
    assert "dự thảo · Đề xuất" in text and "24.990,5 m²" in text and "đo lệch 9,5 m²" in text
    assert "Mật độ xây dựng thuần lô nhà máy" in text and "72,5" in text and "Không đạt" in text
    assert "Bản vẽ này không phải của bản đang xem" in text
    assert "Chuyên viên quy hoạch sửa lô" in text
    assert "Sửa lô của bản nháp" in signed_in(Role.PLANNER).get(address).text
    english = viewer.get(f"{address}?lang=en").text
    assert "Lot CN-09" in english and "draft · " in english
    viewer.get("/?lang=vi")


def test_a_lot_that_is_not_there_or_not_for_this_reader(
    app: Flask, signed_in: SignedIn, park: object
) -> None:
    viewer = signed_in(Role.VIEWER)
    address = page_of(viewer, 2, "CN-01")
    assert viewer.get(f"{PLAN}/2/lots/{uuid4()}").status_code == 404
    assert viewer.get(address.replace("/2/lots", "/1/lots")).status_code == 404
    assert session_of(app, "stranger").get(address).status_code == 404

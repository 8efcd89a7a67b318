"""Comparing plan versions on the web: the page, a cell, files, the API, who may see what."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import openpyxl
import pytest
from flask import Flask

from gisapp.running import database_of
from gisapp.security import accounts
from gisapp.security.model import UserScope
from gisapp.security.permissions import Role
from tests import small_park
from tests.web.conftest import PASSWORD, Browser, session_of

Actors = Callable[[Role | None], Browser]
PAGE = "/plans/differences?from=QHPK-TEST/1&to=QHPK-TEST/2"
CELL = "/plans/differences/cell?from=QHPK-TEST/1&to=QHPK-TEST/2&use=CN.industrial&into=CX.none"
API = "/api/v1/plans/differences?from=QHPK-TEST/1&to=QHPK-TEST/2"
HA = 10_000


@pytest.fixture(scope="module", autouse=True)
def park(app: Flask) -> small_park.SmallPark:
    """The small park, committed."""
    with database_of(app).transaction() as session:
        return small_park.build(session)


def words(page: str) -> str:
    """The text of a page without tags, single-spaced."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)).replace("\u00a0", " ")


@pytest.mark.parametrize("role", Role, ids=str)
def test_every_role_may_compare(signed_in: Actors, role: Role) -> None:
    for path in (PAGE, CELL, API, "/plans/differences"):
        assert signed_in(role).get(path).status_code == 200, path


def test_the_headline_says_what_is_broken(signed_in: Actors) -> None:
    page = words(signed_in(Role.LEADER).get(PAGE).text)
    assert "Bản này phá vỡ 1 hợp đồng thuê, 2,00 ha." in page
    assert "Đất đổi mục đích: 6,00 ha" in page
    assert "08/HĐ-TLĐ" in page
    english = words(signed_in(Role.LEADER).get(PAGE + "&lang=en").text)
    assert "This version breaks 1 leases, 2.00 ha." in english
    signed_in(Role.LEADER).get("/?lang=vi")


def test_the_matrix_on_the_page_closes(signed_in: Actors) -> None:
    page = signed_in(Role.VIEWER).get(PAGE).text
    table = page[page.index('class="grid matrix"') :]
    table = table[: table.index("</table>")]

    def figures(row: str) -> list[float]:
        cells = re.findall(r'<td class="num[^"]*">(.*?)</td>', row, re.DOTALL)
        said = [re.sub(r"<[^>]+>|[▼▲◆\s]", "", cell) for cell in cells]
        return [0.0 if text == "·" else float(text.replace(",", ".")) for text in said]

    *rows, foot = [figures(row) for row in re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)[1:]]
    for row in rows:
        assert sum(row[:-1]) == pytest.approx(row[-1])
    for column, total in enumerate(foot):
        assert sum(row[column] for row in rows) == pytest.approx(total)
    assert foot[-1] == 96


def test_a_cell_lists_what_lies_in_it(signed_in: Actors) -> None:
    browser = signed_in(Role.PLANNER)
    page = browser.get(PAGE).text
    (link,) = re.findall(r'href="([^"]*/cell\?[^"]*use=CN.industrial[^"]*into=CX.none[^"]*)"', page)
    cell = words(browser.get(link.replace("&amp;", "&")).text)
    assert "thửa 8 tờ 1" in cell
    assert "08/HĐ-TLĐ" in cell
    assert "2,0000" in cell
    file = browser.get(CELL + "&format=csv&table=parcels")
    assert file.mimetype == "text/csv"
    assert "thửa 8 tờ 2" in file.text
    assert len(file.text.splitlines()) == 3


def test_the_workbook_holds_the_same_numbers(signed_in: Actors) -> None:
    address = PAGE.replace("differences?", "differences/table.xlsx?")
    answer = signed_in(Role.LEADER).client.get(address)
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    matrix = list(book["Ma trận (m²)"].values)
    assert matrix[-1][-1] == pytest.approx(96 * HA)
    assert [row[0] for row in book["Hợp đồng thuê bị phá vỡ"].values][1:] == ["08/HĐ-TLĐ"]


def test_programs_get_the_same(signed_in: Actors) -> None:
    browser = signed_in(Role.VIEWER)
    facts = browser.get(API).json
    assert facts is not None
    assert [(each["number"], each["lost_m2"]) for each in facts["broken_leases"]] == [
        ("08/HĐ-TLĐ", 2 * HA)
    ]
    assert sum(cell["area_m2"] for cell in facts["matrix"]) == pytest.approx(96 * HA)
    before, after = (
        next(each for each in facts["figures"] if each["before"]["code"] == "leasable_area")[side]
        for side in ("before", "after")
    )
    assert after["value"] - before["value"] == -6 * HA
    assert facts["after"]["decision"] == "24/QĐ-BQL"


def test_changed_ground_as_geojson(signed_in: Actors) -> None:
    answer = signed_in(Role.VIEWER).get(API.replace("differences?", "differences/pieces.geojson?"))
    assert answer.mimetype == "application/geo+json"
    found = answer.get_json(force=True)["features"]
    areas = {each["properties"]["to_category"]: 0.0 for each in found}
    for each in found:
        areas[each["properties"]["to_category"]] += each["properties"]["area_m2"]
        for lon, lat in each["geometry"]["coordinates"][0]:
            assert 106 < lon < 109
            assert 20 < lat < 22
    assert areas == pytest.approx({"CX": 2 * HA, "DV": 2 * HA, "HTKT": 2 * HA})


def test_one_version_alone_is_laid_over_the_plan_in_force(signed_in: Actors) -> None:
    page = words(signed_in(Role.LEADER).get("/plans/differences?to=QHPK-TEST/1").text)
    assert "QHPK-TEST bản 1 so với QHPK-TEST bản 2" in page


def test_several_versions_stand_side_by_side(signed_in: Actors) -> None:
    page = words(signed_in(Role.LEADER).get(PAGE + "&to=QHPK-TEST/1").text)
    assert "Các bản đặt cạnh nhau" in page
    assert "Bản này phá vỡ 1 hợp đồng thuê" in page


@pytest.mark.parametrize(
    "path",
    [
        "/plans/differences?from=NOPE/1&to=QHPK-TEST/2",
        "/plans/differences?from=QHPK-TEST/1&to=QHPK-TEST/77",
        "/plans/differences?from=QHPK-TEST/1&to=%00",
        "/plans/differences/cell?from=QHPK-TEST/1",
        "/plans/differences/cell?from=QHPK-TEST/1&to=QHPK-TEST/2&use=MN.none&into=CX.none",
        "/plans/differences/table.xlsx",
        "/api/v1/plans/differences?from=NOPE/1&to=QHPK-TEST/2",
        "/api/v1/plans/differences?to=NOPE/1",
    ],
)
def test_what_is_not_there_is_not_found(signed_in: Actors, path: str) -> None:
    assert signed_in(Role.PLANNER).get(path).status_code in (400, 404)


def test_an_api_call_without_a_version_is_told_so(signed_in: Actors) -> None:
    assert signed_in(Role.VIEWER).get("/api/v1/plans/differences").status_code == 422


def test_who_may_not_see_the_zone_sees_no_plan_of_it(app: Flask) -> None:
    with database_of(app).transaction() as session:
        user = accounts.create_user(session, "elsewhere", Role.VIEWER, PASSWORD)
        user.scopes.append(UserScope(zone_code="KCN-EMPTY"))
    browser = session_of(app, "elsewhere")
    for path in (PAGE, CELL, API):
        assert browser.get(path).status_code == 404, path
    assert "QHPK-TEST" not in browser.get("/plans/differences").text

"""The list of findings: narrowed, sorted, added up; the same rows as files, tiles and exports."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import geopandas as gpd
import mapbox_vector_tile
import pytest
import shapely
from flask import Flask
from lxml import html

from gisapp.delivery import deliver_layer
from gisapp.running import database_of
from gisapp.security.permissions import Role
from layers.tiles import plane_grid
from planning.clocks import Moment, today
from planning.conformance.sources import EXPORTED
from planning.exported import layer_source
from tests.db.findings_ground import EAST, LEADER, NORTH, PLANE, Park, park
from tests.web.conftest import Browser

SignedIn = Callable[[Role | None], Browser]
COUNT = 6


@pytest.fixture(scope="module")
def laid(app: Flask) -> Iterator[Park]:
    from planning.conformance.commands import waive

    with database_of(app).transaction() as session:
        made = park(session)
    with database_of(app).transaction() as session:
        (gap,) = made.of(session, "gap", Moment(today()))
        waive(session, gap, reason="Chờ đo lại", actor=LEADER, granted_on=today())
    yield made


def rows(browser: Browser, query: str = "") -> list[list[str]]:
    answer = browser.get(f"/conflicts?zone=KCN-F{query}")
    assert answer.status_code == 200
    page = html.fromstring(answer.text)
    return [
        [_text(cell) for cell in row.xpath("./td")]
        for row in page.xpath("//table[@class='grid']/tbody/tr")
    ]


def _text(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_the_list_shows_every_finding_with_its_sum(laid: Park, signed_in: SignedIn) -> None:
    browser = signed_in(Role.VIEWER)
    found = rows(browser)
    assert len(found) == COUNT
    assert found[0][:4] == ["1", "Cao", "Cho thuê đất không cho thuê", "1/3"]
    assert found[0][4] == "10.000,0"
    assert found[-1][6:] == ["Đã miễn trừ", found[-1][7]]
    assert found[-1][7].startswith("Được lanh-dao miễn trừ từ")
    page = html.fromstring(browser.get("/conflicts?zone=KCN-F").text)
    (foot,) = page.xpath("//table[@class='grid']/tfoot")
    assert "28.030,0" in _text(foot)
    assert "Cao: 2" in _text(page)
    link = page.xpath("//table[@class='grid']/tbody//a")[0]
    assert "finding=lease_on_green-" in link.get("href")


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("&kind=gap", 1), ("&severity=high", 2), ("&state=open", 5), ("&state=waived", 1),
        ("&q=TL-1", 1), ("&q=ngoai quy hoach phan khu", 0), ("&q=ngoài mọi", 2),
        ("&kind=overlap&severity=high", 0), ("&as_of=2020-06-01", 2),
    ],
)  # fmt: skip
def test_it_is_narrowed(laid: Park, signed_in: SignedIn, query: str, count: int) -> None:
    assert len(rows(signed_in(Role.VIEWER), query)) == count


def test_taking_the_filter_away_keeps_the_zone(laid: Park, signed_in: SignedIn) -> None:
    page = html.fromstring(signed_in(Role.VIEWER).get("/conflicts?zone=KCN-F&kind=gap").text)
    (link,) = page.xpath("//form[@class='filters']//a")
    assert link.get("href") == "/conflicts?zone=KCN-F"


def test_it_is_sorted(laid: Park, signed_in: SignedIn) -> None:
    areas = [row[4] for row in rows(signed_in(Role.VIEWER), "&sort=area_m2")]
    assert areas[0] == "0,0"
    assert areas[-1] == "10.000,0"


def test_without_a_zone_the_first_one_is_shown(laid: Park, signed_in: SignedIn) -> None:
    answer = signed_in(Role.VIEWER).get("/conflicts")
    assert answer.status_code == 200
    assert "Vướng mắc" in answer.text
    assert signed_in(Role.VIEWER).get("/conflicts?zone=NOWHERE").status_code == 404


def test_the_file_holds_exactly_the_rows_shown(laid: Park, signed_in: SignedIn) -> None:
    browser = signed_in(Role.VIEWER)
    answer = browser.get("/conflicts?zone=KCN-F&state=open&format=csv")
    assert answer.mimetype == "text/csv"
    read = list(csv.reader(io.StringIO(answer.text.lstrip("﻿")), delimiter=";"))
    assert len(read) == 1 + 5
    assert read[0][4] == "Diện tích (m²)"
    shapes = browser.get("/conflicts?zone=KCN-F&state=open&format=geojson")
    assert shapes.headers["Content-Disposition"].endswith("vuong-mac-KCN-F.geojson")
    features = json.loads(shapes.text)["features"]
    assert [each["properties"]["number"] for each in features] == [1, 2, 3, 4, 5]


def test_the_zone_page_leads_to_its_findings(laid: Park, signed_in: SignedIn) -> None:
    page = signed_in(Role.VIEWER).get("/zones/KCN-F").text
    assert "/conflicts?zone=KCN-F" in page


def test_tiles_of_findings_are_cut_like_any_other(laid: Park, signed_in: SignedIn) -> None:
    grid = plane_grid(PLANE)
    z = 12
    side = grid.resolution(z) * 512
    x = int((EAST + 180 - grid.extent[0]) // side)
    y = int((grid.extent[3] - (NORTH + 50)) // side)
    address = f"/tiles/conflicts/{PLANE}/{z}/{x}/{y}.mvt?zone=KCN-F"
    answer = signed_in(Role.VIEWER).client.get(address)
    assert answer.status_code == 200
    layers = mapbox_vector_tile.decode(answer.data)
    kinds = {each["properties"]["kind"] for each in layers["conflicts"]["features"]}
    assert "across_uses" in kinds
    assert all(each["properties"]["number"] > 0 for each in layers["conflicts-labels"]["features"])
    again = signed_in(Role.VIEWER).client.get(
        address, headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert again.status_code == 304


def test_they_leave_as_files_with_an_exact_twin(laid: Park, app: Flask, tmp_path: Path) -> None:
    target, twin = tmp_path / "conflicts.geojson", tmp_path / "conflicts.gpkg"
    with database_of(app).reading() as session:
        at = Moment(today())
        deliver_layer(session, "conflicts", at, None, geojson=target, geopackage=twin)
        assert layer_source(session, "conflicts", at, (laid.zone,)).properties == EXPORTED
    written = json.loads(target.read_text(encoding="utf-8"))["features"]
    assert len(written) == COUNT
    assert set(written[0]["properties"]) == set(EXPORTED)
    assert all(shapely.is_valid(shapely.geometry.shape(each["geometry"])) for each in written)
    frame = gpd.read_file(twin, layer=f"conflicts_{PLANE}")
    areas = dict(zip(frame["category_code"], frame.area, strict=True))
    assert areas["across_uses"] == pytest.approx(3000)
    assert areas["overlap"] == pytest.approx(0.005)
    waived = frame[frame["status"] == "waived"]
    assert list(waived["waiver_reason"]) == ["Chờ đo lại"]


def test_the_command_line_exports_them(laid: Park, app: Flask, tmp_path: Path) -> None:
    from click.testing import CliRunner

    from gisapp.cli.export import export

    assert "conflicts" in export.params[0].type.to_info_dict()["choices"]
    said = CliRunner().invoke(export, ["conflicts", "--help"])
    assert said.exit_code == 0

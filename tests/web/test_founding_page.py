"""Founding boards, zones, plans and versions from the page, each on what came before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from flask import Flask
from shapely.geometry import box

from gisapp.running import database_of
from gisapp.security.permissions import Role
from planning.changes.imports import Layer
from tests.conftest import TestDatabase
from tests.import_files import run_import, write_file
from tests.web.conftest import Browser

SignedIn = Callable[[Role | None], Browser]


def test_from_nothing_to_a_plan_in_force(
    app: Flask, module_database: TestDatabase, signed_in: SignedIn, tmp_path: Path
) -> None:
    browser = signed_in(Role.PLANNER)
    first = browser.get("/founding").text
    assert "/founding/boards" in first and "/founding/zones" not in first
    assert "Lập khu và quy hoạch" in browser.get("/imports/new").text
    made = browser.post(
        "/founding/boards", code="BQL", name="Ban", province="Quảng Ninh", since="2015-01-01"
    )
    assert made.status_code == 302
    zone = {"code": "KCN", "name": "Khu", "kind": "industrial_park", "board": "BQL"}
    refused = browser.post("/founding/zones", **zone, srid="3857", since="2015-01-01")
    assert refused.status_code == 422 and "Web Mercator" in refused.text
    assert (
        browser.post("/founding/zones", **zone, srid="5899", since="2015-01-01").status_code == 302
    )
    twice = browser.post("/founding/zones", **zone, srid="5899")
    assert twice.status_code == 422
    plan = {"code": "QH", "name": "Quy hoạch", "zone": "KCN", "level": "subdivision"}
    assert browser.post("/founding/plans", **plan, scale="2000").status_code == 302
    version = {"plan": "QH", "status": "appraisal", "document": "9/QĐ", "issued": "2020-01-01",
               "issuer": "UBND"}  # fmt: skip
    early = browser.post("/founding/versions", **version)
    assert early.status_code == 422 and "chưa có ranh giới" in early.text
    write_file(tmp_path / "r.gpkg", [box(432_000, 2_317_000, 433_000, 2_318_000)], {"ten": ["K"]})
    run_import(
        module_database.database, module_database.settings, tmp_path / "r.gpkg", Layer.BOUNDARY,
        zone="KCN",
    )  # fmt: skip
    assert browser.post("/founding/versions", **version).status_code == 302
    assert "QH/1" in browser.get("/imports/new").text
    database_of(app).close()


def test_a_plane_is_never_forgotten(app: Flask, signed_in: SignedIn) -> None:
    browser = signed_in(Role.PLANNER)
    browser.get("/founding")
    wrong = browser.post("/founding/zones", code="K", name="K", kind="x", board="BQL", srid="5899")
    assert wrong.status_code == 422

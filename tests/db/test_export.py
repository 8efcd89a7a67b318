"""What leaves the register: read back by GDAL and geopandas, equal in counts and areas."""

from __future__ import annotations

import hashlib
import json
import subprocess
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
import shapely
from sqlalchemy.orm import Session

from gisapp import resources
from gisapp.delivery import deliver_layer, deliver_package, write_manifest
from gisapp.demo.layout import PARKS, fields
from gisapp.sheet import map_sheet
from layers.exporting import geojson_stream
from planning.clocks import Moment
from planning.errors import NotFound
from planning.exported import PACKAGED, PROPERTIES, export_source, layer_source
from planning.published import Sight, question, zone_and_inner
from planning.zones.queries import find_zone
from tests.conftest import TestDatabase

DAY = Moment(date(2026, 11, 15))
PARCELS = sum(len(park.parcels()) for park in PARKS) + len(fields())


@pytest.fixture
def reading(demo_database: TestDatabase) -> Iterator[Session]:
    with demo_database.database.reading() as session:
        yield session


def _ogrinfo(path: Path, layer: str) -> str:
    done = subprocess.run(
        ["ogrinfo", "-so", "-ro", str(path), layer], capture_output=True, text=True, check=True
    )
    return done.stdout


def test_geojson_is_read_back_by_gdal_and_geopandas_with_its_areas(
    reading: Session, tmp_path: Path
) -> None:
    target, twin = tmp_path / "parcels.geojson", tmp_path / "parcels.gpkg"
    deliver_layer(reading, "parcels", DAY, None, geojson=target, geopackage=twin)
    assert f"Feature Count: {PARCELS}" in _ogrinfo(target, "parcels")
    frame = gpd.read_file(target)
    assert len(frame) == PARCELS
    assert frame.crs == "EPSG:4326"
    expected = sum(float(park.area_m2) for park in PARKS) + 40 * 230 * 115
    assert frame["legal_area_m2"].astype(float).sum() == pytest.approx(expected)
    assert frame["gis_area_m2"].astype(float).sum() == pytest.approx(expected, abs=1)


def test_geojson_obeys_rfc_7946(reading: Session) -> None:
    text = b"".join(geojson_stream(reading, export_source("plan-lots", DAY, None))).decode()
    read = json.loads(text)
    assert "crs" not in read
    for feature in read["features"]:
        shape = shapely.geometry.shape(feature["geometry"])
        assert shape.exterior.is_ccw
        assert not any(hole.is_ccw for hole in shape.interiors)
        lon, lat = shape.exterior.coords[0]
        assert 102 < lon < 110
        assert 8 < lat < 24
        decimals = [str(value)[::-1].find(".") for value in (lon, lat)]
        assert max(decimals) <= 7


def test_the_twin_keeps_vn2000_areas_to_a_square_centimetre(
    reading: Session, tmp_path: Path
) -> None:
    twin = tmp_path / "twin.gpkg"
    deliver_layer(reading, "parcels", DAY, None, geojson=None, geopackage=twin)
    layers = {name for name, _kind in pyogrio.list_layers(twin)}
    assert layers == {"parcels_5899", "parcels_9211"}
    for srid in (5899, 9211):
        frame = gpd.read_file(twin, layer=f"parcels_{srid}")
        assert frame.crs.to_epsg() == srid
        assert (frame.area - frame["legal_area_m2"]).abs().max() < 0.01
        assert "VN-2000" in _ogrinfo(twin, f"parcels_{srid}")


@pytest.mark.parametrize("layer", PACKAGED)
def test_every_layer_has_features_on_the_demo(reading: Session, layer: str) -> None:
    read = json.loads(b"".join(geojson_stream(reading, layer_source(reading, layer, DAY, None))))
    assert read["features"]
    assert set(read["features"][0]["properties"]) == set(PROPERTIES[layer])


@pytest.mark.parametrize("layer", PROPERTIES)
def test_every_shape_that_leaves_is_valid(reading: Session, layer: str) -> None:
    read = json.loads(b"".join(geojson_stream(reading, layer_source(reading, layer, DAY, None))))
    shapes = [shapely.geometry.shape(feature["geometry"]) for feature in read["features"]]
    assert all(shapely.is_valid(shapes))


def test_an_empty_layer_is_still_a_feature_collection(reading: Session) -> None:
    before = Moment(date(2010, 1, 1))
    read = json.loads(b"".join(geojson_stream(reading, export_source("parcels", before, None))))
    assert read == {"type": "FeatureCollection", "features": []}


def test_a_zone_takes_what_lies_inside_it(reading: Session) -> None:
    zone = find_zone(reading, "KKT-DEMO")
    within = zone_and_inner(reading, zone.id)
    read = json.loads(b"".join(geojson_stream(reading, export_source("parcels", DAY, within))))
    assert len(read["features"]) == PARCELS - len(PARKS[2].parcels())


def test_an_unknown_layer_is_refused() -> None:
    with pytest.raises(NotFound):
        export_source("households", DAY, None)


def test_the_manifest_tells_clocks_planes_decisions_and_hashes(
    reading: Session, tmp_path: Path
) -> None:
    target, twin = tmp_path / "zones.geojson", tmp_path / "zones.gpkg"
    files = deliver_layer(reading, "zones", DAY, None, geojson=target, geopackage=twin)
    paper = tmp_path / "zones.manifest.json"
    write_manifest(reading, DAY, None, files, paper)
    told = json.loads(paper.read_text(encoding="utf-8"))
    assert told["as_of"] == "2026-11-15"
    assert told["known_change"] > 100
    assert told["datum_operation"] == "EPSG:6960"
    assert {plan["plan"] for plan in told["plans"]} == {"QHC-KKT", "QHPK-A", "QHPK-B", "QHPK-C"}
    assert all(plan["decision"] for plan in told["plans"])
    assert told["is_demo"]
    by_name = {file["file"]: file for file in told["files"]}
    assert by_name["zones.geojson"]["sha256"] == hashlib.sha256(target.read_bytes()).hexdigest()


def test_instants_of_the_manifest_are_iso_8601(reading: Session, tmp_path: Path) -> None:
    paper = tmp_path / "zones.manifest.json"
    write_manifest(reading, DAY, None, [], paper)
    told = json.loads(paper.read_text(encoding="utf-8"))
    for name in ("known_at", "written_at"):
        assert "T" in told[name]
        assert datetime.fromisoformat(told[name]).utcoffset() is not None
    assert told["plans"][0]["decided_on"] == str(date.fromisoformat(told["plans"][0]["decided_on"]))


def test_an_empty_layer_lists_no_file_that_was_not_written(
    reading: Session, tmp_path: Path
) -> None:
    target, twin = tmp_path / "none.geojson", tmp_path / "none.gpkg"
    before = Moment(date(1990, 1, 1))
    files = deliver_layer(reading, "resettlement", before, None, geojson=target, geopackage=twin)
    assert [file.path for file in files] == [target]
    assert not twin.exists()


def test_communes_of_a_zone_are_those_it_lies_on(reading: Session, tmp_path: Path) -> None:
    found = {}
    for code in (None, "KCN-DEMO-A", "KKT-DEMO"):
        zone = None if code is None else zone_and_inner(reading, find_zone(reading, code).id)
        target = tmp_path / "communes.geojson"
        deliver_layer(reading, "admin-units", DAY, zone, geojson=target, geopackage=None)
        found[code] = set(gpd.read_file(target)["code"])
    assert found["KCN-DEMO-A"] <= found["KKT-DEMO"] < found[None]
    assert found["KCN-DEMO-A"]


def test_the_package_holds_every_layer(reading: Session, tmp_path: Path) -> None:
    target = tmp_path / "package.zip"
    deliver_package(reading, DAY, None, target)
    with zipfile.ZipFile(target) as archive:
        names = set(archive.namelist())
        assert names == {f"{layer}.geojson" for layer in PACKAGED} | {
            "vn2000.gpkg",
            "manifest.json",
        }
        told = json.loads(archive.read("manifest.json"))
    assert {file["file"] for file in told["files"]} == names - {"manifest.json"}
    assert list(tmp_path.iterdir()) == [target]


def test_the_map_document_needs_nothing_else_and_shows_both_archipelagos(reading: Session) -> None:
    for language, labels in (
        ("vi", ("Quần đảo Hoàng Sa", "Quần đảo Trường Sa", "(Việt Nam)")),
        ("en", ("Hoang Sa Archipelago", "Truong Sa Archipelago", "(Viet Nam)")),
    ):
        sheet = map_sheet(
            reading,
            DAY,
            None,
            title="<script>alert(1)</script>",
            language=language,
            vendor=resources.STATIC / "vendor",
        )
        assert sheet.features > PARCELS
        assert all(label in sheet.html for label in labels)
        assert "<script>alert(1)" not in sheet.html
        assert "<title>&lt;script&gt;alert(1)&lt;/script&gt;</title>" in sheet.html
        assert "hư cấu" in sheet.html or "invented" in sheet.html


@pytest.mark.parametrize("day", [date(2023, 8, 20), date(2024, 6, 30), date(2026, 11, 15)], ids=str)
def test_exported_states_are_those_of_the_map(reading: Session, day: date) -> None:
    at = Moment(day)
    read = json.loads(b"".join(geojson_stream(reading, export_source("parcels", at, None))))
    exported = {
        feature["id"]: (feature["properties"]["status"], feature["properties"]["late"])
        for feature in read["features"]
    }
    mapped = {
        row.id: (row.state, row.late)
        for row in reading.execute(question("parcel_state", Sight(at)))
    }
    assert exported == mapped
    assert len({state for state, _late in mapped.values()}) >= 3

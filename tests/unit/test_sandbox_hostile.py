"""Files made to harm: each ends in a clear refusal, in time, with nothing left behind."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from layers.sandbox import Limits, read_file
from layers.vector.errors import (
    FileEmpty,
    FileMalformed,
    FileMissing,
    FileRefused,
    FileTooLarge,
    FileTruncated,
    FileTypeMismatch,
    FileTypeUnknown,
    GeopackageUnsafe,
    GeopackageWithoutLayers,
    ReadingTookTooLong,
    ReadingTookTooMuch,
    ShapefileNeedsZip,
    TableUnsafe,
    TooManyColumns,
    TooManyFeatures,
)
from tests.land_files import (
    feature_collection,
    geopackage,
    read,
    shapefile,
    squares,
    workbook,
    written,
    zipped,
)

LIMITS = Limits()
VRT = (
    '<OGRVRTDataSource><OGRVRTLayer name="passwd"><SrcDataSource>CSV:/etc/passwd</SrcDataSource>'
    "</OGRVRTLayer></OGRVRTDataSource>"
)
GEOJSON = feature_collection(squares(3))


def nested(open_: str, close: str, depth: int) -> str:
    return open_ * depth + close * depth


HOSTILE: dict[str, tuple[str, str | bytes, type[FileRefused]]] = {
    "vrt as geojson": ("a.geojson", VRT, FileTypeUnknown),
    "vrt as csv": ("a.csv", VRT, FileTypeUnknown),
    "vrt as zip": ("a.zip", VRT, FileTypeUnknown),
    "vrt as gpkg": ("a.gpkg", VRT, FileTypeUnknown),
    "json of another kind": ("a.geojson", '{"type": "Topology", "arcs": []}', FileMalformed),
    "esri json": ("a.geojson", '{"geometryType": "esriGeometryPolygon"}', FileMalformed),
    "json without a type": ("a.geojson", '{"a": 1}', FileMalformed),
    "nested arrays": (
        "a.geojson",
        f'{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{"a":'
        f'{nested("[", "]", 100_000)}}},"geometry":null}}]}}',
        FileMalformed,
    ),
    "one string of 60 MB": (
        "a.geojson",
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":"'
        + "x" * 60_000_000
        + '"},"geometry":null}]}',
        FileMalformed,
    ),
    "truncated json": ("a.geojson", GEOJSON[:-40], FileMalformed),
    "empty": ("a.geojson", "", FileEmpty),
    "only blanks": ("a.geojson", " \n\0\0", FileEmpty),
    "no features": ("a.geojson", '{"type":"FeatureCollection","features":[]}', FileEmpty),
    "infinite coordinate": ("a.geojson", GEOJSON.replace("2330000", "1e999", 1), FileMalformed),
    "a bare shp": ("a.shp", b"\0\0\x27\x0a", ShapefileNeedsZip),
    "a zip as gpkg": ("a.gpkg", zipped({"a.shp": b"x"}), FileTypeMismatch),
    "json as csv": ("a.csv", GEOJSON, FileTypeMismatch),
    "sqlite of another kind": ("a.gpkg", b"SQLite format 3\0" + bytes(4_080), FileMalformed),
    "an executable": ("a.geojson", b"\x7fELF" + bytes(100), FileTypeUnknown),
    "a pdf": ("a.zip", b"%PDF-1.7", FileTypeUnknown),
    "binary as csv": ("a.csv", b"a;b\n\x00\x01\x02;c\n", FileTypeUnknown),
    "an open quote": ("a.csv", 'a;b\n"1;2\n', FileMalformed),
    "a csv field without end": ("a.csv", 'a;b\n"' + "x" * 2_000_000 + '";2\n', FileMalformed),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_time(tmp_path: Path, name: str) -> None:
    file, data, error = HOSTILE[name]
    path = written(tmp_path / file, data)
    with pytest.raises(error) as caught:
        read(path, replace(LIMITS, geometry_required=False))
    assert "/etc" not in str(caught.value) and str(tmp_path) not in str(caught.value)
    assert list((tmp_path / "scratch").iterdir()) == []


def test_a_driver_that_reads_other_files_is_not_there(tmp_path: Path) -> None:
    """Even when the first bytes are dressed up as JSON the one driver left refuses."""
    dressed = '{"type": "FeatureCollection", "features": [' + VRT + "]}"
    with pytest.raises(FileMalformed):
        read(written(tmp_path / "a.geojson", dressed))


def spoilt(tmp_path: Path, *statements: str) -> Path:
    path = geopackage(tmp_path / "a.gpkg", 3)
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()
    return path


ENDLESS = "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT n FROM r"
REGISTER = (
    "INSERT INTO gpkg_contents(table_name, data_type, identifier, srs_id) "
    "VALUES ('{0}', 'features', '{0}', 5899)",
    "INSERT INTO gpkg_geometry_columns VALUES ('{0}', 'geom', 'POLYGON', 5899, 0, 0)",
)


@pytest.mark.parametrize(
    "statements",
    [
        (f"CREATE VIEW evil AS {ENDLESS}", *(s.format("evil") for s in REGISTER)),
        ("CREATE VIEW quiet AS SELECT 1",),
        ("CREATE TRIGGER harm AFTER INSERT ON thua BEGIN SELECT 1; END",),
        ("CREATE VIRTUAL TABLE words USING fts5(a)",),
        ("ALTER TABLE thua ADD COLUMN twice AS (dientich * 2)",),
        tuple(s.format("nowhere") for s in REGISTER),
    ],
    ids=["endless view", "view", "trigger", "virtual table", "computed column", "missing table"],
)
def test_a_geopackage_that_is_a_program_is_refused(
    tmp_path: Path, statements: tuple[str, ...]
) -> None:
    with pytest.raises(GeopackageUnsafe):
        read(spoilt(tmp_path, *statements))


def test_a_geopackage_without_layers(tmp_path: Path) -> None:
    with pytest.raises(GeopackageWithoutLayers):
        read(spoilt(tmp_path, "DELETE FROM gpkg_contents"))
    connection = sqlite3.connect(tmp_path / "b.gpkg")
    connection.execute("CREATE TABLE a (b)")
    connection.commit()
    connection.close()
    with pytest.raises(GeopackageWithoutLayers):
        read(tmp_path / "b.gpkg")


def cut(path: Path) -> Path:
    return written(path, path.read_bytes()[: path.stat().st_size // 2])


def test_truncated_files_are_said_to_be_short(tmp_path: Path) -> None:
    with pytest.raises(FileTruncated):
        read(cut(geopackage(tmp_path / "a.gpkg", 300)))
    members = shapefile({"TEN": [b"a", b"b", b"c"]})
    for number, name in enumerate(("thua.shp", "thua.shx", "thua.dbf")):
        short = members | {name: members[name][:-20]}
        with pytest.raises(FileTruncated) as caught:
            read(written(tmp_path / f"{number}.zip", zipped(short)))
        assert str(caught.value.context["part"]) == name[-4:]


def test_a_package_copied_while_open_is_said(tmp_path: Path) -> None:
    path = geopackage(tmp_path / "a.gpkg", 3)
    raw = bytearray(path.read_bytes())
    raw[18:20] = b"\x02\x02"
    assert [f.code for f in read(written(path, bytes(raw))).findings] == ["file-open-elsewhere"]


def test_a_shape_pointing_out_of_its_file_harms_nobody(tmp_path: Path) -> None:
    members = shapefile({"TEN": [b"a", b"b"]})
    shx = bytearray(members["thua.shx"])
    shx[100:104] = b"\x7f\xff\xff\xf0"
    parsed = read(written(tmp_path / "a.zip", zipped(members | {"thua.shx": bytes(shx)})))
    assert parsed.geometries[0] is None
    assert [(f.row, f.code) for f in parsed.findings] == [(1, "row-geometry-missing")]


def test_a_huge_part_count_is_refused(tmp_path: Path) -> None:
    members = shapefile({"TEN": [b"a", b"b"]})
    shp = bytearray(members["thua.shp"])
    shp[144:152] = b"\xff\xff\xff\x7f\xff\xff\xff\x7f"
    path = written(tmp_path / "a.zip", zipped(members | {"thua.shp": bytes(shp)}))
    parsed = read(path)
    assert parsed.geometries[0] is None


def test_a_workbook_that_is_a_program_is_refused(tmp_path: Path) -> None:
    def with_member(name: str, data: bytes) -> Path:
        path = workbook(tmp_path / "a.xlsx", {"S": [["a", "b"], [1, 2]]})
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr(name, data)
        return path

    laughs = b'<!DOCTYPE lolz [<!ENTITY lol "lol">]><worksheet/>'
    for name, data in (("xl/vbaProject.bin", b"x"), ("xl/worksheets/sheet9.xml", laughs)):
        with pytest.raises(TableUnsafe):
            read(with_member(name, data), LIMITS)


def test_a_password_protected_workbook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileTypeUnknown):
        read(written(tmp_path / "a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)))


def refusal(path: Path, **caps: int) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        read(path, replace(LIMITS, **caps))
    return caught.value


def test_counts_are_capped(tmp_path: Path) -> None:
    path = written(tmp_path / "a.geojson", GEOJSON)
    assert isinstance(refusal(path, features=2), TooManyFeatures)
    wide = feature_collection(squares(1), [{f"a{i}": 1 for i in range(300)}])
    path = written(tmp_path / "b.geojson", wide)
    assert isinstance(refusal(path), TooManyColumns)
    table = written(tmp_path / "c.csv", "a;b\n" + "1;2\n" * 50)
    assert isinstance(refusal(table, features=20), TooManyFeatures)


def test_text_too_long_is_the_rows_fault(tmp_path: Path) -> None:
    text = feature_collection(squares(2), [{"a": "x" * 20_000}, {"a": "y"}])
    parsed = read(written(tmp_path / "a.geojson", text))
    assert parsed.columns["a"] == [None, "y"]
    assert [(f.row, f.code) for f in parsed.findings] == [(1, "row-text-too-long")]


def test_the_size_of_a_file_is_counted_while_copying(tmp_path: Path) -> None:
    path = written(tmp_path / "a.geojson", GEOJSON)
    assert isinstance(refusal(path, file_bytes=100), FileTooLarge)


def test_time_memory_and_output_are_capped(tmp_path: Path) -> None:
    big = feature_collection(squares(20_000))
    path = written(tmp_path / "a.geojson", big)
    slow = refusal(path, cpu_seconds=0, cpu_seconds_at_most=0)
    assert isinstance(slow, ReadingTookTooLong)
    assert isinstance(refusal(path, output_bytes=100_000), ReadingTookTooMuch)
    deep = {"a": "x" * 9_000_000}
    heavy = written(tmp_path / "b.geojson", feature_collection(squares(9), [deep] * 9))
    assert isinstance(refusal(heavy, memory_bytes=400 * 2**20), FileRefused)


def test_what_is_no_regular_file_is_not_opened(tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "pipe.geojson")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    for path in (tmp_path / "pipe.geojson", tmp_path, tmp_path / "absent", Path("/dev/zero")):
        with pytest.raises(FileMissing):
            read_file(path, layer=None, encoding=None, limits=LIMITS, scratch=scratch)
    assert list(scratch.iterdir()) == []


def test_a_name_is_only_a_name(tmp_path: Path) -> None:
    """The name a person gives touches neither the disk nor GDAL."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    path = written(tmp_path / "stored", GEOJSON)
    for name in ("/vsicurl/http/../../x.geojson", "--bind / x.geojson", "lô đất số 1.GeoJSON"):
        parsed = read_file(
            path, layer=None, encoding=None, limits=LIMITS, scratch=scratch, name=name
        )
        assert len(parsed) == 3
        assert parsed.layer == Path(name).stem


def test_attribute_names_of_every_kind_survive(tmp_path: Path) -> None:
    names = [
        "row",
        "shape",
        "a0",
        "OGC_FID",
        "wkb_geometry",
        "fid",
        "Ký hiệu",
        "x'; DROP TABLE y",
        "",
    ]
    rows = [dict.fromkeys(names, "v")]
    parsed = read(written(tmp_path / "a.geojson", feature_collection(squares(1), rows)))
    assert list(parsed.columns) == names
    assert all(values == ["v"] for values in parsed.columns.values())


def test_json_of_the_size_we_promise_is_read(tmp_path: Path) -> None:
    path = written(tmp_path / "a.geojson", feature_collection(squares(20_000)))
    parsed = read(path)
    assert len(parsed) == 20_000
    assert (
        json.loads(path.read_text())["features"][7]["properties"]["ten"] == parsed.columns["ten"][7]
    )

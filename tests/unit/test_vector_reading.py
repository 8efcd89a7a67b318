"""Each format read through the sandbox: counts, text, coordinate system, findings by row."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import shapely

from layers.encodings import Encoding, HowDecided
from layers.sandbox import Limits, inspect_file
from layers.vector.errors import (
    EncodingContradicted,
    EncodingNameUnknown,
    EncodingUndecided,
    LayerNotInFile,
    LayerToChoose,
)
from layers.vector.formats import Format
from tests import land_files
from tests.land_files import (
    codes,
    feature_collection,
    geopackage,
    read,
    shapefile,
    squares,
    written,
    zipped,
)
from tests.old_letters import to_cp1258, to_tcvn3, to_vni

PARCELS = Limits.for_layer("parcels")
AREAS = Limits.for_layer("admin-units")
TABLES = Limits.for_layer("land-rights")
NAMES = ["Hải Hà", "Công ty Cổ phần Cái Lân", "Nguyễn Thị Hường"]


# --- shapefile ----------------------------------------------------------------------------


def test_the_wards_of_quang_ninh(tmp_path: Path) -> None:
    path = written(tmp_path / "wards.zip", land_files.WARDS.read_bytes())
    parsed = read(path, AREAS)
    assert (parsed.format, parsed.driver, len(parsed)) == (Format.SHAPEFILE, "ESRI Shapefile", 54)
    assert parsed.layer == "qn_wards_vn2000_10745_utf8"
    assert parsed.crs.epsg == 5899
    assert (parsed.crs.stated, parsed.crs.origin) == (True, "prj")
    assert parsed.crs.name == "VN_2000_TM-3_107-45"
    assert parsed.encoding is not None
    assert (parsed.encoding.encoding, parsed.encoding.how) == (Encoding.UTF8, HowDecided.CPG)
    assert parsed.rows.tolist() == list(range(1, 55))
    assert parsed.columns["TEN_XA"][0] == "Hà Tu"
    assert parsed.axis.order == "en"
    assert shapely.get_num_coordinates(parsed.geometries).sum() > 190_000
    stated = np.array(parsed.columns["DTICH_M2"], dtype=float)
    measured = shapely.area(parsed.geometries)
    assert np.abs(measured - stated).max() < 1.0
    assert codes(parsed) == []


@pytest.mark.parametrize(
    ("encoding", "writer"),
    [
        (Encoding.TCVN3, to_tcvn3),
        (Encoding.VNI, to_vni),
        (Encoding.CP1258, to_cp1258),
        (Encoding.UTF8, str.encode),
    ],
)
def test_old_encodings_are_recognised_and_said(
    tmp_path: Path, encoding: Encoding, writer: object
) -> None:
    columns = {"TEN": [writer(name) for name in NAMES]}  # type: ignore[operator]
    parsed = read(written(tmp_path / "a.zip", zipped(shapefile(columns))))
    assert parsed.columns["TEN"] == NAMES
    assert parsed.encoding is not None
    assert (parsed.encoding.encoding, parsed.encoding.how) == (encoding, HowDecided.DETECTED)
    expected = [] if encoding is Encoding.UTF8 else [(0, "file-encoding-detected")]
    assert codes(parsed) == expected


def test_the_cpg_is_honoured_and_the_person_before_it(tmp_path: Path) -> None:
    raw = zipped(shapefile({"TEN": [to_cp1258(name) for name in NAMES]}, cpg=b"1258"))
    parsed = read(written(tmp_path / "a.zip", raw))
    assert parsed.columns["TEN"] == NAMES
    assert parsed.encoding is not None
    assert parsed.encoding.how is HowDecided.CPG
    raw = zipped(shapefile({"TEN": [to_tcvn3(name) for name in NAMES]}, cpg=b"1258"))
    parsed = read(written(tmp_path / "b.zip", raw), encoding="abc")
    assert parsed.columns["TEN"] == NAMES
    assert parsed.encoding is not None
    assert parsed.encoding.how is HowDecided.DECLARED


def test_a_cpg_the_bytes_contradict_is_overruled_and_said(tmp_path: Path) -> None:
    raw = zipped(shapefile({"TEN": [to_tcvn3(name) for name in NAMES]}, cpg=b"UTF-8"))
    parsed = read(written(tmp_path / "a.zip", raw))
    assert parsed.columns["TEN"] == NAMES
    assert codes(parsed) == [(0, "file-encoding-contradicts-cpg")]


def test_text_of_no_encoding_asks(tmp_path: Path) -> None:
    raw = zipped(shapefile({"TEN": ["Müller Straße".encode("cp1252"), b"\xf8\xe5\xdf"]}))
    with pytest.raises(EncodingUndecided):
        read(written(tmp_path / "a.zip", raw))
    with pytest.raises(EncodingContradicted):
        read(written(tmp_path / "b.zip", raw), encoding="utf-8")
    with pytest.raises(EncodingNameUnknown):
        read(written(tmp_path / "c.zip", raw), encoding="klingon")


def test_a_letter_cut_by_the_field_is_said(tmp_path: Path) -> None:
    raw = zipped(shapefile({"TEN": ["Phường Hải Hậu".encode(), b"x"]}, width=19, cpg=b"UTF-8"))
    parsed = read(written(tmp_path / "a.zip", raw))
    assert parsed.columns["TEN"][0] == "Phường Hải H"
    assert codes(parsed) == [(1, "row-text-cut")]


def test_no_prj_states_nothing(tmp_path: Path) -> None:
    parsed = read(written(tmp_path / "a.zip", zipped(shapefile({"TEN": [b"a"]}, prj=None))))
    assert (parsed.crs.epsg, parsed.crs.stated, parsed.crs.text) == (None, False, "")


def test_two_shapefiles_in_a_zip_are_a_choice(tmp_path: Path) -> None:
    members = shapefile({"A": [b"1"]}, name="thua") | shapefile({"B": [b"2", b"3"]}, name="lo")
    path = written(tmp_path / "a.zip", zipped(members))
    with pytest.raises(LayerToChoose) as refused:
        read(path)
    assert refused.value.context["layers"] == ["lo", "thua"]
    assert len(read(path, layer="lo")) == 2
    with pytest.raises(LayerNotInFile):
        read(path, layer="nha")
    found = inspect_file(path, encoding=None, limits=PARCELS, scratch=tmp_path)
    assert [(layer.name, layer.features) for layer in found.layers] == [("lo", 2), ("thua", 1)]


def test_files_of_gdals_own_tests(tmp_path: Path) -> None:
    parsed = read(written(tmp_path / "poly.zip", (land_files.GDAL_FILES / "poly.zip").read_bytes()))
    assert (len(parsed), parsed.crs.epsg, parsed.axis.order) == (10, 27700, "unknown")
    assert list(parsed.columns) == ["AREA", "EAS_ID", "PRFEDEA"]
    assert parsed.columns["AREA"][0] == 215229.266
    parts = {
        f"m{end}": (land_files.GDAL_FILES / f"multipolygon_as_invalid_polygon{end}").read_bytes()
        for end in (".shp", ".shx", ".dbf")
    }
    parsed = read(written(tmp_path / "m.zip", zipped(parts)))
    assert {shape.geom_type for shape in parsed.geometries if shape} <= {"Polygon", "MultiPolygon"}


# --- GeoPackage ---------------------------------------------------------------------------


def test_a_geopackage_of_parcels(tmp_path: Path) -> None:
    path = geopackage(tmp_path / "thua.gpkg", 700)
    parsed = read(path)
    assert (len(parsed), parsed.crs.epsg, parsed.crs.origin) == (700, 5899, "geopackage")
    assert parsed.columns["sothututhua"][:2] == [1, 2]
    assert parsed.columns["ghichu"][0] == "Khu công nghiệp Hải Hà"
    assert parsed.geometries[0].equals(squares(1)[0])
    assert parsed.rows.tolist()[:3] == [1, 2, 3]
    assert {field.name: field.kind for field in parsed.fields}["dientich"] == "decimal"


def test_layers_of_a_geopackage_are_a_choice(tmp_path: Path) -> None:
    path = geopackage(tmp_path / "a.gpkg", 3)
    geopackage(path, 5, layer="Lớp lô đất", srid=3405)
    found = inspect_file(path, encoding=None, limits=PARCELS, scratch=tmp_path)
    facts = {layer.name: (layer.features, layer.crs.epsg) for layer in found.layers}
    assert facts == {"thua": (3, 5899), "Lớp lô đất": (5, 3405)}
    with pytest.raises(LayerToChoose):
        read(path)
    assert len(read(path, layer="Lớp lô đất")) == 5
    with pytest.raises(LayerNotInFile):
        read(path, layer="sqlite_master")


def test_a_geopackage_of_another_program(tmp_path: Path) -> None:
    """With metadata tables, their triggers, a time and feature ids that are not 1, 2, 3."""
    path = written(tmp_path / "linz.gpkg", land_files.LINZ.read_bytes())
    parsed = read(path, AREAS)
    assert (len(parsed), parsed.crs.epsg, parsed.rows[0]) == (228, 4167, 1424927)
    adjusted = parsed.columns["date_adjusted"][0]
    assert isinstance(adjusted, datetime)
    assert adjusted.tzinfo is not None


def test_letters_of_an_old_drawing_inside_a_package(tmp_path: Path) -> None:
    rows = [{"ten": to_tcvn3(name).decode("latin-1"), "ghichu": "Hà Nội"} for name in NAMES]
    text = feature_collection(squares(3), rows)
    parsed = read(written(tmp_path / "a.geojson", text))
    assert parsed.columns["ten"] == NAMES
    assert parsed.columns["ghichu"] == ["Hà Nội"] * 3
    assert [(f.code, f.field) for f in parsed.findings] == [("file-encoding-converted", "ten")]


# --- GeoJSON ------------------------------------------------------------------------------


def crs_member(name: str) -> dict[str, object]:
    return {"type": "name", "properties": {"name": name}}


@pytest.mark.parametrize(
    ("member", "epsg", "stated"),
    [
        (None, 4326, False),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", 4326, True),
        ("urn:ogc:def:crs:EPSG::5899", 5899, True),
        ("EPSG:3405", 3405, True),
        ("urn:ogc:def:crs:EPSG::999999", 999999, True),
        ("VN-2000", None, True),
    ],
)
def test_the_crs_of_geojson(
    tmp_path: Path, member: str | None, epsg: int | None, stated: bool
) -> None:
    members = {} if member is None else {"crs": crs_member(member)}
    parsed = read(written(tmp_path / "a.geojson", feature_collection(squares(2), **members)))
    assert (parsed.crs.epsg, parsed.crs.stated) == (epsg, stated)
    assert parsed.axis.order == "en"


def test_what_is_wrong_with_single_shapes(tmp_path: Path) -> None:
    good = squares(1)[0]
    text = feature_collection([good, None, shapely.Point(1, 2), good, good, good])
    said = json.loads(text)
    features = said["features"]
    features[3]["geometry"]["coordinates"][0].pop()
    features[4]["geometry"]["coordinates"][0][2:] = []
    text = json.dumps(said)
    cut = text.rindex('"coordinates": [[[') + len('"coordinates": [[[')
    text = text[:cut] + "NaN" + text[text.index(",", cut) :]
    parsed = read(written(tmp_path / "a.geojson", text))
    assert codes(parsed) == [
        (2, "row-geometry-missing"),
        (3, "row-geometry-kind"),
        (4, "row-geometry-ring-closed"),
        (5, "row-geometry-unreadable"),
        (6, "row-geometry-not-finite"),
    ]
    assert [shape is not None for shape in parsed.geometries] == [
        True,
        False,
        False,
        True,
        False,
        False,
    ]
    assert parsed.geometries[3].equals(good)


def test_heights_are_dropped_and_said(tmp_path: Path) -> None:
    raised = shapely.force_3d(squares(2), 7.5).tolist()
    parsed = read(written(tmp_path / "a.geojson", feature_collection(raised)))
    assert not shapely.has_z(parsed.geometries).any()
    assert (parsed.heights_dropped, codes(parsed)) == (2, [(0, "row-geometry-height-dropped")])


def test_a_shape_of_too_many_vertices_is_refused_for_parcels_alone(tmp_path: Path) -> None:
    ring = shapely.Point(land_files.E, land_files.N).buffer(100, quad_segs=6_000)
    path = written(tmp_path / "a.geojson", feature_collection([ring]))
    assert codes(read(path)) == [(1, "row-geometry-too-many-vertices")]
    assert codes(read(path, AREAS)) == []


def test_swapped_axes_and_degrees_are_seen(tmp_path: Path) -> None:
    swapped = [shapely.box(land_files.N, land_files.E, land_files.N + 9, land_files.E + 9)]
    parsed = read(written(tmp_path / "a.geojson", feature_collection(swapped)))
    assert parsed.axis.order == "ne"
    degrees = [shapely.box(107.5, 21.2, 107.6, 21.3)]
    parsed = read(written(tmp_path / "b.geojson", feature_collection(degrees)))
    assert (parsed.axis.order, parsed.axis.bounds) == ("degrees", (107.5, 21.2, 107.6, 21.3))


@pytest.mark.parametrize("name", ["nullvalues.geojson", "sparse_fields.geojson"])
def test_geojson_of_gdals_own_tests(tmp_path: Path, name: str) -> None:
    path = written(tmp_path / name, (land_files.GDAL_FILES / name).read_bytes())
    parsed = read(path, TABLES)
    assert len(parsed) == len(json.loads(path.read_text())["features"])


def test_geojson_with_a_bom(tmp_path: Path) -> None:
    text = "\ufeff" + feature_collection(squares(1))
    assert len(read(written(tmp_path / "a.geojson", text))) == 1


def test_a_time_without_a_zone_is_vietnamese_time(tmp_path: Path) -> None:
    rows = [{"luc": "2021-03-05T23:30:00"}, {"luc": "2021-03-06T06:00:00"}]
    parsed = read(written(tmp_path / "a.geojson", feature_collection(squares(2), rows)))
    assert parsed.columns["luc"][0] == datetime(2021, 3, 5, 16, 30, tzinfo=UTC)

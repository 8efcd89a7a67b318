"""Bad files: each gets its own clear refusal in both languages and leaves nothing behind."""

from __future__ import annotations

import json
import re
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely.geometry import box
from sqlalchemy import text

from gisapp.import_texts import said
from gisapp.messages import LOCALES, render, texts
from layers.crs import VN2000_GEOGRAPHIC, replane, to_wgs84
from layers.errors import LayerError
from planning.changes.imports import FINDINGS, Certificate, Layer
from planning.clocks import today
from planning.days import DocumentAhead, EffectTooFarAhead
from tests.conftest import TestDatabase
from tests.import_files import found_zone, run_import, write_csv, write_file, write_geojson

E, N = 432_000.0, 2_317_000.0
ZONE = box(E, N, E + 2000, N + 2000)
GROUND = np.array(
    [box(E + 100 * i, N + 100 * j, E + 100 * (i + 1), N + 100 * (j + 1))
     for i in range(20) for j in range(20)],
    dtype=object,
)  # fmt: skip
NUMBERS = {"so_to": ["1"] * 400, "so_thua": [str(i) for i in range(400)]}


@pytest.fixture(scope="module")
def zone(module_database: TestDatabase, tmp_path_factory: pytest.TempPathFactory) -> TestDatabase:
    """A zone with its boundary; no test here may add anything to it."""
    path = tmp_path_factory.mktemp("zone") / "ranh.gpkg"
    found_zone(module_database.database)
    write_file(path, [ZONE], {"ten": ["Khu"]})
    run_import(module_database.database, module_database.settings, path, Layer.BOUNDARY)
    return module_database


def state(database: TestDatabase) -> tuple[object, ...]:
    """Everything an import could have left: rows, changes, documents, jobs, files."""
    with database.connect("gisapp_owner") as owner:
        row = owner.execute(
            "SELECT (SELECT count(*) FROM land.parcel_version),"
            " (SELECT max(number) FROM land.change), (SELECT count(*) FROM land.zone_boundary),"
            " (SELECT count(*) FROM land.document),"
            " (SELECT count(*) FROM staging.shape), (SELECT count(*) FROM app.import_job),"
            " (SELECT count(*) FROM land.admin_unit)"
        ).fetchone()
    files = [str(path) for path in database.settings.data_dir.rglob("*")]
    return (row, [name for name in files if not name.endswith("/scratch")])


@pytest.fixture(autouse=True)
def nothing_left(zone: TestDatabase) -> Iterator[None]:
    """Before is after."""
    before = state(zone)
    yield
    assert state(zone) == before


def plain(path: Path) -> Path:
    """A good file of parcels."""
    return write_file(path, list(GROUND), NUMBERS)


def no_crs(folder: Path) -> Path:
    path = write_file(folder / "t.zip", list(GROUND), NUMBERS, crs=None)
    return path


def unknown_srid(folder: Path) -> Path:
    return write_file(folder / "t.gpkg", list(GROUND), NUMBERS, crs="EPSG:32648")


def deprecated(folder: Path) -> Path:
    path = plain(folder / "t.gpkg")
    with sqlite3.connect(path) as book:  # GDAL itself would write the code that replaced it
        for table in ("gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys"):
            book.execute(f"UPDATE {table} SET srs_id = 6959 WHERE srs_id = 5899")
        book.execute(
            "UPDATE gpkg_spatial_ref_sys SET organization_coordsys_id = 6959 WHERE srs_id = 6959"
        )
    book.close()
    return path


def web_mercator(folder: Path) -> Path:
    return write_file(folder / "t.gpkg", list(GROUND), NUMBERS, crs="EPSG:3857")


def swapped(folder: Path) -> Path:
    turned = shapely.transform(GROUND, lambda xy: xy[:, ::-1])
    return write_file(folder / "t.gpkg", list(turned), NUMBERS)


def wrong_meridian(folder: Path) -> Path:
    moved = replane(GROUND, 5899, 9216)  # numbers of 107°30' declared as 107°45'
    return write_file(folder / "t.gpkg", list(moved), NUMBERS)


def degrees_as_metres(folder: Path) -> Path:
    return write_file(folder / "t.gpkg", list(to_wgs84(GROUND, 5899)), NUMBERS)


def no_datum_shift(folder: Path) -> Path:
    # WGS 84 degrees projected as if they were VN-2000: the datum step was forgotten
    moved = replane(to_wgs84(GROUND, 5899), VN2000_GEOGRAPHIC, 5899)
    return write_file(folder / "t.gpkg", list(moved), NUMBERS)


def degrees(folder: Path) -> Path:
    return write_geojson(folder / "t.geojson", list(to_wgs84(GROUND, 5899)), NUMBERS)


def elsewhere(folder: Path) -> Path:
    away = shapely.transform(GROUND, lambda xy: xy + np.array([5_000, 0]))
    return write_file(folder / "t.gpkg", list(away), NUMBERS)


def empty(folder: Path) -> Path:
    path = folder / "t.gpkg"
    path.touch()
    return path


def wrong_zip(folder: Path) -> Path:
    path = folder / "t.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("thu.docx", "văn bản")
    return path


def truncated(folder: Path) -> Path:
    path = plain(folder / "t.gpkg")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return path


def truncated_zip(folder: Path) -> Path:
    path = plain(folder / "t.zip")
    path.write_bytes(path.read_bytes()[:-200])
    return path


def too_large(folder: Path) -> Path:
    path = folder / "t.geojson"
    with path.open("wb") as file:  # sparse: takes no room
        file.write(b'{"type": "FeatureCollection", "features": [')
        file.truncate(201 * 1024 * 1024)
    return path


def no_parcel_numbers(folder: Path) -> Path:
    return write_file(folder / "t.gpkg", [ZONE], {"ghi_chu": ["x"]})


CASES: list[tuple[Callable[[Path], Path], str]] = [
    (no_crs, "crs-missing-proposed"),
    (unknown_srid, "crs-of-file-unknown"),
    (deprecated, "crs-deprecated"),
    (web_mercator, "crs-web-mercator"),
    (swapped, "axes-swapped"),
    (wrong_meridian, "wrong-meridian"),
    (degrees_as_metres, "degrees-as-metres"),
    (no_datum_shift, "no-datum-shift"),
    (degrees, "crs-not-a-plane"),
    (elsewhere, "fits-nowhere"),
    (empty, "file-empty"),
    (wrong_zip, "archive-unexpected-member"),
    (truncated, "file-truncated"),
    (truncated_zip, "archive-unreadable"),
    (too_large, "file-too-large"),
    (no_parcel_numbers, "fields-without-column"),
]


@pytest.mark.parametrize(("made", "code"), CASES, ids=[made.__name__ for made, _ in CASES])
def test_a_bad_file_is_refused_by_name(
    zone: TestDatabase, tmp_path: Path, made: Callable[[Path], Path], code: str
) -> None:
    with pytest.raises(LayerError) as refused:
        run_import(zone.database, zone.settings, made(tmp_path), Layer.PARCELS)
    assert refused.value.code == code
    told = {render(code, refused.value.context, locale) for locale in LOCALES}
    assert len(told) == 2 and not any("<" in sentence for sentence in told), told


@pytest.mark.parametrize(
    ("made", "metres"),
    [(wrong_meridian, 26_000), (no_datum_shift, 224), (elsewhere, 3_000)],
    ids=["wrong-meridian", "no-datum-shift", "elsewhere"],
)
def test_the_displacement_is_told_in_metres(
    zone: TestDatabase, tmp_path: Path, made: Callable[[Path], Path], metres: float
) -> None:
    with pytest.raises(LayerError) as refused:
        run_import(zone.database, zone.settings, made(tmp_path), Layer.PARCELS)
    told = refused.value.context["displacement_m"]
    assert isinstance(told, float) and told == pytest.approx(metres, rel=0.1)
    for locale in LOCALES:
        said = render(refused.value.code, refused.value.context, locale)
        digits = re.sub(r"(?<=\d)[.,](?=\d{3})", "", said)
        assert str(int(told)) in digits or str(round(told)) in digits, said


def test_web_mercator_is_refused_for_a_boundary(zone: TestDatabase, tmp_path: Path) -> None:
    path = write_file(tmp_path / "r.gpkg", [ZONE], {"ten": ["x"]}, crs="EPSG:3857")
    with pytest.raises(LayerError, match="crs-web-mercator"):
        run_import(zone.database, zone.settings, path, Layer.BOUNDARY)


def test_not_a_number_is_refused_by_row(zone: TestDatabase, tmp_path: Path) -> None:
    with np.errstate(invalid="ignore"):
        bad = shapely.Polygon([(E, N), (E + 10, N), (float("nan"), N + 10), (E, N)])
    path = write_file(tmp_path / "t.gpkg", [GROUND[0], bad], {k: v[:2] for k, v in NUMBERS.items()})
    report = run_import(zone.database, zone.settings, path, Layer.PARCELS)
    assert report.rows[1].findings[0].code == "row-geometry-not-finite"
    assert report.change is None


def test_a_srid_that_is_asked_for_is_used_and_noted(zone: TestDatabase, tmp_path: Path) -> None:
    report = run_import(
        zone.database, zone.settings, no_crs(tmp_path), Layer.PARCELS, srid=5899, dry_run=True
    )
    assert "import-crs-asked" in report.by_code() and report.counts["refused"] == 0


def test_what_a_file_says_of_its_plane_is_never_overruled(
    zone: TestDatabase, tmp_path: Path
) -> None:
    with pytest.raises(LayerError, match="crs-web-mercator"):
        run_import(zone.database, zone.settings, web_mercator(tmp_path), Layer.PARCELS, srid=5899)


def test_a_million_corners_in_one_row_are_not_taken_in(zone: TestDatabase, tmp_path: Path) -> None:
    circle = shapely.Point(E + 500, N + 500).buffer(400, quad_segs=6_000)
    path = write_file(tmp_path / "t.gpkg", [circle], {k: v[:1] for k, v in NUMBERS.items()})
    report = run_import(zone.database, zone.settings, path, Layer.PARCELS)
    assert report.rows[0].findings[0].code == "row-geometry-too-many-vertices"


def test_every_finding_reads_well_in_both_languages() -> None:
    for code in FINDINGS:
        for locale in LOCALES:
            assert texts(locale)[code].strip()


def test_json_survives_the_report(zone: TestDatabase, tmp_path: Path) -> None:
    report = run_import(zone.database, zone.settings, plain(tmp_path / "t.gpkg"), Layer.PARCELS,
                        dry_run=True)  # fmt: skip
    told = json.loads(json.dumps(report.as_json()))
    assert told["understood"]["crs"]["srid"] == 5899 and told["counts"]["accepted"] == 400


def test_readers_cannot_look_into_staging(zone: TestDatabase) -> None:
    with zone.database.reading() as session, pytest.raises(Exception, match="permission denied"):
        session.execute(text("SELECT count(*) FROM staging.shape"))


def test_a_document_of_tomorrow_and_a_day_far_ahead_are_refused_before_anything_is_read_in(
    zone: TestDatabase, tmp_path: Path
) -> None:
    file = write_csv(tmp_path / "bg.csv", [{"SO_BB": "1/BB", "NGAY_BG": "01/02/2021"}])
    asked = {"database": zone.database, "settings": zone.settings, "path": file}
    later = Certificate("9/QĐ", today() + timedelta(days=1), "UBND tỉnh")
    with pytest.raises(DocumentAhead):
        run_import(**asked, layer=Layer.ADMIN_UNITS, document=later)
    with pytest.raises(EffectTooFarAhead):
        run_import(**asked, layer=Layer.ADMIN_UNITS, effective_on=date(2099, 1, 1))


def test_a_hand_over_of_2099_is_a_refused_row(zone: TestDatabase, tmp_path: Path) -> None:
    rows = [{"SO_BB": "1/BB", "NGAY_BG": "01/02/2099", "SO_TO": "1", "SO_THUA": "1"}]
    file = write_csv(tmp_path / "bg.csv", rows)
    report = run_import(zone.database, zone.settings, file, Layer.HANDOVERS)
    found = {each.code: each for row in report.rows for each in row.findings}
    assert said(found["row-day-ahead"], "vi").startswith("Ngày bàn giao 01/02/2099 sau hôm nay")
    assert report.change is None

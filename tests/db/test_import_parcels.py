"""Parcels from a file: noded, placed in their zone, refused row by row, all or nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from shapely.geometry import MultiPolygon, box
from sqlalchemy import text

from layers.crs import replane
from planning.changes.imports import Layer, Report
from planning.changes.imports.report import Outcome
from planning.errors import BeforeZoneExisted, NotFound
from tests.conftest import TestDatabase
from tests.drawn_coverages import as_drawn
from tests.import_files import found_zone, run_import, write_file

E, N = 432_000.0, 2_317_000.0
ZONE = box(E, N, E + 1000, N + 1000)


def cell(column: float, row: float, columns: float = 1, rows: float = 1) -> shapely.Polygon:
    """Ground of 100 m × 100 m, counted from the zone's corner."""
    west, south = E + column * 100, N + row * 100
    return box(west, south, west + columns * 100, south + rows * 100)


def numbered(count: int, sheet: str = "1", **more: Any) -> dict[str, list[Any]]:
    """Sheet and parcel numbers as files carry them."""
    return {
        "so_to": [sheet] * count,
        "so_thua": [str(i + 1) for i in range(count)],
        **{name: list(values) for name, values in more.items()},
    }


@pytest.fixture
def park(fresh_database: TestDatabase, tmp_path: Path) -> TestDatabase:
    """A zone of one square kilometre with its boundary."""
    found_zone(fresh_database.database)
    write_file(tmp_path / "ranh.gpkg", [ZONE], {"ten": ["Khu A"]})
    report = run_import(
        fresh_database.database, fresh_database.settings, tmp_path / "ranh.gpkg", Layer.BOUNDARY
    )
    assert report.written == {"boundaries": 1}
    return fresh_database


def bring(park: TestDatabase, path: Path, shapes: Any, fields: Any, **asked: Any) -> Report:
    """Write the shapes down and import them as parcels."""
    write_file(path, shapes, fields, geometry_type=asked.pop("geometry_type", "Polygon"))
    return run_import(park.database, park.settings, path, Layer.PARCELS, **asked)


def parcels(park: TestDatabase) -> int:
    """How many parcel versions the register now holds."""
    with park.database.reading() as session:
        return int(
            session.scalar(text("SELECT count(*) FROM land.parcel_version WHERE closed_by IS NULL"))
            or 0
        )


def untouched(park: TestDatabase) -> bool:
    """Whether nothing but the boundary was written: no rows, no changes, no files."""
    with park.connect("gisapp_owner") as owner:
        counts = owner.execute(
            "SELECT (SELECT count(*) FROM land.parcel_version), (SELECT count(*) FROM land.parcel),"
            " (SELECT count(*) FROM staging.shape), (SELECT max(number) FROM land.change)"
        ).fetchone()
    left = [p for p in (park.settings.data_dir / "scratch").rglob("*") if p.is_file()]
    return counts == (0, 0, 0, 2) and not left


@pytest.mark.parametrize("ending", ["gpkg", "geojson", "zip"])
def test_a_coverage_is_noded_and_stored(park: TestDatabase, tmp_path: Path, ending: str) -> None:
    drawn = as_drawn(120)
    drawn = shapely.transform(drawn, lambda xy: xy - xy_origin(drawn) + [E + 300, N + 300])
    areas = [round(float(shape.area), 1) for shape in drawn]
    path = tmp_path / f"thua.{ending}"
    fields = numbered(120, DIENTICH=areas)
    if ending == "geojson":
        write_file(path, drawn, fields, crs="EPSG:5899")
    else:
        write_file(path, drawn, fields)
    report = run_import(park.database, park.settings, path, Layer.PARCELS)
    assert report.counts["refused"] == 0 and report.written["parcels"] == 120
    assert report.by_code()["row-noded"] > 50
    with park.database.reading() as session:
        shapes = shapely.from_wkb(
            [
                bytes(row[0])
                for row in session.execute(
                    text("SELECT ST_AsBinary(geom) FROM land.parcel_version")
                )
            ]
        )
        legal = session.scalar(text("SELECT sum(legal_area_m2) FROM land.parcel_version"))
    assert bool(shapely.coverage_is_valid(shapes))
    assert float(legal) == pytest.approx(sum(areas), abs=0.01)
    assert sum(shapely.area(shapes)) == pytest.approx(sum(shapely.area(drawn)), abs=2)


def xy_origin(shapes: Any) -> Any:
    """South-west corner of shapes."""
    return np.array(shapely.total_bounds(shapes)[:2])


def test_overlap_inside_the_file_names_both_rows_and_the_area(
    park: TestDatabase, tmp_path: Path
) -> None:
    shapes = [cell(1, 1), cell(1.5, 1), cell(5, 5)]
    report = bring(park, tmp_path / "t.gpkg", shapes, numbered(3))
    assert report.counts == {"accepted": 1, "repaired": 0, "refused": 2}
    first, second, _ = report.rows
    found = first.findings[0]
    assert found.code == "row-overlaps-row"
    assert found.context["other_row"] == second.row
    assert found.context["area_m2"] == pytest.approx(5000)
    assert found.place is not None and ZONE.contains(
        shapely.Point(found.place.easting, found.place.northing)
    )
    assert report.change is None and untouched(park)


def test_partial_keeps_what_is_accepted(park: TestDatabase, tmp_path: Path) -> None:
    shapes = [cell(1, 1), cell(1.5, 1), cell(5, 5)]
    report = bring(park, tmp_path / "t.gpkg", shapes, numbered(3), partial=True)
    assert report.written["parcels"] == 1 and report.refused
    assert parcels(park) == 1


def test_a_dry_run_does_everything_and_keeps_nothing(park: TestDatabase, tmp_path: Path) -> None:
    report = bring(park, tmp_path / "t.gpkg", [cell(1, 1)], numbered(1), dry_run=True)
    assert report.dry_run and report.written["parcels"] == 1 and not report.refused
    assert untouched(park)


def test_overlap_with_the_register_names_the_parcel(park: TestDatabase, tmp_path: Path) -> None:
    bring(park, tmp_path / "a.gpkg", [cell(1, 1)], numbered(1, sheet="7"))
    report = bring(park, tmp_path / "b.gpkg", [cell(1.5, 1.5)], numbered(1, sheet="8"))
    found = report.rows[0].findings[0]
    assert (found.code, found.context["parcel"]) == ("row-overlaps-parcel", "7/1")
    assert found.context["area_m2"] == pytest.approx(2500)
    assert parcels(park) == 1


def test_overlap_with_a_parcel_that_begins_later_is_found_by_the_database(
    park: TestDatabase, tmp_path: Path
) -> None:
    bring(
        park,
        tmp_path / "a.gpkg",
        [cell(1, 1)],
        numbered(1, sheet="7"),
        effective_on=date(2024, 1, 1),
    )
    two = [cell(1.5, 1.5), cell(6, 6)]
    report = bring(park, tmp_path / "b.gpkg", two, numbered(2, sheet="8"))
    assert report.change is None
    found = report.rows[0].findings[0]
    assert (found.code, found.context["parcel"]) == ("row-overlaps-parcel", "7/1")
    assert found.context["area_m2"] == pytest.approx(2500)
    report = bring(park, tmp_path / "b.gpkg", two, numbered(2, sheet="8"), partial=True)
    assert report.written["parcels"] == 1 and parcels(park) == 2


def test_registered_neighbours_gain_the_new_corners(park: TestDatabase, tmp_path: Path) -> None:
    bring(park, tmp_path / "a.gpkg", [cell(1, 1, rows=2)], numbered(1, DIENTICH=[20_000.0]))
    report = bring(park, tmp_path / "b.gpkg", [cell(2, 1), cell(2, 2)], numbered(2, sheet="2"))
    assert report.written == {"parcels": 2, "neighbours_noded": 1}
    with park.database.reading() as session:
        row = session.execute(
            text(
                "SELECT ST_NPoints(geom), noded, legal_area_m2 FROM land.parcel_version"
                " WHERE closed_by IS NULL AND sheet_no = '1' AND valid_to IS NULL"
            )
        ).one()
    assert tuple(row) == (6, True, 20_000)


def test_outside_the_zone_tells_how_much_and_where(park: TestDatabase, tmp_path: Path) -> None:
    report = bring(park, tmp_path / "t.gpkg", [cell(9.5, 1), cell(3, 3)], numbered(2))
    found = report.rows[0].findings[0]
    assert found.code == "row-outside-zone"
    assert found.context["outside_m2"] == pytest.approx(5000)
    assert found.place is not None and found.place.easting > E + 1000
    assert untouched(park)


def test_repeated_numbers_are_asked_about_and_never_overwrite(
    park: TestDatabase, tmp_path: Path
) -> None:
    same = {"so_to": ["1", "1"], "so_thua": ["5", "5"]}
    shapes = [cell(1, 1), cell(3, 3)]
    report = bring(park, tmp_path / "t.gpkg", shapes, same)
    assert [row.findings[0].code for row in report.rows] == ["row-number-repeated"] * 2
    assert untouched(park)
    report = bring(park, tmp_path / "t.gpkg", shapes, same, allow_duplicates=True)
    assert report.written["parcels"] == 2
    report = bring(park, tmp_path / "u.gpkg", [cell(6, 6)], {"so_to": ["1"], "so_thua": ["5"]})
    assert report.rows[0].findings[0].code == "row-number-in-register"
    assert parcels(park) == 2


def test_multipart_rows_are_a_question(park: TestDatabase, tmp_path: Path) -> None:
    two = MultiPolygon([cell(1, 1), cell(3, 1, columns=2)])
    fields = numbered(1, DIENTICH=[30_000.5])
    report = bring(park, tmp_path / "t.gpkg", [two], fields, geometry_type="MultiPolygon")
    assert report.rows[0].findings[0].code == "row-multipart" and untouched(park)
    report = bring(
        park, tmp_path / "t.gpkg", [two], fields, geometry_type="MultiPolygon", explode=True
    )
    assert [row.outcome for row in report.rows] == [Outcome.REPAIRED] * 2
    with park.database.reading() as session:
        legal = session.scalars(
            text("SELECT legal_area_m2 FROM land.parcel_version ORDER BY area_m2")
        ).all()
    assert [float(area) for area in legal] == pytest.approx([10_000.17, 20_000.33])


def test_crossing_rings_are_refused_with_the_place(park: TestDatabase, tmp_path: Path) -> None:
    bow = shapely.Polygon([(E, N), (E + 50, N + 50), (E + 50, N), (E, N + 50)])
    report = bring(park, tmp_path / "t.gpkg", [bow], numbered(1))
    found = report.rows[0].findings[0]
    assert (found.code, found.context["reason"]) == ("row-geometry-invalid", "self-intersection")
    assert found.place is not None and found.place.easting == pytest.approx(E + 25)
    assert untouched(park)


def test_legal_area_and_land_use_are_looked_at(park: TestDatabase, tmp_path: Path) -> None:
    fields = numbered(1, DIENTICH=[9_000.0], MALOAIDAT=["XYZ"])
    report = bring(park, tmp_path / "t.gpkg", [cell(1, 1)], fields)
    assert set(report.by_code()) == {"row-area-differs", "row-land-use-unknown"}
    assert report.rows[0].outcome is Outcome.ACCEPTED and parcels(park) == 1


def test_a_day_before_the_zone_existed(park: TestDatabase, tmp_path: Path) -> None:
    with pytest.raises(BeforeZoneExisted):
        bring(park, tmp_path / "t.gpkg", [cell(1, 1)], numbered(1), effective_on=date(2010, 1, 1))
    with pytest.raises(BeforeZoneExisted):  # founded in 2015, first boundary in 2020
        bring(park, tmp_path / "t.gpkg", [cell(1, 1)], numbered(1), effective_on=date(2018, 1, 1))
    with pytest.raises(NotFound):
        run_import(park.database, park.settings, tmp_path / "t.gpkg", Layer.PARCELS, zone="NO")
    assert untouched(park)


def test_parcels_belong_to_the_innermost_zone(park: TestDatabase, tmp_path: Path) -> None:
    with park.database.reading() as session:
        parent = session.scalar(text("SELECT id FROM land.zone WHERE code = 'KCN-A'"))
    found_zone(park.database, "KCN-B", parent=parent)
    write_file(tmp_path / "b.gpkg", [cell(5, 5, 3, 3)], {"ten": ["Khu B"]})
    run_import(park.database, park.settings, tmp_path / "b.gpkg", Layer.BOUNDARY, zone="KCN-B")
    shapes = [cell(6, 6), cell(1, 1), cell(4.5, 5)]
    report = bring(park, tmp_path / "t.gpkg", shapes, numbered(3))
    assert report.written["parcels"] == 3
    codes = [[found.code for found in row.findings] for row in report.rows]
    assert codes == [["row-in-child-zone"], [], ["row-straddles-child-zone"]]
    with park.database.reading() as session:
        zones = session.scalars(
            text(
                "SELECT zone.code FROM land.parcel_version JOIN land.zone ON zone.id = zone_id"
                " ORDER BY parcel_no"
            )
        ).all()
    assert zones == ["KCN-B", "KCN-A", "KCN-A"]


def test_another_vn2000_plane_is_projection_alone(park: TestDatabase, tmp_path: Path) -> None:
    elsewhere = replane(np.array([cell(1, 1)], dtype=object), 5899, 3405)
    write_file(tmp_path / "t.gpkg", elsewhere, numbered(1), crs="EPSG:3405")
    report = run_import(park.database, park.settings, tmp_path / "t.gpkg", Layer.PARCELS)
    assert [note.code for note in report.notes] == ["import-replaned", "import-rounded"]
    with park.database.reading() as session:
        shape = session.scalar(text("SELECT ST_AsBinary(geom) FROM land.parcel_version"))
    assert shapely.from_wkb(bytes(shape)).equals_exact(cell(1, 1), 0.001, normalize=True)

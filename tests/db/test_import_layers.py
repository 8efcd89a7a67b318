"""Boundaries, administrative units, lots, resettlement areas and projects from files."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import MultiPolygon, box
from sqlalchemy import text

from layers.crs import to_wgs84
from planning.changes.imports import Layer
from planning.changes.imports.mapping import Mapping
from planning.errors import LaterVersionsExist
from planning.plans.commands import create_plan, create_version, set_status
from planning.plans.queries import find_plan
from planning.records.commands import open_change, register_document
from planning.zones.queries import find_zone
from tests.conftest import ROOT, TestDatabase
from tests.import_files import (
    DECISION,
    found_zone,
    run_import,
    write_csv,
    write_file,
    write_geojson,
)

E, N = 432_000.0, 2_317_000.0
ZONE = box(E, N, E + 1000, N + 1000)
WARDS = ROOT / "tests" / "data" / "quang_ninh_wards" / "wards_vn2000_107_45.zip"


@pytest.fixture
def founded(fresh_database: TestDatabase) -> TestDatabase:
    """A zone without a boundary."""
    found_zone(fresh_database.database)
    return fresh_database


@pytest.fixture
def park(founded: TestDatabase, tmp_path: Path) -> TestDatabase:
    """A zone with its boundary."""
    write_file(tmp_path / "r.gpkg", [ZONE], {"ten": ["Khu"], "DIENTICH": [1_000_000.0]})
    run_import(founded.database, founded.settings, tmp_path / "r.gpkg", Layer.BOUNDARY)
    return founded


def rows(database: TestDatabase, question: str) -> list[tuple[Any, ...]]:
    """Ask the register."""
    with database.database.reading() as session:
        return [tuple(row) for row in session.execute(text(question))]


def bring(database: TestDatabase, path: Path, layer: Layer, **asked: Any) -> Any:
    """Import a file."""
    return run_import(database.database, database.settings, path, layer, **asked)


BOUNDARIES = (
    "SELECT valid_from, valid_to, certainty, round(area_m2), legal_area_m2 FROM land.zone_boundary"
    " WHERE closed_by IS NULL ORDER BY valid_from"
)


def test_a_boundary_is_succeeded_from_a_day_on(park: TestDatabase, tmp_path: Path) -> None:
    wider = box(E, N, E + 1200, N + 1000)
    write_file(tmp_path / "s.gpkg", [wider], {"ten": ["Khu"]})
    bring(park, tmp_path / "s.gpkg", Layer.BOUNDARY, effective_on=date(2023, 5, 1))
    assert rows(park, BOUNDARIES) == [
        (date(2020, 1, 1), date(2023, 5, 1), "from_approved_drawing", 1_000_000, 1_000_000),
        (date(2023, 5, 1), None, "from_approved_drawing", 1_200_000, None),
    ]
    with pytest.raises(LaterVersionsExist):
        bring(park, tmp_path / "s.gpkg", Layer.BOUNDARY, effective_on=date(2022, 1, 1))


def test_a_correction_replaces_what_was_believed(park: TestDatabase, tmp_path: Path) -> None:
    write_file(tmp_path / "s.gpkg", [box(E, N, E + 990, N + 1000)], {"ten": ["Khu"]})
    bring(park, tmp_path / "s.gpkg", Layer.BOUNDARY, correction=True, certainty="surveyed")
    assert rows(park, BOUNDARIES) == [(date(2020, 1, 1), None, "surveyed", 990_000, None)]
    assert rows(park, "SELECT kind FROM land.change ORDER BY number DESC LIMIT 1") == [
        ("correction",)
    ]


def test_a_boundary_never_leaves_parcels_outside(park: TestDatabase, tmp_path: Path) -> None:
    shapes = [box(E + 900, N, E + 1000, N + 100), box(E, N, E + 100, N + 100)]
    write_file(tmp_path / "t.gpkg", shapes, {"so_to": ["1"] * 2, "so_thua": ["1", "2"]})
    bring(park, tmp_path / "t.gpkg", Layer.PARCELS)
    write_file(tmp_path / "s.gpkg", [box(E, N, E + 950, N + 1000)], {"ten": ["Khu"]})
    report = bring(park, tmp_path / "s.gpkg", Layer.BOUNDARY, effective_on=date(2023, 5, 1))
    assert report.change is None
    (found,) = report.rows[0].findings
    assert (found.code, found.context["parcel"]) == ("row-boundary-leaves-parcel", "1/1")
    assert found.context["outside_m2"] == pytest.approx(5000)
    assert len(rows(park, BOUNDARIES)) == 1


def test_wgs84_makes_a_schematic_boundary(founded: TestDatabase, tmp_path: Path) -> None:
    path = write_geojson(tmp_path / "r.geojson", [to_wgs84(ZONE, 5899)], {"ten": ["Khu"]})
    report = bring(founded, path, Layer.BOUNDARY, certainty="surveyed")
    assert "import-from-wgs84" in report.by_code()
    ((_, _, certainty, area, _),) = rows(founded, BOUNDARIES)
    assert certainty == "schematic" and area == pytest.approx(1_000_000, abs=5)


def test_pieces_of_a_boundary_are_joined(founded: TestDatabase, tmp_path: Path) -> None:
    halves = [box(E, N, E + 500, N + 1000), box(E + 500, N, E + 1000, N + 1000)]
    write_file(tmp_path / "r.gpkg", halves, {"ten": ["a", "b"]})
    report = bring(founded, tmp_path / "r.gpkg", Layer.BOUNDARY)
    assert report.notes[0].context == {"rows": 2, "parts": 1}
    assert rows(founded, BOUNDARIES)[0][3] == 1_000_000


def test_the_wards_of_quang_ninh_come_in(founded: TestDatabase) -> None:
    report = bring(founded, WARDS, Layer.ADMIN_UNITS)
    assert report.counts["refused"] == 0 and report.written == {"admin_units": 54}
    found = rows(
        founded,
        "SELECT u.level, v.name_vi, v.area_m2 FROM land.admin_unit u"
        " JOIN land.admin_unit_version v ON v.admin_unit_id = u.id WHERE u.code = '06652'",
    )
    ((level, name, area),) = found
    assert (level, name) == ("commune", "Phường Hà Tu")
    assert area == pytest.approx(50_577_204.306, abs=3)
    again = bring(founded, WARDS, Layer.ADMIN_UNITS, effective_on=date(2025, 7, 1))
    assert again.written == {"admin_units": 54}
    assert rows(founded, "SELECT count(*) FROM land.admin_unit") == [(54,)]


@pytest.fixture
def planned(park: TestDatabase) -> TestDatabase:
    """A plan whose first version is approved for the whole zone."""
    with park.database.transaction() as session:
        document = register_document(
            session,
            number=DECISION.number,
            issued_on=DECISION.issued_on,
            issuer=DECISION.issuer,
            actor="test",
        )
        change = open_change(
            session,
            kind="act",
            reason="plan",
            actor="test",
            effective_on=date(2020, 1, 1),
            document_id=document,
        )
        zone = find_zone(session, "KCN-A")
        plan = create_plan(
            session, change, code="QH-A", zone_id=zone.id, srid=5899, level="subdivision",
            scale_denominator=2000, name_vi="QHPK",
        )  # fmt: skip
        version, _ = create_version(session, change, plan_id=plan)
        set_status(
            session, change, plan_version_id=version, status="appraisal",
            valid_from=date(2020, 1, 1), scope=MultiPolygon([ZONE]), decision_id=document,
        )  # fmt: skip
        assert find_plan(session, "QH-A") == plan
    return park


LOTS = {
    "KYHIEULODAT": ["CN-01", "KT-02", "CX-1", "GT"],
    "MALOAIDAT": ["SKK", "", "CX", ""],
    "DIENTICH": [250_000.0, 250_000.0, 250_000.0, 250_000.0],
}
QUARTERS = [
    box(E + 500 * i, N + 500 * j, E + 500 * (i + 1), N + 500 * (j + 1))
    for i in range(2)
    for j in range(2)
]


def test_lots_get_category_and_class_from_their_symbols(
    planned: TestDatabase, tmp_path: Path
) -> None:
    write_file(tmp_path / "lo.zip", QUARTERS, LOTS)
    report = bring(planned, tmp_path / "lo.zip", Layer.PLAN_LOTS, plan_code="QH-A")
    assert report.written == {"plan_lots": 4, "plan_version": 1}
    assert "import-categories-proposed" in report.by_code()
    assert rows(planned, "SELECT symbol, category, leasable FROM land.plan_lot ORDER BY 1") == [
        ("CN-01", "CN", "industrial"), ("CX-1", "CX", "none"), ("GT", "GT", "none"),
        ("KT-02", "KT", "industrial"),
    ]  # fmt: skip
    report = bring(planned, tmp_path / "lo.zip", Layer.PLAN_LOTS, plan_code="QH-A")
    assert report.by_code()["row-overlaps-lot"] == 4 and report.change is None


def test_a_mapping_file_says_what_symbols_mean(planned: TestDatabase, tmp_path: Path) -> None:
    write_file(tmp_path / "lo.gpkg", QUARTERS, {**LOTS, "KYHIEULODAT": ["CN", "KT", "CX", "ZZ-9"]})
    report = bring(planned, tmp_path / "lo.gpkg", Layer.PLAN_LOTS, plan_code="QH-A")
    assert report.rows[3].findings[0].code == "row-category-unknown" and report.change is None
    told = tmp_path / "lo.toml"
    told.write_text('[categories]\nKT = "HTKT"\nZZ = "DV"\n[leasable]\nDV = "none"\n')
    report = bring(
        planned,
        tmp_path / "lo.gpkg",
        Layer.PLAN_LOTS,
        plan_code="QH-A",
        mapping=Mapping.read(told),
    )
    assert report.written["plan_lots"] == 4
    assert rows(
        planned,
        "SELECT symbol, category, leasable FROM land.plan_lot WHERE symbol > 'D' ORDER BY 1",
    ) == [("KT", "HTKT", "none"), ("ZZ-9", "DV", "none")]


def test_resettlement_areas_with_words_for_their_state(park: TestDatabase, tmp_path: Path) -> None:
    fields = {
        "MAKHU": ["TDC-1", "TDC-2"],
        "TENKHU": ["Khu tái định cư 1", "Khu tái định cư 2"],
        "TRANGTHAI": ["Hoàn thành", "đang xây dựng"],
        "SOLO": [120, 80],
    }
    shapes = [box(E - 500, N, E - 300, N + 200), box(E - 900, N, E - 700, N + 200)]
    write_file(tmp_path / "tdc.gpkg", shapes, fields)
    report = bring(park, tmp_path / "tdc.gpkg", Layer.RESETTLEMENT)
    assert report.written == {"resettlement_areas": 2}
    assert rows(park, "SELECT status, plots_planned FROM land.resettlement_area_version ORDER BY 2"
                ) == [("building", 80), ("completed", 120)]  # fmt: skip
    again = bring(park, tmp_path / "tdc.gpkg", Layer.RESETTLEMENT)
    assert again.by_code() == {"row-code-in-register": 2} and again.change is None


def test_projects_from_a_table(park: TestDatabase, tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "duan.csv",
        [
            {
                "Mã dự án": "DA-1", "Tên dự án": "Nhà máy 1", "Loại dự án": "FDI",
                "Nhà đầu tư": "Công ty Một", "Mã số thuế": "570000001", "Trạng thái": "Hoạt động",
                "Loại tiền": "USD", "Vốn đăng ký": "12.000.000", "Tiến độ": "100",
            },
            {
                "Mã dự án": "DA-2", "Tên dự án": "Nhà máy 2", "Loại dự án": "trong nước",
                "Nhà đầu tư": "Công ty Hai", "Mã số thuế": "", "Trạng thái": "lơ lửng",
                "Loại tiền": "VND", "Vốn đăng ký": "", "Tiến độ": "",
            },
        ],
    )  # fmt: skip
    report = bring(park, path, Layer.PROJECTS)
    assert report.rows[1].findings[0].code == "row-status-unknown" and report.change is None
    report = bring(park, path, Layer.PROJECTS, partial=True)
    assert report.written == {"projects": 1}
    assert rows(
        park,
        "SELECT v.kind, v.status, c.currency, c.registered, y.tax_code FROM land.project_version v"
        " JOIN land.project_capital c USING (project_id) JOIN land.party y ON y.id = v.investor_id",
    ) == [("fdi", "operating", "USD", 12_000_000, "0570000001")]


def test_a_boundary_far_from_its_decision_is_noted_with_both_areas(
    founded: TestDatabase, tmp_path: Path
) -> None:
    halves = [box(E, N, E + 500, N + 1000), box(E + 500, N, E + 1000, N + 1000)]
    write_file(tmp_path / "r.gpkg", halves, {"ten": ["Khu", "Khu"], "DIENTICH": [100.0, 300.0]})
    report = bring(founded, tmp_path / "r.gpkg", Layer.BOUNDARY)
    [found] = [each for row in report.rows for each in row.findings]
    assert found.code == "row-area-differs"
    assert (found.context["legal_m2"], found.context["measured_m2"]) == (400.0, 1_000_000.0)
    assert rows(founded, "SELECT legal_area_m2 FROM land.zone_boundary") == [(400,)]


def test_a_boundary_of_a_garden_is_refused(founded: TestDatabase, tmp_path: Path) -> None:
    write_file(tmp_path / "r.gpkg", [box(E, N, E + 30, N + 30)], {"ten": ["Khu"]})
    report = bring(founded, tmp_path / "r.gpkg", Layer.BOUNDARY)
    assert {each.code for row in report.rows for each in row.findings} == {"row-boundary-too-small"}
    assert report.change is None


def test_a_parcel_far_from_its_paper_is_noted_with_both_areas(
    park: TestDatabase, tmp_path: Path
) -> None:
    fields = {"soto": ["1"], "sothua": ["1"], "DIENTICH": [99_999.0]}
    write_file(tmp_path / "t.gpkg", [box(E, N, E + 100, N + 100)], fields)
    report = bring(park, tmp_path / "t.gpkg", Layer.PARCELS)
    [found] = [each for row in report.rows for each in row.findings]
    assert found.code == "row-area-differs"
    assert (found.context["legal_m2"], found.context["measured_m2"]) == (99_999.0, 10_000.0)
    assert report.change is not None

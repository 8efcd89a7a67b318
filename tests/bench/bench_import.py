"""20,000 parcels and the 54 wards of Quảng Ninh: seconds by step, and writing beside a raw COPY."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from psycopg import sql
from shapely.geometry import MultiPolygon

from planning.changes.imports import Layer, Report
from planning.plans.commands import create_plan, create_version, set_status
from planning.records.commands import open_change, register_document
from planning.zones.queries import find_zone
from tests.brick_park import BrickPark
from tests.conftest import ROOT, TestDatabase, _cloned
from tests.db.test_import_walk import check_figures
from tests.import_files import DECISION, found_zone, run_import
from tests.server import Connection, Server

PARK = BrickPark(10, 10)
GOAL = 0.60
ROUNDS = 3
WARDS = ROOT / "tests" / "data" / "quang_ninh_wards" / "wards_vn2000_107_45.zip"


@contextmanager
def clone(server: Server, template: str, folder: Path) -> Iterator[TestDatabase]:
    """A copy of a database nobody is connected to."""
    made = _cloned(server, template, folder)
    yield next(made)
    next(made, None)


@pytest.fixture(scope="module")
def park(
    server: Server, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    """A zone with boundary, plan in force and lots, not yet any parcel; and the files."""
    folder = tmp_path_factory.mktemp("park")
    PARK.write(folder)
    with clone(server, template, folder) as made:
        found_zone(made.database)
        run_import(made.database, made.settings, folder / "ranh.gpkg", Layer.BOUNDARY)
        _plan(made)
        run_import(
            made.database, made.settings, folder / "lo.gpkg", Layer.PLAN_LOTS, plan_code="QH"
        )
        made.database.close()
        yield made.name, folder


def _plan(made: TestDatabase) -> None:
    with made.database.transaction() as session:
        document = register_document(
            session, number=DECISION.number, issued_on=DECISION.issued_on, issuer=DECISION.issuer,
            actor="bench",
        )  # fmt: skip
        change = open_change(
            session, kind="act", reason="plan", actor="bench", effective_on=date(2020, 1, 1),
            document_id=document,
        )  # fmt: skip
        zone = find_zone(session, "KCN-A")
        plan = create_plan(
            session, change, code="QH", zone_id=zone.id, srid=zone.srid, level="subdivision",
            scale_denominator=2000, name_vi="QHPK",
        )  # fmt: skip
        version, _ = create_version(session, change, plan_id=plan)
        set_status(
            session, change, plan_version_id=version, status="appraisal",
            valid_from=date(2020, 1, 1), scope=MultiPolygon([PARK.zone]), decision_id=document,
        )  # fmt: skip


def test_parcels_beside_raw_copy(server: Server, park: tuple[str, Path], tmp_path: Path) -> None:
    """End to end, its split, and the database phase ≥ 60 % of a raw COPY of the same rows."""
    prepared, folder = park
    ours, raw = [], []
    for _ in range(ROUNDS):
        with clone(server, prepared, tmp_path) as made:
            started = time.perf_counter()
            report = run_import(made.database, made.settings, folder / "thua.gpkg", Layer.PARCELS)
            whole = time.perf_counter() - started
            assert report.written["parcels"] == PARK.parcels
            ours.append(report.seconds["write"])
            made.database.close()
            with clone(server, prepared, tmp_path) as other:
                raw.append(_raw(made, other, "land.parcel", "land.parcel_version"))
    _say("parcels", PARK.parcels, whole, report, min(ours), min(raw))
    assert min(raw) / min(ours) >= GOAL


def test_wards_beside_raw_copy(server: Server, template: str, tmp_path: Path) -> None:
    """The 54 wards (196,000 vertices) likewise."""
    with clone(server, template, tmp_path) as founded:
        found_zone(founded.database)
        founded.database.close()
        ours, raw = [], []
        for _ in range(ROUNDS + 1):
            with clone(server, founded.name, tmp_path) as made:
                started = time.perf_counter()
                report = run_import(made.database, made.settings, WARDS, Layer.ADMIN_UNITS)
                whole = time.perf_counter() - started
                ours.append(report.seconds["write"])
                made.database.close()
                with clone(server, founded.name, tmp_path) as other:
                    raw.append(_raw(made, other, "land.admin_unit", "land.admin_unit_version"))
    _say("wards", 54, whole, report, min(ours), min(raw))
    assert min(raw) / min(ours) >= GOAL


def test_rights_and_handovers(server: Server, park: tuple[str, Path], tmp_path: Path) -> None:
    """20,000 rows of hand-overs, 26,000 of rights; then the figures at three dates by formula."""
    prepared, folder = park
    with clone(server, prepared, tmp_path) as made:
        run_import(made.database, made.settings, folder / "thua.gpkg", Layer.PARCELS)
        for name, layer in (("quyen.csv", Layer.LAND_RIGHTS), ("bangiao.csv", Layer.HANDOVERS)):
            started = time.perf_counter()
            report = run_import(made.database, made.settings, folder / name, layer)
            seconds = time.perf_counter() - started
            assert report.change is not None and not report.refused
            _say(name, report.counts["accepted"], seconds, report)
            assert seconds < 60
        check_figures(made, PARK, "KCN-A")


def _raw(made: TestDatabase, other: TestDatabase, identities: str, versions: str) -> float:
    """Seconds to COPY the very same rows into the same constrained table of a database like it."""
    with made.connect("gisapp_owner") as source, other.connect("gisapp_write") as target:
        columns = _columns(source, versions)
        with target.transaction():
            document = target.execute(
                "INSERT INTO land.document (number, issued_on, issuer, created_by)"
                " VALUES ('raw', '2020-01-01', 'raw', 'raw') RETURNING id"
            ).fetchone()
            assert document is not None
            change = target.execute(
                "INSERT INTO land.change (kind, document_id, reason, actor, effective_on)"
                " VALUES ('act', %s, 'raw', 'raw', '2020-01-01') RETURNING number",
                [document[0]],
            ).fetchone()
            assert change is not None
            opened = int(str(change[0]))
            known = _columns(source, identities)
            _pour(target, identities, known, _rows(source, identities, known, opened))
            body = _rows(source, versions, columns, opened)
            started = time.perf_counter()
            _pour(target, versions, columns, body)
        return time.perf_counter() - started


def _columns(source: Connection, table: str) -> list[str]:
    rows = source.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
        " AND NOT attisdropped AND attgenerated = '' AND attidentity = ''"
        " AND attname NOT IN ('closed_by', 'opened_by')",
        [table],
    )
    return [str(row[0]) for row in rows.fetchall()]


def _rows(source: Connection, table: str, columns: list[str], opened: int) -> bytes:
    question = sql.SQL("COPY (SELECT {}, {} FROM {}) TO STDOUT").format(
        sql.SQL(", ").join(map(sql.Identifier, columns)),
        sql.Literal(opened),
        sql.Identifier(*table.split(".")),
    )
    with source.cursor() as cursor, cursor.copy(question) as copy:
        return b"".join(bytes(part) for part in copy)


def _pour(target: Connection, table: str, columns: list[str], body: bytes) -> None:
    statement = sql.SQL("COPY {} ({}, opened_by) FROM STDIN").format(
        sql.Identifier(*table.split(".")), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with target.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(body)


def _say(
    name: str, rows: int, whole: float, report: Report, ours: float = 0.0, raw: float = 0.0
) -> None:
    split = ", ".join(f"{step} {seconds:.2f}" for step, seconds in report.seconds.items())
    print(f"\nimport {name}: {rows:,} rows in {whole:.2f} s ({split})", end="")
    if raw:
        print(f"; writing {ours:.2f} s, raw COPY {raw:.2f} s: {raw / ours:.0%} of its speed")

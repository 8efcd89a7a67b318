"""Rights from a table: reservations with a last day, boards as lessors, one user a parcel; and
out again.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from gisapp.list_exports import take_list
from gisapp.lists import LEAVING
from gisapp.present.list_tables import list_columns
from gisapp.present.tables import csv_text, sheet_of
from gisapp.present.workbook import book_bytes
from gisapp.security.scope import Scope
from planning.changes.imports import Layer
from planning.clocks import Moment
from planning.parcels.commands import NewParcel, add_parcels
from planning.records.commands import open_change, register_document
from planning.tenure.register import rights_page
from planning.zones.queries import find_zone, zones
from tests.conftest import TestDatabase
from tests.db.ground import square
from tests.import_files import DECISION, found_zone, run_import, write_csv, write_file

DAY = date(2024, 9, 1)
STATE: dict[str, Any] = {
    "kind": "state_lease", "number": "QĐ 1", "lessor": "UBND tỉnh", "lessee": "Hạ tầng",
    "lessee_tax_code": "5700100001", "contract_area_m2": 40_000, "valid_from": "2021-01-01",
    "term_ends": "2070-12-31", "parent_number": "",
}  # fmt: skip
KEPT = {
    **STATE, "kind": "reservation", "number": "GC 1", "lessor": "Ban Quản lý KKT",
    "lessee": "Chờ thuê", "lessee_tax_code": "", "contract_area_m2": 10_000,
    "valid_from": "2024-01-01", "term_ends": "2024-12-31",
}  # fmt: skip
LET = {
    **STATE, "kind": "sub_lease", "number": "HĐ 1", "lessor": "", "lessee": "Nhà máy",
    "lessee_tax_code": "5700100002", "contract_area_m2": 10_000, "valid_from": "2024-06-01",
    "parent_number": "QĐ 1",
}  # fmt: skip


@pytest.fixture
def park(fresh_database: TestDatabase, tmp_path: Path) -> TestDatabase:
    """A zone with four parcels of a hectare, sheet 12."""
    return laid(fresh_database, tmp_path)


def laid(target: TestDatabase, tmp_path: Path) -> TestDatabase:
    """Lay the zone and its parcels in a register."""
    found_zone(target.database)
    write_file(tmp_path / "z.gpkg", [square(0, 0, 1_000)], {"ten": ["Khu"]})
    run_import(target.database, target.settings, tmp_path / "z.gpkg", Layer.BOUNDARY)
    with target.database.transaction() as session:
        paper = register_document(
            session, number="1", issued_on=date(2020, 1, 1), issuer="UBND", actor="an"
        )
        change = open_change(
            session, kind="act", reason="x", actor="an", effective_on=date(2020, 1, 1),
            document_id=paper,
        )  # fmt: skip
        zone = find_zone(session, "KCN-A")
        add_parcels(
            session, change, zone_id=zone.id, srid=zone.srid, valid_from=date(2020, 1, 1),
            parcels=[NewParcel(square(n, 0), "06814", "12", str(n + 1)) for n in range(4)],
        )  # fmt: skip
    return target


def on(row: dict[str, Any], *parcels: int, **facts: object) -> list[dict[str, Any]]:
    """A row a parcel."""
    return [
        {**row, **facts, "commune_code": "06814", "sheet_no": "12", "parcel_no": str(number)}
        for number in parcels
    ]


def bring(park: TestDatabase, tmp_path: Path, rows: list[dict[str, Any]]) -> Any:
    """Import the rows; the decision hangs on nothing but the file."""
    path = write_csv(tmp_path / "q.csv", rows)
    return run_import(park.database, park.settings, path, Layer.LAND_RIGHTS, document=DECISION)


def codes(report: Any) -> set[str]:
    """What the report says of rows."""
    return {finding.code for row in report.rows for finding in row.findings}


def test_both_tiers_and_reservations_come_in(park: TestDatabase, tmp_path: Path) -> None:
    rows = [*on(STATE, 1, 2, 3, 4), *on(LET, 1), *on(KEPT, 2)]
    report = bring(park, tmp_path, rows)
    assert report.change is not None, codes(report)
    with park.database.reading() as session:
        at = Moment(DAY)
        found = rights_page(session, at, [zone.id for zone in zones(session, at)], sort="kind")
        kinds = [(line.kind, line.lessor, line.lessor_kind, line.ends_on) for line in found.rows]
    assert kinds == [
        ("state_lease", "UBND tỉnh", "authority", date(2070, 12, 31)),
        ("sub_lease", "Hạ tầng", "company", date(2070, 12, 31)),
        ("reservation", "Ban Quản lý KKT", "board", date(2024, 12, 31)),
    ]


REFUSED: dict[str, tuple[list[dict[str, Any]], str]] = {
    "a reservation for ever": (on(KEPT, 2, term_ends=""), "row-reservation-forever"),
    "let what is reserved": ([*on(KEPT, 1), *on(LET, 1)], "row-parcel-taken"),
    "a board after its power": (
        on({**STATE, "number": "QĐ 2", "lessor": "Ban Quản lý KKT"}, 4, valid_from="2024-08-01"),
        "row-lessor-power",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_rows_are_refused_in_words(park: TestDatabase, tmp_path: Path, name: str) -> None:
    rows, code = REFUSED[name]
    first = [*on(STATE, 1, 2, 3)]
    report = bring(park, tmp_path, [*first, *rows])
    assert report.change is None and code in codes(report)


def _left(park: TestDatabase, path: Path, locale: str) -> tuple[Path, Any]:
    """The list of rights as a file of a language, and its rows."""
    rows = take_list(park.database, LEAVING["land-rights"], Scope(), "an", as_of=DAY)
    columns = list_columns("land-rights", locale)
    if path.suffix == ".csv":
        path.write_text("\ufeff" + csv_text(columns, rows, comma=locale == "vi"), encoding="utf-8")
    else:
        path.write_bytes(book_bytes([sheet_of("rights", columns, rows)]))
    return path, rows


def test_rights_that_left_come_into_another_register_the_same(
    park: TestDatabase, module_database: TestDatabase, tmp_path: Path
) -> None:
    formula = {**LET, "lessee": "=HYPERLINK(0)", "payment_mode": "annual", "purpose": "@ xưởng"}
    assert bring(park, tmp_path, [*on(STATE, 1, 2, 3, 4), *on(formula, 1), *on(KEPT, 2)]).change
    book, before = _left(park, tmp_path / "rights.xlsx", "en")
    file, _rows = _left(park, tmp_path / "rights.csv", "vi")
    assert len(before) == 6 and "'=HYPERLINK(0)" in file.read_text(encoding="utf-8")
    other = laid(module_database, tmp_path)
    asked: dict[str, Any] = {"layer": Layer.LAND_RIGHTS, "document": DECISION}
    tried = run_import(other.database, other.settings, book, dry_run=True, **asked)
    assert tried.counts["refused"] == 0 and tried.change is None, codes(tried)
    done = run_import(other.database, other.settings, file, **asked)
    assert done.change is not None, codes(done)
    after = take_list(other.database, LEAVING["land-rights"], Scope(), "an", as_of=DAY)
    unsigned = [{**row, "signed_on": None} for row in before]
    assert [{**row, "signed_on": None} for row in after] == unsigned
    again = run_import(other.database, other.settings, file, **asked)
    assert again.change is None and "row-code-in-register" in codes(again), "and says so"


def test_hand_overs_that_left_are_read_again_and_known(park: TestDatabase, tmp_path: Path) -> None:
    minutes = [
        {"number": "BB 1", "handed_over_on": "2021-05-01", "stated_area_m2": 20_000,
         "commune_code": "06814", "sheet_no": "12", "parcel_no": number}
        for number in ("1", "2")
    ]  # fmt: skip
    asked: dict[str, Any] = {"layer": Layer.HANDOVERS, "document": DECISION}
    first = write_csv(tmp_path / "b.csv", minutes)
    assert run_import(park.database, park.settings, first, **asked).change is not None
    rows = take_list(park.database, LEAVING["handovers"], Scope(), "an", as_of=DAY)
    assert [(row["number"], row["parcel_no"], row["stated_area_m2"]) for row in rows] == [
        ("BB 1", "1", 20_000), ("BB 1", "2", 20_000),
    ]  # fmt: skip
    file = tmp_path / "again.csv"
    columns = list_columns("handovers", "vi")
    file.write_text("\ufeff" + csv_text(columns, rows, comma=True), encoding="utf-8")
    again = run_import(park.database, park.settings, file, **asked)
    assert again.change is None and again.counts["refused"] == 2
    assert not {code for code in codes(again) if code.startswith(("field-", "file-"))}

"""Every list of the register: it comes in, leaves as it came, comes back and changes nothing."""

from __future__ import annotations

import csv
import io
import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from shapely import MultiPolygon
from sqlalchemy import text

from gisapp.list_exports import take_list
from gisapp.list_imports import Bringer, ListReport, bring_table
from gisapp.lists import LEAVING, LISTS
from gisapp.present.list_tables import list_columns
from gisapp.present.tables import csv_text, sheet_of
from gisapp.present.workbook import book_bytes
from gisapp.security.scope import Scope
from planning.changes.imports import Certificate
from planning.changes.lists import hold_list
from planning.clearance.cases import NewStep, take_steps
from planning.households.commands import Money
from planning.records.commands import register_document
from planning.resettlement.commands import create_area
from tests.conftest import TestDatabase
from tests.db.clearing import OPENED, lay_case, lead
from tests.db.ground import PLANE, change, square
from tests.tables_here import read_here

PAPER = Certificate("77/BC", date(2025, 6, 30), "Ban Quản lý")
MINE = "7/BB;2024-10-01;UBND phường"
TABLES: Mapping[str, tuple[str, ...]] = {
    "zones": ("KCN-1B;Khu B;Zone B;Khu công nghiệp;KCN-1;B-KCN-1;EPSG:5899",),
    "zone-phases": (
        "KCN-1;1;Giai đoạn 1;Phase 1;49,80;đang hoạt động;2025-06-30",
        "KCN-1;2;'=HYPERLINK(0);;12,3450;chưa phân loại;",
    ),
    "clearance-cases": ("GPMB-2;Đợt 2;KCN-1;Lot 2",),
    "clearance-items": (
        "GPMB-2;1;12;3;hộ gia đình, cá nhân;đất nông nghiệp;1;TDC-1;2026-03-01",
        "GPMB-2;1;12;4;hộ gia đình, cá nhân;đất nông nghiệp;1;TDC-1;2026-03-01",
        "GPMB-2;2a;12;5;tổ chức;đất phi nông nghiệp;0;;",
    ),
    "clearance-steps": (
        f"GPMB-KCN-1;2;thông báo thu hồi đất;2024-09-12;không;{MINE}",
        f"GPMB-KCN-1;2;kiểm đếm;2024-10-05;không;{MINE}",
    ),
    "clearance-payments": (
        "GPMB-KCN-1;1;chi trả;2025-01-10;700000000;150000000;0;9/BB;2025-01-10;UBND phường",
    ),
    "households": ("GPMB-2;1;'-Lê Văn Bình;001234567890;0912345678;Thôn 5, xã A;9704001;5",),
    "clearance-flags": (
        f"GPMB-KCN-1;1;Khiếu nại;2025-02-01;2025-03-01;{MINE}",
        f"GPMB-KCN-1;2;Tạm dừng;2025-02-01;;{MINE}",
    ),
    "clearance-followups": (
        f"GPMB-KCN-1;Xác nhận hoàn thành GPMB;2025-03-01;335,00;{MINE}",
        f"GPMB-KCN-1;Nộp hồ sơ xin thuê đất;2025-04-01;0,1234;{MINE}",
    ),
    "clearance-targets": ("B-KCN-1;2025;1200,00", "KCN-1;2025;87,25"),
    "resettlement-readiness": ("TDC-1;Đang xây dựng;2026-12-31;120",),
    "resettlement-progress": (f"TDC-1;2025-05-31;62,5;Đã đổ nhựa; {MINE}".replace("; 7", ";7"),),
    "resettlement-plots": ("TDC-1;LK-7;120,55;2026-06-01;chưa xong", "TDC-1;LK-8;;;sẵn sàng"),
    "plot-assignments": ("TDC-1;LK-8;GPMB-KCN-1;1;2025-06-30",),
    "parties": (),
    "project-register": (
        "DA-1;KCN-1;Nhà máy '=1;Factory;FDI;Đang xây dựng;Công ty Lốp;5700100009",
        "DA-2;KCN-1;Đường trục;;Đầu tư công;Đã cấp GCN;;",
    ),
    "project-certificates": (
        "DA-1;Giấy chứng nhận đăng ký đầu tư;0;GCN 1;2024-01-10;Ban Quản lý;2024-01-15;;",
        "DA-1;Giấy chứng nhận đăng ký đầu tư;1;GCN 1/1;2025-02-01;Ban Quản lý;2025-02-01;"
        "vốn, tiến độ;Tăng vốn",
    ),
    "project-terms": ("DA-1;2024-01-10;2074-01-10",),
    "project-milestones": (
        "DA-1;Nhận đất;2025-07-01;", "DA-1;Vận hành;2026-12-31;",
    ),
    "project-progress": ("DA-1;2025-06-30;30;40,5;'+ chậm",),
    "project-capital": ("DA-1;USD;12000000,55;3000000", "DA-2;VND;25000000000;"),
    "project-disbursement": ("DA-1;USD;2025-01-01;2025-06-30;1250000,5;7",),
    "project-workers": ("DA-1;2025-06-30;1250;30",),
    "project-inspections": ("DA-1;2025-06-20;'@ xưởng 2 đã lợp mái;không",),
    "exchange-rates": ("USD;2025-06-30;25410,1250;7/BC;2025-06-30;Ngân hàng",),
    "recorded-figures": (
        "B-KCN-1;;các KCN;cleared_area;Diện tích GPMB;luỹ kế;;2025-06-30;49,8 ha;49,8;;đúng;"
        "ha;87;87 ha;;57,24;;3;Đợt cuối năm",
    ),
}  # fmt: skip
"""Rows as a table leaves them, in an order in which they may come in."""
NOT_TWICE = {
    "clearance-payments": "list-row-step-known",
    "households": "list-row-household-known",
    "recorded-figures": "figure-known",
}
"""Lists whose rows are told anew by each paper, and what a second time is refused with."""


@pytest.fixture(scope="module")
def filled(module_database: TestDatabase, tmp_path_factory: pytest.TempPathFactory) -> TestDatabase:
    """A case and a resettlement area; everything else came in as a table."""
    folder = tmp_path_factory.mktemp("tables")
    with module_database.database.households() as session:
        case = lay_case(session, parcels=6)
        lead(session, case, "notice", "inventory", "plan_drafted", "plan_posted", "plan_approved")
        create_area(
            session, change(session, case.document, day=OPENED), code="TDC-1",
            board_id=case.ground.board_id, name_vi="Khu tái định cư", srid=PLANE,
            area=MultiPolygon([square(10, 10, 500)]), valid_from=OPENED,
        )  # fmt: skip
    for name, lines in TABLES.items():
        if lines:
            report = bring(module_database, name, _csv(folder, name, lines))
            told = [finding for finding in report.as_json("vi")["findings"]]
            assert (report.good, report.written) == (True, len(lines)), (name, told)
    return module_database


def _csv(folder: Path, name: str, lines: tuple[str, ...]) -> Path:
    head = ";".join(column.label for column in list_columns(name, "vi"))
    path = folder / f"{name}.csv"
    path.write_text("\ufeff" + "\r\n".join([head, *lines]), encoding="utf-8")
    return path


def bring(filled: TestDatabase, name: str, path: Path, **paper: Any) -> ListReport:
    """Bring a table in on a paper."""
    who = Bringer("an", Scope(), replace(PAPER, **paper))
    return bring_table(filled.database, LISTS[name], read_here(path), path.name, who)


def taken(filled: TestDatabase, name: str) -> list[Mapping[str, object]]:
    """The rows of a list as they leave."""
    day = PAPER.issued_on
    return list(take_list(filled.database, LEAVING[name], Scope(), "an", as_of=day))


def changes(filled: TestDatabase) -> int:
    """How many changes the register holds."""
    with filled.database.reading() as session:
        return int(session.scalar(text("SELECT count(*) FROM land.change")) or 0)


def test_every_list_is_tried_here() -> None:
    assert set(TABLES) == set(LISTS)
    assert {name for name, entry in LISTS.items() if entry.kind.listed is None} == set()


@pytest.mark.parametrize("name", [name for name, lines in TABLES.items() if lines])
def test_a_list_leaves_as_it_came(filled: TestDatabase, name: str) -> None:
    lines = csv_text(list_columns(name, "vi"), taken(filled, name), comma=True).splitlines()
    for line in TABLES[name]:
        told = next(csv.reader([line], delimiter=";"))
        assert told in list(csv.reader(lines, delimiter=";")), (line, lines)


def _written(folder: Path, name: str, rows: list[Mapping[str, object]], locale: str) -> Path:
    columns = list_columns(name, locale)
    path = folder / ("a.csv" if locale == "vi" else "a.xlsx")
    if locale == "vi":
        path.write_text("\ufeff" + csv_text(columns, rows, comma=True), encoding="utf-8")
    else:
        path.write_bytes(book_bytes([sheet_of(name, columns, rows)]))
    return path


@pytest.mark.parametrize("locale", ["vi", "en"], ids=["csv-vi", "xlsx-en"])
@pytest.mark.parametrize("name", TABLES)
def test_what_left_comes_back_and_changes_nothing(
    filled: TestDatabase, tmp_path: Path, name: str, locale: str
) -> None:
    rows, before = taken(filled, name), changes(filled)
    if not rows:
        assert not TABLES[name]
        return
    report = bring(filled, name, _written(tmp_path, name, rows, locale))
    told = report.as_json(locale)
    if name in NOT_TWICE:
        assert {each["code"] for each in told["findings"]} == {NOT_TWICE[name]}, told
        assert len(report.refused) == len(rows)
    else:
        assert report.good, told["findings"]
        assert (report.unchanged, report.written, report.change) == (len(rows), 0, None)
    assert changes(filled) == before and taken(filled, name) == rows


EDITED: Mapping[str, tuple[str, object]] = {
    "clearance-items": ("plots_needed", 2),
    "clearance-targets": ("area_m2", 990_000),
    "zone-phases": ("name_vi", "Giai đoạn đầu"),
    "resettlement-readiness": ("plots_planned", 130),
    "resettlement-plots": ("legal_area_m2", 99.25),
    "project-register": ("status", "operating"),
    "project-terms": ("ends_on", date(2073, 1, 10)),
    "project-milestones": ("planned_on", date(2027, 1, 31)),
    "project-capital": ("implemented", 4_000_000),
    "project-disbursement": ("planned", 1_300_000),
}
"""A cell an office worker changes in the file that left."""


@pytest.mark.parametrize("name", EDITED)
def test_only_the_row_that_was_edited_is_written(
    filled: TestDatabase, tmp_path: Path, name: str
) -> None:
    """On a later day than the other tests look at."""
    field, value = EDITED[name]
    rows = taken(filled, name)
    edited = [*rows[:-1], {**rows[-1], field: value}]
    report = bring(filled, name, _written(tmp_path, name, edited, "vi"), issued_on=date(2025, 7, 1))
    assert report.good, report.as_json("vi")["findings"]
    assert (report.written, report.unchanged) == (1, len(rows) - 1)
    day = date(2025, 7, 1)
    after = take_list(filled.database, LEAVING[name], Scope(), "an", as_of=day)
    assert value in [row[field] for row in after]


def test_a_complaint_is_settled_by_its_row(fresh_database: TestDatabase, tmp_path: Path) -> None:
    with fresh_database.database.households() as session:
        lay_case(session)
    open_row, settled = f"GPMB-KCN-1;1;Khiếu nại;2025-02-01;;{MINE}", "Khiếu nại;2025-02-01;"
    assert bring(fresh_database, "clearance-flags", _csv(tmp_path, "clearance-flags", (open_row,)))
    wrong = (
        (f"{settled}2025-02-01", "list-row-days-backwards"),
        ("Khiếu nại;2025-03-01;", "list-row-flag-known"),
    )
    for told, code in wrong:
        path = _csv(tmp_path, "clearance-flags", (f"GPMB-KCN-1;1;{told};{MINE}",))
        assert [e.code for e in bring(fresh_database, "clearance-flags", path).refused] == [code]
    done = f"GPMB-KCN-1;1;{settled}2025-06-01;{MINE}"
    report = bring(fresh_database, "clearance-flags", _csv(tmp_path, "clearance-flags", (done,)))
    assert report.written == 1
    (row,) = taken(fresh_database, "clearance-flags")
    assert (row["since"], row["until"]) == (date(2025, 2, 1), date(2025, 6, 1))


def test_a_table_sent_twice_at_once_is_written_once(
    fresh_database: TestDatabase, tmp_path: Path
) -> None:
    """A payment below the plan: nothing but the list's lock keeps it from counting twice."""
    with fresh_database.database.households() as session:
        case = lay_case(session)
        lead(session, case, "notice", "inventory", "plan_drafted", "plan_posted", "plan_approved")
    row = ("GPMB-KCN-1;1;chi trả;2025-01-10;1000;0;0;9/BB;2025-01-10;UBND phường",)
    path, said = _csv(tmp_path, "clearance-payments", row), []

    def second() -> None:
        said.append(bring(fresh_database, "clearance-payments", path))

    with fresh_database.database.households() as session:
        hold_list(session, "clearance-payments")
        other = threading.Thread(target=second, daemon=True)
        other.start()
        waiting = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        until = time.monotonic() + 20
        while not session.scalar(waiting):
            assert time.monotonic() < until and other.is_alive(), "it does not wait for the first"
            time.sleep(0.02)
        number = change(session, case.document, day=date(2025, 1, 10))
        paper = register_document(
            session, number="9/BB", issued_on=date(2025, 1, 10), issuer="UBND phường", actor="an"
        )
        money = Money(Decimal(1000))
        step = NewStep(case.items[0], "paid", date(2025, 1, 10), paper, money)
        take_steps(session, number, [step])
    other.join(30)
    assert [found.code for found in said[0].refused] == ["list-row-step-known"]


def test_two_rows_of_one_thing_are_told_even_when_one_is_known(
    filled: TestDatabase, tmp_path: Path
) -> None:
    lines = ("KCN-1;2025;87,25", "KCN-1;2025;88")
    report = bring(filled, "clearance-targets", _csv(tmp_path, "clearance-targets", lines))
    (found,) = report.refused
    assert (found.row, found.code, found.context) == (3, "list-row-repeated", {"other_row": 2})


def test_a_workbook_of_names_runs_nothing(filled: TestDatabase, tmp_path: Path) -> None:
    path = _written(tmp_path, "zone-phases", taken(filled, "zone-phases"), "en")
    sheet: Any = openpyxl.load_workbook(io.BytesIO(path.read_bytes())).active
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert "=HYPERLINK(0)" in {cell.value for cell in cells}
    assert {cell.data_type for cell in cells if cell.value == "=HYPERLINK(0)"} == {"s"}


def test_readings_of_people_are_noted(filled: TestDatabase) -> None:
    taken(filled, "households"), taken(filled, "clearance-payments")
    with filled.database.households() as session:
        noted = session.execute(
            text("SELECT DISTINCT action FROM land.audit_event WHERE action LIKE 'household%'")
        ).scalars()
        assert set(noted) == {"household-read", "household-amounts-read"}

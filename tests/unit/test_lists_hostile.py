"""Tables as offices save them, and tables made to harm: told by row and column, nothing lost."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from gisapp.list_imports import sentence
from gisapp.messages import render
from gisapp.present.tables import Column, csv_text
from layers.errors import LayerError
from layers.fields.formulas import FORMULA_STARTS, defused, undefused
from layers.fields.numbers import parse_number
from layers.sandbox import Limits
from layers.sandbox.archive import check_workbook
from layers.vector.errors import (
    ArchiveRatio,
    FileMalformed,
    FileTypeUnknown,
    TableColumnRepeated,
    TooManyColumns,
    TooManyFeatures,
)
from planning.errors import PlanningError
from planning.incoming import Incoming, Line, ListKind, read_list
from tests.old_letters import to_tcvn3, to_vni
from tests.tables_here import read_here

TARGETS = ["Ban hoặc khu", "Năm", "Diện tích kế hoạch (ha)"]
STEPS = ["Hồ sơ", "Mục", "Bước", "Ngày"]


def kind(name: str) -> ListKind[None, Line]:
    """A list whose rows are what they say."""
    return ListKind(name, lambda *_: None, lambda _around, line: line, lambda *_: None)


def taken(path: Path, name: str = "clearance-targets") -> Incoming[Line]:
    """A table read as a list."""
    read = read_here(path)
    return read_list(kind(name), [int(n) for n in read.rows], read.columns, None, read.findings)


def told(path: Path, name: str = "clearance-targets") -> dict[int, str]:
    """What is said of rows, by their number in the sheet."""
    return {each.row: sentence(each, name, "vi") for each in taken(path, name).refused}


def csv_of(folder: Path, head: list[str], *rows: str, encoding: str = "utf-8-sig") -> Path:
    path = folder / "a.csv"
    path.write_bytes("\r\n".join([";".join(head), *rows]).encode(encoding))
    return path


def book(folder: Path, rows: list[list[object]], *merged: str) -> Path:
    made = openpyxl.Workbook()
    sheet = made.worksheets[0]
    for row in rows:
        sheet.append(row)
    for cells in merged:
        sheet.merge_cells(cells)
    path = folder / "a.xlsx"
    made.save(path)
    return path


@pytest.mark.parametrize(
    ("area", "said"),
    [
        ("1e999", "Diện tích kế hoạch (ha): 1e999 ngoài khoảng"),
        ("-1e999", "ngoài khoảng"),
        ("NaN", "Diện tích kế hoạch (ha): NaN không phải số hữu hạn"),
        ("∞", "“∞” không phải số"),
        ("1.234", "Diện tích kế hoạch (ha): số 1.234 có thể đọc hai cách"),
        ("12,34,5", "không phải số"),
        ("=6*7", "“=6*7” không phải số"),
        ("", "Thiếu Diện tích kế hoạch (ha)"),
        ("-", "Thiếu Diện tích kế hoạch (ha)"),
    ],
)
def test_a_number_that_is_none(tmp_path: Path, area: str, said: str) -> None:
    found = told(csv_of(tmp_path, TARGETS, f"KCN-1;2025;{area}"))
    assert list(found) == [2] and said in found[2]


def test_decimal_commas_dots_and_blank_rows(tmp_path: Path) -> None:
    path = book(tmp_path, [TARGETS, ["KCN-1", 2025, 5.5], [], [None, " ", None],
                           ["KCN-2", "2025", "1.087,25"]])  # fmt: skip
    found = taken(path)
    assert [(line.number, line.number_of("area_m2")) for line in found.items] == [
        (2, Decimal("55000.0")), (5, Decimal("10872500.00")),
    ]  # fmt: skip


def test_days_as_people_write_them(tmp_path: Path) -> None:
    good = ["31/12/2025", "31-12-2025", "2025-12-31", "20251231", "46022",
            "ngày 31 tháng 12 năm 2025"]  # fmt: skip
    rows = [f"A;{place};kiểm đếm;{day}" for place, day in enumerate(good)]
    found = taken(csv_of(tmp_path, STEPS, *rows), "clearance-steps")
    assert [line.day("day") for line in found.items] == [date(2025, 12, 31)] * len(good)
    sheet = [STEPS, ["A", 1, "kiểm đếm", 46022], ["A", 2, "kiểm đếm", datetime(2025, 12, 31)]]  # noqa: DTZ001
    found = taken(book(tmp_path, [*sheet, ["A", 3, "kiểm đếm", "31/12/2025"]]), "clearance-steps")
    assert [line.day("day") for line in found.items] == [date(2025, 12, 31)] * 3
    bad = ["12/31/2025", "31/12/25", "2025-02-30", "hôm qua"]
    said = told(csv_of(tmp_path, STEPS, *(f"A;1;kiểm đếm;{day}" for day in bad)), "clearance-steps")
    assert list(said) == [2, 3, 4, 5] and all(text.startswith("Ngày: ") for text in said.values())
    assert "hai chữ số" in said[3]


def test_a_title_over_the_heading_is_passed_over(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["BAN QUẢN LÝ KHU KINH TẾ"], ["Kế hoạch giải phóng mặt bằng", None, None], [],
        TARGETS, ["(1)", "(2)", "(3)"], ["KCN-1", 2025, 5],
    ]  # fmt: skip
    found = taken(book(tmp_path, rows, "A1:C1", "A2:C2"))
    assert [(line.number, line.text("whose")) for line in found.items] == [(6, "KCN-1")]


def test_a_heading_of_merged_cells_in_two_rows_is_explained(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Ban hoặc khu", "Kế hoạch", None], [None, "Năm", "Diện tích (ha)"], ["KCN-1", 2025, 5],
    ]  # fmt: skip
    with pytest.raises(LayerError) as refused:
        taken(book(tmp_path, rows, "A1:A2", "B1:C1"))
    text = render(
        refused.value.code, {"target": "clearance-targets", **refused.value.context}, "vi"
    )
    assert "Năm" in text and "Ban hoặc khu, Kế hoạch" in text and "gộp ô" in text


def test_merged_cells_of_rows_leave_gaps_that_are_told(tmp_path: Path) -> None:
    rows = [TARGETS, ["KCN-1", 2025, 5], [None, 2026, 6]]
    assert told(book(tmp_path, rows, "A2:A3")) == {3: "Thiếu Ban hoặc khu."}


def test_a_heading_said_again_and_a_line_of_sums_are_told(tmp_path: Path) -> None:
    rows = [TARGETS, ["KCN-1", 2025, 5], TARGETS, ["KCN-2", 2025, 6], ["Cộng", None, 11]]
    path = book(tmp_path, rows)
    read = taken(path)
    assert {found.row for found in read.refused} == {3, 5} and read.count == 4
    assert not read.whole, "the good rows wait for the others"


def test_a_column_twice_is_named(tmp_path: Path) -> None:
    with pytest.raises(TableColumnRepeated) as refused:
        taken(csv_of(tmp_path, ["Năm", *TARGETS], "1;KCN-1;2025;5"))
    assert refused.value.context["column"] == "Năm"
    with pytest.raises(TooManyColumns):
        taken(csv_of(tmp_path, [f"c{place}" for place in range(100)], ";".join("1" * 100)))


def test_a_cell_that_is_a_formula_or_an_error_names_its_column(tmp_path: Path) -> None:
    found = told(book(tmp_path, [TARGETS, ["KCN-1", 2025, "=6*7"], ["KCN-2", 2025, "#REF!"]]))
    assert found[2].startswith("Diện tích kế hoạch (ha): ô là công thức chưa có giá trị")
    assert found[3].startswith("Diện tích kế hoạch (ha): ")


@pytest.mark.parametrize("letters", [to_tcvn3, to_vni], ids=["tcvn3", "vni"])
def test_old_letters_become_unicode_and_it_is_said(tmp_path: Path, letters: object) -> None:
    text = "Hồ sơ;Tên;Khu\r\nGPMB-1;Giải phóng mặt bằng đường trục Hải Hà;KCN-1\r\n"
    path = tmp_path / "a.csv"
    path.write_bytes(letters(text))  # type: ignore[operator]
    found = taken(path, "clearance-cases")
    assert found.items[0].text("name_vi") == "Giải phóng mặt bằng đường trục Hải Hà"
    assert {note.code for note in found.findings} == {"file-encoding-detected"}


def test_a_byte_nobody_sees_is_not_dropped(tmp_path: Path) -> None:
    with pytest.raises(FileTypeUnknown):
        taken(csv_of(tmp_path, TARGETS, "KCN\0-1;2025;5"))
    rows = [f"KCN-{place};2025;5" for place in range(400)]
    with pytest.raises(FileMalformed) as refused:
        taken(csv_of(tmp_path, TARGETS, *rows, "KCN\0-1;2025;5"))
    assert refused.value.context["reason"] == "NUL (line 402)"
    hidden = told(csv_of(tmp_path, TARGETS, "KCN\u200b-1;2025;5"))
    assert "ký tự ẩn U+200B" in hidden[2]


def test_a_hundred_thousand_rows_are_too_many_in_words(tmp_path: Path) -> None:
    path = csv_of(tmp_path, TARGETS, *["KCN-1;2025;5"] * 100_000)
    with pytest.raises(TooManyFeatures) as refused:
        taken(path)
    text = render(refused.value.code, refused.value.context, "vi")
    assert "20.000" in text and "chia thành nhiều tệp" in text


def test_a_bomb_is_seen_before_it_is_opened(tmp_path: Path) -> None:
    path = book(tmp_path, [TARGETS, ["KCN-1", 2025, 5]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet2.xml", bytes(40_000_000))
    with pytest.raises(ArchiveRatio) as refused:
        check_workbook(path, Limits.for_layer("list"))
    assert "sheet2.xml" in render(refused.value.code, refused.value.context, "vi")


@settings(max_examples=100, deadline=None)
@given(some.text(max_size=12))
def test_no_text_is_run_and_every_text_comes_back(text: str) -> None:
    assert not defused(text).startswith(FORMULA_STARTS)
    assert undefused(defused(text)) == text


@settings(max_examples=100, deadline=None)
@given(some.decimals(-(10**12), 10**12, places=3) | some.decimals(0, 10**6, places=4))
@pytest.mark.parametrize("comma", [True, False], ids=["vi", "en"])
def test_a_number_that_left_is_never_read_as_thousands(comma: bool, number: Decimal) -> None:
    column = Column(key="n", label="n", kind="number")
    cell = csv_text([column], [{"n": number}], comma=comma).splitlines()[1].strip('"')
    if number == 0 or not cell.startswith("'"):
        assert parse_number(cell, None) == number


def test_the_register_speaks_when_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(LayerError):
        taken(csv_of(tmp_path, TARGETS))
    with pytest.raises(PlanningError):
        read_list(kind("clearance-targets"), [], {name: [] for name in TARGETS}, None)

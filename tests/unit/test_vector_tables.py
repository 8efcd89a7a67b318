"""Tables read through the sandbox: delimiters, encodings, headings, formulas, sheets."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from layers.sandbox import Limits
from layers.vector.errors import (
    EncodingContradicted,
    FileEmpty,
    LayerNotInFile,
    LayerToChoose,
    TableColumnRepeated,
    TableWithoutHeader,
)
from tests.land_files import codes, read, workbook, written
from tests.old_letters import to_cp1258, to_tcvn3, to_vni

TABLES = Limits.for_layer("land-rights")
HEADING = ["Số hợp đồng", "Bên thuê", "Diện tích"]
ROWS = [["12/HĐ", "Công ty A", "1.941,57"], ["13/HĐ", "Công ty B; chi nhánh", "400"]]


def csv_text(delimiter: str, rows: list[list[str]] = ROWS) -> str:
    lines = [HEADING, *rows]
    quoted = [[f'"{cell}"' if delimiter in cell else cell for cell in line] for line in lines]
    return "\r\n".join(delimiter.join(line) for line in quoted) + "\r\n"


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_csv_by_its_delimiter(tmp_path: Path, delimiter: str) -> None:
    parsed = read(written(tmp_path / "a.csv", csv_text(delimiter)), TABLES)
    assert list(parsed.columns) == HEADING
    assert parsed.columns["Bên thuê"] == ["Công ty A", "Công ty B; chi nhánh"]
    assert parsed.columns["Diện tích"] == ["1.941,57", "400"]
    assert parsed.rows.tolist() == [2, 3]
    assert (parsed.layer, parsed.driver, parsed.geometries.tolist()) == ("a", None, [None, None])


@pytest.mark.parametrize(
    "raw",
    [
        csv_text(";").encode("utf-8-sig"),
        csv_text("\t").encode("utf-16"),
        to_cp1258(csv_text(";")),
        to_tcvn3(csv_text(";")),
        to_vni(csv_text(";")),
    ],
    ids=["utf-8-bom", "utf-16", "cp1258", "tcvn3", "vni"],
)
def test_csv_by_its_encoding(tmp_path: Path, raw: bytes) -> None:
    parsed = read(written(tmp_path / "a.csv", raw), TABLES)
    assert list(parsed.columns) == HEADING
    assert parsed.columns["Số hợp đồng"] == ["12/HĐ", "13/HĐ"]


def test_the_heading_is_found_under_titles_and_over_numbers(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        {
            "Thuê đất": [
                ["UBND TỈNH QUẢNG NINH", None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
                ["DANH SÁCH HỢP ĐỒNG"],
                [],
                ["STT", *HEADING, "Ngày ký"],
                ["(1)", "(2)", "(3)", "(4)", "(5)"],
                [1, "12/HĐ", "Công ty A", 1941.57, date(2021, 3, 5)],
                [],
                [2, "13/HĐ", "Công ty B", 400, date(2022, 1, 1)],
            ]
        },
    )
    parsed = read(path, TABLES)
    assert list(parsed.columns) == ["STT", *HEADING, "Ngày ký"]
    assert parsed.rows.tolist() == [6, 8]
    assert parsed.columns["Diện tích"] == [1941.57, 400.0]
    assert parsed.columns["Ngày ký"] == [date(2021, 3, 5), date(2022, 1, 1)]
    assert parsed.columns["STT"] == [1, 2]
    assert codes(parsed) == [(5, "row-numbers-columns")]


def test_a_first_row_of_1_2_3_is_data(tmp_path: Path) -> None:
    parsed = read(written(tmp_path / "a.csv", "tờ;thửa;diện tích\n1;2;3\n"), TABLES)
    assert parsed.rows.tolist() == [2]


def test_a_mixed_column_is_text_and_whole_numbers_stay_whole(tmp_path: Path) -> None:
    rows: list[list[object]] = [["Số thửa", "Tờ"], [5.0, 1], ["12a", 2.5], [date(2021, 3, 5), 3]]
    parsed = read(workbook(tmp_path / "a.xlsx", {"S": rows}), TABLES)
    assert parsed.columns["Số thửa"] == ["5", "12a", "2021-03-05"]
    assert parsed.columns["Tờ"] == [1.0, 2.5, 3.0]


def test_formulas_are_never_worked_out(tmp_path: Path) -> None:
    rows = [["A", "B"], [1, "=1+1"], [2, "x"], [3, "#REF!"]]
    parsed = read(workbook(tmp_path / "a.xlsx", {"S": rows}), TABLES)
    assert parsed.columns["B"] == [None, "x", "#REF!"]
    assert codes(parsed) == [(4, "row-cell-error"), (2, "row-formula-without-value")]


def test_sheets_are_a_choice_and_hidden_ones_are_not_offered(tmp_path: Path) -> None:
    table = [["A", "B"], [1, 2]]
    path = workbook(tmp_path / "a.xlsx", {"Một": table, "Hai": table, "Ghi chú": []})
    with pytest.raises(LayerToChoose) as refused:
        read(path, TABLES)
    assert refused.value.context["layers"] == ["Một", "Hai"]
    assert read(path, TABLES, layer="Hai").layer == "Hai"
    with pytest.raises(LayerNotInFile):
        read(path, TABLES, layer="Ba")
    path = workbook(tmp_path / "b.xlsx", {"Một": table, "Ghi chú": []})
    assert read(path, TABLES).layer == "Một"


def test_too_many_cells_are_said(tmp_path: Path) -> None:
    parsed = read(written(tmp_path / "a.csv", "a;b\n1;2;9\n4;5\n"), TABLES)
    assert codes(parsed) == [(2, "row-too-many-cells")]


def test_tables_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(TableWithoutHeader):
        read(written(tmp_path / "a.csv", "1;2\n3;4\n"), TABLES)
    with pytest.raises(TableColumnRepeated):
        read(written(tmp_path / "b.csv", "Số;số\n3;4\n"), TABLES)
    with pytest.raises(FileEmpty):
        read(written(tmp_path / "c.csv", "a;b\n"), TABLES)
    with pytest.raises(FileEmpty):
        read(workbook(tmp_path / "d.xlsx", {"S": []}), TABLES)


def test_a_csv_in_a_wrong_encoding_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EncodingContradicted):
        read(written(tmp_path / "a.csv", to_tcvn3(csv_text(";"))), TABLES, encoding="utf-8")


def test_cells_typed_in_an_old_font_become_unicode(tmp_path: Path) -> None:
    rows = [
        [to_tcvn3(name).decode("latin-1") for name in ("Số hợp đồng", "Bên thuê", "Ghi chú")],
        ["12", to_tcvn3("Công ty Hải Hà").decode("latin-1"), "Hà Nội"],
        ["13", to_tcvn3("Nguyễn Thị Hường").decode("latin-1"), "Đông Triều"],
    ]
    parsed = read(workbook(tmp_path / "a.xlsx", {"S": rows}), TABLES)
    assert list(parsed.columns) == ["Số hợp đồng", "Bên thuê", "Ghi chú"]
    assert parsed.columns["Bên thuê"] == ["Công ty Hải Hà", "Nguyễn Thị Hường"]
    assert parsed.columns["Ghi chú"] == ["Hà Nội", "Đông Triều"]
    assert {f.code for f in parsed.findings} == {"file-encoding-converted"}


def test_decomposed_letters_of_a_table_become_composed(tmp_path: Path) -> None:
    text = unicodedata.normalize("NFD", "Số;Bên\n1;Hải Hà\n")
    for raw in (text.encode("utf-8-sig"), text.encode("utf-16"), text.encode()):
        parsed = read(written(tmp_path / "a.csv", raw), TABLES)
        assert parsed.columns["Bên"] == ["Hải Hà"]


def test_a_moment_in_a_sheet_is_vietnamese_time(tmp_path: Path) -> None:
    late = datetime(2021, 3, 5, 23, 30)  # noqa: DTZ001  a spreadsheet has no zone
    parsed = read(workbook(tmp_path / "a.xlsx", {"S": [["Ngày", "Số"], [late, 1]]}), TABLES)
    assert parsed.columns["Ngày"] == [datetime(2021, 3, 5, 16, 30, tzinfo=UTC)]

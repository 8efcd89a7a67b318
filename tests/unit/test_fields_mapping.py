"""Which column feeds which field, and rows as typed values or findings."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from gisapp.lists import LISTS
from gisapp.messages import placeholders, texts
from layers.fields import TOML_EXAMPLE, convert, map_of, read_map, suggest, target, targets
from layers.fields.errors import (
    FieldColumnMissing,
    FieldMapOfAnotherTarget,
    FieldMapUnreadable,
    FieldsDoubtful,
    FieldsRefused,
    FieldsWithoutColumn,
    FieldUnknown,
    TargetUnknown,
)
from layers.fields.mapping import FieldMap
from layers.fields.names import fold, unit_in
from layers.vector.errors import BY_CODE
from layers.vector.findings import FINDING_CODES
from planning.changes.imports import Layer

PARCELS = {"sotobando": ["1", "2"], "sothua": ["10", "11"]}


def mapped(columns: list[str], name: str) -> dict[str, str]:
    return {match.field: match.column for match in suggest(columns, name).matches}


def test_the_kinds_of_import_are_those_of_the_command() -> None:
    assert {layer.value for layer in Layer} <= set(targets())
    only_leaving = {"lessor-powers"}
    assert set(targets()) - {layer.value for layer in Layer} == set(LISTS) | only_leaving
    with pytest.raises(TargetUnknown):
        target("roads")


@pytest.mark.parametrize("name", targets())
def test_aliases_are_folded_and_belong_to_one_field(name: str) -> None:
    aliases = [alias for field in target(name).fields.values() for alias in field.aliases]
    assert [alias for alias in aliases if alias != fold(alias)] == []
    assert len(aliases) == len(set(aliases))
    for group in target(name).keys:
        assert set(group) <= set(target(name).fields)


@pytest.mark.parametrize("locale", ["vi", "en"])
@pytest.mark.parametrize("name", targets())
def test_a_field_is_found_by_the_title_we_give_it(name: str, locale: str) -> None:
    """Files that leave, and templates, carry these titles: they must come back in."""
    titles = {key: field.title(locale) for key, field in target(name).fields.items()}
    assert mapped(list(titles.values()), name) == titles


def test_parcel_columns_of_a_cadastral_shapefile() -> None:
    columns = ["MAXA", "SOTOBANDO", "SOTHUTUTHU", "DIENTICHPH", "MALOAIDAT", "MAKCN", "GHICHU"]
    assert mapped(columns, "parcels") == {
        "commune_code": "MAXA",
        "sheet_no": "SOTOBANDO",
        "parcel_no": "SOTHUTUTHU",
        "legal_area_m2": "DIENTICHPH",
        "land_use_code": "MALOAIDAT",
        "zone_code": "MAKCN",
    }
    assert suggest(columns, "parcels").unused_columns == ("GHICHU",)


def test_lot_columns_cut_by_the_dbf() -> None:
    columns = ["KYHIEULODA", "MALOAIDAT", "DIENTICH", "MATDOXD", "TANGCAO", "HESOSDD"]
    assert mapped(columns, "plan-lots") == {
        "symbol": "KYHIEULODA",
        "category": "MALOAIDAT",
        "legal_area_m2": "DIENTICH",
        "density_pct": "MATDOXD",
        "storeys_max": "TANGCAO",
        "floor_area_ratio": "HESOSDD",
    }
    reasons = {match.field: match.reason for match in suggest(columns, "plan-lots").matches}
    assert reasons["symbol"] == "truncated"
    assert reasons["category"] == "alias"


def test_headings_of_a_lease_table_in_vietnamese() -> None:
    columns = [
        "STT",
        "Số hợp đồng",
        "Ngày ký",
        "Bên cho thuê",
        "Bên thuê",
        "MST",
        "Diện tích (ha)",
        "Thời hạn (năm)",
        "Hình thức",
        "Mã xã",
        "Số tờ bản đồ",
        "Số thửa",
    ]
    suggestion = suggest(columns, "land-rights")
    assert (suggestion.missing, dict(suggestion.doubtful)) == ((), {})
    assert suggestion.unused_columns == ("STT",)
    assert suggestion.map.rules["contract_area_m2"].unit == "ha"
    assert suggestion.map.rules["lessor"].column == "Bên cho thuê"
    assert suggestion.map.rules["lessee"].column == "Bên thuê"


def test_wards_of_a_real_file() -> None:
    assert mapped(["MA_XA", "TEN_XA", "TENDAYDU", "DTICH_M2"], "admin-units") == {
        "code": "MA_XA",
        "name_vi": "TENDAYDU",
    }


def test_two_columns_for_one_field_are_a_persons_choice() -> None:
    suggestion = suggest(["so_to", "Số tờ", "sothua"], "parcels")
    assert suggestion.doubtful == {"sheet_no": ("so_to", "Số tờ")}
    with pytest.raises(FieldsDoubtful):
        suggestion.settled()


def test_missing_required_columns_are_named() -> None:
    suggestion = suggest(["ten", "ghichu"], "parcels")
    assert suggestion.missing == ("sheet_no", "parcel_no")
    with pytest.raises(FieldsWithoutColumn) as refused:
        suggestion.settled()
    assert refused.value.context["fields"] == ["sheet_no", "parcel_no"]


def test_a_short_or_uncut_name_is_not_taken_as_cut() -> None:
    assert "symbol" not in mapped(["KYHIEULOD"], "plan-lots")  # nine characters: not cut by a DBF
    assert "legal_area_m2" not in mapped(["DIENTICH_1"], "parcels")


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("Diện tích (ha)", "ha"),
        ("DT_HA", "ha"),
        ("Diện tích (m²)", "m2"),
        ("Nhà ở", None),
        ("Vốn (triệu đồng)", "trieu"),
        ("Vốn (tỷ đồng)", "ty"),
    ],
)
def test_units_in_headings(heading: str, unit: str | None) -> None:
    assert unit_in(heading) == unit


def test_the_example_map_is_read(tmp_path: Path) -> None:
    place = tmp_path / "fields.toml"
    place.write_text(TOML_EXAMPLE, encoding="utf-8")
    columns: dict[str, list[object]] = {
        "SO_TO": ["1"],
        "SO_THUA": [12.0],
        "DT": ["2.717"],
    }
    (row,) = convert(read_map(place, "parcels"), [7], columns)
    assert row.findings == ()
    assert row.values == {
        "sheet_no": "1",
        "parcel_no": "12",
        "commune_code": "06652",
        "legal_area_m2": Decimal(27_170_000),
    }


def test_columns_of_a_map_are_found_whatever_their_spelling() -> None:
    field_map = map_of({"fields": {"sheet_no": "so_to", "parcel_no": "sothututhua"}}, "parcels")
    checked = field_map.checked(["Số tờ", "SOTHUTUTHU"])
    assert checked.rules["sheet_no"].column == "Số tờ"
    assert checked.rules["parcel_no"].column == "SOTHUTUTHU"


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"target": "plan-lots", "fields": {}}, FieldMapOfAnotherTarget),
        ({"fields": {"colour": "x"}}, FieldUnknown),
        ({"fields": []}, FieldMapUnreadable),
        ({"fields": {}, "more": 1}, FieldMapUnreadable),
        ({"fields": {"sheet_no": 5}}, FieldMapUnreadable),
        ({"fields": {"sheet_no": {"column": "a", "value": "b"}}}, FieldMapUnreadable),
        ({"fields": {"sheet_no": {"column": "a", "shout": "b"}}}, FieldMapUnreadable),
        ({"fields": {"legal_area_m2": {"column": "a", "unit": "acre"}}}, FieldMapUnreadable),
        ({"fields": {"legal_area_m2": {"column": "a", "numbers": "fr"}}}, FieldMapUnreadable),
        ({"fields": {"sheet_no": {"column": "a", "values": {"x": "y"}}}}, FieldMapUnreadable),
    ],
)
def test_a_bad_map_is_refused(said: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        map_of(said, "parcels")


@pytest.mark.parametrize("text", ["[fields", "\x00", "x" * 200_000])
def test_a_file_that_is_no_map_is_refused(tmp_path: Path, text: str) -> None:
    place = tmp_path / "fields.toml"
    place.write_text(text, encoding="utf-8")
    with pytest.raises(FieldMapUnreadable):
        read_map(place, "parcels")
    with pytest.raises(FieldMapUnreadable):
        read_map(tmp_path / "absent.toml", "parcels")


def test_a_map_naming_an_absent_column_is_refused() -> None:
    field_map = map_of({"fields": {"sheet_no": "to", "parcel_no": "sothua"}}, "parcels")
    with pytest.raises(FieldColumnMissing) as refused:
        convert(field_map, [1, 2], PARCELS)
    assert refused.value.context["column"] == "to"


def parcels(**columns: list[object]) -> FieldMap:
    return suggest([*PARCELS, *columns], "parcels").settled()


def test_every_refusal_carries_row_field_and_value() -> None:
    columns: dict[str, list[object]] = {
        "sotobando": ["1", None],
        "sothua": ["10", "11"],
        "dientich": ["2.717", "-3"],
    }
    first, second = convert(suggest(list(columns), "parcels").settled(), [2, 3], columns)
    assert [(f.row, f.code, f.field) for f in first.findings] == [
        (2, "field-number-ambiguous", "legal_area_m2")
    ]
    assert first.findings[0].context["value"] == "2.717"
    assert {(f.row, f.code, f.field) for f in second.findings} == {
        (3, "field-required", "sheet_no"),
        (3, "field-number-out-of-range", "legal_area_m2"),
    }
    assert first.refused and second.refused
    assert first.values == {"sheet_no": "1", "parcel_no": "10"}


def test_an_area_larger_than_the_country_is_refused() -> None:
    columns: dict[str, list[object]] = {
        "sotobando": ["1", "1"],
        "sothua": ["1", "2"],
        "dientich": ["1e999", "1e-9"],
    }
    first, second = convert(suggest(list(columns), "parcels").settled(), [1, 2], columns)
    assert [(f.code, f.field) for f in first.findings] == [
        ("field-number-out-of-range", "legal_area_m2")
    ]
    assert not second.refused


def test_codes_keep_their_zeros_and_hectares_become_square_metres() -> None:
    columns: dict[str, list[object]] = {
        **PARCELS,
        "maxa": [6652, "06658"],
        "Diện tích (ha)": ["1,5", "400 m2"],
        "loaidat": ["skk", " ONT "],
    }
    first, second = convert(suggest(list(columns), "parcels").settled(), [1, 2], columns)
    assert first.values["commune_code"] == "06652"
    assert first.values["legal_area_m2"] == 15_000
    assert second.values["legal_area_m2"] == 400
    assert (first.values["land_use_code"], second.values["land_use_code"]) == ("SKK", "ONT")


def test_rights_by_table() -> None:
    columns: dict[str, list[object]] = {
        "hinhthuc": ["Thuê lại", "Nhà nước giao đất", "mượn"],
        "sohopdong": ["12/HĐTLĐ", "5/QĐ-UBND", "7"],
        "ngayky": ["05/03/2021", 44260, "5/3/21"],
        "benthue": ["Công ty  TNHH A", "Công ty B", "C"],
        "dientich": [1941.57, "1.941,57", "100"],
        "thoihan": ["50 năm", 70, "lâu dài"],
        "tratien": ["Một lần", "hằng năm", None],
        "uuid": ["00000000-0000-4000-8000-000000000001", None, "x"],
        "soto": [None, "1", None],
        "sothua": [None, "2", None],
    }
    first, second, third = convert(
        suggest(list(columns), "land-rights").settled(), [2, 3, 4], columns
    )
    assert first.findings == () and second.findings == ()
    assert first.values["kind"] == "sub_lease"
    assert first.values["signed_on"] == date(2021, 3, 5)
    assert first.values["lessee"] == "Công ty TNHH A"
    assert first.values["contract_area_m2"] == Decimal("1941.57")
    assert first.values["term_years"] == 50
    assert first.values["payment_mode"] == "one_off"
    assert first.values["parcel_id"] == UUID("00000000-0000-4000-8000-000000000001")
    assert second.values["kind"] == "state_allocation"
    assert second.values["payment_mode"] == "annual"
    assert {(f.code, f.field) for f in third.findings} == {
        ("field-value-unknown", "kind"),
        ("field-date-ambiguous", "signed_on"),
        ("field-number-unreadable", "term_years"),
        ("field-identifier-unreadable", "parcel_id"),
    }


def test_a_row_without_any_key_is_refused() -> None:
    columns: dict[str, list[object]] = {
        "sobienban": ["1/BB"],
        "ngaybangiao": ["05/03/2021"],
        "soto": ["1"],
        "sothua": [None],
    }
    (row,) = convert(suggest(list(columns), "handovers").settled(), [2], columns)
    assert [(f.code, f.field) for f in row.findings] == [("field-required", "sheet_no, parcel_no")]


def test_a_table_without_key_columns_is_refused() -> None:
    assert suggest(["sobienban", "ngaybangiao"], "handovers").missing == ("sheet_no", "parcel_no")


def test_money_storeys_and_own_words() -> None:
    columns: dict[str, list[object]] = {
        "maduan": ["DA-1"],
        "tenduan": ["Dự án A"],
        "Vốn đăng ký (tỷ đồng)": ["1.250,5"],
    }
    (row,) = convert(suggest(list(columns), "projects").settled(), [2], columns)
    assert row.values["registered_capital"] == 1_250_500_000_000
    lots: dict[str, list[object]] = {"kyhieu": ["CN-01"], "tangcao": ["1-5 tầng"]}
    (row,) = convert(suggest(list(lots), "plan-lots").settled(), [2], lots)
    assert row.values["storeys_max"] == 5
    said = {
        "fields": {
            "kind": {"column": "loai", "values": {"TL": "sub_lease"}},
            "number": "so",
            "lessee": "ben",
            "contract_area_m2": "dt",
            "sheet_no": "to",
            "parcel_no": "thua",
        }
    }
    rights: dict[str, list[object]] = {
        "loai": ["tl"],
        "so": ["1"],
        "ben": ["A"],
        "dt": [5],
        "to": ["1"],
        "thua": ["1"],
    }
    (row,) = convert(map_of(said, "land-rights"), [2], rights)
    assert row.values["kind"] == "sub_lease"


def test_every_code_has_both_texts_with_the_same_facts() -> None:
    codes = {*BY_CODE, *FINDING_CODES, FieldsRefused.code}
    codes |= {kind.code for kind in FieldsRefused.__subclasses__()}
    vietnamese, english = texts("vi"), texts("en")
    assert [c for c in sorted(codes) if c not in vietnamese or c not in english] == []
    assert [
        c for c in sorted(codes) if placeholders(vietnamese[c]) != placeholders(english[c])
    ] == []

"""Refusals speak words of the field: no slug, constraint or permission of ours reaches a person."""

from __future__ import annotations

import pytest

from gisapp.import_texts import sentence
from gisapp.messages import render
from gisapp.security.permissions import Permission
from layers.fields import convert, suggest
from layers.fields.errors import FieldsWithoutColumn
from planning.changes.imports.findings import of_file
from planning.changes.imports.report import finding_json


def _said(column: str, value: object, layer: str = "land-rights") -> list[str]:
    known = {"so": ["1/HĐ"], "hinhthuc": ["thuê lại"], "ngayky": ["01/02/2020"], column: [value]}
    rows = convert(suggest(list(known), layer).map, [2], known)
    return [sentence(finding_json(of_file(found)), "vi") for found in rows[0].findings]


def test_required_columns_are_named_as_people_name_them() -> None:
    with pytest.raises(FieldsWithoutColumn) as refused:
        suggest(["so_to"], "handovers").settled()
    text = render(refused.value.code, refused.value.context, "vi")
    assert "Số biên bản, Ngày bàn giao" in text
    assert "handed_over_on" not in text
    english = render(refused.value.code, refused.value.context, "en")
    assert "Minutes number, Handed over on" in english


def test_one_word_means_what_its_kind_of_import_means() -> None:
    facts = {"fields": ["code"], "columns": []}
    assert "Mã dự án" in render("fields-without-column", {**facts, "target": "projects"}, "vi")
    assert "Mã khu" in render("fields-without-column", {**facts, "target": "resettlement"}, "vi")
    assert "xyz" in render("fields-without-column", {**facts, "fields": ["xyz"]}, "vi")


def test_a_missing_value_names_its_column() -> None:
    facts = {"row": 2, "code": "field-required", "field": "sheet_no, parcel_no", "context": {}}
    assert sentence(facts, "vi") == "Thiếu Số tờ bản đồ, Số thửa."
    assert sentence(facts, "en") == "Map sheet, Parcel number is missing."


def test_a_value_that_is_not_in_the_list_comes_with_the_list() -> None:
    facts = {
        "code": "field-value-unknown", "field": "payment_mode",
        "context": {"value": "ngày", "known": ["annual", "exempt", "one_off"]},
    }  # fmt: skip
    assert sentence(facts, "vi") == (
        "Trả tiền: “ngày” không dùng được. Giá trị nhận: trả hằng năm, được miễn, trả một lần."
    )


def test_choices_of_a_list_are_the_words_of_its_column() -> None:
    facts = {"field": "state", "value": "bay", "known": ["clearing", "established"]}
    assert render("field-value-unknown", facts, "vi").endswith(
        "Giá trị nhận: đang giải phóng mặt bằng, đã thành lập."
    )
    facts = {"field": "certificate", "value": "?", "known": ["irc", "policy_approval"]}
    assert "giấy chứng nhận đăng ký đầu tư, chấp thuận chủ trương đầu tư" in render(
        "field-value-unknown", facts, "vi"
    )
    assert "policy approval" in render("field-value-unknown", facts, "en")


def test_numbers_of_a_file_are_said_as_people_write_them() -> None:
    facts = {"value": -5.5, "minimum": 0.0, "maximum": 1_000_000.0, "field": "contract_area_m2"}
    assert render("field-number-out-of-range", facts, "vi") == (
        "Diện tích theo hợp đồng: -5,5 ngoài khoảng cho phép, từ 0 đến 1.000.000."
    )
    assert "-5.5 is out of range, from 0 to 1,000,000" in render(
        "field-number-out-of-range", facts, "en"
    )


@pytest.mark.parametrize(
    ("part", "word"), [("area", "diện tích"), ("term", "thời hạn"), ("land", "thửa đất")]
)
def test_parts_of_a_sub_lease_are_words(part: str, word: str) -> None:
    text = render("row-outside-parent", {"parent": "77/QĐ", "part": part}, "vi")
    assert text == f"Vượt quyền gốc 77/QĐ về {word}."


def test_permissions_steps_fields_and_rules_are_words() -> None:
    for permission in Permission:
        text = render("actor-may-not", {"name": "an", "permission": str(permission)}, "vi")
        assert f"quyền {permission}," not in text
    step = {"key": "QH", "number": 2, "status": "approved", "day": "x"}
    assert "bước phê duyệt" in render("plan-version-created", step, "vi")
    assert "đã bị bỏ" in render("import-job-elsewhere", {"status": "discarded"}, "vi")
    assert "Ngày hiệu lực" in render("import-form-refused", {"field": "effective_on"}, "vi")
    assert "đã huỷ" in render("change-not-open", {"status": "discarded"}, "vi")
    for rule in ("zone_code_check", "some_rule_of_tomorrow_check"):
        for code in ("value-refused", "database-refused", "row-database-refused"):
            text = render(code, {"constraint": rule, "table": "zone"}, "vi")
            assert rule not in text
    assert "chữ in hoa" in render("value-refused", {"constraint": "zone_code_check"}, "vi")


def test_a_foreign_coordinate_system_is_named_with_the_way_out() -> None:
    text = render("crs-of-file-unknown", {"said": "Pulkovo · EPSG:9999"}, "vi")
    assert "Pulkovo · EPSG:9999" in text
    assert ".prj" in text

"""Reading what people type: names without diacritics, sheets and numbers in any order."""

from __future__ import annotations

import unicodedata

import pytest

from planning.search import ACCENTED, PLAIN, fold, parcel_number


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("thửa 12 tờ 5", ("5", "12")),
        ("Thửa đất số 12, tờ bản đồ số 5", ("5", "12")),
        ("tờ 5 thửa 12", ("5", "12")),
        ("to 5, thua 12a", ("5", "12a")),
        ("5/12", ("5", "12")),
        ("5 - 12", ("5", "12")),
        ("sheet 5 parcel 12", ("5", "12")),
        ("thửa 12", (None, "12")),
        ("12", (None, "12")),
        ("Đông Mai", None),
        ("08/HĐ-TLĐ", None),
        ("", None),
    ],
)
def test_numbers_are_read_as_people_write_them(
    typed: str, expected: tuple[str | None, str] | None
) -> None:
    assert parcel_number(typed) == expected


def test_folding_forgets_marks_case_and_spaces_whatever_the_form() -> None:
    name = "  KHU  Công nghiệp ĐÔNG Mai Ứng Hoà "
    assert fold(name) == "khu cong nghiep dong mai ung hoa"
    assert fold(unicodedata.normalize("NFD", name)) == fold(name)


def test_the_database_folds_every_vietnamese_letter_alike() -> None:
    assert len(ACCENTED) == len(PLAIN) == len(set(ACCENTED))
    assert [fold(letter) for letter in ACCENTED] == list(PLAIN.lower())
    for letter in "àảãáạăằẳẵắặâầẩẫấậèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵđ":
        assert letter in ACCENTED
        assert letter.upper() in ACCENTED

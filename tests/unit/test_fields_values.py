"""Numbers and dates as files write them, and what is refused rather than guessed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.fields import convert, suggest
from layers.fields.dates import DateAmbiguous, DateUnreadable, parse_date
from layers.fields.numbers import (
    NumberAmbiguous,
    NumberNotFinite,
    NumberStyle,
    NumberUnreadable,
    column_style,
    parse_number,
    style_of,
    unit_of,
)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.941,57", "1941.57"),
        ("1941.57", "1941.57"),
        ("1941,57", "1941.57"),
        ("1,941.57", "1941.57"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("12 345,6", "12345.6"),
        ("0.717", "0.717"),
        ("0,717", "0.717"),
        ("1941.570", "1941.570"),
        ("2717", "2717"),
        ("+5", "5"),
        ("-5", "-5"),
        ("1e3", "1000"),
        ("400 m²", "400"),
        ("60%", "60"),
        ("50 năm", "50"),
    ],
)
def test_numbers_that_tell_their_own_style(text: str, number: str) -> None:
    assert parse_number(text, None) == Decimal(number)


@pytest.mark.parametrize("text", ["2.717", "12.345", "2,717", "-2.717", "999,999"])
def test_a_thousandfold_doubt_is_refused(text: str) -> None:
    with pytest.raises(NumberAmbiguous):
        parse_number(text, None)


def test_the_column_settles_the_doubt() -> None:
    assert column_style(["2.717", "1.941,57", None, 3]) is NumberStyle.VI
    assert column_style(["2.717", "987.1"]) is NumberStyle.EN
    assert parse_number("2.717", NumberStyle.VI) == 2717
    assert parse_number("2.717", NumberStyle.EN) == Decimal("2.717")


def test_a_column_of_doubts_or_of_both_styles_settles_nothing() -> None:
    assert column_style(["2.717", "3.120"]) is None
    assert column_style(["1.941,57", "987.1"]) is None


@pytest.mark.parametrize(
    "text", ["x", "1.23.4", "12,3,4", "1,2.3,4", "", ".", "--1", "1.941,5.7", "٣"]
)
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(NumberUnreadable):
        parse_number(text, None)


@pytest.mark.parametrize("value", ["NaN", "-inf", "Infinity", "1.#IND", float("nan"), float("inf")])
def test_nan_and_infinity_are_refused(value: object) -> None:
    with pytest.raises(NumberNotFinite):
        parse_number(value, None)


def test_numbers_of_a_numeric_column_are_exact() -> None:
    assert parse_number(1941.57, None) == Decimal("1941.57")
    assert parse_number(3, NumberStyle.VI) == 3
    with pytest.raises(NumberUnreadable):
        parse_number(True, None)


def test_units_behind_a_number() -> None:
    assert (unit_of("0,5 ha"), unit_of("400 m²"), unit_of("400")) == ("ha", "m2", "")


@given(st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False))
def test_a_number_written_the_vietnamese_way_comes_back(number: Decimal) -> None:
    english = f"{number:,.2f}"
    vietnamese = english.translate(str.maketrans(",.", ".,"))
    assert style_of(vietnamese) in (NumberStyle.VI, None)
    assert parse_number(vietnamese, None) == number
    assert parse_number(english, None) == number


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("05/03/2021", date(2021, 3, 5)),
        ("5-3-2021", date(2021, 3, 5)),
        ("05.03.2021", date(2021, 3, 5)),
        ("2021-03-05", date(2021, 3, 5)),
        ("2021/3/5", date(2021, 3, 5)),
        ("2021-03-05T10:00:00", date(2021, 3, 5)),
        ("ngày 05 tháng 3 năm 2021", date(2021, 3, 5)),
        ("20210305", date(2021, 3, 5)),
        (20210305, date(2021, 3, 5)),
        (44260, date(2021, 3, 5)),
        (44260.0, date(2021, 3, 5)),
        ("44260", date(2021, 3, 5)),
        (date(2021, 3, 5), date(2021, 3, 5)),
        (datetime(2021, 3, 5, 23, 0), date(2021, 3, 5)),  # noqa: DTZ001  a spreadsheet has no zone
        (datetime(2021, 3, 4, 18, 0, tzinfo=UTC), date(2021, 3, 5)),
        ("29/02/2024", date(2024, 2, 29)),
    ],
)
def test_dates(value: object, day: date) -> None:
    assert parse_date(value) == day


@pytest.mark.parametrize(
    "value",
    ["3/25/2021", "29/02/2023", "2021", "31/12/1021", "", "hôm qua", True, None, 12.5, "9999999"],
)
def test_what_is_no_date(value: object) -> None:
    with pytest.raises(DateUnreadable):
        parse_date(value)


def test_a_year_of_two_digits_is_refused() -> None:
    with pytest.raises(DateAmbiguous):
        parse_date("05/03/21")


def _number(parcel: str, commune: str = "06814") -> set[str]:
    columns = {"maxa": [commune], "soto": ["1"], "sothua": [parcel]}
    (row,) = convert(suggest(list(columns), "parcels").settled(), [2], columns)
    return {finding.code for finding in row.findings}


@pytest.mark.parametrize(
    ("parcel", "code"),
    [
        ("12\u202e34", "field-text-hidden-sign"),
        ("12\u200b", "field-text-hidden-sign"),
        ("1\u20662\u2069", "field-text-hidden-sign"),
        ("9" * 500, "field-text-too-long"),
    ],
)
def test_a_parcel_number_nobody_could_read_is_refused(parcel: str, code: str) -> None:
    assert _number(parcel) == {code}


@pytest.mark.parametrize("commune", ["ABCDE", "123456", "6814x", "۰۶۸۱۴", "-1"])
def test_a_commune_code_is_five_digits(commune: str) -> None:
    assert _number("12", commune) == {"field-code-digits"}


def test_zeros_that_a_spreadsheet_dropped_come_back() -> None:
    columns = {"maxa": [6814, "06814"], "soto": ["1", "1"], "sothua": ["1", "2"]}
    rows = convert(suggest(list(columns), "parcels").settled(), [2, 3], columns)
    assert [row.values["commune_code"] for row in rows] == ["06814", "06814"]
    assert not any(row.findings for row in rows)


def test_a_name_that_turns_its_letters_around_is_refused() -> None:
    columns = {"tenduan": ["Nhà máy \u202eABC"], "ma": ["DA-1"]}
    (row,) = convert(suggest(list(columns), "projects").settled(), [2], columns)
    assert {finding.code for finding in row.findings} == {"field-text-hidden-sign"}

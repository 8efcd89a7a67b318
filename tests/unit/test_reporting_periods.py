"""Periods that close on the 14th, and periods of the calendar."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.clearance.periods import (
    MONTHS,
    Period,
    period,
    reporting_year,
    same_a_year_ago,
    year_so_far,
)


@pytest.mark.parametrize(
    ("kind", "number", "first", "last"),
    [
        ("month", 1, date(2023, 12, 15), date(2024, 1, 14)),
        ("month", 3, date(2024, 2, 15), date(2024, 3, 14)),
        ("quarter", 1, date(2023, 12, 15), date(2024, 3, 14)),
        ("half", 1, date(2023, 12, 15), date(2024, 6, 14)),
        ("half", 2, date(2024, 6, 15), date(2024, 12, 14)),
        ("nine_months", 1, date(2023, 12, 15), date(2024, 9, 14)),
        ("year", 1, date(2023, 12, 15), date(2024, 12, 14)),
    ],
)
def test_periods_closing_on_the_14th(kind: str, number: int, first: date, last: date) -> None:
    assert period(kind, 2024, number, 14) == Period(first, last)


@pytest.mark.parametrize(
    ("kind", "number", "first", "last"),
    [
        ("month", 2, date(2024, 2, 1), date(2024, 2, 29)),
        ("quarter", 4, date(2024, 10, 1), date(2024, 12, 31)),
        ("half", 1, date(2024, 1, 1), date(2024, 6, 30)),
        ("year", 1, date(2024, 1, 1), date(2024, 12, 31)),
    ],
)
def test_periods_of_the_calendar(kind: str, number: int, first: date, last: date) -> None:
    assert period(kind, 2024, number, None) == Period(first, last)


@pytest.mark.parametrize(("kind", "number"), [("month", 13), ("half", 3), ("nine_months", 2)])
def test_there_is_no_thirteenth_month(kind: str, number: int) -> None:
    with pytest.raises(ValueError, match=kind):
        period(kind, 2024, number, 14)


def test_the_year_before() -> None:
    assert same_a_year_ago(period("half", 2025, 1, 14)) == period("half", 2024, 1, 14)
    leap = Period(date(2024, 2, 1), date(2024, 2, 29))
    assert same_a_year_ago(leap).last == date(2023, 2, 28)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.sampled_from([None, 14, 28]))
def test_every_day_is_in_one_period_of_a_kind(day: date, last_day: int | None) -> None:
    year = reporting_year(day, last_day)
    for kind in ("month", "quarter", "half", "year"):
        spans = [period(kind, year, n + 1, last_day) for n in range(12 // MONTHS[kind])]
        assert sum(span.first <= day <= span.last for span in spans) == 1
        for one, following in pairwise(spans):
            assert one.last + timedelta(1) == following.first
    so_far = year_so_far(day, last_day)
    assert so_far.first <= day == so_far.last

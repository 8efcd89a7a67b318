"""Reporting periods with their own closing days: month 15→14, half-year 15/12→14/6, year likewise.

Pure. A scheme closes its periods on a day of the month, or with the calendar month.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from planning.days import later

MONTHS: Final = {"month": 1, "quarter": 3, "half": 6, "nine_months": 9, "year": 12}
"""Kinds of period and their length; half and nine months count from the year's beginning."""


@dataclass(frozen=True, slots=True)
class Period:
    """A reporting period: both days belong to it."""

    first: date
    last: date

    @property
    def before(self) -> date:
        """The day whose stock the period starts from."""
        return self.first - timedelta(days=1)

    def until(self, day: date) -> "Period":
        """The part of the period up to a day; the whole of it when the day lies beyond."""
        return Period(self.first, max(min(self.last, day), self.before))


def closing(year: int, month: int, last_day: int | None) -> date:
    """The day a month of the scheme closes: the 14th, or the calendar month's last."""
    if last_day is not None:
        return date(year, month, last_day)
    return later(date(year, month, 1), 1) - timedelta(days=1)


def period(kind: str, year: int, number: int, last_day: int | None) -> Period:
    """The n-th month, quarter or half of a reporting year, nine months, or the year (number 1).

    With closing day 14: quarter 1 is 15/12 → 14/3, half-year 1 is 15/12 → 14/6.
    """
    length = MONTHS[kind]
    end = number * length
    if not 1 <= end <= 12:
        raise ValueError(kind)
    start = end - length
    first = closing(year - (start == 0), start or 12, last_day) + timedelta(days=1)
    return Period(first, closing(year, end, last_day))


def reporting_year(day: date, last_day: int | None) -> int:
    """The reporting year a day belongs to: with closing day 14, 20/12/2025 belongs to 2026."""
    return day.year + (day > closing(day.year, 12, last_day))


def year_so_far(day: date, last_day: int | None) -> Period:
    """The reporting year of a day, up to that day."""
    return period("year", reporting_year(day, last_day), 1, last_day).until(day)


def same_a_year_ago(given: Period) -> Period:
    """The same period of the year before; 29 February becomes the 28th."""
    return Period(later(given.first, -12), later(given.last, -12))

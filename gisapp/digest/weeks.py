"""Weeks by their ISO names: ``2026-W47`` is the week whose Monday is 16 November 2026."""

from __future__ import annotations

import datetime as dt
import re

from gisapp.present.formats import LEGAL_TIME
from gisapp.refusals import Refusal

_WEEK = re.compile(r"(\d{4})-W(\d{2})")


class WeekRefused(Refusal):
    """Not a week, or one that has not begun. Context: ``week``."""

    code = "digest-week-refused"


def week_of(day: dt.date) -> str:
    """The name of the week a day lies in."""
    year, number, _weekday = day.isocalendar()
    return f"{year:04d}-W{number:02d}"


def monday_of(week: str) -> dt.date:
    """The first day of a week.

    Raises:
        WeekRefused: there is no such week.
    """
    found = _WEEK.fullmatch(week)
    if found is None:
        raise WeekRefused(week=week[:20])
    try:
        return dt.date.fromisocalendar(int(found[1]), int(found[2]), 1)
    except ValueError:
        raise WeekRefused(week=week[:20]) from None


def end_of(day: dt.date) -> dt.datetime:
    """The last instant of a day where the law is read."""
    return dt.datetime.combine(day, dt.time(23, 59, 59, 999_999), LEGAL_TIME)

"""Dates as files write them: day first, ISO, in Vietnamese words, or Excel's serial number."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

_LEGAL_TIME: Final = ZoneInfo("Asia/Ho_Chi_Minh")
_DAY_FIRST: Final = re.compile(r"([0-9]{1,2})[/.\-\s]([0-9]{1,2})[/.\-\s]([0-9]{4}|[0-9]{2})")
_YEAR_FIRST: Final = re.compile(r"([0-9]{4})[/.\-]([0-9]{1,2})[/.\-]([0-9]{1,2})(?:[T\s].*)?")
_WORDS: Final = re.compile(
    r"(?:ngày\s*)?([0-9]{1,2})\s*tháng\s*([0-9]{1,2})\s*năm\s*([0-9]{4})", re.IGNORECASE
)
_COMPACT: Final = re.compile(r"((?:19|20|21)[0-9]{2})([0-9]{2})([0-9]{2})")
_EXCEL_EPOCH: Final = date(1899, 12, 30)
_SERIALS: Final = range(20_000, 110_000)  # 1954 to 2201
_YEARS: Final = range(1900, 2201)


class DateUnreadable(ValueError):
    """No date in any accepted form, or no such day."""


class DateAmbiguous(ValueError):
    """A year of two digits."""


def parse_date(value: object) -> date:
    """One value as a calendar day; instants are taken in Vietnamese legal time.

    Raises:
        DateUnreadable, DateAmbiguous
    """
    if isinstance(value, datetime):
        return (value.astimezone(_LEGAL_TIME) if value.tzinfo else value).date()
    if isinstance(value, date):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise DateUnreadable(str(value))
    if isinstance(value, str):
        return _from_text(" ".join(value.split()))
    return _from_number(value)


def _from_number(value: int | float) -> date:
    if value != int(value) and int(value) not in _SERIALS:
        raise DateUnreadable(str(value))
    whole = int(value)
    if whole in _SERIALS:
        return _EXCEL_EPOCH + timedelta(days=whole)
    return _from_text(str(whole))


def _from_text(text: str) -> date:
    for pattern in (_WORDS, _DAY_FIRST):
        if match := pattern.fullmatch(text):
            day, month, year = match.groups()
            if len(year) == 2:
                raise DateAmbiguous(text)
            return _date(int(year), int(month), int(day), text)
    for pattern in (_YEAR_FIRST, _COMPACT):
        if match := pattern.fullmatch(text):
            year, month, day = match.groups()
            return _date(int(year), int(month), int(day), text)
    if text.isascii() and text.isdigit() and len(text) < 7 and int(text) in _SERIALS:
        return _EXCEL_EPOCH + timedelta(days=int(text))
    raise DateUnreadable(text)


def _date(year: int, month: int, day: int, text: str) -> date:
    if year not in _YEARS:
        raise DateUnreadable(text)
    try:
        return date(year, month, day)
    except ValueError as error:
        raise DateUnreadable(text) from error

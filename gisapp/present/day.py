"""The day: which day of law a page shows, and as known when; carried by every link.

``as_of`` is a calendar day (its end, in legal time), ``known_at`` an instant. Both come from the
address of the page, so a page on a past day can be sent to a colleague as a link.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flask import g, request, url_for
from werkzeug.exceptions import BadRequest

from gisapp.present.formats import LEGAL_TIME
from gisapp.texts import gettext as _

EARLIEST = dt.date(1945, 9, 2)
_YEARS_AHEAD = 50


class DayRefused(BadRequest):
    """``as_of`` or ``known_at`` is not a day or an instant the register can speak about."""

    def __init__(self, name: str, value: str) -> None:
        super().__init__()
        self.parameter = name
        self.value = value[:40]


@dataclass(frozen=True)
class ShownDay:
    """The two clocks of a request; ``known_at`` is ``None`` for "all that is known now"."""

    as_of: dt.date
    known_at: dt.datetime | None
    today: dt.date

    @property
    def is_today(self) -> bool:
        """The ordinary case: the land as it is now."""
        return self.as_of == self.today

    @property
    def is_past_or_coming(self) -> bool:
        """Any day but today, or an earlier state of knowledge: the bar is tinted."""
        return not self.is_today or self.known_at is not None

    def known_day(self) -> str:
        """The day of ``known_at`` for a date control; empty when all that is known counts."""
        return self.known_at.astimezone(LEGAL_TIME).date().isoformat() if self.known_at else ""

    def landmarks(self) -> list[tuple[str, dt.date]]:
        """Days people ask for: the ends of last month, last quarter, last year."""
        month = self.today.replace(day=1)
        quarter = month.replace(month=(month.month - 1) // 3 * 3 + 1)
        one = dt.timedelta(days=1)
        return [
            (_("Cuối tháng trước"), month - one),
            (_("Cuối quý trước"), quarter - one),
            (_("Cuối năm trước"), self.today.replace(month=1, day=1) - one),
        ]

    def carried(self) -> dict[str, str]:
        """The query parameters that keep the day; empty today."""
        values = {}
        if not self.is_today:
            values["as_of"] = self.as_of.isoformat()
        if self.known_at is not None:
            values["known_at"] = self.known_at.astimezone(LEGAL_TIME).isoformat(timespec="seconds")
        return values


def today() -> dt.date:
    """The calendar day now, in legal time."""
    return dt.datetime.now(LEGAL_TIME).date()


def parse_day(name: str, text: str) -> dt.date:
    """Read a calendar day ``YYYY-MM-DD``.

    Raises:
        DayRefused: not a day, before 2 September 1945, or more than 50 years ahead.
    """
    try:
        value = dt.date.fromisoformat(text.strip())
    except ValueError:
        raise DayRefused(name, text) from None
    if not EARLIEST <= value <= today().replace(month=1, day=1) + dt.timedelta(365 * _YEARS_AHEAD):
        raise DayRefused(name, text)
    return value


def parse_instant(name: str, text: str) -> dt.datetime:
    """Read an ISO 8601 instant; without an offset in legal time, without a time the day's end.

    Raises:
        DayRefused: not an instant, or in the future.
    """
    text = text.strip().replace(" ", "+", 1) if "T" in text else text.strip()
    try:
        if "T" in text:
            value = dt.datetime.fromisoformat(text)
        else:
            end = dt.time(23, 59, 59, 999999)
            value = dt.datetime.combine(dt.date.fromisoformat(text), end, LEGAL_TIME)
    except ValueError:
        raise DayRefused(name, text) from None
    if value.tzinfo is None:
        value = value.replace(tzinfo=LEGAL_TIME)
    try:
        day = value.astimezone(LEGAL_TIME).date()
    except OverflowError:  # an offset at an end of the calendar leads out of it
        raise DayRefused(name, text) from None
    if not EARLIEST <= day <= today():
        raise DayRefused(name, text)
    return value


def shown_day() -> ShownDay:
    """The two clocks of this request.

    Raises:
        DayRefused: the address holds something that is neither.
    """
    if "shown_day" not in g:
        as_of, given = request.args.get("as_of"), request.args.get("known_at")
        known_at = parse_instant("known_at", given) if given else None
        if known_at is not None and known_at >= dt.datetime.now(dt.UTC):
            known_at = None  # the end of today: all that is known
        g.shown_day = ShownDay(
            as_of=parse_day("as_of", as_of) if as_of else today(), known_at=known_at, today=today()
        )
    shown: ShownDay = g.shown_day
    return shown


def dated_url(endpoint: str, **values: object) -> str:
    """The address of a page that stays on the day, and the board, being shown."""
    carried: dict[str, object] = {**shown_day().carried()}
    if board := request.args.get("board"):
        carried["board"] = board
    return url_for(endpoint, **{**carried, **values})  # type: ignore[arg-type]

"""How many letters a rule would have sent: last month walked Monday by Monday, as it was known."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gisapp.digest.gather import gathered
from gisapp.digest.runs import lines_of, readers
from gisapp.digest.weeks import end_of, week_of
from planning.clocks import moment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

DAYS_BACK = 30


@dataclass(frozen=True)
class WouldBe:
    """A rule over the last month: letters, lines told, and the same week by week."""

    letters: int
    lines: int
    weeks: tuple[tuple[str, int, int], ...]


def mondays(today: dt.date) -> list[dt.date]:
    """The Mondays of the last thirty days, the oldest first."""
    first = today - dt.timedelta(days=DAYS_BACK - 1)
    found = [first + dt.timedelta(days=n) for n in range(DAYS_BACK)]
    return [day for day in found if day.weekday() == 0]


def would_have_sent(
    session: Session, rules: Mapping[str, int | None], today: dt.date
) -> dict[str, WouldBe]:
    """Per rule, as if it alone had been on: each Monday's lines by what was known that evening."""
    told: dict[str, list[tuple[str, int, int]]] = {code: [] for code in rules}
    everybody = list(readers(session))
    for monday in mondays(today):
        at = moment(session, monday, min(end_of(monday), dt.datetime.now(dt.UTC)))
        found = gathered(session, at, rules)
        mine = [lines_of(reader, found) for reader in everybody]
        for code, weeks in told.items():
            letters = sum(any(line.rule == code for line in lines) for lines in mine)
            lines = sum(line.rule == code for line in found)
            weeks.append((week_of(monday), letters, lines))
    return {
        code: WouldBe(sum(week[1] for week in weeks), sum(week[2] for week in weeks), tuple(weeks))
        for code, weeks in told.items()
    }

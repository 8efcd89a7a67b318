"""Which days a fact may carry: what happened lies behind us, what takes effect lies near.

A document was issued, minutes were signed, a zone was founded: not later than today in Vietnam. A
change may take effect later than today, but at most a year ahead (`effective_on`): beyond that a
day is a slip of the pen.
"""

from datetime import date, timedelta
from typing import Final

from planning.clocks import today
from planning.errors import RuleViolated

FURTHEST_AHEAD: Final = timedelta(days=366)


class DocumentAhead(RuleViolated):
    """A document that would be issued later than today. Context: ``number``, ``day``, ``today``."""

    code = "document-ahead"


class EventAhead(RuleViolated):
    """A fact said to have happened later than today. Context: ``event``, ``day``, ``today``."""

    code = "event-ahead"


class EffectTooFarAhead(RuleViolated):
    """A change that would take effect more than a year from now. Context: ``day``, ``last``."""

    code = "effect-too-far-ahead"


def later(day: date, months: int) -> date:
    """The same day of the month so many months later; the last day where the month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(
        date(year, month + 1, 1) + timedelta(days=day.day - 1), following - timedelta(days=1)
    )


def issued(number: str, day: date) -> None:
    """Refuse a document dated later than today. Raises DocumentAhead."""
    if day > today():
        raise DocumentAhead(number=number, day=day, today=today())


def happened(event: str, day: date) -> None:
    """Refuse an event later than today: handover, founding, progress, milestone.

    Raises:
        EventAhead
    """
    if day > today():
        raise EventAhead(event=event, day=day, today=today())


def takes_effect(day: date) -> None:
    """Refuse a legal day more than a year ahead. Raises EffectTooFarAhead."""
    last = today() + FURTHEST_AHEAD
    if day > last:
        raise EffectTooFarAhead(day=day, last=last)

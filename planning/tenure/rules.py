"""Rules of land rights on plain values."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from planning.tenure.errors import TaxCodeUnread

_TAX_CODE: Final = re.compile(r"[0-9]{10}(-[0-9]{3})?")
ONE_DAY: Final = timedelta(days=1)

TIERS: Final = {"state_allocation": 1, "state_lease": 1, "sub_lease": 2, "reservation": 3}
"""Kinds of right and their tier: State to developer, developer to investor, held for somebody."""


def read_tax_code(said: str | None) -> str | None:
    """Return a tax code as the register writes it; Excel drops a leading nought, people the hyphen.

    Raises TaxCodeUnread.
    """
    if said is None:
        return None
    code = "".join(letter for letter in said if letter not in " .\u00a0")
    if code.isdigit() and len(code) == 9:
        code = f"0{code}"
    if code.isdigit() and len(code) == 13:
        code = f"{code[:10]}-{code[10:]}"
    if _TAX_CODE.fullmatch(code) is None:
        raise TaxCodeUnread(value=said[:40], field="tax_code")
    return code


def first_day_after(term_ends: date | None) -> date | None:
    """Return the first day after a term: by then a right is out of force without any act."""
    return None if term_ends is None else term_ends + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Days `[since, until)`; `until` None: open."""

    since: date
    until: date | None

    def holds(self, day: date) -> bool:
        """Whether the day is one of them."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of a parcel's days: held from the State, in use, and what it was made of."""

    state: tuple[Span, ...] = ()
    use: tuple[Span, ...] = ()
    parents: tuple[UUID, ...] = ()


def idle_since(parcel: UUID, day: date, pasts: Mapping[UUID, Past]) -> date | None:
    """First day of the days up to `day` on which a parcel lay idle without a break; None: it is
    not idle on that day.

    Idle: held from the State and used by nobody. A parcel cut from another goes on with the days
    of that one; put together of several, the last of them to fall idle counts.
    """
    past = pasts.get(parcel, Past())
    if not _idle(past, day):
        return None
    first = day
    while True:
        starts = [span.since for span in past.state if span.holds(first)]
        free = [each.until for each in past.use if each.until is not None and each.until <= first]
        first = max(min(starts), max(free, default=date.min))
        if not _idle(past, first - ONE_DAY):
            break
        first -= ONE_DAY
    before = [idle_since(each, first - ONE_DAY, pasts) for each in past.parents]
    known = [each for each in before if each is not None]
    return max(known) if known and len(known) == len(before) else first


def _idle(past: Past, day: date) -> bool:
    return any(s.holds(day) for s in past.state) and not any(s.holds(day) for s in past.use)


TAX_WEIGHTS: Final = (31, 29, 23, 19, 17, 13, 7, 5, 3)


def tax_code_fits(code: str) -> bool:
    """Whether the tenth digit of a tax code agrees with the nine before it.

    Unverified: the rule is told everywhere, no text of it was found; so it warns, never refuses.
    """
    digits = [int(each) for each in code[:10]]
    total = sum(weight * digit for weight, digit in zip(TAX_WEIGHTS, digits[:9], strict=True))
    return 10 - total % 11 == digits[9]

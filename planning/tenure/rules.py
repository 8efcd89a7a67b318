"""Rules of land rights on plain values."""

from datetime import date, timedelta
from typing import Final

TIERS: Final = {"state_allocation": 1, "state_lease": 1, "sub_lease": 2, "reservation": 3}
"""Kinds of right and their tier: State to developer, developer to investor, held for somebody."""


def first_day_after(term_ends: date | None) -> date | None:
    """Return the first day after a term: by then a right is out of force without any act."""
    return None if term_ends is None else term_ends + timedelta(days=1)

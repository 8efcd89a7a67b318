"""Homes ready against homes needed."""

from __future__ import annotations

from datetime import date

from planning.resettlement.curves import Point, Tally, curve

MARCH, MAY, JULY = date(2026, 3, 1), date(2026, 5, 1), date(2026, 7, 1)


def test_the_first_day_of_shortage_and_the_day_it_is_over() -> None:
    found = curve([Tally(JULY, 40, 0), Tally(MARCH, 10, 0), Tally(MARCH, 0, 4), Tally(MAY, 0, 20)])
    assert found.points == (Point(MARCH, 10, 4), Point(MAY, 10, 24), Point(JULY, 50, 24))
    assert found.first_shortage == Point(MAY, 10, 24)
    assert found.worst is not None and found.worst.short == 14
    assert found.enough_again == JULY
    assert found.on(date(2026, 4, 1)) == Point(date(2026, 4, 1), 10, 4)
    assert found.on(date(2026, 1, 1)).short == 0


def test_what_has_no_day_is_told_apart() -> None:
    found = curve([Tally(None, 5, 0), Tally(None, 0, 3), Tally(MAY, 1, 1)])
    assert (found.undated_ready, found.undated_needed) == (5, 3)
    assert found.first_shortage is None and found.worst is None and found.enough_again is None


def test_a_shortage_without_end() -> None:
    assert curve([Tally(MAY, 0, 1)]).enough_again is None
    assert curve([]).points == ()

"""The demo's clearance adds up on every day to its closed formulas."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from gisapp.demo.clearing import STORIES, TARGETS, expected
from planning.clearance import register
from planning.clearance.steps import next_steps
from planning.clearance.targets import targets
from planning.clearance.terms import terms
from planning.clocks import Moment
from planning.resettlement.curves import curves
from planning.resettlement.queries import find_area, plots

DAYS = [
    date(2025, 2, 9),
    date(2025, 7, 15),
    date(2025, 8, 5),
    date(2025, 11, 20),
    date(2025, 11, 21),
    date(2026, 10, 26),
    date(2026, 11, 15),
]


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_cases_equal_their_formulas(demo_reading: Session, day: date) -> None:
    found = {case.code: case.sums for case in register.cases(demo_reading, Moment(day))}
    assert found.keys() == {story.code for story in STORIES if story.opened <= day}
    for story in STORIES:
        if story.opened > day:
            continue
        sums, awaited = found[story.code], expected(story, day)
        assert (sums.items, sums.area_m2) == (awaited.items, awaited.area_m2)
        assert sums.cleared_m2 == awaited.cleared_m2
        assert (sums.granted.total, sums.paid.total) == (awaited.granted, awaited.paid)


def test_the_stalled_case_waits_for_a_new_notice(demo_reading: Session) -> None:
    at = Moment(date(2026, 11, 15))
    case = register.case(demo_reading, at, "GPMB-B4")
    item = register.item(demo_reading, at, case.id, "1")
    taken = register.taken(register.steps(demo_reading, at, item.id))
    todo = next_steps(taken, item.land_class, terms(demo_reading), at.as_of)
    assert [(each.kind, each.severity) for each in todo if each.again] == [("notice", "overdue")]


def test_homes_are_short_from_a_known_day(demo_reading: Session) -> None:
    at = Moment(date(2026, 11, 15))
    area = find_area(demo_reading, "TDC-DEMO-2")
    short = curves(demo_reading, at, [area])[area].first_shortage
    assert short is not None
    assert (short.day, short.ready, short.needed) == (date(2027, 2, 15), 8, 18)
    late = [plot.number for plot in plots(demo_reading, at, area) if plot.too_late]
    assert late == ["LK-12"]
    assert register.case(demo_reading, at, "GPMB-A5").sums.homeless == 2


def test_targets_of_the_board(demo_reading: Session) -> None:
    for year, area in TARGETS:
        (told,) = targets(demo_reading, Moment(date(year, 12, 31)), year)
        assert told.area_m2 == area

"""Whose days they are: the demo's clocks equal their closed formulas, with their evidence."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from gisapp.demo.fairness import LATE_LAND, NINE_MONTHS, OPENING, OWN_FAULT, awaited
from gisapp.demo.founding import HOMES_2
from gisapp.demo.story import DIRECT, SHORT_TERMS, TRACT_ENDS
from planning.clocks import Moment
from planning.legal_clocks.queries import clocks, evidence, land_parts, reminders
from planning.projects.queries import find_project
from planning.projects.register import line
from planning.resettlement.queries import find_area, progress
from planning.tenure.register import rights_page
from planning.zones.queries import zones

DAY = date(2026, 11, 15)
DAYS = [date(2026, 11, 13), DAY, date(2026, 12, 1)]


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_clocks_equal_their_formulas(demo_reading: Session, day: date) -> None:
    found = {(row.code, row.clock): row for row in clocks(demo_reading, Moment(day))}
    for each in awaited(day):
        row = found[each.code, each.clock]
        told = (row.state, row.breach_on, row.board_days, row.stopped_days)
        assert told == (each.state, each.breach_on, each.board_days, each.stopped_days), each


def test_a_project_whose_land_came_nine_months_late_is_not_late(demo_reading: Session) -> None:
    at = Moment(DAY)
    project = find_project(demo_reading, LATE_LAND)
    assert DAY > OPENING
    assert line(demo_reading, at, LATE_LAND).lateness == "on_time"
    (part,) = land_parts(demo_reading, at, project)
    assert (part.handed_on, part.board_days, part.told_by) == (DIRECT.day, NINE_MONTHS, "minutes")
    assert NINE_MONTHS == 273
    # the board's days are used up at the end of 28/02/2027: then it is the investor's turn
    last = OPENING + timedelta(days=NINE_MONTHS)
    ever = [line(demo_reading, Moment(last + timedelta(days=n)), LATE_LAND) for n in (0, 1)]
    assert [each.late_days for each in ever] == [0, 1]


def test_a_project_late_by_its_own_fault_has_its_evidence_and_letters(
    demo_reading: Session,
) -> None:
    at = Moment(DAY)
    project = find_project(demo_reading, OWN_FAULT)
    assert line(demo_reading, at, OWN_FAULT).late_days == (DAY - date(2024, 3, 5)).days
    told = evidence(demo_reading, at, project)
    assert {"handover", "milestone_planned", "milestone_reached", "letter"} <= {
        fact.kind for fact in told
    }
    assert all(fact.document_number for fact in told)
    open_, issued = reminders(demo_reading, at, project_id=project)
    assert (open_.issued_on, issued.issued_on) == (None, date(2025, 11, 20))
    assert issued.facts["running_days"] == (date(2025, 11, 17) - date(2024, 3, 5)).days
    assert open_.facts["breach_on"] == "2026-03-05"


def test_homes_grow_report_by_report(demo_reading: Session) -> None:
    area = find_area(demo_reading, HOMES_2)
    told = [progress(demo_reading, Moment(day), area) for day in (date(2025, 9, 29), DAY)]
    assert [[report.percent for report in each] for each in told] == [[], [15, 38, 52, 68]]


def test_three_rights_expire_before_their_tract(demo_reading: Session) -> None:
    at = Moment(DAY)
    everywhere = [zone.id for zone in zones(demo_reading, at)]
    ending = {
        months: rights_page(demo_reading, at, everywhere, kind="sub_lease", months=months).rows
        for months in (6, 12)
    }
    last = sorted(SHORT_TERMS.values())
    assert sorted(row.ends_on for row in ending[12] if row.ends_on) == last
    assert len(ending[6]) == 2
    assert last[-1] < TRACT_ENDS

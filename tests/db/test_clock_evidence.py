"""What the facts of a project's clocks rest on, and the letter drafted from them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from planning.clocks import Moment
from planning.legal_clocks import commands
from planning.legal_clocks.errors import NothingToRemind
from planning.legal_clocks.queries import evidence, reminders
from planning.projects import commands as projects
from planning.projects.inspections import note_inspection
from tests.db.clocked_project import CODE, clock, hand, lay_site, plan, stop


def test_evidence_names_paper_day_and_change(session: Session) -> None:
    site = lay_site(session, land=date(2024, 9, 1))
    plan(session, site, "construction", date(2025, 3, 1))
    hand(session, site, date(2024, 9, 15))
    stop(session, site, date(2025, 1, 1), date(2025, 2, 1))
    found = evidence(session, Moment(date(2025, 6, 1)), site.project)
    assert [(fact.kind, fact.day, fact.said) for fact in found] == [
        ("project", date(2020, 1, 1), "land_secured"),
        ("contract", date(2020, 1, 1), "2"),
        ("milestone_planned", date(2024, 9, 1), "land"),
        ("handover", date(2024, 9, 15), "BB-2024-09-15"),
        ("suspension", date(2025, 1, 1), "force_majeure"),
        ("milestone_planned", date(2025, 3, 1), "construction"),
    ]
    assert {fact.change for fact in found} == {site.ground.change}
    assert {fact.document_number for fact in found} == {f"01/KCN-{CODE}"}


def test_a_fact_keeps_the_paper_that_first_told_it(session: Session) -> None:
    site = lay_site(session, land=date(2024, 9, 1))
    hand(session, site, date(2024, 9, 15))
    first = {
        fact.kind: fact.change for fact in evidence(session, Moment(date(2025, 6, 1)), site.project)
    }
    later = site.change(session, date(2024, 9, 20))
    projects.reach_milestone(
        session, later, project_id=site.project, step="land", day=date(2024, 9, 20)
    )
    projects.set_status(
        session, later, project_id=site.project, day=date(2024, 9, 20), status="under_construction"
    )
    told = {
        (fact.kind, fact.day): fact.change
        for fact in evidence(session, Moment(date(2025, 6, 1)), site.project)
    }
    assert told["project", date(2020, 1, 1)] == first["project"]
    assert told["milestone_planned", date(2024, 9, 1)] == first["milestone_planned"]
    assert told["milestone_reached", date(2024, 9, 20)] == later
    assert told["project", date(2024, 9, 20)] == later


def test_what_was_seen_is_evidence_and_a_person_is_not_named(session: Session) -> None:
    site = lay_site(session)
    first, second = (site.change(session, date(2024, 3, day)) for day in (1, 2))
    projects.note_progress(
        session, first, project_id=site.project, day=date(2024, 3, 1), actual_pct=Decimal(35)
    )
    projects.note_progress(
        session, second, project_id=site.project, day=date(2024, 3, 2), actual_pct=Decimal(36)
    )
    for day, body in ((3, "Chưa lợp mái"), (4, "Gặp ông A, số 0912345678")):
        note_inspection(
            session, second, day=date(2024, 3, day), body=body, project_id=site.project,
            document_id=site.ground.document_id,
        )  # fmt: skip
    found = evidence(session, Moment(date(2025, 6, 1)), site.project)
    seen = [(f.kind, f.said, f.change) for f in found if f.kind in ("progress", "inspection")]
    assert seen == [
        ("progress", "35", first),
        ("progress", "36", second),
        ("inspection", "Chưa lợp mái", second),
        ("inspection", "", second),
    ]


def test_a_reminder_is_drafted_from_a_moment_and_issued_by_a_paper(session: Session) -> None:
    site = lay_site(session)
    with pytest.raises(NothingToRemind):
        commands.draft_reminder(
            session, Moment(date(2024, 9, 1)), project_id=site.project, clock="idle", actor="an"
        )
    hand(session, site, date(2024, 9, 15))
    at = Moment(date(2025, 5, 1))
    assert clock(session, site, at.as_of).next_act == "remind"
    made = commands.draft_reminder(
        session, at, project_id=site.project, clock="idle", actor="an", facts={"a": 1}
    )
    assert clock(session, site, at.as_of).next_act == "remind"
    number = site.change(session, date(2025, 5, 6))
    commands.issue_reminder(
        session, number, draft_id=made, day=date(2025, 5, 6), document_id=site.ground.document_id
    )
    assert clock(session, site, date(2025, 5, 6)).next_act == "watch"
    assert clock(session, site, date(2025, 5, 5)).next_act == "remind"
    (draft,) = reminders(session, Moment(date(2025, 5, 6)), project_id=site.project)
    assert (draft.breach_on, draft.issued_on, draft.drafted_by) == (
        date(2025, 9, 15), date(2025, 5, 6), "an",
    )  # fmt: skip

"""Thresholds of the legal clocks: entered by one, they count once another confirmed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from planning.errors import NotFound
from planning.legal_clocks import commands
from planning.legal_clocks.thresholds import (
    NewThreshold,
    Threshold,
    confirm_threshold,
    enter_threshold,
    threshold_book,
    thresholds,
)
from planning.records.terms import TermConfirmedAlready, TermMoved, TermRefused
from planning.refusals import refusal
from tests.db.clocked_project import Site, clock, hand, lay_site

IDLE = NewThreshold(
    code="idle", months=18, days=None, counts_from="last_part", project_kinds=("fdi", "ddi"),
    valid_from=date(2025, 1, 1), valid_to=None, clause="Luật mới, Điều 9.1", source="Công báo số 9",
)  # fmt: skip


def of(session: Session, code: str) -> list[Threshold]:
    return [each for each in thresholds(session) if each.code == code]


def test_a_threshold_counts_when_somebody_else_confirmed_it(session: Session) -> None:
    site = lay_site(session)
    hand(session, site, date(2024, 9, 15))
    made = enter_threshold(session, IDLE, follows=0, actor="An")
    waiting = clock(session, site, date(2025, 10, 1))
    assert (waiting.breach_on, waiting.limit_months) == (date(2025, 9, 15), 12)
    (row,) = [each for each in threshold_book(session) if each.id == made]
    assert (row.waits, row.standing, row.verified) == (True, True, False)
    confirm_threshold(session, made, seen_in="Công báo số 9, trang 3", actor="binh")
    now = clock(session, site, date(2025, 10, 1))
    assert (now.breach_on, now.limit_months, now.state) == (date(2026, 3, 15), 18, "warning")
    assert (now.clause, now.verification) == ("Luật mới, Điều 9.1", "verified")
    assert [(each.valid_from, each.valid_to) for each in of(session, "idle")] == [
        (date(2014, 7, 1), date(2024, 8, 1)), (date(2024, 8, 1), date(2025, 1, 1)),
        (date(2025, 1, 1), None),
    ]  # fmt: skip


def test_what_had_run_out_before_the_new_row_stays_run_out(session: Session) -> None:
    site = lay_site(session)
    hand(session, site, date(2023, 9, 1))  # twelve months: 01/09/2024
    made = enter_threshold(session, IDLE, follows=0, actor="An")
    confirm_threshold(session, made, seen_in="Công báo số 9", actor="binh")
    assert clock(session, site, date(2026, 1, 1)).breach_on == date(2024, 9, 1)


def test_a_correction_of_the_same_day_takes_the_place_of_the_row(session: Session) -> None:
    confirmed = of(session, "idle")[-1]
    wrong = replace(IDLE, valid_from=confirmed.valid_from, months=15)
    made = enter_threshold(session, wrong, follows=1, actor="An")
    assert of(session, "idle")[-1].months == 12
    confirm_threshold(session, made, seen_in="Công báo số 9", actor="binh")
    assert of(session, "idle")[-1].months == 15
    book = [each for each in threshold_book(session) if each.said.valid_from == wrong.valid_from]
    idle = [each for each in book if each.said.code == "idle"]
    assert [(each.version, each.standing, each.founding) for each in idle] == [
        (2, True, False), (1, False, True),
    ]  # fmt: skip
    with pytest.raises(TermMoved):
        enter_threshold(session, wrong, follows=1, actor="An")


def extend(session: Session, site: Site, months: int) -> None:
    commands.extend(
        session, site.ground.change, project_id=site.project, months=months,
        day=date(2025, 9, 20), document_id=site.ground.document_id,
    )  # fmt: skip
    session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))


def test_an_extension_is_judged_by_the_row_that_counts(session: Session) -> None:
    site = lay_site(session)
    hand(session, site, date(2024, 9, 15))
    longer = replace(
        IDLE, code="extension", months=36, counts_from=None, valid_from=date(2025, 6, 1)
    )
    made = enter_threshold(session, longer, follows=0, actor="An")
    with pytest.raises(DBAPIError) as refused, session.begin_nested():
        extend(session, site, 30)
    said = refusal(refused.value)
    assert said is not None and (said.code, said.context["most"]) == ("extension-too-long", 24)
    confirm_threshold(session, made, seen_in="Công báo số 9", actor="binh")
    extend(session, site, 30)


def test_a_lead_time_moves_the_warning(session: Session) -> None:
    site = lay_site(session)
    hand(session, site, date(2024, 9, 15))  # breach 15/09/2025
    lead = replace(
        IDLE, code="warning", months=None, days=30, counts_from=None, valid_from=date(2025, 1, 1)
    )
    assert clock(session, site, date(2025, 8, 1)).state == "warning"
    made = enter_threshold(session, lead, follows=0, actor="An")
    confirm_threshold(session, made, seen_in="Quy chế số 3", actor="binh")
    assert clock(session, site, date(2025, 8, 1)).state == "running"
    assert clock(session, site, date(2025, 8, 16)).state == "warning"


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("code", {"code": "forever"}),
        ("months", {"months": None}),
        ("months", {"months": 0}),
        ("months", {"months": 601}),
        ("days", {"days": 30}),
        ("months", {"code": "urgent", "counts_from": None}),
        ("days", {"code": "urgent", "counts_from": None, "months": None, "days": 3661}),
        ("counts_from", {"counts_from": None}),
        ("counts_from", {"counts_from": "never"}),
        ("counts_from", {"code": "extension"}),
        ("project_kinds", {"project_kinds": ()}),
        ("project_kinds", {"project_kinds": ("fdi", "secret")}),
        ("valid_to", {"valid_to": date(2025, 1, 1)}),
    ],
    ids=str,
)
def test_a_field_that_does_not_hold_is_named(
    session: Session, field: str, change: dict[str, object]
) -> None:
    with pytest.raises(TermRefused) as refused:
        enter_threshold(session, replace(IDLE, **change), follows=0, actor="An")  # type: ignore[arg-type]
    assert refused.value.context == {"field": field}


def test_it_is_confirmed_once_and_never_by_who_entered_it(session: Session) -> None:
    made = enter_threshold(session, IDLE, follows=0, actor="An")
    with pytest.raises(DBAPIError) as own, session.begin_nested():
        confirm_threshold(session, made, seen_in="Công báo", actor=" an ")
    said = refusal(own.value)
    assert said is not None and said.code == "term-confirmed-by-self"
    confirm_threshold(session, made, seen_in="Công báo", actor="binh")
    with pytest.raises(TermConfirmedAlready):
        confirm_threshold(session, made, seen_in="Công báo", actor="cuc")
    with pytest.raises(NotFound):
        confirm_threshold(session, 0, seen_in="Công báo", actor="cuc")

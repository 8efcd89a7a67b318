"""Clearance asked: pages of items, next steps, targets by period."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from planning.clearance import register
from planning.clearance.cases import (
    set_target,
)
from planning.clearance.model import ClearanceStep
from planning.clearance.periods import Period, period, year_so_far
from planning.clearance.steps import CAUSES, next_steps
from planning.clearance.targets import achievements, scheme, schemes, targets
from planning.clearance.terms import terms
from planning.clocks import Moment
from planning.errors import NotFound
from planning.indicators.queries import land
from tests.conftest import TestDatabase
from tests.db.clearing import DAYS, Case, lead
from tests.db.clearing_session import (
    NOW,
    TO_PLAN,
    case,
    hand,
    judge,
    session,
)
from tests.db.ground import change

__all__ = ["case", "session"]


def test_items_page_by_page(session: Session, case: Case) -> None:
    lead(session, case, "notice")
    judge(session)
    page = register.items(session, NOW, case.id, most=1)
    assert ([row.number for row in page.rows], page.count, page.area_m2) == (["1"], 2, 20_000)
    page = register.items(session, NOW, case.id, most=1, skip=1, sort="number", descending=True)
    assert [row.number for row in page.rows] == ["1"]
    page = register.items(session, NOW, case.id, state="opened")
    assert ([row.number for row in page.rows], page.area_m2) == (["2"], 10_000)
    assert register.items(session, NOW, case.id, wanted="12/2").count == 1
    assert register.items(session, NOW, case.id, wanted="%").count == 0
    with pytest.raises(NotFound):
        register.item(session, NOW, case.id, "9")


def test_the_next_legal_step_has_its_deadline(session: Session, case: Case) -> None:
    lead(session, case, *TO_PLAN)
    story = register.steps(session, NOW, case.items[0])
    todo = next_steps(register.taken(story), "agricultural", terms(session), date(2024, 12, 25))
    by_kind = {each.kind: each for each in todo}
    assert by_kind["paid"].latest == DAYS["plan_approved"] + timedelta(30)
    assert by_kind["recovered"].earliest == DAYS["notice"] + timedelta(90)
    assert {term.verification for term in by_kind["paid"].terms} == {"verified"}


def test_the_order_in_code_is_the_order_that_judges(session: Session) -> None:
    rows = session.execute(text("SELECT step, after FROM land.clearance_order"))
    known = {row.step: tuple(row.after) for row in rows}
    assert {kind: causes for kind, causes in CAUSES.items() if causes} == {
        kind: causes for kind, causes in known.items() if kind in CAUSES
    }
    said = session.execute(
        text(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conname = 'clearance_step_kind_check'"
        )
    ).scalar_one()
    assert all(f"'{kind}'" in said for kind in CAUSES)
    assert session.query(ClearanceStep).filter(ClearanceStep.kind.notin_(CAUSES)).count() == 0


def test_a_flow_against_its_target_and_the_year_before(session: Session, case: Case) -> None:
    """Flow and stock never mix: what was cleared before the period is not cleared in it."""
    zone, board = case.ground.zone_id, case.ground.board_id
    lead(session, case, *TO_PLAN, "recovered")
    hand(session, case, 0, day=date(2025, 12, 20))
    number = change(session, case.document, day=date(2025, 12, 31))
    target = {"board_id": board, "year": 2026, "document_id": case.document}
    set_target(session, number, area_m2=Decimal(20_000), day=date(2025, 12, 31), **target)
    set_target(session, number, area_m2=Decimal(40_000), day=date(2026, 7, 1), **target)
    judge(session)
    (told,) = targets(session, Moment(date(2026, 6, 14)), 2026)
    assert (told.area_m2, told.zone_id) == (20_000, None)
    (told,) = targets(session, Moment(date(2026, 7, 1)), 2026)
    assert told.area_m2 == 40_000
    groups, sums = {"B": [zone]}, {"B": Decimal(20_000)}
    half = period("half", 2026, 1, scheme(session, "statistics_14").last_day)
    done = achievements(session, NOW, groups, half, sums)["B"]
    assert (done.cleared_m2, done.completion, done.growth) == (10_000, Decimal("0.5"), None)
    calendar = achievements(session, NOW, groups, period("half", 2026, 1, None), sums)["B"]
    assert (calendar.cleared_m2, calendar.stock_before_m2) == (0, 10_000)
    late = achievements(session, NOW, groups, period("half", 2027, 1, 14), {})["B"]
    assert (late.cleared_m2, late.year_ago_m2, late.growth) == (0, 10_000, -1)
    assert late.completion is None
    assert [each.code for each in schemes(session)] == ["calendar", "statistics_14"]


def test_the_share_of_the_report() -> None:
    """Hòa Bình, first half of 2024: 49.8 of 87 ha are 57.24 %."""
    from planning.clearance.targets import Achievement

    half = Period(date(2023, 12, 15), date(2024, 6, 14))
    done = Achievement(half, Decimal(0), Decimal(498_000), Decimal(870_000), Decimal(0))
    assert done.completion is not None
    assert round(done.completion * 100, 2) == Decimal("57.24")
    assert year_so_far(half.last, 14) == half


def test_flow_equals_the_indicator_on_the_demo(demo_database: TestDatabase) -> None:
    """Counted here and by the indicator's own sums: the same land."""
    with demo_database.database.reading() as db:
        whole = land(db, Moment(date(2025, 12, 31)))
        groups = {zone.code: [zone.id] for zone in whole.zones}
        year = period("year", 2025, 1, None)
        mine = achievements(db, Moment(date(2025, 12, 31)), groups, year, {})
        for zone in whole.zones:
            alone = whole.own.get(zone.id)
            assert alone is not None
            assert mine[zone.code].stock_m2 == alone["cleared"].legal, zone.code
        assert sum(each.cleared_m2 for each in mine.values()) > 0

"""Clearance: from the notice to cleared land, and every step refused on the way."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from planning import refusals
from planning.changes.undo import undo
from planning.clearance import register
from planning.clearance.steps import CAUSES
from planning.clocks import Moment
from planning.households.commands import Money, MoneyNotWhole
from planning.records.model import Change
from tests.db.clearing import DAYS, HANDED, OPENED, PLAN, Case, lead
from tests.db.clearing_session import (
    NOW,
    TO_PLAN,
    case,
    cleared_m2,
    hand,
    judge,
    refused,
    session,
    take,
)

__all__ = ["case", "session"]


def test_from_notice_to_cleared_land(session: Session, case: Case) -> None:
    """The cleared area moves by exactly that parcel on exactly that day."""
    lead(session, case, *TO_PLAN, "paid", "recovered")
    judge(session)
    assert cleared_m2(session, NOW.as_of) == 0
    hand(session, case, 0)
    judge(session)
    assert cleared_m2(session, HANDED - timedelta(1)) == 0
    assert cleared_m2(session, HANDED) == 10_000
    row = register.case(session, NOW, "GPMB-KCN-1")
    assert (row.sums.items, row.sums.households, row.sums.handed_over) == (2, 1, 1)
    assert (row.sums.area_m2, row.sums.cleared_m2) == (20_000, 10_000)
    assert row.sums.cleared_share == Decimal("0.5")
    assert (row.sums.granted.total, row.sums.paid_share) == (PLAN.total, 1)


@pytest.mark.parametrize(
    ("kinds", "state"),
    [
        ((), "opened"),
        (("notice",), "notice"),
        (TO_PLAN[:2], "inventory"),
        (TO_PLAN, "plan_approved"),
        ((*TO_PLAN, "paid"), "paid"),
        ((*TO_PLAN, "recovered"), "recovered"),
        ((*TO_PLAN, "recovered", "paid"), "paid_and_recovered"),
    ],
)
def test_the_state_on_any_day_follows_from_the_steps(
    session: Session, case: Case, kinds: tuple[str, ...], state: str
) -> None:
    if kinds:
        lead(session, case, *kinds)
    judge(session)
    found = register.item(session, NOW, case.id, "1")
    assert found.state == state
    assert register.item(session, Moment(OPENED), case.id, "1").state == "opened"
    story = register.steps(session, NOW, case.items[0])
    from planning.clearance.steps import state as pure

    assert pure(register.taken(story)) == state


@pytest.mark.parametrize(
    ("kind", "after"),
    [(kind, causes) for kind, causes in CAUSES.items() if causes and kind != "handed_over"],
)
def test_a_step_needs_its_cause(
    session: Session, case: Case, kind: str, after: tuple[str, ...]
) -> None:
    with refused(session, refusals.StepBeforeCause) as said:
        take(session, case, kind, day=date(2025, 6, 1))
    assert said["item_name"] == "GPMB-KCN-1 · 1"
    assert said["after"] == list(after)


@pytest.mark.parametrize("place", range(1, 5))
def test_a_step_is_not_dated_before_its_cause(session: Session, case: Case, place: int) -> None:
    lead(session, case, *TO_PLAN[:place])
    before = DAYS[TO_PLAN[place - 1]] - timedelta(1)
    with refused(session, refusals.StepBeforeCause):
        take(session, case, TO_PLAN[place], day=before)
    take(session, case, TO_PLAN[place], day=before + timedelta(1))
    judge(session)


def test_a_cause_is_not_taken_back_under_its_step(session: Session, case: Case) -> None:
    lead(session, case, "notice")
    number = session.query(Change.number).order_by(Change.number.desc()).limit(1).scalar()
    lead(session, case, "inventory")
    judge(session)
    with refused(session, refusals.StepBeforeCause):
        undo(session, number, actor="tester", reason="nhầm")


@pytest.mark.parametrize(("place", "days"), [(0, 90), (1, 180)])
def test_the_notice_runs_its_time(session: Session, case: Case, place: int, days: int) -> None:
    """Land Law 2024 art. 85.1: 90 days for agricultural land, 180 for other land."""
    for kind in TO_PLAN:
        take(session, case, kind, place=place, day=DAYS["notice"])
    early = DAYS["notice"] + timedelta(days - 1)
    with refused(session, refusals.NoticeTooEarly) as said:
        take(session, case, "recovered", place=place, day=early)
    assert said["item_name"] == f"GPMB-KCN-1 · {place + 1}"
    with session.begin_nested() as agreed:
        take(session, case, "recovered", place=place, day=DAYS["notice"], agreed_early=True)
        judge(session)
        agreed.rollback()
    take(session, case, "recovered", place=place, day=early + timedelta(1))
    judge(session)


def test_a_notice_is_valid_for_twelve_months(session: Session, case: Case) -> None:
    lead(session, case, *TO_PLAN)
    with refused(session, refusals.NoticeExpired):
        take(session, case, "recovered", day=date(2025, 9, 10))
    take(session, case, "notice", day=date(2025, 9, 1))
    with refused(session, refusals.NoticeTooEarly):
        take(session, case, "recovered", day=date(2025, 9, 10))
    take(session, case, "recovered", day=date(2025, 11, 30))
    judge(session)


def test_recovery_happens_once(session: Session, case: Case) -> None:
    lead(session, case, *TO_PLAN, "recovered")
    with refused(session, refusals.StepTakenAlready) as said:
        take(session, case, "recovered", day=date(2025, 2, 1))
    assert said["item_name"] == "GPMB-KCN-1 · 1"


@pytest.mark.parametrize("kind", ["plan_approved", "paid"])
def test_a_plan_and_a_payment_say_their_amount(session: Session, case: Case, kind: str) -> None:
    lead(session, case, *TO_PLAN[: 4 if kind == "plan_approved" else 5])
    with refused(session, refusals.StepNeedsAmount):
        take(session, case, kind, money=None)


def test_a_step_without_money_says_none(session: Session, case: Case) -> None:
    with refused(session, refusals.StepNeedsAmount):
        take(session, case, "notice", money=Money(Decimal(1)))


@pytest.mark.parametrize("part", ["compensation", "support", "resettlement"])
def test_no_part_is_paid_above_the_plan(session: Session, case: Case, part: str) -> None:
    lead(session, case, *TO_PLAN)
    over = Money(**{part: getattr(PLAN, part) + 1})
    with refused(session, refusals.PaymentAbovePlan) as said:
        take(session, case, "paid", money=over)
    assert "granted" not in said and "paid" not in said, "sums are told to nobody"
    take(session, case, "paid", money=Money(**{part: getattr(PLAN, part)}))
    judge(session)
    with refused(session, refusals.PaymentAbovePlan):
        take(session, case, "paid", day=date(2025, 3, 1), money=Money(**{part: Decimal(1)}))


def test_instalments_add_up_to_the_plan(session: Session, case: Case) -> None:
    lead(session, case, *TO_PLAN)
    for day, part in ((date(2025, 1, 5), 300), (date(2025, 1, 9), 500)):
        take(session, case, "paid", day=day, money=Money(Decimal(part) * 1_000_000))
    judge(session)
    with refused(session, refusals.PaymentAbovePlan):
        take(session, case, "plan_approved", day=date(2025, 1, 20), money=Money(Decimal(700)))
    larger = Money(PLAN.compensation * 2, PLAN.support, PLAN.resettlement)
    take(session, case, "plan_approved", day=date(2025, 1, 20), money=larger)
    take(session, case, "paid", day=date(2025, 1, 20), money=Money(PLAN.compensation))
    judge(session)
    assert register.case(session, NOW, "GPMB-KCN-1").sums.granted == larger


@pytest.mark.parametrize("wrong", ["-1", "0.5", "1e18", "NaN", "Infinity"])
def test_money_is_whole_dong(session: Session, case: Case, wrong: str) -> None:
    lead(session, case, *TO_PLAN)
    with pytest.raises(MoneyNotWhole) as found:
        take(session, case, "paid", money=Money(support=Decimal(wrong)))
    assert found.value.context == {"field": "support"}


@pytest.mark.parametrize("wrong", ["-1", "0.5", "1000000000000000000"])
def test_the_database_refuses_other_money_too(session: Session, case: Case, wrong: str) -> None:
    with pytest.raises(DBAPIError, match="vnd_check"):
        session.execute(
            text(
                "INSERT INTO household.amount (step_id, item_id, compensation, support,"
                " resettlement, valid_from, opened_by) VALUES (gen_random_uuid(), :item, :wrong,"
                " 0, 0, '2025-01-01', 1)"
            ),
            {"item": case.items[0], "wrong": Decimal(wrong)},
        )

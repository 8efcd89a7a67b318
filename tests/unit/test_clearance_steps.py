"""What the law asks of a clearance item next, and by when."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from planning.clearance.steps import Pause, Taken, Term, next_steps, paused_days, state
from planning.days import later

LAW = date(2024, 8, 1)
TERMS = [
    Term("n_a", "at_least", "notice", "recovered", "agricultural", 90, None, LAW, None, "85.1",
         "verified"),
    Term("n_n", "at_least", "notice", "recovered", "non_agricultural", 180, None, LAW, None, "85.1",
         "verified"),
    Term("valid", "valid_for", "notice", "recovered", None, None, 12, LAW, None, "85.5",
         "verified"),
    Term("pay_13", "within", "recovered", "paid", None, 30, None, date(2014, 7, 1), LAW, "93.1",
         "verified"),
    Term("pay_24", "within", "plan_approved", "paid", None, 30, None, LAW, None, "94.3",
         "verified"),
]  # fmt: skip
SENT = date(2025, 1, 10)


def led(*kinds: str, day: date = SENT) -> list[Taken]:
    return [Taken(kind, day) for kind in kinds]


def named(taken: list[Taken], today: date, pauses: tuple[Pause, ...] = ()) -> dict[str, str]:
    found = next_steps(taken, "agricultural", TERMS, today, pauses)
    return {each.kind: each.severity for each in found}


TO_PLAN = ("notice", "inventory", "plan_drafted", "plan_posted", "plan_approved")


def test_a_case_begins_with_its_notice() -> None:
    assert named([], SENT) == {"notice": "open"}


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ((), "opened"),
        (("notice",), "notice"),
        (("notice", "inventory_compulsory"), "inventory"),
        (TO_PLAN, "plan_approved"),
        ((*TO_PLAN, "paid"), "paid"),
        ((*TO_PLAN, "recovered"), "recovered"),
        ((*TO_PLAN, "recovered", "paid"), "paid_and_recovered"),
        ((*TO_PLAN, "recovered", "handed_over"), "handed_over"),
    ],
)
def test_the_state_is_the_furthest_step(kinds: tuple[str, ...], expected: str) -> None:
    assert state(led(*kinds)) == expected


def test_paid_and_recovered_follow_the_plan_in_either_order() -> None:
    assert named(led(*TO_PLAN), SENT + timedelta(100)) == {"paid": "overdue", "recovered": "open"}
    assert set(named(led(*TO_PLAN, "paid"), SENT)) == {"recovered"}
    assert set(named(led(*TO_PLAN, "recovered"), SENT)) == {"paid", "handed_over"}


@pytest.mark.parametrize(("land", "days"), [("agricultural", 90), ("non_agricultural", 180)])
def test_recovery_waits_for_the_notice(land: str, days: int) -> None:
    found = {each.kind: each for each in next_steps(led(*TO_PLAN), land, TERMS, SENT)}
    assert found["recovered"].earliest == SENT + timedelta(days)
    assert found["recovered"].severity == "waiting"
    assert found["recovered"].latest == date(2026, 1, 10), "while the notice is valid"


def test_payment_has_thirty_days_from_the_approved_plan() -> None:
    found = {each.kind: each for each in next_steps(led(*TO_PLAN), "agricultural", TERMS, SENT)}
    assert found["paid"].latest == SENT + timedelta(30)
    assert named(led(*TO_PLAN), SENT + timedelta(17))["paid"] == "soon"
    assert named(led(*TO_PLAN), SENT + timedelta(30))["paid"] == "soon"
    assert named(led(*TO_PLAN), SENT + timedelta(31))["paid"] == "overdue"


def test_under_the_law_of_2013_payment_counts_from_the_recovery() -> None:
    day = date(2020, 5, 1)
    found = next_steps(led(*TO_PLAN, "recovered", day=day), "agricultural", TERMS, day)
    (paid,) = [each for each in found if each.kind == "paid"]
    assert (paid.latest, paid.terms[0].code) == (day + timedelta(30), "pay_13")


def test_a_notice_is_sent_again_when_it_runs_out() -> None:
    taken = led("notice", "inventory")
    assert "notice" not in named(taken, date(2026, 1, 9))
    assert named(taken, date(2026, 1, 10))["notice"] == "overdue"
    again = [*taken, Taken("notice", date(2026, 1, 15))]
    assert "notice" not in named(again, date(2026, 2, 1))


def test_a_suspension_stops_the_clock() -> None:
    pause = Pause(SENT + timedelta(10), SENT + timedelta(40))
    found = {
        each.kind: each
        for each in next_steps(led(*TO_PLAN), "agricultural", TERMS, SENT + timedelta(50), [pause])
    }
    assert found["paid"].latest == SENT + timedelta(60)
    still = (Pause(SENT + timedelta(10), None),)
    assert named(led(*TO_PLAN), SENT + timedelta(200), still)["paid"] != "overdue"


def test_days_are_paused_once() -> None:
    start, stop = date(2025, 1, 1), date(2025, 2, 1)
    both = [Pause(date(2025, 1, 5), date(2025, 1, 10)), Pause(date(2025, 1, 8), date(2025, 1, 12))]
    assert paused_days(both, start, stop) == 7
    assert paused_days([Pause(date(2024, 1, 1), None)], start, stop) == 31
    assert paused_days([Pause(date(2025, 3, 1), None)], start, stop) == 0


def test_nothing_follows_the_hand_over() -> None:
    assert next_steps(led(*TO_PLAN, "recovered", "handed_over"), "agricultural", TERMS, SENT) == []


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2025, 12, 15), 1, date(2026, 1, 15)),
        (date(2026, 1, 1), -12, date(2025, 1, 1)),
        (date(2025, 11, 30), 3, date(2026, 2, 28)),
    ],
)
def test_months_end_where_they_end(day: date, months: int, expected: date) -> None:
    assert later(day, months) == expected

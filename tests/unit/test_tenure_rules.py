"""Land rights on plain values: months ahead, idle since when, powers of lessors, tax codes."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from planning.days import later
from planning.tenure.powers import Power, judge
from planning.tenure.rules import Past, Span, idle_since, tax_code_fits

A, B, C, D = (UUID(int=n) for n in range(4))
DAY = date(2026, 11, 22)
STATE = (Span(date(2021, 1, 1), None),)


@pytest.mark.parametrize(
    ("months", "day"),
    [(6, date(2027, 5, 22)), (12, date(2027, 11, 22)), (60, date(2031, 11, 22))],
)  # fmt: skip
def test_months_ahead(months: int, day: date) -> None:
    assert later(DAY, months) == day


def test_the_end_of_a_short_month() -> None:
    assert later(date(2026, 8, 31), 6) == date(2027, 2, 28)


IDLE: dict[str, tuple[dict[UUID, Past], date | None]] = {
    "never used": ({A: Past(STATE)}, date(2021, 1, 1)),
    "not from the State": ({A: Past()}, None),
    "used": ({A: Past(STATE, (Span(date(2022, 1, 1), None),))}, None),
    "used once": (
        {A: Past(STATE, (Span(date(2022, 1, 1), date(2024, 5, 5)),))},
        date(2024, 5, 5),
    ),
    "used twice, the later end counts": (
        {
            A: Past(
                STATE,
                (
                    Span(date(2022, 1, 1), date(2024, 5, 5)),
                    Span(date(2025, 1, 1), date(2025, 2, 1)),
                ),
            )
        },
        date(2025, 2, 1),
    ),
    "used from tomorrow": ({A: Past(STATE, (Span(date(2026, 11, 23), None),))}, date(2021, 1, 1)),
    "one State right after another": (
        {A: Past((Span(date(2020, 1, 1), date(2023, 1, 1)), Span(date(2023, 1, 1), None)))},
        date(2020, 1, 1),
    ),
    "a gap between State rights": (
        {A: Past((Span(date(2020, 1, 1), date(2022, 1, 1)), Span(date(2023, 1, 1), None)))},
        date(2023, 1, 1),
    ),
    "cut from an idle parcel": (
        {
            A: Past((Span(date(2025, 1, 1), None),), parents=(B,)),
            B: Past((Span(date(2021, 1, 1), date(2025, 1, 1)),)),
        },
        date(2021, 1, 1),
    ),
    "cut from a parcel that was let until then": (
        {
            A: Past((Span(date(2025, 1, 1), None),), parents=(B,)),
            B: Past(
                (Span(date(2021, 1, 1), date(2025, 1, 1)),),
                (Span(date(2022, 1, 1), date(2025, 1, 1)),),
            ),
        },
        date(2025, 1, 1),
    ),
    "put together of two": (
        {
            A: Past((Span(date(2025, 1, 1), None),), parents=(B, C)),
            B: Past((Span(date(2021, 1, 1), date(2025, 1, 1)),)),
            C: Past((Span(date(2023, 1, 1), date(2025, 1, 1)),)),
        },
        date(2023, 1, 1),
    ),
    "put together of an idle one and one that was used": (
        {
            A: Past((Span(date(2025, 1, 1), None),), parents=(B, C)),
            B: Past((Span(date(2021, 1, 1), date(2025, 1, 1)),)),
            C: Past(
                (Span(date(2021, 1, 1), date(2025, 1, 1)),),
                (Span(date(2021, 2, 1), date(2025, 1, 1)),),
            ),
        },
        date(2025, 1, 1),
    ),
    "cut twice": (
        {
            A: Past((Span(date(2025, 1, 1), None),), parents=(B,)),
            B: Past((Span(date(2023, 1, 1), date(2025, 1, 1)),), parents=(D,)),
            D: Past(
                (Span(date(2019, 1, 1), date(2023, 1, 1)),),
                (Span(date(2019, 1, 1), date(2020, 6, 1)),),
            ),
        },
        date(2020, 6, 1),
    ),
}


@pytest.mark.parametrize("name", IDLE)
def test_idle_since(name: str) -> None:
    pasts, day = IDLE[name]
    assert idle_since(A, DAY, pasts) == day


def power(kind: str, since: date, until: date | None = None, end: str = "verified") -> Power:
    closed = {} if until is None else {"end_clause": "Điều 260", "end_source": "x"}
    return Power(
        "state_lease", kind, since, until, "Điều 1", "unverified", "x",
        end_verification=None if until is None else end, **closed,
    )  # fmt: skip


LOST = date(2024, 8, 1)
POWERS = [
    power("authority", date(2014, 7, 1)),
    power("board", date(2014, 7, 1), LOST),
    power("cooperative", date(2014, 7, 1), LOST, "unverified"),
]


@pytest.mark.parametrize(
    ("kind", "day", "standing"),
    [
        ("authority", LOST, "power"),
        ("board", date(2024, 7, 31), "power"),
        ("board", LOST, "ended"),
        ("cooperative", LOST, "unproven"),
        ("company", LOST, "unproven"),
        ("board", date(2010, 1, 1), "unproven"),
    ],
)
def test_who_may_grant_on_a_day(kind: str, day: date, standing: str) -> None:
    verdict = judge(POWERS, "state_lease", kind, day)
    assert verdict is not None and verdict.standing == standing


def test_nobody_asks_who_reserves() -> None:
    assert judge(POWERS, "reservation", "company", LOST) is None


def test_a_power_that_came_back_counts() -> None:
    again = [*POWERS, power("board", date(2030, 1, 1))]
    verdict = judge(again, "state_lease", "board", date(2031, 1, 1))
    assert verdict is not None and verdict.standing == "power"


@pytest.mark.parametrize(
    ("code", "fits"),
    [("0100109106", True), ("0101248141", True), ("0100109106-001", True), ("0100109107", False)],
)
def test_check_digits_of_tax_codes(code: str, fits: bool) -> None:
    assert tax_code_fits(code) is fits

"""Clocks and the digest of a board with 2,000 projects and 20,000 items of clearance."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date

from sqlalchemy.orm import Session

from gisapp.digest.gather import gathered
from planning.clocks import Moment
from planning.legal_clocks.queries import clocks
from planning.projects.queries import projects
from tests.conftest import TestDatabase

AT = Moment(date(2026, 6, 15))
RULES = {"clocks": None, "notices": 60, "plots": 90, "plan_steps": None, "rights": 180,
         "imports": None}  # fmt: skip
TRIES = 5
DIGEST_S, LIST_S = 2.0, 0.3
LATENESS_S = 2.0


def fastest(busy_board: TestDatabase, work: Callable[[Session], object]) -> float:
    """The fastest of some tries, in seconds."""
    best = float("inf")
    for _ in range(TRIES):
        with busy_board.database.transaction(seconds=60) as session:
            started = time.perf_counter()
            work(session)
            best = min(best, time.perf_counter() - started)
    return best


def test_the_digest_of_the_board(busy_board: TestDatabase) -> None:
    with busy_board.database.transaction() as session:
        told = gathered(session, AT, RULES)
    took = fastest(busy_board, lambda session: gathered(session, AT, RULES))
    print(f"\n  digest of 2,000 projects, 20,000 items: {len(told):,} lines in {took:.2f} s"
          f" (goal {DIGEST_S})")  # fmt: skip
    assert {line.rule for line in told} >= {"clocks", "notices", "plots"}
    assert took < DIGEST_S


def test_every_clock_of_the_board(busy_board: TestDatabase) -> None:
    with busy_board.database.transaction() as session:
        rows = clocks(session, AT)
    took = fastest(busy_board, lambda session: clocks(session, AT))
    print(f"\n  {len(rows):,} clocks in {took * 1000:.0f} ms (goal {LIST_S * 1000:.0f})")
    assert len(rows) == 4_000
    assert took < LIST_S


def test_lateness_fairly_counted(busy_board: TestDatabase) -> None:
    took = fastest(busy_board, lambda session: projects(session, AT))
    print(f"\n  2,000 projects with lateness in {took * 1000:.0f} ms"
          f" (goal {LATENESS_S * 1000:.0f})")  # fmt: skip
    assert took < LATENESS_S

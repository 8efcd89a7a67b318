"""The first items a register ever sees: 10,000 with their steps, in one transaction."""

from __future__ import annotations

import time

from sqlalchemy import text

from tests.bench import clearance_ground
from tests.conftest import TestDatabase

ENTRY_S, JUDGED_S = 60.0, 20.0


def test_the_first_bulk_entry(module_database: TestDatabase) -> None:
    """Nothing is known of the tables yet to whoever plans; every item is judged at the end."""
    with module_database.database.households() as session:
        session.execute(text("SET LOCAL statement_timeout = 0"))
        started = time.perf_counter()
        clearance_ground.lay_case(session, 0)
        laid = time.perf_counter() - started
        session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        judged = time.perf_counter() - started - laid
    took = time.perf_counter() - started
    print(
        f"\n  {clearance_ground.LARGE:,} items with their steps in {took:.1f} s"
        f" (goal {ENTRY_S:.0f}), {judged:.1f} of them judging (goal {JUDGED_S:.0f})"
    )
    assert judged < JUDGED_S
    assert took < ENTRY_S

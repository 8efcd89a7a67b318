"""The land balance of a 500-lot plan, recomputed after an edit of one lot: clean and torn."""

from __future__ import annotations

import time
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from shapely import MultiPolygon, Polygon, box
from sqlalchemy.orm import Session

from planning.clocks import Moment
from planning.plans.balance import Balance, balance
from planning.plans.commands import NewLot, add_lots, create_plan, create_version
from planning.plans.lots import edit_lots, lots
from planning.plans.steps import advance
from tests.db.ground import EAST, NORTH, PLANE, lay
from tests.db.plan_ground import act

GOAL_MS = 200.0
TRIES = 5
COLUMNS, ROWS, WIDTH, HEIGHT, ROAD = 25, 20, 90.0, 60.0, 10.0
DAY = date(2024, 1, 1)


def blocks(torn: bool) -> list[Polygon]:
    """499 blocks with drawn corners, and the one road lot around them with 499 holes.

    Torn: each tenth block slips half a metre over its road, and leaves a gap behind.
    """
    rng = np.random.default_rng(4756)
    found = []
    for index in range(COLUMNS * ROWS - 1):
        west = EAST + ROAD + index % COLUMNS * (WIDTH + ROAD)
        south = NORTH + ROAD + index // COLUMNS * (HEIGHT + ROAD)
        slip = 0.5 if torn and index % 10 == 0 else 0.0
        cuts = np.round(np.sort(rng.uniform(5, WIDTH - 5, 12)), 3)
        ring = [(west, south), *((west + cut, south) for cut in cuts), (west + WIDTH, south),
                (west + WIDTH, south + HEIGHT), (west, south + HEIGHT)]  # fmt: skip
        found.append(Polygon([(round(x + slip, 3), round(y, 3)) for x, y in ring]))
    whole = box(EAST, NORTH, EAST + COLUMNS * (WIDTH + ROAD) + ROAD,
                NORTH + ROWS * (HEIGHT + ROAD) + ROAD)  # fmt: skip
    straight = blocks(torn=False)[:-1] if torn else found
    return [*found, Polygon(whole.exterior.coords, [block.exterior.coords for block in straight])]


def fastest(session: Session, version: object) -> tuple[float, Balance]:
    """Edit a lot, then the balance: the fastest of some, ms."""
    ground = lots(session, version, Moment(DAY))  # type: ignore[arg-type]
    best, found = float("inf"), None
    for turn in range(TRIES):
        told = {ground[turn].lot_id: {"category": ("CX", "DV")[turn % 2], "leasable": "none"}}
        edit_lots(session, CHANGE[0], plan_version_id=version, told=told)  # type: ignore[arg-type]
        started = time.perf_counter()
        found = balance(session, version)  # type: ignore[arg-type]
        best = min(best, (time.perf_counter() - started) * 1000)
    assert found is not None
    return best, found


CHANGE: list[int] = []


@pytest.mark.parametrize("torn", [False, True], ids=["clean", "torn"])
def test_the_balance_after_an_edit(session: Session, torn: bool) -> None:
    ground = lay(session, 1)
    CHANGE[:] = [act(session, ground, "an", DAY)]
    plan = create_plan(
        session, CHANGE[0], code="BENCH", zone_id=ground.zone_id, srid=PLANE, level="subdivision",
        scale_denominator=2000, name_vi="QH",
    )  # fmt: skip
    version, _ = create_version(session, CHANGE[0], plan_id=plan)
    shapes = blocks(torn)
    whole = MultiPolygon([Polygon(shapes[-1].exterior.coords)])
    advance(
        session, CHANGE[0], plan_version_id=version, status="drafting", day=DAY,
        document_id=ground.document_id, scope=whole,
    )  # fmt: skip
    add_lots(
        session, CHANGE[0], plan_version_id=version,
        lots=[
            NewLot(f"CN-{n:03d}", "CN", "industrial", shape, Decimal(str(round(shape.area, 1))))
            for n, shape in enumerate(shapes)
        ],
    )  # fmt: skip
    took, found = fastest(session, version)
    print(f"\n  balance of {found.lots} lots ({'torn' if torn else 'clean'}): {took:.0f} ms"
          f" (goal {GOAL_MS:.0f}); closes to {found.closes_m2:.6f} m²")  # fmt: skip
    assert found.lots == COLUMNS * ROWS and abs(found.closes_m2) < 0.01
    assert bool(found.faults()) is torn
    assert took < GOAL_MS

"""What does not fit in the demo, so that its lists are not empty, and what it does not move."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from gisapp.demo.layout import CORRIDOR_WIDTH, FIELD_HEIGHT, GAP_FIELD
from planning.clocks import Moment, today
from planning.conformance.queries import findings
from planning.zones.queries import find_zone, zones
from tests.conftest import TestDatabase


@pytest.fixture
def reading(demo_database: TestDatabase) -> Iterator[Session]:
    """A session on the demo."""
    with demo_database.database.reading(seconds=60) as session:
        yield session


def test_the_demo_has_three_telling_findings(reading: Session) -> None:
    at = Moment(today())
    everywhere = tuple(zone.id for zone in zones(reading, at))
    found = findings(reading, at, everywhere)
    assert Counter((each.kind, each.severity) for each in found) == {
        ("across_uses", "medium"): 2,
        ("gap", "medium"): 1,
    }
    assert {each.parcel.zone_id for each in found} == {find_zone(reading, "KKT-DEMO").id}
    worst = found[0]
    assert worst.area_m2 == pytest.approx(CORRIDOR_WIDTH * FIELD_HEIGHT, abs=0.1)
    assert worst.other.symbol == "CX-01"  # type: ignore[union-attr]
    gap = next(each for each in found if each.kind == "gap")
    assert gap.area_m2 == pytest.approx(0.3 * 80, abs=0.01)
    row, column = GAP_FIELD
    numbers = {gap.parcel.number, gap.other.number}  # type: ignore[union-attr]
    assert numbers == {str(row * 10 + column), str(row * 10 + column + 1)}

"""What a zone is doing follows from its phases; counts and areas come to the whole."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from planning.zones.phases import (
    STANDINGS,
    UNCLASSIFIED,
    PhaseLimit,
    PhaseRow,
    ZoneStanding,
    past_limit,
    standing_of,
    tally,
)
from planning.zones.queries import ZoneRow

DAY = date(2024, 1, 1)


@pytest.mark.parametrize(
    ("states", "rest", "standing"),
    [
        (set(), True, UNCLASSIFIED),
        ({"operating"}, False, "operating"),
        ({"operating"}, True, "operating_partly"),
        ({"operating", "planned"}, False, "operating_partly"),
        ({"operating", "clearing"}, False, "operating_clearing"),
        ({"operating", "clearing", "building"}, False, "operating_clearing"),
        ({"operating", "building"}, True, "operating_building"),
        ({"building", "clearing"}, False, "building_clearing"),
        ({"building", "planned"}, False, "building"),
        ({"clearing", "established"}, False, "clearing"),
        ({"established", "planned"}, False, "established"),
        ({"planned"}, True, "planned"),
    ],
)
def test_what_a_zone_is_doing(states: set[str], rest: bool, standing: str) -> None:
    assert standing_of(states, rest=rest) == standing
    assert standing in STANDINGS


def zone(area: int, kind: str = "industrial_park", measured: float | None = None) -> ZoneRow:
    legal = Decimal(area)
    return ZoneRow(
        UUID(int=1), "KCN", kind, 5899, None, None, "Khu", None, "B", "surveyed", legal,
        measured or float(area),
    )  # fmt: skip


def phase(number: str, area: int | None, state: str | None, drawn: float | None = None) -> PhaseRow:
    return PhaseRow(
        UUID(int=int(number)), UUID(int=1), number, 1, "Giai đoạn", None,
        None if area is None else Decimal(area), drawn, DAY, "1/QĐ", DAY, "UBND", state, None, None,
        1.0,
    )  # fmt: skip


def standing(whole: ZoneRow, *phases: PhaseRow) -> ZoneStanding:
    sums: dict[str, Decimal] = {}
    for each in phases:
        if each.state:
            sums[each.state] = sums.get(each.state, Decimal(0)) + each.own_m2(whole)
    return ZoneStanding(whole, phases, whole.legal_area_m2 or Decimal(0), sums)


def test_counts_and_areas_come_to_the_whole() -> None:
    found = [
        standing(
            zone(1_000_000), phase("1", 400_000, "operating"), phase("2", 500_000, "clearing")
        ),
        standing(zone(2_000_000), phase("1", 2_000_000, "operating")),
        standing(zone(3_000_000), phase("1", 1_000_000, None)),
        standing(zone(500_000)),
    ]
    sums = tally(found)
    assert sums.zone_count == 4 and sums.whole_m2 == 6_500_000
    assert sums.zones[UNCLASSIFIED] == 2 and sums.zones["operating_clearing"] == 1
    assert sums.area_m2[UNCLASSIFIED] == 100_000 + 3_000_000 + 500_000
    assert sums.phases[UNCLASSIFIED] == 1 and sum(sums.phases.values()) == 4


def test_a_drawn_phase_counts_for_its_share_of_the_decision() -> None:
    whole = zone(1_000_000, measured=1_010_000.0)
    drawn = phase("1", None, "operating", drawn=505_000.0)
    assert drawn.counted_m2(whole) == Decimal("500000.00")
    assert phase("1", 480_000, "operating", drawn=505_000.0).counted_m2(whole) == 480_000
    assert phase("1", None, None, drawn=5.0).counted_m2(zone(0, measured=0.0)) == 0


def test_a_large_zone_is_phased_and_no_phase_is_too_large() -> None:
    limit = PhaseLimit(("industrial_park",), Decimal(5_000_000), DAY, "x", "y", "unverified")
    large = zone(9_000_000)
    assert past_limit(standing(large), limit) == []
    big = phase("1", 5_000_001, "operating")
    assert past_limit(standing(large, big, phase("2", 100, None)), limit) == [big]
    fits = (phase("1", 5_000_000, "operating"), phase("2", 4_000_000, None))
    assert past_limit(standing(large, *fits), limit) is None
    assert past_limit(standing(zone(5_000_000)), limit) is None
    assert past_limit(standing(zone(9_000_000, "economic_zone")), limit) is None
    assert past_limit(standing(large), None) is None

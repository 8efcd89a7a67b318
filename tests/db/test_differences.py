"""Plan versions compared in the register: contracts broken, figures that move by the matrix."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from shapely import MultiPolygon, box
from sqlalchemy.orm import Session

from planning.adjustments.comparison import Comparison, compare, open_cells
from planning.clocks import Moment
from planning.errors import NotFound
from planning.indicators.queries import land
from planning.plans.commands import NewLot, add_lots, create_plan, create_version, set_status
from planning.plans.difference import IN_NO_LOT, Cell, Use
from planning.plans.difference_sides import PlanesDiffer, both_sides, version_by_key, version_facts
from tests import small_park
from tests.small_park import PLAN_2024, cell

HA = 10_000
CN, CX, DV, HT = Use("CN", "industrial"), Use("CX"), Use("DV", "service"), Use("HTKT")
EVE = Moment(PLAN_2024 - timedelta(days=1))
DAY = Moment(PLAN_2024)
NEAR = 0.01


@pytest.fixture
def park(session: Session) -> small_park.SmallPark:
    """The small park: its plan of 2024 takes a column of six hectares from the industrial lots."""
    return small_park.build(session)


@pytest.fixture
def between(session: Session, park: small_park.SmallPark) -> Callable[[Moment], Comparison]:
    """The plan of 2024 laid over that of 2021, on a day."""
    return lambda at: compare(session, at, *park.plan_versions)


def hectares(found: Comparison) -> dict[Cell, float]:
    """The matrix in hectares, to the square centimetre."""
    return {cell: round(area / HA, 8) for cell, area in found.matrix.items()}


def test_the_matrix_of_the_small_park(between: Callable[[Moment], Comparison]) -> None:
    """Lots 60 ha in a boundary of 96 ha; the eighth column leaves CN for CX, DV and HTKT."""
    assert hectares(between(EVE)) == {
        Cell(CN, CN): 42,
        Cell(CN, CX): 2,
        Cell(CN, DV): 2,
        Cell(CN, HT): 2,
        Cell(CX, CX): 4,
        Cell(DV, DV): 4,
        Cell(HT, HT): 4,
        Cell(IN_NO_LOT, IN_NO_LOT): 36,
    }


def test_the_lease_that_loses_ground_is_broken(between: Callable[[Moment], Comparison]) -> None:
    """The sub-lease holds the two southern rows; two hectares of it become green land. Two more of
    column eight, to the north, are in nobody's lease.
    """
    found = between(EVE)
    assert [(right.number, round(area, 2)) for right, area in found.broken] == [
        ("08/HĐ-TLĐ", 2 * HA)
    ]
    assert found.broken_m2 == pytest.approx(2 * HA, abs=NEAR)
    (right, _area) = found.broken[0]
    assert right.contract_area_m2 == Decimal(20 * HA)


def test_a_contract_that_is_not_there_yet_is_not_broken(
    between: Callable[[Moment], Comparison],
) -> None:
    assert between(Moment(date(2023, 5, 31))).broken == []


def test_the_eve_and_the_day_differ_exactly_by_what_was_foreseen(
    session: Session, park: small_park.SmallPark, between: Callable[[Moment], Comparison]
) -> None:
    """On the eve the draft shows what the register says on the day; on the day the comparison still
    knows what the eve said.
    """
    eve, day = (land(session, at, zone="KCN-TEST").figures() for at in (EVE, DAY))
    for at in (EVE, DAY):
        shifts = between(at).shifts
        assert len(shifts) == 7
        for shift in shifts:
            code = shift.before.answer.definition.code
            for seen, known in ((shift.before, eve[code]), (shift.after, day[code])):
                assert seen.answer.value == known.answer.value, (code, at)
                assert seen.answer.measured == known.answer.measured, (code, at)
                assert seen.answer.denominator == known.answer.denominator, (code, at)


def test_leasable_land_moves_by_the_matrix(between: Callable[[Moment], Comparison]) -> None:
    """48 ha of industrial and 4 ha of service land become 42 and 6."""
    found = between(EVE)
    by_code = {shift.before.answer.definition.code: shift for shift in found.shifts}
    industrial, both = by_code["leasable_area"], by_code["leasable_area_incl_service"]
    assert (industrial.before.answer.value, industrial.after.answer.value) == (48 * HA, 42 * HA)
    assert (both.before.answer.value, both.after.answer.value) == (52 * HA, 48 * HA)
    ground = found.leasable
    assert (ground.lost_m2, ground.gained_m2, ground.turned_m2) == pytest.approx(
        (4 * HA, 0, 2 * HA), abs=NEAR
    )
    moved = both.after.answer.measured - both.before.answer.measured  # type: ignore[operator]
    assert float(moved) == pytest.approx(ground.net_m2, abs=NEAR)


def test_the_way_back_breaks_nothing_and_gives_the_ground_again(
    session: Session, park: small_park.SmallPark
) -> None:
    found = compare(session, DAY, park.plan_versions[1], park.plan_versions[0])
    assert found.broken == []
    assert found.leasable.gained_m2 == pytest.approx(4 * HA, abs=NEAR)


def test_a_cell_opens_lots_parcels_rights_and_projects(
    session: Session, park: small_park.SmallPark
) -> None:
    green = open_cells(session, EVE, *park.plan_versions, Cell(CN, CX).__eq__)
    assert green is not None
    assert green.area_m2 == pytest.approx(2 * HA, abs=NEAR)
    assert [(parcel.sheet, parcel.number, round(area)) for parcel, area in green.parcels] == [
        ("1", "8", HA),
        ("2", "8", HA),
    ]
    assert {(right.kind, round(area)) for right, area in green.rights} == {
        ("sub_lease", 2 * HA),
        ("state_lease", 2 * HA),
    }
    stays = open_cells(session, DAY, *park.plan_versions, Cell(CN, CN).__eq__)
    assert stays is not None
    assert [(project.code, round(area)) for project, area in stays.projects] == [("DA-001", 2 * HA)]
    assert open_cells(session, EVE, *park.plan_versions, Cell(CX, CN).__eq__) is None


def draft(session: Session, park: small_park.SmallPark, *lots: NewLot) -> None:
    """A draft of the park's plan, number 3."""
    change, _ = small_park._act(session, date(2025, 3, 1), "03/TTr")
    plan_id = version_facts(session, DAY, [park.plan_versions[0]])[0].plan_id
    version, number = create_version(session, change, plan_id=plan_id)
    assert number == 3
    inner = box(small_park.WEST, small_park.SOUTH, small_park.WEST + 1200, small_park.SOUTH + 800)
    set_status(
        session, change, plan_version_id=version, status="drafting", valid_from=date(2025, 3, 1),
        scope=MultiPolygon([inner]),
    )  # fmt: skip
    add_lots(session, change, plan_version_id=version, lots=list(lots))


def test_a_draft_shows_what_it_would_break_and_changes_nothing(
    session: Session, park: small_park.SmallPark
) -> None:
    draft(session, park, NewLot("CN-01", "CN", "industrial", cell(0, 1, 7, 5)),
          NewLot("CX-01", "CX", "none", cell(0, 0, 10, 1)))  # fmt: skip
    at = Moment(date(2026, 1, 1))
    before = land(session, at, zone="KCN-TEST").figures()
    found = compare(session, at, park.plan_versions[1], version_by_key(session, "QHPK-TEST/3"))
    assert not found.after.facts.approved
    # the southern row: seven leased hectares of CN, nothing else in that lease was leasable there
    assert [(right.number, round(area)) for right, area in found.broken] == [("08/HĐ-TLĐ", 7 * HA)]
    by_code = {shift.after.answer.definition.code: shift for shift in found.shifts}
    assert by_code["leasable_area"].after.answer.value == 35 * HA
    assert by_code["leasable_area"].before.answer.value == before["leasable_area"].answer.value
    assert land(session, at, zone="KCN-TEST").figures() == before


def test_a_sliver_narrower_than_the_pen_breaks_nothing(
    session: Session, park: small_park.SmallPark
) -> None:
    """0.3 m along the southern edge of the leased land: less than 0.2 mm at 1/2000."""
    west, south, east, north = cell(0, 0, 7, 6).bounds
    draft(session, park, NewLot("CN-01", "CN", "industrial", box(west, south + 0.3, east, north)),
          NewLot("CX-01", "CX", "none", box(west, south, east, south + 0.3)))  # fmt: skip
    at = Moment(date(2026, 1, 1))
    found = compare(session, at, park.plan_versions[1], version_by_key(session, "QHPK-TEST/3"))
    assert found.matrix[Cell(CN, CX)] == pytest.approx(0.3 * 700, abs=NEAR)
    assert found.broken == []


def test_versions_of_two_planes_share_no_ground(
    session: Session, park: small_park.SmallPark
) -> None:
    from planning.zones.commands import create_zone

    setup, _ = small_park._act(session, date(2025, 1, 2), "55/QĐ")
    zone = create_zone(
        session, setup, code="KCN-FAR", kind="industrial_park", srid=9211, board_id=park.board,
        name_vi="KCN mặt phẳng khác", valid_from=date(2020, 1, 1),
    )  # fmt: skip
    plan = create_plan(
        session, setup, code="QHPK-FAR", zone_id=zone, srid=9211, level="subdivision",
        scale_denominator=2000, name_vi="QHPK mặt phẳng khác",
    )  # fmt: skip
    other, _ = create_version(session, setup, plan_id=plan)
    with pytest.raises(PlanesDiffer):
        both_sides(session, DAY, park.plan_versions[0], other)


@pytest.mark.parametrize(
    "key", ["", "QHPK-TEST", "QHPK-TEST/9", "QHPK-TEST/x", "/1", "a/b/2", "²/²"]
)
def test_a_version_nobody_knows(session: Session, park: small_park.SmallPark, key: str) -> None:
    with pytest.raises(NotFound):
        version_by_key(session, key)


def test_versions_as_they_stand_on_a_day(session: Session, park: small_park.SmallPark) -> None:
    on_the_eve = {facts.number: facts for facts in version_facts(session, EVE)}
    assert on_the_eve[1].in_force
    assert not on_the_eve[2].in_force
    assert on_the_eve[2].approved, "its decision is known, its day has not come"
    on_the_day = {facts.number: facts for facts in version_facts(session, DAY)}
    assert (on_the_day[1].in_force, on_the_day[2].in_force) == (False, True)
    assert on_the_day[2].decision_number == "24/QĐ-BQL"
    assert on_the_day[1].in_force_to == PLAN_2024

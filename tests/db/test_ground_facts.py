"""Hand-overs, resettlement and projects through the two clocks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from shapely import MultiPolygon
from sqlalchemy.orm import Session

from planning.clearance import commands as clearance
from planning.clearance import queries as cleared
from planning.clocks import Moment
from planning.errors import AlreadyExists, LaterVersionsExist, NotFound
from planning.projects import commands as projects
from planning.projects import queries as seen
from planning.projects.queries import Capital
from planning.resettlement import commands as resettlement
from planning.resettlement import queries as resettled
from tests.db.ground import PLANE, Ground, change, lay, square

DAY = date(2022, 3, 1)


@pytest.fixture
def ground(session: Session) -> Ground:
    return lay(session, 3)


def test_land_is_cleared_from_the_day_of_its_minutes(session: Session, ground: Ground) -> None:
    minutes = clearance.hand_over(
        session,
        ground.change,
        zone_id=ground.zone_id,
        number="BB 1",
        day=DAY,
        parcels=ground.parcels[:2],
        stated_area_m2=Decimal("19999.5"),
    )
    before, after = Moment(date(2022, 2, 28)), Moment(DAY)
    assert cleared.cleared_on(session, before, ground.parcels) == {}
    assert cleared.cleared_on(session, after, ground.parcels) == dict.fromkeys(
        ground.parcels[:2], DAY
    )
    assert cleared.handovers(session, before, ground.zone_id) == []
    (row,) = cleared.handovers(session, after, ground.zone_id)
    assert (row.id, row.number, row.day, row.parcels) == (minutes, "BB 1", DAY, 2)
    assert row.stated_area_m2 == Decimal("19999.5")


def test_a_hand_over_that_never_was_stays_in_the_history(session: Session, ground: Ground) -> None:
    minutes = clearance.hand_over(
        session,
        ground.change,
        zone_id=ground.zone_id,
        number="BB 1",
        day=DAY,
        parcels=ground.parcels,
    )
    correction = change(session, ground.document_id, kind="correction")
    clearance.withdraw_handover(session, correction, handover_id=minutes)
    assert cleared.cleared_on(session, Moment(DAY), ground.parcels) == {}
    believed = Moment(DAY, known=ground.change)
    assert len(cleared.cleared_on(session, believed, ground.parcels)) == 3
    with pytest.raises(NotFound):
        clearance.withdraw_handover(session, correction, handover_id=minutes)


def area(session: Session, ground: Ground) -> UUID:
    return resettlement.create_area(
        session,
        ground.change,
        code="TDC-1",
        board_id=ground.board_id,
        zone_id=ground.zone_id,
        name_vi="Khu tái định cư",
        srid=PLANE,
        area=MultiPolygon([square(20, 20, 300)]),
        valid_from=DAY,
        plots_planned=4,
        ready_on=date(2023, 12, 31),
    )


def test_plots_are_ready_from_the_day_they_are(session: Session, ground: Ground) -> None:
    place = area(session, ground)
    plots = [resettlement.NewPlot(str(number), Decimal(200)) for number in range(1, 5)]
    number = ground.change
    resettlement.add_plots(session, number, area_id=place, plots=plots, valid_from=DAY)
    ready, given = date(2023, 6, 1), date(2024, 1, 1)
    resettlement.set_plots(
        session, number, area_id=place, numbers=["1", "2", "3"], day=ready, status="ready"
    )
    resettlement.set_plots(
        session, number, area_id=place, numbers=["3"], day=given, status="assigned"
    )
    resettlement.set_readiness(
        session, number, area_id=place, day=given, status="completed", ready_on=given
    )
    counts = []
    for day in (date(2023, 5, 31), ready, given):
        (row,) = resettled.areas(session, Moment(day), zone_id=ground.zone_id)
        counts.append((row.status, row.plots, row.plots_ready, row.plots_assigned))
    assert counts == [("planned", 4, 0, 0), ("planned", 4, 3, 0), ("completed", 4, 3, 1)]
    (row,) = resettled.areas(session, Moment(given), board_id=ground.board_id)
    assert (row.ready_on, row.area_m2) == (given, 90_000.0)
    assert resettled.areas(session, Moment(date(2022, 2, 28))) == []
    assert resettled.find_area(session, "TDC-1") == place


def test_refusals_of_resettlement(session: Session, ground: Ground) -> None:
    place = area(session, ground)
    with pytest.raises(AlreadyExists):
        area(session, ground)
    with pytest.raises(NotFound):
        resettlement.set_plots(
            session, ground.change, area_id=place, numbers=["9"], day=DAY, status="ready"
        )
    with pytest.raises(NotFound):
        resettled.find_area(session, "TDC-9")
    resettlement.set_readiness(
        session, ground.change, area_id=place, day=date(2024, 1, 1), status="building"
    )
    with pytest.raises(LaterVersionsExist):
        resettlement.set_readiness(
            session, ground.change, area_id=place, day=date(2023, 1, 1), status="approved"
        )


def project(session: Session, ground: Ground, **facts: object) -> UUID:
    known: dict[str, object] = {
        "code": "DA-1",
        "zone_id": ground.zone_id,
        "srid": PLANE,
        "kind": "fdi",
        "name_vi": "Nhà máy",
        "valid_from": DAY,
        "shape": square(0, 0),
    }
    return projects.create_project(session, ground.change, **(known | facts))


def at(session: Session, day: date) -> seen.ProjectRow:
    (row,) = seen.projects(session, Moment(day))
    return row


def test_a_project_is_late_from_the_day_after_a_missed_step(
    session: Session, ground: Ground
) -> None:
    one = project(session, ground)
    for step, planned in (("construction", date(2023, 1, 1)), ("operation", date(2024, 1, 1))):
        projects.set_milestone(
            session, ground.change, project_id=one, step=step, planned_on=planned, day=DAY
        )
    projects.reach_milestone(
        session, ground.change, project_id=one, step="construction", day=date(2023, 3, 1)
    )
    late = {
        day: (row.late_step, row.late_days, row.late)
        for day in (
            date(2023, 1, 1),
            date(2023, 1, 2),
            date(2023, 2, 28),
            date(2023, 3, 1),
            date(2024, 1, 11),
        )
        for row in [at(session, day)]
    }
    assert list(late.values()) == [
        (None, 0, False),
        ("construction", 1, True),
        ("construction", 58, True),
        (None, 0, False),
        ("operation", 10, True),
    ]
    projects.set_status(
        session, ground.change, project_id=one, day=date(2024, 1, 12), status="terminated"
    )
    assert not at(session, date(2024, 1, 12)).late
    assert at(session, date(2024, 1, 11)).status == "certified"


def test_capital_and_progress_change_from_their_days(session: Session, ground: Ground) -> None:
    one = project(session, ground)
    number, later = ground.change, date(2023, 1, 1)
    for currency, registered in (("VND", "1500000000000"), ("USD", "60000000.50")):
        projects.set_capital(
            session,
            number,
            project_id=one,
            currency=currency,
            registered=Decimal(registered),
            day=DAY,
        )
    projects.set_capital(
        session,
        number,
        project_id=one,
        currency="USD",
        registered=Decimal(70_000_000),
        implemented=Decimal(1_000_000),
        day=later,
    )
    projects.note_progress(session, number, project_id=one, day=DAY, actual_pct=Decimal("12.5"))
    projects.note_progress(
        session, number, project_id=one, day=later, actual_pct=Decimal(40), planned_pct=Decimal(50)
    )
    before, after = at(session, date(2022, 12, 31)), at(session, later)
    dong = Capital("VND", Decimal(1_500_000_000_000), None)
    assert before.capital == (Capital("USD", Decimal("60000000.50"), None), dong)
    assert after.capital == (Capital("USD", Decimal(70_000_000), Decimal(1_000_000)), dong)
    assert (before.actual_pct, before.seen_on) == (Decimal("12.5"), DAY)
    assert (after.actual_pct, after.planned_pct, after.seen_on) == (Decimal(40), 50, later)


def test_a_project_stands_on_parcels(session: Session, ground: Ground) -> None:
    one = project(session, ground)
    two, number = ground.parcels[:2], ground.change
    projects.attach_parcels(session, number, project_id=one, parcels=two, day=DAY)
    projects.detach_parcels(session, number, project_id=one, parcels=two[:1], day=date(2023, 1, 1))
    before, after = Moment(date(2022, 12, 31)), Moment(date(2023, 1, 1))
    assert set(seen.parcels_of_project(session, before, one)) == set(two)
    assert seen.parcels_of_project(session, after, one) == two[1:]
    assert seen.projects_of_parcel(session, after, two[0]) == []
    assert seen.projects_of_parcel(session, after, two[1]) == [one]
    # a new step keeps the drawing
    projects.set_status(
        session, number, project_id=one, day=date(2023, 5, 1), status="under_construction"
    )
    assert at(session, date(2023, 5, 1)).status == "under_construction"


def test_refusals_of_projects(session: Session, ground: Ground) -> None:
    one = project(session, ground)
    with pytest.raises(AlreadyExists):
        project(session, ground)
    with pytest.raises(NotFound):
        seen.find_project(session, "DA-9")
    assert seen.find_project(session, "DA-1") == one
    with pytest.raises(NotFound):
        projects.reach_milestone(session, ground.change, project_id=one, step="operation", day=DAY)

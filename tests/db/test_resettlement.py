"""Resettlement: plots promised once and only while they exist, and the first day of shortage."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from shapely import MultiPolygon
from sqlalchemy.orm import Session

from planning import refusals
from planning.clearance import register
from planning.clearance.cases import change_item
from planning.clocks import Moment, end
from planning.errors import NotFound
from planning.resettlement.commands import (
    NewPlot,
    add_plots,
    assign_plot,
    create_area,
    draw_plots,
    set_plots,
    take_back_plot,
)
from planning.resettlement.curves import curves
from planning.resettlement.model import ResettlementPlotVersion
from planning.resettlement.queries import areas, plots
from tests.conftest import TestDatabase
from tests.db.clearing import OPENED, Case, lay_case
from tests.db.clearing_session import judge, refused, session, take
from tests.db.ground import PLANE, change, square

__all__ = ["session"]
READY = date(2026, 9, 30)
NOW = Moment(date(2026, 1, 1))


@pytest.fixture
def case(session: Session) -> Case:
    return lay_case(session)


@pytest.fixture
def area(session: Session, case: Case) -> UUID:
    """Ten plots of 20 m × 20 m, ready on 30 September 2026."""
    number = change(session, case.document, day=OPENED)
    made = create_area(
        session,
        number,
        code="TDC-1",
        board_id=case.ground.board_id,
        name_vi="Khu tái định cư 1",
        srid=PLANE,
        area=MultiPolygon([square(10, 10, 500)]),
        valid_from=OPENED,
        ready_on=READY,
    )
    new = [NewPlot(f"LK-{n:02d}", shape=square(10 + n * 0.2, 10, 20)) for n in range(10)]
    add_plots(session, number, area_id=made, plots=new, valid_from=OPENED)
    return made


def promise(
    session: Session, case: Case, area: UUID, number: str, place: int = 0, day: date = NOW.as_of
) -> None:
    made = change(session, case.document, day=day)
    assign_plot(
        session,
        made,
        area_id=area,
        number=number,
        item_id=case.items[place],
        day=day,
        document_id=case.document,
    )


def need(session: Session, case: Case, area: UUID, day: date | None, plots_needed: int = 1) -> None:
    made = change(session, case.document, day=OPENED)
    values = {
        "plots_needed": plots_needed,
        "resettlement_area_id": area,
        "handover_planned_on": day,
    }
    change_item(session, made, item_id=case.items[0], day=OPENED + timedelta(1), values=values)


def test_a_household_gets_its_plot(session: Session, case: Case, area: UUID) -> None:
    promise(session, case, area, "LK-03")
    judge(session)
    (row,) = areas(session, NOW)
    assert (row.plots, row.plots_assigned) == (10, 1)
    found = {plot.number: plot for plot in plots(session, NOW, area)}
    assert (found["LK-03"].case_code, found["LK-03"].item_number) == ("GPMB-KCN-1", "1")
    assert found["LK-03"].measured_m2 == pytest.approx(400)
    assert found["LK-04"].item_number is None
    assert register.item(session, NOW, case.id, "1").plots == "LK-03"
    before = Moment(NOW.as_of - timedelta(1))
    assert register.item(session, before, case.id, "1").plots_assigned == 0


def test_a_plot_goes_to_one_household(session: Session, case: Case, area: UUID) -> None:
    promise(session, case, area, "LK-03")
    with refused(session, refusals.PlotAssignedAlready) as said:
        promise(session, case, area, "LK-03", 1, date(2026, 2, 1))
    assert said["plot_name"] == "TDC-1 · LK-03"
    number = change(session, case.document, day=date(2026, 2, 1))
    plot = next(each.id for each in plots(session, NOW, area) if each.number == "LK-03")
    take_back_plot(session, number, plot_id=plot, day=date(2026, 2, 1))
    promise(session, case, area, "LK-03", 1, date(2026, 2, 1))
    judge(session)


def test_a_plot_is_not_promised_before_it_exists(session: Session, case: Case, area: UUID) -> None:
    with refused(session, refusals.PlotNotThere) as said:
        promise(session, case, area, "LK-01", day=OPENED - timedelta(1))
    assert said["plot_name"] == "TDC-1 · LK-01"
    with pytest.raises(NotFound):
        promise(session, case, area, "LK-99")


def test_a_promised_plot_does_not_go(session: Session, case: Case, area: UUID) -> None:
    promise(session, case, area, "LK-01")
    plot = plots(session, NOW, area)[1].id
    with refused(session, refusals.PlotNotThere):
        number = change(session, case.document, day=date(2026, 3, 1))
        mine = ResettlementPlotVersion.resettlement_plot_id == plot
        end(session, ResettlementPlotVersion, number, mine, date(2026, 3, 1))


def test_plots_do_not_overlap(session: Session, case: Case, area: UUID) -> None:
    number = change(session, case.document, day=OPENED)
    (made,) = add_plots(session, number, area_id=area, plots=[NewPlot("LK-77")], valid_from=OPENED)
    with refused(session, refusals.PlotsOverlap) as said:
        shapes = {made: square(10.1, 10, 20)}
        draw_plots(session, number, srid=PLANE, shapes=shapes, valid_from=OPENED)
    assert "TDC-1 · LK-77" in (said["a_name"], said["b_name"])
    shapes = {made: square(12, 10, 20)}
    draw_plots(session, number, srid=PLANE, shapes=shapes, valid_from=OPENED)


def test_the_first_day_of_shortage(session: Session, case: Case, area: UUID) -> None:
    need(session, case, area, READY - timedelta(120), 3)
    number = change(session, case.document, day=NOW.as_of)
    set_plots(session, number, area_id=area, numbers=["LK-00"], day=NOW.as_of, status="ready")
    found = curves(session, NOW, [area])[area]
    short = found.first_shortage
    assert short is not None
    assert (short.day, short.ready, short.needed) == (READY - timedelta(120), 1, 3)
    assert found.enough_again == READY
    assert (found.undated_ready, found.undated_needed) == (0, 0)


def test_a_need_without_a_day_is_told_apart(session: Session, case: Case, area: UUID) -> None:
    need(session, case, area, None, 2)
    found = curves(session, NOW, [area])[area]
    assert (found.undated_needed, found.first_shortage) == (2, None)


def test_a_need_goes_where_its_plot_was_promised(session: Session, case: Case, area: UUID) -> None:
    need(session, case, area, READY - timedelta(120), 2)
    number = change(session, case.document, day=OPENED)
    other = create_area(
        session, number, code="TDC-2", board_id=case.ground.board_id, name_vi="Khu tái định cư 2",
        srid=PLANE, area=MultiPolygon([square(60, 60, 500)]), valid_from=OPENED, ready_on=OPENED,
    )  # fmt: skip
    add_plots(session, number, area_id=other, plots=[NewPlot("A1")], valid_from=OPENED)
    promise(session, case, other, "A1")
    judge(session)
    here, there = (curves(session, NOW, [area, other])[each] for each in (area, other))
    assert here.first_shortage is not None and here.first_shortage.needed == 1
    assert (there.first_shortage, there.points[-1].needed) == (None, 1)
    before = curves(session, Moment(NOW.as_of - timedelta(1)), [area, other])
    assert [before[each].points[-1].needed for each in (area, other)] == [2, 0]


@pytest.mark.parametrize(
    ("planned", "number", "alarm"),
    [
        (READY - timedelta(1), "LK-03", True),
        (READY, "LK-03", False),
        (READY - timedelta(1), None, True),
        (None, None, False),
    ],
)
def test_land_that_goes_before_its_plot_is_ready(
    session: Session, case: Case, area: UUID, planned: date | None, number: str | None, alarm: bool
) -> None:
    need(session, case, area, planned)
    if number is not None:
        promise(session, case, area, number)
    assert register.item(session, NOW, case.id, "1").homeless is alarm
    assert register.case(session, NOW, "GPMB-KCN-1").sums.homeless == alarm
    if number is not None:
        told = next(each for each in plots(session, NOW, area) if each.number == number)
        assert told.too_late is alarm


def test_the_same_over_a_real_commit(fresh_database: TestDatabase) -> None:
    """Judgement at commit, not only when it is asked for."""
    with fresh_database.database.households() as session:
        case = lay_case(session)
    with pytest.raises(refusals.StepBeforeCause), fresh_database.database.households() as session:
        take(session, case, "inventory")

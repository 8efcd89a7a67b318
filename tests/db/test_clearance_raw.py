"""What the issue calls bad input of clearance, as raw SQL past every verb: the database refuses."""

from __future__ import annotations

from datetime import date

import pytest
from shapely import MultiPolygon
from sqlalchemy import text
from sqlalchemy.orm import Session

from planning import refusals
from planning.errors import PlanningError
from planning.resettlement.commands import NewPlot, add_plots, create_area
from tests.db.clearing import HANDED, OPENED, Case, lead
from tests.db.clearing_session import TO_PLAN, case, hand, judge, refused, session
from tests.db.ground import PLANE, change, square

__all__ = ["case", "session"]

STEP = """WITH step AS (
    INSERT INTO land.clearance_step (item_id, kind, document_id, valid_from, opened_by)
    VALUES (:item, :kind, :paper, :day, :number) RETURNING step_id, item_id)
"""
TAKEN = STEP + "SELECT * FROM step"
PAID = (
    STEP
    + """INSERT INTO household.amount
    (step_id, item_id, compensation, support, resettlement, valid_from, opened_by)
    SELECT step_id, item_id, CAST(:dong AS numeric), 0, 0, :day, :number FROM step"""
)
GROUND = """INSERT INTO land.handover_parcel (handover_id, parcel_id, valid_from, opened_by)
    SELECT handover_id, :parcel, :day, :number FROM land.handover_version LIMIT 1"""
PROMISE = """INSERT INTO land.plot_assignment
    (resettlement_plot_id, item_id, document_id, valid_from, opened_by)
    SELECT id, :item, :paper, :day, :number FROM land.resettlement_plot WHERE number = 'LK-1'"""


def run(session: Session, case: Case, statement: str, day: date, **more: object) -> None:
    """One statement in a change of its own."""
    number = change(session, case.document, day=day)
    given = {"item": case.items[0], "paper": case.document, "day": day, "number": number, **more}
    session.execute(text(statement), given)


@pytest.mark.parametrize(
    ("led", "kind", "day"),
    [
        ((), "inventory", date(2024, 10, 1)),
        (TO_PLAN[:2], "plan_posted", date(2024, 11, 15)),
        (TO_PLAN[:3], "plan_posted", date(2024, 10, 31)),
        (TO_PLAN[:4], "recovered", date(2025, 1, 15)),
        (TO_PLAN, "handed_over", HANDED),
    ],
    ids=["no-notice", "no-plan", "before-its-cause", "not-approved", "not-recovered"],
)
def test_steps_out_of_order(
    session: Session, case: Case, led: tuple[str, ...], kind: str, day: date
) -> None:
    if led:
        lead(session, case, *led)
    with refused(session, refusals.StepBeforeCause):
        run(session, case, TAKEN, day, kind=kind)


@pytest.mark.parametrize(
    ("dong", "kind"),
    [
        ("800000001", refusals.PaymentAbovePlan),
        ("-1", refusals.AmountRefused),
        ("10.5", refusals.AmountRefused),
        ("1000000000000000000", refusals.AmountRefused),
        ("NaN", refusals.AmountRefused),
    ],
)
def test_payments(session: Session, case: Case, dong: str, kind: type[PlanningError]) -> None:
    lead(session, case, *TO_PLAN)
    with refused(session, kind):
        run(session, case, PAID, date(2025, 1, 10), kind="paid", dong=dong)


def test_land_handed_over_already(session: Session, case: Case) -> None:
    lead(session, case, *TO_PLAN, "recovered")
    hand(session, case, 0)
    judge(session)
    with refused(session, refusals.HandedOverAlready):
        run(session, case, GROUND, date(2025, 3, 1), parcel=case.ground.parcels[0])


def test_two_households_on_one_plot_and_a_plot_to_come(session: Session, case: Case) -> None:
    number = change(session, case.document, day=OPENED)
    area = create_area(
        session, number, code="TDC", board_id=case.ground.board_id, name_vi="Khu", srid=PLANE,
        area=MultiPolygon([square(10, 10, 500)]), valid_from=OPENED,
    )  # fmt: skip
    add_plots(session, number, area_id=area, plots=[NewPlot("LK-1")], valid_from=OPENED)
    judge(session)
    with refused(session, refusals.PlotNotThere):
        run(session, case, PROMISE, date(2024, 8, 31))
    run(session, case, PROMISE, date(2025, 1, 10))
    judge(session)
    with refused(session, refusals.PlotAssignedAlready):
        run(session, case, PROMISE, date(2025, 1, 11), item=case.items[1])

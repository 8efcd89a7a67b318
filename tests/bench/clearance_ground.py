"""A board of 20,000 clearance items: one case of 10,000, ten of 1,000, every stage of the way."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from shapely import MultiPolygon
from sqlalchemy.orm import Session

from planning.clearance.cases import NewItem, NewStep, add_items, open_case, raise_flag, take_steps
from planning.clearance.commands import hand_over
from planning.households.commands import Money, NewHousehold, Person, enter_households
from planning.resettlement.commands import NewPlot, add_plots, assign_plot, create_area
from tests.db.ground import PLANE, START, change, lay, square

OPENED = date(2025, 1, 6)
PATH = (
    "notice", "inventory", "plan_drafted", "plan_posted", "plan_approved", "paid", "recovered",
)  # fmt: skip
LARGE, SMALL, SMALLS = 10_000, 1_000, 10
ITEMS = LARGE + SMALL * SMALLS
PLAN = Money(Decimal(3_000_000_000), Decimal(500_000_000), Decimal(60_000_000))


def lay_case(session: Session, place: int) -> str:
    """Lay a zone, its case, and lead every item as far as its number says; return the code.

    Place 0 is the large case; `session` is of the household login.
    """
    zone, count = f"KCN-{place}", LARGE if place == 0 else SMALL
    ground = lay(session, count, code=zone, column=place * 110)
    number = change(session, ground.document_id, day=OPENED)
    code = f"GPMB-{zone}"
    case = open_case(
        session, number, code=code, zone_id=ground.zone_id, name_vi=f"GPMB {zone}", since=OPENED
    )
    home = create_area(
        session, number, code=f"TDC-{zone}", board_id=ground.board_id, name_vi=f"Khu TĐC {zone}",
        srid=PLANE, area=MultiPolygon([square(place * 110 + 101, 0, 500)]), valid_from=START,
        zone_id=ground.zone_id, ready_on=date(2026, 6, 30),
    )  # fmt: skip
    plots = [NewPlot(f"LK-{n:05d}", Decimal(120)) for n in range(1, count // 10 + 1)]
    add_plots(session, number, area_id=home, plots=plots, valid_from=START)
    people = [NewHousehold(Person(f"Hộ {zone} {n}"), OPENED) for n in range(count)]
    households = enter_households(session, number, people)
    items = [
        NewItem(
            str(n + 1), [parcel], household_id=households[n], plots_needed=int(n % 5 == 0),
            resettlement_area_id=home, handover_planned_on=date(2026, 1, 1) + timedelta(n % 300),
        )
        for n, parcel in enumerate(ground.parcels)
    ]  # fmt: skip
    made = add_items(session, number, case_id=case, items=items, since=OPENED)
    for place_of_step, kind in enumerate(PATH):
        day = OPENED + timedelta(30 * place_of_step + 7)
        money = PLAN if kind in ("plan_approved", "paid") else None
        number = change(session, ground.document_id, day=day)
        take_steps(
            session,
            number,
            [
                NewStep(item, kind, day, ground.document_id, money)
                for n, item in enumerate(made)
                if n % 10 > place_of_step
            ],
        )
    day = date(2025, 12, 1)
    number = change(session, ground.document_id, day=day)
    done = [n for n in range(count) if n % 10 == 9]
    hand_over(
        session, number, zone_id=ground.zone_id, number="BB", day=day,
        parcels=[ground.parcels[n] for n in done], document_id=ground.document_id,
    )  # fmt: skip
    paper = ground.document_id
    take_steps(session, number, [NewStep(made[n], "handed_over", day, paper) for n in done])
    for n in range(0, count, 100):
        raise_flag(session, number, item_id=made[n], kind="complaint", day=day, document_id=paper)
    for n, plot in enumerate(plots[: count // 20]):
        assign_plot(
            session, number, area_id=home, number=plot.number, item_id=made[n * 5], day=day,
            document_id=paper,
        )  # fmt: skip
    return code

"""Ground for sites: a row of land along a road, at every step from waiting to let.

Row 1 holds parcels 1 to 8 of one hectare: 1 and 2 cleared, 3 in a case with a day planned, 4 in the
case without one, 5 in no case, 6 not to be cleared, 7 cleared and let, 8 cleared and worked on. Row
0 is road, 9 below 1 to 4 (cleared) and 10 below 5 to 8 (waits). Lots: CN-01 over 1 to 4, DV-01 over
5 to 8, GT-01 over the road.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from shapely import MultiPolygon
from sqlalchemy.orm import Session

from planning.clearance.cases import NewItem, NewStep, add_items, open_case, take_steps
from planning.clearance.commands import hand_over
from planning.households.commands import enter_household
from planning.parcels.commands import NewParcel, add_parcels
from planning.plans.commands import NewLot, add_lots, create_plan, create_version, set_status
from planning.projects.commands import attach_parcels, create_project
from planning.zones.commands import mark_area
from tests.db.clearing import PERSON
from tests.db.ground import PLANE, START, Ground, change, lay
from tests.db.plan_ground import cell
from tests.db.test_tenure import granted, sub_lease

PLANNED = date(2021, 3, 1)
CLEARED = date(2022, 1, 1)
OPENED, NOTICE = date(2024, 9, 1), date(2024, 9, 10)
HAND_OVER = date(2030, 3, 1)
"""Far ahead of any day the tests run on."""
LEASE_ENDS = date(2050, 12, 31)


@dataclass(frozen=True)
class SiteGround:
    """The zone, its parcels by number, its case."""

    ground: Ground
    zone: str
    parcels: dict[int, UUID]
    case: str
    column: int


def lay_sites(session: Session, *, code: str = "KCN-S", column: int = 0) -> SiteGround:
    """Lay it all; `session` is of the household login."""
    base = lay(session, 0, code=code, column=column)
    number = change(session, base.document_id)
    land = [cell(column + n, 1) for n in range(8)]
    roads = [cell(column, 0, 4), cell(column + 4, 0, 4)]
    made = add_parcels(
        session, number, zone_id=base.zone_id, srid=PLANE, valid_from=START,
        parcels=[NewParcel(shape, "27001", "5", str(n)) for n, shape in enumerate([*land, *roads],
                                                                               1)],
    )  # fmt: skip
    parcels = dict(enumerate(made, 1))
    ground = Ground(base.board_id, base.zone_id, base.document_id, made, number)
    _plan(session, ground, code, column)
    cleared = change(session, base.document_id, day=CLEARED)
    hand_over(
        session, cleared, zone_id=base.zone_id, number=f"BB-{code}", day=CLEARED,
        parcels=[parcels[n] for n in (1, 2, 7, 8, 9)],
    )  # fmt: skip
    mark_area(
        session, cleared, zone_id=base.zone_id, srid=PLANE,
        area=MultiPolygon([land[5]]), valid_from=CLEARED,
    )  # fmt: skip
    _let(session, ground, parcels)
    return SiteGround(ground, code, parcels, _case(session, ground, code, parcels), column)


def _plan(session: Session, ground: Ground, code: str, column: int) -> None:
    number = change(session, ground.document_id, day=PLANNED)
    plan = create_plan(
        session, number, code=f"QH-{code}", zone_id=ground.zone_id, srid=PLANE,
        level="subdivision", scale_denominator=2000, name_vi="Quy hoạch phân khu",
    )  # fmt: skip
    version, _ = create_version(session, number, plan_id=plan)
    set_status(
        session, number, plan_version_id=version, status="approved", valid_from=PLANNED,
        scope=MultiPolygon([cell(column, 0, 8, 2)]), decision_id=ground.document_id,
    )  # fmt: skip
    lots = [
        NewLot("CN-01", "CN", "industrial", cell(column, 1, 4), Decimal(40_400)),
        NewLot("DV-01", "DV", "service", cell(column + 4, 1, 4)),
        NewLot("GT-01", "GT", "none", cell(column, 0, 8)),
    ]
    add_lots(session, number, plan_version_id=version, lots=lots)


def _let(session: Session, ground: Ground, parcels: dict[int, UUID]) -> None:
    number = change(session, ground.document_id, day=CLEARED)
    tract = granted(
        session, ground, number, parcels=[parcels[7], parcels[8]], valid_from=CLEARED,
        contract_area_m2=Decimal(20_000),
    )  # fmt: skip
    sub_lease(
        session, number, tract, parcels=[parcels[7]], valid_from=CLEARED, term_ends=LEASE_ENDS
    )
    project = create_project(
        session, number, code=f"DA-{ground.zone_id.hex[:8]}", zone_id=ground.zone_id, srid=PLANE,
        kind="ddi", name_vi="Nhà máy", valid_from=CLEARED, status="operating",
    )  # fmt: skip
    attach_parcels(session, number, project_id=project, parcels=[parcels[8]], day=CLEARED)


def _case(session: Session, ground: Ground, code: str, parcels: dict[int, UUID]) -> str:
    number = change(session, ground.document_id, day=OPENED)
    household = enter_household(session, number, PERSON, OPENED)
    case = open_case(
        session, number, code=f"GPMB-{code}", zone_id=ground.zone_id, name_vi="GPMB", since=OPENED
    )
    made = add_items(
        session, number, case_id=case, since=OPENED,
        items=[
            NewItem("1", [parcels[3]], household_id=household, handover_planned_on=HAND_OVER),
            NewItem("2", [parcels[4]], "non_agricultural", "organisation"),
        ],
    )  # fmt: skip
    steps = change(session, ground.document_id, day=NOTICE)
    take_steps(session, steps, [NewStep(made[0], "notice", NOTICE, ground.document_id)])
    return f"GPMB-{code}"

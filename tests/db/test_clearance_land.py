"""Clearance and land: hand-overs, parts of parcels, flags, what the board does with the tract."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from planning import refusals
from planning.changes.recovery import PartUnclear, recover_part
from planning.changes.undo import undo
from planning.clearance import register
from planning.clearance.cases import (
    NewItem,
    add_items,
    follow_up,
    held_parcels,
    lower_flag,
    raise_flag,
)
from planning.clearance.commands import hand_over, withdraw_handover
from planning.clocks import Moment
from planning.errors import NotFound
from planning.records.model import Change
from tests.db.clearing import DAYS, HANDED, OPENED, Case, lead
from tests.db.clearing_session import (
    NOW,
    TO_PLAN,
    case,
    cleared_m2,
    hand,
    judge,
    refused,
    session,
    take,
)
from tests.db.ground import change

__all__ = ["case", "session"]


def test_land_is_handed_over_once(session: Session, case: Case) -> None:
    lead(session, case, *TO_PLAN, "recovered")
    hand(session, case, 0)
    judge(session)
    with refused(session, refusals.HandedOverAlready) as said:
        hand(session, case, 0, day=date(2025, 5, 1))
    assert said["parcel_name"] == "12/1"


def test_land_of_an_item_is_handed_over_by_its_case_alone(session: Session, case: Case) -> None:
    for parcel in case.ground.parcels[:2]:
        with refused(session, refusals.HandoverOutsideCase):
            number = change(session, case.document, day=HANDED)
            hand_over(
                session,
                number,
                zone_id=case.ground.zone_id,
                number="BB-9",
                day=HANDED,
                parcels=[parcel],
            )


def test_a_step_alone_clears_nothing(session: Session, case: Case) -> None:
    lead(session, case, *TO_PLAN, "recovered")
    with refused(session, refusals.HandoverOutsideCase):
        take(session, case, "handed_over", money=None)


def test_cleared_land_enters_no_item(session: Session, case: Case) -> None:
    number = change(session, case.document, day=HANDED)
    spare = case.ground.parcels[2]
    where = {"zone_id": case.ground.zone_id, "number": "BB-9", "day": HANDED}
    hand_over(session, number, parcels=[spare], **where)
    with refused(session, refusals.HandoverOutsideCase):
        add_items(session, number, case_id=case.id, items=[NewItem("3", [spare])], since=OPENED)


def test_a_parcel_is_in_one_item(session: Session, case: Case) -> None:
    number = change(session, case.document)
    again = [NewItem("3", case.ground.parcels[:1])]
    with refused(session, refusals.ParcelInOtherItem) as said:
        add_items(session, number, case_id=case.id, items=again, since=OPENED)
    assert said["parcel_name"] == "12/1"


def test_a_hand_over_taken_back_takes_its_step_back(session: Session, case: Case) -> None:
    lead(session, case, *TO_PLAN, "recovered")
    hand(session, case, 0)
    judge(session)
    minutes = session.execute(text("SELECT id FROM land.handover")).scalar_one()
    number = change(session, case.document, kind="correction")
    withdraw_handover(session, number, handover_id=minutes)
    judge(session)
    assert register.item(session, NOW, case.id, "1").state == "recovered"
    assert cleared_m2(session, NOW.as_of) == 0


def test_a_payment_is_undone_with_its_amount(session: Session, case: Case) -> None:
    lead(session, case, *TO_PLAN)
    lead(session, case, "paid")
    judge(session)
    number = session.query(Change.number).order_by(Change.number.desc()).limit(1).scalar()
    done = undo(session, number, actor="tester", reason="nhầm")
    judge(session)
    assert done.closed == 2
    assert register.case(session, NOW, "GPMB-KCN-1").sums.paid.total == 0


CUT = {"method": "area", "area_m2": 4_000, "direction": {"side": "west"}}


def test_a_part_is_recovered_in_one_change(session: Session, case: Case) -> None:
    lead(session, case, *TO_PLAN)
    day = DAYS["recovered"]
    number = change(session, case.document, day=day)
    part = recover_part(
        session,
        number,
        item_id=case.items[0],
        parcel_id=case.ground.parcels[0],
        cut=CUT,
        day=day,
        document_id=case.document,
    )
    judge(session)
    assert part.area_m2 == pytest.approx(4_000, abs=0.05)
    item = case.items[0]
    assert held_parcels(session, [item], day)[item] == [part.recovered]
    before = held_parcels(session, [item], day - timedelta(1))[item]
    assert before == [case.ground.parcels[0]]
    found = register.item(session, NOW, case.id, "1")
    assert (found.state, float(found.area_m2)) == ("recovered", pytest.approx(4_000, abs=0.05))
    hand(session, case, 0)
    judge(session)
    assert float(cleared_m2(session, HANDED)) == pytest.approx(4_000, abs=0.05)
    # the rest may be taken up later, in an item of its own
    later = change(session, case.document, day=HANDED)
    rest = [NewItem("1b", part.kept)]
    add_items(session, later, case_id=case.id, items=rest, since=HANDED)
    judge(session)


def test_a_part_is_named_by_a_point(session: Session, case: Case) -> None:
    lead(session, case, *TO_PLAN)
    day = DAYS["recovered"]
    number = change(session, case.document, day=day)
    east, north = 420_000.0, 2_320_000.0
    line = [(east + 30, north - 5), (east + 30, north + 105)]
    asked: dict[str, Any] = {
        "item_id": case.items[0],
        "parcel_id": case.ground.parcels[0],
        "cut": {"method": "line", "line": line},
        "day": day,
        "document_id": case.document,
    }
    with pytest.raises(PartUnclear), session.begin_nested():
        recover_part(session, number, **asked)
    part = recover_part(session, number, **asked, inside=(east + 10, north + 50))
    judge(session)
    assert part.area_m2 == pytest.approx(3_000)


def test_only_land_of_the_item_is_recovered(session: Session, case: Case) -> None:
    number = change(session, case.document)
    with pytest.raises(NotFound):
        recover_part(
            session,
            number,
            item_id=case.items[0],
            parcel_id=case.ground.parcels[2],
            cut=CUT,
            day=HANDED,
            document_id=case.document,
        )


def test_flags_stand_beside_the_steps(session: Session, case: Case) -> None:
    number = change(session, case.document)
    item, paper = case.items[0], case.document
    for kind in ("complaint", "suspension"):
        raise_flag(session, number, item_id=item, kind=kind, day=OPENED, document_id=paper)
    lower_flag(session, number, item_id=item, kind="complaint", day=HANDED)
    found = register.item(session, NOW, case.id, "1")
    assert (found.complaint, found.suspension, found.state) == (False, True, "opened")
    assert register.item(session, Moment(OPENED), case.id, "1").complaint
    told = register.flags(session, NOW, item)
    assert [(flag.kind, flag.until) for flag in told] == [
        ("complaint", HANDED),
        ("suspension", None),
    ]
    assert register.case(session, NOW, "GPMB-KCN-1").sums.suspensions == 1


def test_the_tract_is_followed_up_in_order(session: Session, case: Case) -> None:
    """Clearance confirmed, lease dossier filed (the report's 335 ha), leased by the State."""
    number = change(session, case.document)
    tract = {"case_id": case.id, "area_m2": Decimal(3_350_000), "document_id": case.document}
    with refused(session, refusals.FollowupOutOfOrder):
        follow_up(session, number, step="lease_filed", day=HANDED, **tract)
    follow_up(session, number, step="confirmed", day=HANDED, **tract)
    with refused(session, refusals.FollowupOutOfOrder):
        follow_up(session, number, step="lease_filed", day=HANDED - timedelta(1), **tract)
    follow_up(session, number, step="lease_filed", day=HANDED, **tract)
    follow_up(session, number, step="state_lease", day=HANDED + timedelta(30), **tract)
    judge(session)
    (row,) = register.cases(session, Moment(HANDED))
    assert [each.step for each in row.followups] == ["confirmed", "lease_filed"]

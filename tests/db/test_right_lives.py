"""Rights as they live: granted, prolonged, handed on, changed, ended; and what is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from planning.clocks import Moment
from planning.errors import NotFound, RuleViolated
from planning.tenure import errors
from planning.tenure.commands import (
    Grant,
    Granted,
    NewParty,
    cancel,
    change_terms,
    hand_on,
    let,
    prolong,
    reserve,
    stop,
    stop_part,
)
from planning.tenure.queries import parcels_of_right, right, rights_of_parcel
from planning.zones.queries import find_zone
from tests.db.ground import Ground, change, lay
from tests.db.test_tenure import judge

HECTARE = Decimal(10_000)
STATE = NewParty("UBND tỉnh", kind="authority")
DEVELOPER = NewParty("Hạ tầng", "5700100001")
INVESTOR = NewParty("Nhà máy", "5700100002")
BOARD = NewParty("Ban Quản lý khu kinh tế", kind="board")


@pytest.fixture
def ground(session: Session) -> Ground:
    return lay(session, 6)


@pytest.fixture
def number(session: Session, ground: Ground) -> int:
    return change(session, ground.document_id)


def tract(session: Session, ground: Ground, change_no: int, **facts: Any) -> Granted:
    known: dict[str, Any] = {
        "kind": "state_lease", "zone_id": ground.zone_id, "number": "QĐ 1", "lessee": DEVELOPER,
        "lessor": STATE, "parcels": ground.parcels[:4], "first": date(2021, 1, 1),
        "term_ends": date(2070, 12, 31), "payment_mode": "annual",
    }  # fmt: skip
    return let(session, change_no, Grant(**(known | facts)))


def lease(session: Session, ground: Ground, change_no: int, **facts: Any) -> Granted:
    known: dict[str, Any] = {
        "kind": "sub_lease", "zone_id": ground.zone_id, "number": "HĐ 1", "lessee": INVESTOR,
        "parcels": ground.parcels[:1], "first": date(2022, 1, 1), "term_ends": date(2040, 12, 31),
    }  # fmt: skip
    return let(session, change_no, Grant(**(known | facts)))


def test_a_sub_lease_finds_its_lessor_and_its_area(
    session: Session, ground: Ground, number: int
) -> None:
    above = tract(session, ground, number)
    made = lease(session, ground, number, parcels=ground.parcels[:2])
    judge(session)
    row = right(session, Moment(date(2022, 1, 1)), made.id)
    assert (row.lessor, row.lessee, row.parent_id) == ("Hạ tầng", "Nhà máy", above.id)
    assert row.contract_area_m2 == 2 * HECTARE
    assert above.verdict is not None and above.verdict.standing == "power"


def test_who_it_was_reserved_for_may_rent_it(session: Session, ground: Ground, number: int) -> None:
    tract(session, ground, number)
    zone, first = find_zone(session, "KCN-1"), date(2022, 1, 1)
    kept = reserve(
        session, number, zone, ground.parcels[:3], INVESTOR, "GC 1", date(2022, 12, 31), since=first
    )
    with pytest.raises(errors.LandTaken):
        lease(session, ground, number, lessee=NewParty("Người khác"), first=date(2022, 6, 1))
    made = lease(session, ground, number, first=date(2022, 6, 1))
    judge(session)
    assert made.fulfilled == ("GC 1",)
    before, after = Moment(date(2022, 5, 31)), Moment(date(2022, 6, 1))
    assert len(parcels_of_right(session, before, kept)) == 3
    assert right(session, after, kept).contract_area_m2 == 2 * HECTARE
    assert set(parcels_of_right(session, after, kept)) == set(ground.parcels[1:3])
    again = change(session, ground.document_id)
    lease(
        session, ground, again, first=date(2022, 7, 1), number="HĐ 2", parcels=ground.parcels[1:3]
    )
    judge(session)
    with pytest.raises(NotFound):
        right(session, Moment(date(2022, 7, 1)), kept)


REFUSED: dict[str, tuple[dict[str, Any], type[Exception]]] = {
    "ends before it begins": ({"term_ends": date(2021, 12, 31)}, errors.RightDaysRefused),
    "no land": ({"parcels": []}, errors.RightNeedsLand),
    "no area": ({"area_m2": Decimal(0)}, errors.RightNeedsArea),
    "less than no area": ({"area_m2": Decimal(-5)}, errors.RightNeedsArea),
    "an area beyond all measure": ({"area_m2": Decimal("1e12")}, errors.RightNeedsArea),
    "an unknown kind": ({"kind": "ownership"}, RuleViolated),
    "a reservation": ({"kind": "reservation"}, RuleViolated),
    "before the tract": ({"first": date(2020, 6, 1)}, errors.ParentMissing),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_sub_lease_is_refused(session: Session, ground: Ground, number: int, name: str) -> None:
    facts, kind = REFUSED[name]
    tract(session, ground, number)
    with pytest.raises(kind):
        lease(session, ground, number, **facts)


def test_land_outside_the_tract_is_not_let(session: Session, ground: Ground, number: int) -> None:
    tract(session, ground, number)
    with pytest.raises(errors.ParentMissing):
        lease(session, ground, number, parcels=ground.parcels[3:5])


def test_a_number_is_given_once(session: Session, ground: Ground, number: int) -> None:
    tract(session, ground, number)
    lease(session, ground, number)
    with pytest.raises(errors.RightNumberTaken):
        lease(session, ground, number, number=" HĐ 1 ", parcels=ground.parcels[1:2])
    with pytest.raises(errors.LandTaken) as refused:
        lease(session, ground, number, number="HĐ 2")
    assert refused.value.context["number"] == "HĐ 1"


def test_boards_lost_their_power(session: Session, ground: Ground, number: int) -> None:
    old = tract(session, ground, number, lessor=BOARD, first=date(2024, 7, 31))
    assert old.verdict is not None and not old.verdict.proven
    with pytest.raises(errors.LessorLacksPower) as refused:
        tract(
            session, ground, number, lessor=BOARD, number="QĐ 2", parcels=ground.parcels[4:],
            first=date(2024, 8, 1),
        )  # fmt: skip
    assert refused.value.context["clause"] == "Luật Đất đai 2024, Điều 260.6"
    with pytest.raises(errors.LessorLacksPower):  # more land is a grant as well
        change_terms(
            session, number, right_id=old.id, day=date(2025, 1, 1), parcels=ground.parcels,
        )  # fmt: skip
    prolong(session, number, right_id=old.id, day=date(2025, 1, 1), term_ends=date(2075, 1, 1))
    stop(session, number, right_id=old.id, day=date(2025, 1, 1))
    judge(session)


def test_a_lessor_nobody_knows_a_power_of_is_said(
    session: Session, ground: Ground, number: int
) -> None:
    made = tract(session, ground, number, lessor=NewParty("Công ty"))
    assert made.verdict is not None and made.verdict.standing == "unproven"


def test_a_right_is_prolonged(session: Session, ground: Ground, number: int) -> None:
    tract(session, ground, number)
    made = lease(session, ground, number).id
    day = date(2039, 1, 1)
    prolong(session, number, right_id=made, day=day, term_ends=date(2050, 12, 31))
    judge(session)
    at = Moment(date(2050, 12, 31))
    assert right(session, at, made).term_ends == date(2050, 12, 31)
    assert parcels_of_right(session, at, made) == [ground.parcels[0]]
    for asked in (date(2050, 12, 31), date(2049, 1, 1)):
        with pytest.raises(errors.TermNotLonger):
            prolong(session, number, right_id=made, day=date(2045, 1, 1), term_ends=asked)
    with pytest.raises(errors.RightNotInForce):
        prolong(session, number, right_id=made, day=date(2051, 1, 1), term_ends=date(2060, 1, 1))
    with pytest.raises(errors.LaterTerms):
        prolong(session, number, right_id=made, day=date(2030, 1, 1), term_ends=date(2060, 1, 1))


def test_land_promised_to_another_is_not_prolonged(
    session: Session, ground: Ground, number: int
) -> None:
    tract(session, ground, number)
    made = lease(session, ground, number).id
    lease(
        session, ground, number, number="HĐ 2", lessee=NewParty("Người sau"),
        first=date(2041, 1, 1), term_ends=date(2050, 1, 1),
    )  # fmt: skip
    with pytest.raises(errors.LandTaken):
        prolong(session, number, right_id=made, day=date(2039, 1, 1), term_ends=date(2041, 1, 1))


def test_a_tract_is_handed_on_with_its_sub_leases(
    session: Session, ground: Ground, number: int
) -> None:
    above = tract(session, ground, number).id
    child = lease(session, ground, number).id
    day = date(2025, 5, 5)
    to = NewParty("Hạ tầng mới", "5700100003")
    assert hand_on(session, number, right_id=above, day=day, lessee=to) == 1
    judge(session)
    before, after = Moment(date(2025, 5, 4)), Moment(day)
    assert right(session, before, above).lessee == "Hạ tầng" == right(session, before, child).lessor
    assert right(session, after, above).lessee == "Hạ tầng mới"
    assert right(session, after, child).lessor == "Hạ tầng mới"
    with pytest.raises(errors.SameLessee):
        hand_on(session, number, right_id=above, day=date(2026, 1, 1), lessee=to)


def test_an_appendix_changes_what_it_says(session: Session, ground: Ground, number: int) -> None:
    tract(session, ground, number)
    made = lease(session, ground, number).id
    day = date(2024, 3, 1)
    change_terms(
        session, number, right_id=made, day=day, parcels=ground.parcels[:2],
        area_m2=2 * HECTARE, payment_mode="one_off", purpose="nhà xưởng",
    )  # fmt: skip
    judge(session)
    row = right(session, Moment(day), made)
    assert (row.contract_area_m2, row.payment_mode, row.purpose) == (
        2 * HECTARE, "one_off", "nhà xưởng",
    )  # fmt: skip
    assert len(parcels_of_right(session, Moment(day), made)) == 2
    assert len(parcels_of_right(session, Moment(date(2024, 2, 29)), made)) == 1
    with pytest.raises(errors.RightNeedsLand):
        change_terms(session, number, right_id=made, day=day, parcels=[])
    with pytest.raises(errors.RightNeedsArea):
        change_terms(session, number, right_id=made, day=day, area_m2=Decimal(0))


def test_a_tract_ends_after_its_sub_leases(session: Session, ground: Ground, number: int) -> None:
    above = tract(session, ground, number).id
    child = lease(session, ground, number).id
    day = date(2025, 6, 1)
    with pytest.raises(errors.SubLeasesStand) as refused:
        stop(session, number, right_id=above, day=day)
    assert refused.value.context["numbers"] == ["HĐ 1"]
    with pytest.raises(errors.SubLeasesStand):
        stop_part(session, number, right_id=above, day=day, parcels=ground.parcels[:1])
    stop_part(session, number, right_id=above, day=day, parcels=ground.parcels[3:4])
    stop(session, number, right_id=child, day=day)
    stop(session, number, right_id=above, day=date(2025, 6, 2))
    judge(session)
    assert right(session, Moment(day), above).contract_area_m2 == 3 * HECTARE
    assert rights_of_parcel(session, Moment(date(2025, 6, 2)), ground.parcels[0]) == []
    with pytest.raises(errors.RightNotInForce):
        stop(session, number, right_id=child, day=day)


def test_a_part_is_less_than_the_whole(session: Session, ground: Ground, number: int) -> None:
    tract(session, ground, number)
    made = lease(session, ground, number, parcels=ground.parcels[:2]).id
    day = date(2025, 6, 1)
    elsewhere: list[list[UUID]] = [ground.parcels[:2], ground.parcels[4:5], []]
    for parcels in elsewhere:
        with pytest.raises(errors.NothingLeft):
            stop_part(session, number, right_id=made, day=day, parcels=parcels)
    with pytest.raises(errors.NothingLeft):
        stop_part(
            session, number, right_id=made, day=day, parcels=ground.parcels[:1],
            area_m2=2 * HECTARE,
        )  # fmt: skip


def test_only_reservations_are_cancelled(session: Session, ground: Ground, number: int) -> None:
    above = tract(session, ground, number).id
    zone = find_zone(session, "KCN-1")
    kept = reserve(
        session, number, zone, ground.parcels[:1], INVESTOR, "GC", date(2022, 12, 31),
        since=date(2022, 1, 1),
    )  # fmt: skip
    cancel(session, number, right_id=kept, day=date(2022, 3, 1))
    judge(session)
    assert parcels_of_right(session, Moment(date(2022, 3, 1)), kept) == []
    with pytest.raises(errors.NotAReservation):
        cancel(session, number, right_id=above, day=date(2022, 3, 1))

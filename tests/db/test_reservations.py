"""Land kept for somebody until a day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from planning.clocks import Moment
from planning.tenure import queries
from planning.tenure.commands import NewParty, reserve
from planning.tenure.errors import LandTaken, ParcelNotHere, RightDaysRefused, RightNeedsLand
from planning.zones.queries import find_zone
from tests.db.ground import Ground, change, lay
from tests.db.test_tenure import granted, judge, sub_lease

FIRST, LAST = date(2026, 3, 1), date(2026, 8, 31)
SOMEBODY = NewParty("Công ty Bán dẫn", "5700100077")


@pytest.fixture
def ground(session: Session) -> Ground:
    return lay(session, 6)


def test_a_reservation_ends_by_itself(session: Session, ground: Ground) -> None:
    number = change(session, ground.document_id, day=FIRST)
    zone = find_zone(session, "KCN-1")
    made = reserve(session, number, zone, ground.parcels[:2], SOMEBODY, " GC 1 ", LAST)
    judge(session)
    row = queries.right(session, Moment(LAST), made)
    assert (row.number, row.kind, row.lessor, row.lessee) == (
        "GC 1", "reservation", "Ban Quản lý", "Công ty Bán dẫn",
    )  # fmt: skip
    assert (row.valid_from, row.term_ends, row.contract_area_m2) == (FIRST, LAST, Decimal(20_000))
    assert len(queries.parcels_of_right(session, Moment(LAST), made)) == 2
    after = Moment(date(2026, 9, 1))
    assert queries.parcels_of_right(session, after, made) == []
    assert queries.rights_of_parcel(session, after, ground.parcels[0]) == []


def test_the_day_after_the_land_is_free(session: Session, ground: Ground) -> None:
    number = change(session, ground.document_id, day=FIRST)
    zone = find_zone(session, "KCN-1")
    reserve(session, number, zone, ground.parcels[:1], SOMEBODY, "GC 1", LAST)
    with pytest.raises(LandTaken) as refused:
        reserve(
            session, number, zone, ground.parcels[:2], NewParty("Ai đó"), "GC 2",
            date(2027, 1, 1), since=LAST,
        )  # fmt: skip
    assert refused.value.context == {
        "parcel_name": "12/1", "number": "GC 1", "since": FIRST, "until": LAST,
    }  # fmt: skip
    reserve(
        session, number, zone, ground.parcels[:2], NewParty("Ai đó"), "GC 2",
        date(2027, 1, 1), since=date(2026, 9, 1),
    )  # fmt: skip
    judge(session)


def test_let_land_is_not_kept_for_another(session: Session, ground: Ground) -> None:
    number = change(session, ground.document_id)
    sub_lease(session, number, granted(session, ground, number))
    zone = find_zone(session, "KCN-1")
    with pytest.raises(LandTaken):
        reserve(session, number, zone, ground.parcels[:1], SOMEBODY, "GC", LAST, since=FIRST)
    reserve(session, number, zone, ground.parcels[1:2], SOMEBODY, "GC", LAST, since=FIRST)
    judge(session)


def test_what_cannot_be_kept_is_refused(session: Session, ground: Ground) -> None:
    elsewhere = lay(session, 1, code="KCN-2", column=200)
    number = change(session, ground.document_id, day=FIRST)
    zone = find_zone(session, "KCN-1")
    with pytest.raises(RightDaysRefused):
        reserve(session, number, zone, ground.parcels, SOMEBODY, "GC", date(2026, 2, 28))
    with pytest.raises(RightNeedsLand):
        reserve(session, number, zone, [], SOMEBODY, "GC", LAST)
    with pytest.raises(ParcelNotHere) as refused:
        reserve(session, number, zone, [*ground.parcels, *elsewhere.parcels], SOMEBODY, "GC", LAST)
    assert refused.value.context == {"count": 1, "day": FIRST}

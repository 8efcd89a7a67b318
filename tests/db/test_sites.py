"""Hold-outs and sites from the register: which facts count, on which day, as known when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest
from sqlalchemy.orm import Session

from planning.changes.undo import undo
from planning.clocks import Moment
from planning.errors import PlanningError
from planning.records.model import Change
from planning.sites.errors import (
    BeforeFirstRecord,
    LimitRefused,
    NoParcelsYet,
    NoPlanInForce,
    SizeRefused,
)
from planning.sites.finder import NEVER, Wanted
from planning.sites.holdouts import Freed, ranked
from planning.sites.queries import HoldOuts, Place, Sites, hold_outs, sites
from planning.tenure.commands import NewParty, reserve
from planning.tenure.queries import reserved_by
from planning.zones.queries import find_zone
from tests.db.clearing_session import judge, session
from tests.db.ground import change, lay
from tests.db.site_ground import (
    CLEARED,
    HAND_OVER,
    LEASE_ENDS,
    NOTICE,
    PLANNED,
    SiteGround,
    lay_sites,
)

__all__ = ["session"]
DAY, AHEAD = date(2026, 6, 1), date(2031, 1, 1)
TWO = Wanted(least_m2=20_000.0, by=DAY, known_on=DAY)


@pytest.fixture
def laid(session: Session) -> SiteGround:
    made = lay_sites(session)
    judge(session)
    return made


def place(laid: SiteGround) -> Place:
    return Place((laid.ground.zone_id,), "KCN thử")


def rank(
    session: Session, laid: SiteGround, day: date = DAY, **asked: float
) -> tuple[HoldOuts, dict[int, Freed]]:
    found = hold_outs(session, Moment(day), place(laid), asked)
    numbers = {int(p.number or 0): at for at, p in enumerate(found.ground.parcels)}
    freed = {each.parcel: each for each in found.freed}
    return found, {number: freed[at] for number, at in numbers.items() if at in freed}


def look(session: Session, laid: SiteGround, wanted: Wanted, known: int | None = None) -> Sites:
    return sites(session, Moment(wanted.by, known), place(laid), wanted)


def numbers(found: Sites, pieces: tuple[int, ...]) -> list[int]:
    return sorted(int(found.ground.parcels[found.ground.owner[p]].number or 0) for p in pieces)


def lacks(found: Sites, row: int = 0) -> Mapping[int, dict[str, date]]:
    return {
        int(found.ground.parcels[each.parcel].number or 0): dict(each.reasons)
        for each in found.found.nearly[row].lacks
    }


def test_what_waits_is_ranked_by_what_it_frees(session: Session, laid: SiteGround) -> None:
    found, freed = rank(session, laid)
    assert set(freed) == {3, 4, 5, 10}, "6 is not to be cleared, the others are cleared"
    assert found.kept == 1
    # a site counts from one hectare of the lots' legal area: CN-01 is written 4.04 ha over 4 ha
    assert freed[3].area_m2 == pytest.approx(10_100) and freed[3].measured_m2 == 10_000
    assert freed[4].area_m2 == pytest.approx(10_100), "its road is cleared already"
    assert freed[5].area_m2 == 0, "its road is not, and its neighbour is of another lot"
    assert freed[10].road_m == pytest.approx(400), "its half of the road joins the other"
    order = [int(found.ground.parcels[e.parcel].number or 0)
             for e in ranked(found.freed, found.ground)]  # fmt: skip
    assert order == [3, 4, 10, 5] or order == [4, 3, 10, 5]


def test_cleared_land_that_only_waits_for_its_road(session: Session, laid: SiteGround) -> None:
    _, freed = rank(session, laid, lot_min_m2=10_000.0)
    assert freed[10].area_m2 == 0, "what lies at it is let, in use or uncleared"
    _, freed = rank(session, laid, lot_min_m2=50_000.0)
    assert freed[3].area_m2 == 0, "1 to 3 are too small a site"
    assert freed[3].cluster_m2 == pytest.approx(50_400), "with 4, and 5 beyond the lot's edge"
    assert freed[3].cluster_parcels == 3


def test_limits_are_asked_within_reason(session: Session, laid: SiteGround) -> None:
    _, freed = rank(session, laid, frontage_m=150.0)
    assert all(each.area_m2 == 0 for each in freed.values()), "no side at the road is so long"
    for wrong in ({"lot_min_m2": 0.0}, {"snap_m": 50.0}, {"frontage_m": -1.0}, {"nothing": 1.0}):
        with pytest.raises(LimitRefused):
            hold_outs(session, Moment(DAY), place(laid), wrong)


def test_the_item_a_parcel_waits_in_names_nobody(session: Session, laid: SiteGround) -> None:
    found, _ = rank(session, laid)
    item = found.items[laid.parcels[3]]
    assert (item.case_code, item.number, item.holder) == (laid.case, "1", "household")
    assert (item.state, item.last_on) == ("notice", NOTICE)
    assert item.handover_planned_on == HAND_OVER
    assert laid.parcels[5] not in found.items
    assert not [name for name in type(item).__dataclass_fields__ if "name" in name]


def test_the_day_and_what_was_known(session: Session, laid: SiteGround) -> None:
    _, before = rank(session, laid, PLANNED)
    assert set(before) == {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, "nothing was cleared in 2021"
    last = session.query(Change.number).order_by(Change.number.desc()).first()
    assert last is not None
    zone = find_zone(session, laid.zone)
    number = change(session, laid.ground.document_id, day=DAY)
    reserve(session, number, zone, [laid.parcels[1]], NewParty("Cty"), "GC-1", date(2026, 12, 31))
    judge(session)
    now, then = look(session, laid, TWO), look(session, laid, TWO, known=last.number)
    assert now.found.sites == ()
    assert [numbers(then, site.pieces) for site in then.found.sites] == [[1, 2]]


def test_a_site_and_what_the_next_lacks(session: Session, laid: SiteGround) -> None:
    found = look(session, laid, TWO)
    (site,) = found.found.sites
    assert numbers(found, site.pieces) == [1, 2] and site.access
    assert site.area_m2 == pytest.approx(20_200) and site.measured_m2 == pytest.approx(20_000)
    three = look(session, laid, Wanted(30_000.0, DAY, DAY))
    assert three.found.sites == ()
    assert lacks(three) == {3: {"clearance": HAND_OVER}}, "3 has a day, 4 and 5 have none"
    assert three.items[laid.parcels[3]].number == "1"


def test_a_forecast_counts_planned_hand_overs(session: Session, laid: SiteGround) -> None:
    ahead = Wanted(30_000.0, AHEAD, DAY)
    found = look(session, laid, ahead)
    assert ahead.is_forecast
    assert [numbers(found, site.pieces) for site in found.found.sites] == [[1, 2, 3]]
    assert look(session, laid, Wanted(30_000.0, AHEAD, AHEAD)).found.sites == (), (
        "seen from later, the day went by and nothing was handed over"
    )


def test_let_land_and_land_in_use_come_last(session: Session, laid: SiteGround) -> None:
    found = look(session, laid, Wanted(20_000.0, DAY, DAY, "service"))
    assert found.found.sites == ()
    assert lacks(found) == {
        7: {"leased": date(LEASE_ENDS.year + 1, 1, 1)},
        8: {"in_use": NEVER},
    }, "6 parts them from 5"


def test_the_road_a_site_waits_for_is_named(session: Session, laid: SiteGround) -> None:
    found = look(session, laid, Wanted(5_000.0, DAY, DAY, "service", access=True))
    waits = next(site for site in found.found.nearly if not site.access)
    assert waits.road is not None
    assert found.ground.parcels[waits.road].number == "10"


def test_a_reservation_takes_a_site_away_and_undoing_it_brings_it_back(
    session: Session, laid: SiteGround
) -> None:
    zone = find_zone(session, laid.zone)
    number = change(session, laid.ground.document_id, day=DAY)
    until = date(2026, 12, 31)
    reserve(session, number, zone, [laid.parcels[2]], NewParty("Cty"), "GC-1", until)
    judge(session)
    found = look(session, laid, TWO)
    assert found.found.sites == ()
    assert lacks(found) == {2: {"reserved": date(2027, 1, 1)}}
    later = look(session, laid, Wanted(20_000.0, date(2027, 1, 1), DAY))
    assert [numbers(later, site.pieces) for site in later.found.sites] == [[1, 2]]
    assert reserved_by(session, number, "tester") == laid.ground.zone_id
    assert reserved_by(session, number, "somebody else") is None
    undo(session, number, actor="tester", reason="nhầm")
    judge(session)
    assert len(look(session, laid, TWO).found.sites) == 1


def test_reserved_land_still_counts_for_what_holds_it_up(
    session: Session, laid: SiteGround
) -> None:
    zone = find_zone(session, laid.zone)
    number = change(session, laid.ground.document_id, day=DAY)
    reserve(session, number, zone, [laid.parcels[2]], NewParty("Cty"), "GC", date(2026, 12, 31))
    judge(session)
    _, freed = rank(session, laid)
    assert freed[3].area_m2 == pytest.approx(10_100)


@pytest.mark.parametrize(
    ("least", "by", "refused"),
    [
        (0.0, DAY, SizeRefused),
        (-1.0, DAY, SizeRefused),
        (float("nan"), DAY, SizeRefused),
        (1e12, DAY, SizeRefused),
        (10_000.0, date(2019, 1, 1), BeforeFirstRecord),
        (10_000.0, date(2020, 6, 1), NoPlanInForce),
    ],
    ids=["nothing", "negative", "no-number", "huge", "before", "no-plan"],
)
def test_what_cannot_be_answered_is_said(
    session: Session, laid: SiteGround, least: float, by: date, refused: type[PlanningError]
) -> None:
    with pytest.raises(refused):
        look(session, laid, Wanted(least, by, DAY))


def test_a_zone_without_parcels(session: Session) -> None:
    bare = lay(session, 0, code="KCN-0", column=500)
    with pytest.raises(NoParcelsYet):
        hold_outs(session, Moment(DAY), Place((bare.zone_id,), "KCN"))


def test_nothing_fits_a_size_larger_than_the_land(session: Session, laid: SiteGround) -> None:
    found = look(session, laid, Wanted(1_000_000.0, DAY, DAY))
    assert found.found.sites == ()
    assert all(site.missing_m2 > 0 for site in found.found.nearly)
    assert CLEARED < DAY

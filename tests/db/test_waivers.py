"""Waivers: on both sides by name, for a time, never on one's own work; they lapse by themselves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planning.changes.undo import undo
from planning.clocks import Moment, amend
from planning.conformance.commands import waive, waiver_zone, withdraw
from planning.conformance.errors import WaiverDaysRefused, WaiverEnded
from planning.conformance.finding import Finding
from planning.conformance.model import Waiver
from planning.errors import NotFound
from planning.parcels.model import ParcelVersion
from planning.records.model import Change
from tests.conftest import TestDatabase
from tests.db.findings_ground import (
    DAY,
    DRAWER,
    GRANTER,
    LEADER,
    Park,
    act,
    lots,
    park,
    plan_version,
)

TODAY = Moment(DAY)


class Board:
    """A park whose work is committed, change by change, as in earnest."""

    def __init__(self, made: TestDatabase) -> None:
        self.database = made.database
        with self.database.transaction() as session:
            self.park: Park = park(session)

    def do(self, work: Callable[[Session], object]) -> object:
        """One transaction, committed."""
        with self.database.transaction() as session:
            return work(session)

    def finding(self, kind: str, number: str = "", at: Moment = TODAY) -> Finding:
        """The only finding of a kind (and of a parcel)."""
        with self.database.reading() as session:
            (found,) = [
                each
                for each in self.park.of(session, kind, at)
                if number in ("", each.parcel.number)
            ]
            return found

    def waive(self, finding: Finding, **facts: object) -> UUID:
        """Let a finding stand from the day on, as the leader unless somebody else is named."""
        given = {"reason": "Theo biên bản họp", "actor": LEADER, "granted_on": DAY, **facts}
        made = self.do(lambda session: waive(session, finding, **given))  # type: ignore[arg-type]
        assert isinstance(made, UUID)
        return made


@pytest.fixture
def board(fresh_database: TestDatabase) -> Board:
    return Board(fresh_database)


def test_every_kind_can_be_waived_and_is_then_calm(board: Board) -> None:
    with board.database.reading() as session:
        found = board.park.found(session)
    for each in found:
        board.waive(each)
    with board.database.reading() as session:
        after = board.park.found(session)
    assert [each.key for each in after] == [each.key for each in found]
    assert all(not each.is_open for each in after)
    assert {each.waiver.granted_by for each in after if each.waiver} == {LEADER}


def test_a_waiver_holds_from_its_first_day_to_the_end_of_its_last(board: Board) -> None:
    across = board.finding("across_uses")
    board.waive(across, expires_on=DAY + timedelta(days=9))
    for day, lapsed in ((0, None), (9, None), (10, "expired")):
        waiver = board.finding("across_uses", at=Moment(DAY + timedelta(days=day))).waiver
        assert waiver is not None
        assert waiver.lapsed == lapsed
        assert waiver.expires_on == DAY + timedelta(days=9)
    assert board.finding("across_uses", at=Moment(DAY - timedelta(days=1))).waiver is None


def test_it_ends_not_before_it_begins(board: Board) -> None:
    with pytest.raises(WaiverDaysRefused):
        board.waive(board.finding("gap"), expires_on=DAY - timedelta(days=1))


def test_when_the_parcel_changes_the_finding_is_open_again_and_says_why(board: Board) -> None:
    board.waive(board.finding("across_uses"))
    later = DAY + timedelta(days=30)

    def edit(session: Session) -> int:
        number = act(session, board.park.document, day=later)
        mine = ParcelVersion.parcel_id == board.park.parcels["2"]
        amend(session, ParcelVersion, number, mine, later, {"land_use_code": "SKK"})
        return number

    number = board.do(edit)
    waiver = board.finding("across_uses", at=Moment(later)).waiver
    assert waiver is not None
    assert (waiver.lapsed, waiver.lapsed_by) == ("parcel-changed", number)
    # the days before the change, told anew by it, are as they were: there it holds
    assert not board.finding("across_uses", at=Moment(later - timedelta(days=1))).is_open


def test_when_the_plan_changes_the_finding_is_open_again_and_says_why(board: Board) -> None:
    board.waive(board.finding("across_uses"))
    board.waive(board.finding("lease_on_green"))
    later = DAY + timedelta(days=30)
    board.do(
        lambda session: plan_version(
            session, board.park.plan, board.park.document, lots(160.0), later
        )
    )
    for kind in ("across_uses", "lease_on_green"):
        found = board.finding(kind, at=Moment(later))
        assert found.is_open
        assert found.waiver is not None
        assert found.waiver.lapsed == "plan-changed"
        assert found.waiver.lapsed_by == found.other.opened_by
        assert not board.finding(kind).is_open


def test_when_the_plan_is_annulled_there_is_neither_finding_nor_waiver(board: Board) -> None:
    board.waive(board.finding("outside_plan", "7"))
    with board.database.reading() as session:
        assert board.park.of(session, "outside_plan", Moment(date(2020, 6, 1))) == []


def test_another_lease_is_another_finding(board: Board) -> None:
    from planning.tenure.commands import amend_right
    from planning.tenure.model import LandRightVersion

    board.waive(board.finding("lease_on_green"))
    later = DAY + timedelta(days=30)

    def change_lease(session: Session) -> None:
        right = session.scalar(
            select(LandRightVersion.land_right_id).where(LandRightVersion.number == "TL-1")
        )
        assert right is not None
        number = act(session, board.park.document, day=later, actor=GRANTER)
        amend_right(session, number, right_id=right, day=later, **{"number": "TL-1/PL01"})

    board.do(change_lease)
    waiver = board.finding("lease_on_green", at=Moment(later)).waiver
    assert waiver is not None
    assert waiver.lapsed == "right-changed"


def test_a_corner_given_by_a_neighbour_or_an_undone_edit_is_no_change(board: Board) -> None:
    """Rows written anew with the same facts on the same ground keep their waiver."""
    board.waive(board.finding("across_uses"))
    later = DAY + timedelta(days=30)
    mine = ParcelVersion.parcel_id == board.park.parcels["2"]

    def gain_corner(session: Session) -> int:
        number = act(session, board.park.document, day=later)
        amend(session, ParcelVersion, number, mine, later, {"noded": True})
        return number

    noded = board.do(gain_corner)
    assert not board.finding("across_uses", at=Moment(later)).is_open
    board.do(lambda session: undo(session, int(str(noded)), actor=DRAWER, reason="nhầm"))
    assert not board.finding("across_uses", at=Moment(later)).is_open


def test_what_was_known_before_the_waiver_is_not_rewritten(board: Board) -> None:
    with board.database.reading() as session:
        known = session.scalar(select(func.max(Change.number)))
        before = [(each.key, each.is_open) for each in board.park.found(session)]
    board.waive(board.finding("across_uses"))
    with board.database.reading() as session:
        assert known is not None
        then = board.park.found(session, Moment(DAY, int(known)))
        now = board.park.found(session)
    assert [(each.key, each.is_open) for each in then] == before
    assert [each.is_open for each in now].count(False) == 1


def test_a_withdrawn_waiver_opens_the_finding_and_keeps_its_days(board: Board) -> None:
    made = board.waive(board.finding("gap"))
    later = DAY + timedelta(days=5)
    board.do(
        lambda session: withdraw(session, made, reason="Đã đo lại", actor="pho-ban", day=later)
    )
    waiver = board.finding("gap", at=Moment(later)).waiver
    assert waiver is not None
    assert waiver.lapsed == "withdrawn"
    assert not board.finding("gap", at=Moment(later - timedelta(days=1))).is_open
    with pytest.raises(WaiverEnded):
        board.do(lambda session: withdraw(session, made, reason="lại", actor=LEADER, day=later))
    board.waive(board.finding("gap", at=Moment(later)), granted_on=later)
    assert not board.finding("gap", at=Moment(later)).is_open


def test_an_unknown_waiver_is_not_found(board: Board) -> None:
    unknown = UUID(int=7)
    with pytest.raises(NotFound):
        board.do(lambda session: waiver_zone(session, unknown))
    with pytest.raises(NotFound):
        board.do(lambda s: withdraw(s, unknown, reason="x", actor=LEADER, day=DAY))


def test_a_waiver_on_paper_hangs_on_it(board: Board) -> None:
    made = board.waive(board.finding("gap"), document_id=board.park.document)
    with board.database.reading() as session:
        row = session.execute(
            select(Waiver.granted_by, Change.kind, Change.document_id)
            .join(Change, Change.number == Waiver.opened_by)
            .where(Waiver.waiver_id == made)
        ).one()
        assert tuple(row) == (LEADER, "act", board.park.document)
        assert waiver_zone(session, made) == board.park.zone
    waiver = board.finding("gap").waiver
    assert waiver is not None
    assert waiver.document == "01/KCN-F"

"""Waivers against raw SQL and a second session: own work, sides that move, one a finding."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.db.races.arena import LEVELS, OWNER, WRITE, Arena, Hand
from tests.db.races.waivers import DRAWER, GIVER, Yard, change_by, lay_yard, redraw, waive

GUARD = "DROP TRIGGER g_is_fit ON land.waiver"
LOGINS = (WRITE, OWNER)


def refused_by(
    arena: Arena, work: Callable[[Hand], object], login: str = WRITE, disarm: str = ""
) -> str:
    """The rule that refuses a piece of work; empty when it is done. Nothing stays."""
    with arena.hand(login) as hand:
        if disarm:
            hand.all(disarm)
        hand.do(work)
        return hand.refused_by


def standing(arena: Arena, yard: Yard) -> int:
    """Open waivers of the yard."""
    found: int = arena.ask(
        "SELECT count(*) FROM land.waiver WHERE zone_id = %(zone)s AND closed_by IS NULL",
        zone=yard.plot.zone,
    )
    return found


@pytest.mark.parametrize("login", LOGINS)
@pytest.mark.parametrize(
    ("name", "rule"),
    [
        (DRAWER, "waiver_not_own_work"),
        # nobody gets round it by another spelling of the name
        (" Racer ", "change_actor_is_an_account"),
        ("RACER", "change_actor_is_an_account"),
    ],
)
def test_nobody_waives_their_own_work(arena: Arena, login: str, name: str, rule: str) -> None:
    yard = lay_yard(arena)
    assert refused_by(arena, waive(yard, by=name), login) == rule
    assert refused_by(arena, waive(yard, by=name, kind="outside"), login) == rule
    assert refused_by(arena, waive(yard), login) == ""
    if name == DRAWER:
        assert refused_by(arena, waive(yard, by=name), OWNER, GUARD) == ""


def test_an_earlier_version_of_the_parcel_is_own_work_too(arena: Arena) -> None:
    """The leader drew the parcel once; another moved its side since."""
    yard = lay_yard(arena)
    arena.write(redraw(yard, actor=GIVER))
    arena.write(redraw(yard, actor="another"))
    now = arena.ask(
        "SELECT version_id FROM land.parcel_version WHERE parcel_id = %(parcel)s"
        " AND closed_by IS NULL",
        parcel=yard.parcels[0],
    )
    assert refused_by(arena, waive(yard, parcel=now)) == "waiver_not_own_work"
    assert refused_by(arena, waive(yard, parcel=now, by="third")) == ""


@pytest.mark.parametrize("login", LOGINS)
def test_a_waiver_carries_the_name_of_its_giver(arena: Arena, login: str) -> None:
    yard = lay_yard(arena)
    work = waive(yard, by=DRAWER, named=GIVER)  # the drawer in the leader's name
    assert refused_by(arena, work, login) == "waiver_granted_by_actor"
    assert refused_by(arena, work, OWNER, GUARD) == ""


def test_what_this_very_transaction_drew_is_not_waived(arena: Arena) -> None:
    yard = lay_yard(arena)

    def draw_and_waive(hand: Hand) -> None:
        redraw(yard)(hand)
        hand.all("SET CONSTRAINTS ALL IMMEDIATE")
        fresh = hand.one(
            "SELECT version_id FROM land.parcel_version WHERE parcel_id = %(parcel)s"
            " AND closed_by IS NULL",
            parcel=yard.parcels[0],
        )
        waive(yard, parcel=fresh)(hand)

    assert refused_by(arena, draw_and_waive) == "waiver_names_what_stands"


@pytest.mark.parametrize("level", LEVELS)
def test_a_side_moved_meanwhile_is_not_waived(arena: Arena, level: str) -> None:
    """The edit comes first: the waiver waits for it, and is refused."""
    yard = lay_yard(arena)
    edit, waiver = arena.race(redraw(yard), waive(yard), level=level)
    if level == "READ COMMITTED":
        assert edit.committed
        assert waiver.refused_by == "waiver_names_what_stands"
    else:
        # such an edit cannot judge what holds the ground, and does not move it
        assert not edit.committed
        assert waiver.committed
    assert standing(arena, yard) == waiver.committed


@pytest.mark.parametrize("level", LEVELS)
def test_an_edit_waits_for_the_waiver_of_what_it_moves(arena: Arena, level: str) -> None:
    """The waiver comes first: it speaks of the version before, and both are kept."""
    yard = lay_yard(arena)
    waiver, _edit = arena.race(waive(yard), redraw(yard), level=level)
    assert waiver.committed
    assert standing(arena, yard) == 1


def test_without_its_lock_a_waiver_of_the_past_is_written(quarry: Arena) -> None:
    from tests.db.races.attacks import cut
    from tests.db.races.disarming import without

    lock = "ORDER BY version_id FOR SHARE"
    with without(quarry, cut("waiver_is_fit", lock)):
        yard = lay_yard(quarry)
        edit, waiver = quarry.race(redraw(yard), waive(yard))
        assert edit.committed
        assert waiver.committed


@pytest.mark.parametrize("level", LEVELS)
def test_two_leaders_waive_a_finding_once(arena: Arena, level: str) -> None:
    yard = lay_yard(arena)
    first, second = arena.race(
        waive(yard, until="2025-01-01"), waive(yard, by="deputy", since="2024-01-01"), level=level
    )
    assert first.committed
    assert second.refused_by in {"waiver_once", "40001"}
    assert standing(arena, yard) == 1


def test_without_its_rule_a_finding_is_waived_twice(quarry: Arena) -> None:
    from tests.db.races.disarming import without

    with without(quarry, "ALTER TABLE land.waiver DROP CONSTRAINT waiver_once"):
        yard = lay_yard(quarry)
        quarry.race(waive(yard), waive(yard, by="deputy"))
        assert standing(quarry, yard) == 2


def test_days_after_one_another_are_two_waivers(arena: Arena) -> None:
    yard = lay_yard(arena)
    arena.write(waive(yard, until="2025-01-01"))
    arena.write(waive(yard, by="deputy", since="2025-01-01"))
    assert standing(arena, yard) == 2


SHORTEN = """
    INSERT INTO land.waiver (waiver_id, zone_id, kind, parcel_version_id, other_parcel_version_id,
                             area_m2, reason, granted_by, valid_from, valid_to, withdrawn_by,
                             withdrawal_reason, opened_by)
    SELECT waiver_id, zone_id, kind, parcel_version_id, other_parcel_version_id, area_m2, reason,
           granted_by, valid_from, %(until)s, %(by)s, 'đo lại', %(number)s
    FROM land.waiver WHERE waiver_id = %(waiver)s AND closed_by = %(number)s"""


def _withdraw(
    hand: Hand, waiver: object, actor: str, *, until: str = "2023-01-01", by: str | None = None
) -> None:
    number = change_by(hand, actor)
    hand.all(
        "UPDATE land.waiver SET closed_by = %(number)s WHERE waiver_id = %(waiver)s"
        " AND closed_by IS NULL",
        number=number,
        waiver=waiver,
    )
    hand.all(SHORTEN, until=until, by=by or actor, number=number, waiver=waiver)


def test_a_waiver_is_shortened_by_its_withdrawal_alone(arena: Arena) -> None:
    """Even when the parcel has changed since; never lengthened, never in another's name."""
    yard = lay_yard(arena)
    waiver = arena.write(waive(yard, until="2024-01-01"))
    arena.write(redraw(yard))
    assert refused_by(arena, lambda hand: _withdraw(hand, waiver, "deputy")) == ""
    longer = refused_by(arena, lambda hand: _withdraw(hand, waiver, "deputy", until="2030-01-01"))
    assert longer == "waiver_granted_by_actor"
    forged = refused_by(arena, lambda hand: _withdraw(hand, waiver, "deputy", by=GIVER))
    assert forged == "waiver_granted_by_actor"


@pytest.mark.parametrize(("until", "by", "why"), [("2023-01-01", None, "x"), (None, "x", "x")])
def test_who_withdraws_says_why_and_when(
    arena: Arena, until: str | None, by: str | None, why: str
) -> None:
    yard = lay_yard(arena)

    def write(hand: Hand) -> None:
        hand.all(
            "INSERT INTO land.waiver (zone_id, kind, parcel_version_id, other_parcel_version_id,"
            " area_m2, reason, granted_by, valid_from, valid_to, withdrawn_by, withdrawal_reason,"
            " opened_by) VALUES (%(zone)s, 'overlap', %(one)s, %(two)s, 1, 'r', 'x', '2022-01-01',"
            " %(until)s, %(by)s, %(why)s, %(number)s)",
            zone=yard.plot.zone, one=yard.versions[0], two=yard.versions[1], until=until, by=by,
            why=why, number=change_by(hand, GIVER),
        )  # fmt: skip

    assert refused_by(arena, write, OWNER, GUARD) == "waiver_withdrawn_for_a_reason"
    disarm = f"{GUARD}; ALTER TABLE land.waiver DROP CONSTRAINT waiver_withdrawn_for_a_reason"
    assert refused_by(arena, write, OWNER, disarm) == ""


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "overlap", "side": "boundary_version_id", "other": "boundary"},
        {"kind": "outside", "side": "other_parcel_version_id", "other": "parcel"},
        {"kind": "across_uses", "side": "boundary_version_id", "other": "boundary"},
        {"kind": "outside_plan", "side": "other_parcel_version_id", "other": "parcel"},
    ],
)
def test_a_waiver_names_the_sides_of_its_kind(arena: Arena, wrong: dict[str, str]) -> None:
    yard = lay_yard(arena)
    other = yard.boundary if wrong["other"] == "boundary" else yard.versions[1]
    work = waive(yard, kind=wrong["kind"], side=wrong["side"], other=other)
    assert refused_by(arena, work) == "waiver_names_both_sides"
    disarm = "ALTER TABLE land.waiver DROP CONSTRAINT waiver_names_both_sides"
    assert refused_by(arena, work, OWNER, disarm) == ""


@pytest.mark.parametrize("login", LOGINS)
def test_undoing_its_change_takes_no_waiver_back(arena: Arena, login: str) -> None:
    yard = lay_yard(arena)
    waiver = arena.write(waive(yard))
    number = arena.ask("SELECT opened_by FROM land.waiver WHERE waiver_id = %(id)s", id=waiver)

    def undo(hand: Hand) -> None:
        by = hand.one(
            "INSERT INTO land.change (kind, reason, actor, effective_on, document_id, undoes)"
            " VALUES ('correction', 'nhầm', 'planner', '2022-01-01', %(document)s, %(undone)s)"
            " RETURNING number",
            document=yard.plot.document,
            undone=number,
        )
        hand.all("SELECT land.reverse_change(%(undone)s, %(by)s)", undone=number, by=by)

    assert refused_by(arena, undo, login) == "waiver_not_undone"
    disarm = "DROP TRIGGER g_not_undone ON land.waiver"
    assert refused_by(arena, undo, OWNER, disarm) == ""

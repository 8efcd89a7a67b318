"""Approval with faults nobody signed for, by raw SQL: alone, between two sessions, out of order."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from tests.db.races import plans
from tests.db.races.arena import LEVELS, OWNER, Arena, Hand
from tests.db.races.attacks import cut
from tests.db.races.disarming import without
from tests.db.races.plans import FAULTS, WHOLE, Drawn, Shape, add_lot, change_by, draw, step

PRESENT = "DROP TRIGGER d_on_present_lots ON land.plan_waiver"
IN_ORDER = cut("plan_lots_in_order", "land.plan_lots_known(version) > present", "false")
HALF: Shape = (0, 0, 900, 450)
TORN: dict[str, tuple[Shape, ...]] = {
    "gap": (HALF,),
    "overlap": (WHOLE, (1, 1)),
    "outside": ((0, 0, 950, 900),),
}
Deed = tuple[Callable[[Hand], object], Callable[[Hand], object], Callable[[], bool]]


def approve(hand: Hand, drawn: Drawn) -> None:
    step(hand, drawn, "approved", "chi", "2021-02-01")
    hand.all("SET CONSTRAINTS ALL IMMEDIATE")


def refused_by(arena: Arena, drawn: Drawn, login: str = "gisapp_write") -> str:
    with arena.hand(login) as hand:
        hand.do(lambda hand: approve(hand, drawn))
        return hand.refused_by


def state(hand: Hand, drawn: Drawn, *rows: tuple[str | None, float]) -> None:
    number = change_by(hand, drawn.plot, "an")
    for position, (category, area) in enumerate(rows, 1):
        hand.all(
            "INSERT INTO land.plan_stated_area (plan_version_id, position, label, category,"
            " area_m2, opened_by) VALUES (%(version)s, %(position)s, 'x', %(category)s, %(area)s,"
            " %(number)s)",
            version=drawn.version,
            position=position,
            category=category,
            area=area,
            number=number,
        )


def sign(arena: Arena, drawn: Drawn, *signatures: tuple[str, float]) -> None:
    for fault, area in signatures:
        arena.write(partial(plans.waive, drawn=drawn, actor="chi", fault=fault, area=area))


@pytest.mark.parametrize("login", ["gisapp_write", OWNER])
@pytest.mark.parametrize("fault", sorted(TORN))
def test_a_torn_plan_is_not_approved(arena: Arena, fault: str, login: str) -> None:
    drawn = draw(arena, lots=TORN[fault])
    assert refused_by(arena, drawn, login) == "plan_faults_signed"


@pytest.mark.parametrize("fault", sorted(TORN))
def test_without_its_guard_a_torn_plan_is(quarry: Arena, fault: str) -> None:
    with without(quarry, FAULTS):
        assert refused_by(quarry, draw(quarry, lots=TORN[fault])) == ""


def test_a_plan_without_lots_is_not_approved(arena: Arena) -> None:
    assert refused_by(arena, draw(arena, lots=())) == "plan_has_lots"


def test_a_table_that_does_not_sum_is_not_approved(arena: Arena) -> None:
    drawn = draw(arena)
    arena.write(lambda hand: state(hand, drawn, ("CN", 800_000), ("CX", 9_000), (None, 810_000)))
    assert refused_by(arena, drawn) == "plan_faults_signed"
    sign(arena, drawn, ("sum", 1_000))
    assert refused_by(arena, drawn) == ""
    rounded = draw(arena)
    arena.write(lambda hand: state(hand, rounded, ("CN", 800_000), ("CX", 9_900), (None, 810_000)))
    assert refused_by(arena, rounded) == ""


def test_slivers_of_drawing_are_no_fault(arena: Arena) -> None:
    hair: tuple[Shape, ...] = ((0, 0, 900, 449.999), (0, 4.5, 900, 450.001))
    assert refused_by(arena, draw(arena, lots=hair)) == ""


def test_every_fault_is_signed_for_on_these_lots_and_no_smaller(arena: Arena) -> None:
    drawn = draw(arena, lots=(HALF, (0, 0)))
    sign(arena, drawn, ("overlap", 10_000))
    assert refused_by(arena, drawn) == "plan_faults_signed"
    sign(arena, drawn, ("gap", 404_000))
    assert refused_by(arena, drawn) == "plan_faults_signed"
    signed = draw(arena, lots=TORN["gap"])
    sign(arena, signed, ("gap", 405_000))
    assert refused_by(arena, signed) == ""
    arena.write(lambda hand: add_lot(hand, signed, "an", shape=(0, 4.5, 900, 100)))
    assert refused_by(arena, signed) == "plan_faults_signed"


@pytest.mark.parametrize("known", [0, 1, 2**40], ids=["nought", "former", "to come"])
def test_a_signature_names_the_lots_as_they_stand(arena: Arena, quarry: Arena, known: int) -> None:
    drawn = draw(arena, lots=TORN["gap"])
    with arena.hand() as hand:
        hand.do(lambda hand: plans.waive(hand, drawn, "chi", known=known))
        assert hand.refused_by == "plan_waiver_on_lots_as_they_stand"
    with without(quarry, PRESENT):
        other = draw(quarry, lots=TORN["gap"])
        quarry.write(lambda hand: plans.waive(hand, other, "chi", known=known))


def test_two_changes_of_one_transaction_do_not_vouch_for_each_other(arena: Arena) -> None:
    """Each row in force would be "in force before" to the other; neither was."""
    drawn = draw(arena, lots=TORN["gap"])

    def twice(hand: Hand) -> None:
        step(hand, drawn, "approved", "chi", "2021-02-01")
        step(hand, drawn, "published", "dung", "2021-03-01")
        hand.all("SET CONSTRAINTS ALL IMMEDIATE")

    with arena.hand() as hand:
        hand.do(twice)
        assert hand.refused_by == "plan_faults_signed"


def test_publication_and_the_way_back_are_not_judged_again(arena: Arena) -> None:
    drawn = draw(arena, lots=TORN["gap"])
    sign(arena, drawn, ("gap", 405_000))
    arena.write(lambda hand: approve(hand, drawn))
    with arena.hand() as hand:  # the signature goes, the approval stays
        number = change_by(hand, drawn.plot, "chi")
        hand.all(
            "UPDATE land.plan_waiver SET closed_by = %(number)s"
            " WHERE plan_version_id = %(version)s",
            number=number,
            version=drawn.version,
        )
        hand.commit()
    arena.write(lambda hand: step(hand, drawn, "published", "dung", "2021-03-01"))
    arena.write(lambda hand: step(hand, drawn, "superseded", "chi", "2022-03-01"))
    arena.write(lambda hand: step(hand, drawn, "approved", "chi", "2023-03-01"))


def in_force_and_torn(arena: Arena, drawn: Drawn) -> bool:
    return bool(
        arena.ask(
            "SELECT EXISTS (SELECT FROM land.plan_status WHERE plan_version_id = %(version)s"
            " AND status = 'approved' AND closed_by IS NULL)"
            " AND cardinality(land.plan_faults_unsigned(%(version)s)) > 0",
            version=drawn.version,
        )
    )


def lots_go_while_it_is_approved(arena: Arena) -> Deed:
    drawn = draw(arena)
    return (
        lambda hand: plans.take_lots(hand, drawn, "an"),
        lambda hand: approve(hand, drawn),
        lambda: bool(
            arena.ask(
                "SELECT EXISTS (SELECT FROM land.plan_status WHERE plan_version_id = %(version)s"
                " AND status = 'approved')",
                version=drawn.version,
            )
        ),
    )


def lots_come_while_it_is_approved(arena: Arena) -> Deed:
    drawn = draw(arena)
    return (
        lambda hand: add_lot(hand, drawn, "an"),
        lambda hand: approve(hand, drawn),
        lambda: in_force_and_torn(arena, drawn),
    )


def lots_grow_worse_while_it_is_signed(arena: Arena) -> Deed:
    drawn = draw(arena, lots=TORN["overlap"])
    return (
        lambda hand: add_lot(hand, drawn, "an", shape=(4, 4)),
        lambda hand: [plans.waive(hand, drawn, "chi", "overlap", 1e9), approve(hand, drawn)],
        lambda: in_force_and_torn(arena, drawn),
    )


RACES = {
    "lots go": lots_go_while_it_is_approved,
    "lots come": lots_come_while_it_is_approved,
    "lots grow worse": lots_grow_worse_while_it_is_signed,
}


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("race", RACES)
def test_the_promise_holds(arena: Arena, race: str, level: str) -> None:
    first, second, broken = RACES[race](arena)
    one, two = arena.race(first, second, level=level)
    assert not broken(), (one.refused_by, two.refused_by)
    assert (one.error or two.error) is not None


@pytest.mark.parametrize("race", RACES)
def test_without_its_guard_the_attack_succeeds(quarry: Arena, race: str) -> None:
    with without(quarry, f"{FAULTS};{PRESENT}"):
        first, second, broken = RACES[race](quarry)
        one, two = quarry.race(first, second)
        assert broken(), (one.error, two.error)


def late(arena: Arena, drawn: Drawn, deed: str, meanwhile: Callable[[Hand], object]) -> str:
    """Who refuses lots whose change drew its number before somebody else wrote the version."""
    with arena.hand() as hand:
        number = change_by(hand, drawn.plot, "an")
        arena.write(meanwhile)
        if deed == "brings":
            hand.do(lambda hand: add_lot(hand, drawn, "an", number=number))
        else:
            hand.do(lambda hand: plans.take_lots(hand, drawn, "an", number))
        hand.do(hand.commit)
        return hand.refused_by


@pytest.mark.parametrize("deed", ["brings", "takes"])
def test_an_early_number_opens_no_back_door_to_an_approved_version(arena: Arena, deed: str) -> None:
    drawn = draw(arena)
    refused = late(arena, drawn, deed, lambda hand: approve(hand, drawn))
    assert refused == "plan_version_kept"


def test_with_the_former_guard_the_back_door_stood_open(quarry: Arena) -> None:
    former = cut(
        "approved_lots_stay",
        "WHERE plan_version.opened_by <> moved.present",
        "WHERE step.opened_by < moved.present",
    )
    with without(quarry, former):
        drawn = draw(quarry)
        assert late(quarry, drawn, "brings", lambda hand: approve(hand, drawn)) == ""


def more(hand: Hand, drawn: Drawn) -> int:
    return add_lot(hand, drawn, "dung", shape=(0, 4.5, 900, 100))


def test_lots_are_written_in_the_order_of_their_numbers(arena: Arena, quarry: Arena) -> None:
    """Else a signature, or a preview, would hold although lots came after it."""
    drawn = draw(arena, lots=(HALF,))
    assert late(arena, drawn, "brings", lambda hand: more(hand, drawn)) == "plan_lots_in_order"
    with without(quarry, IN_ORDER):
        other = draw(quarry, lots=(HALF,))
        assert late(quarry, other, "brings", lambda hand: more(hand, other)) == ""


def test_an_approver_brings_no_lot_with_the_approval(arena: Arena) -> None:
    """Judged early, then written on: the change that approves does not register the version."""
    drawn = draw(arena)

    def both(hand: Hand) -> None:
        number = step(hand, drawn, "approved", "chi", "2021-02-01")
        hand.all("SET CONSTRAINTS land.e_steps_in_order, land.f_faults_signed IMMEDIATE")
        add_lot(hand, drawn, "chi", number=number)

    with arena.hand() as hand:
        hand.do(both)
        assert hand.refused_by == "plan_version_kept"


def test_an_undoing_change_brings_no_lot(arena: Arena) -> None:
    drawn = draw(arena)
    number = arena.write(lambda hand: step(hand, drawn, "approved", "chi", "2021-02-01"))

    def undoing(hand: Hand) -> int:
        return int(
            hand.one(
                "INSERT INTO land.change (kind, reason, actor, effective_on, document_id, undoes)"
                " VALUES ('correction', 'race', 'dung', '2021-01-01', %(document)s, %(number)s)"
                " RETURNING number",
                document=drawn.plot.document,
                number=number,
            )
        )

    for deed in (add_lot, plans.take_lots):
        with arena.hand() as hand:
            hand.do(partial(deed, drawn=drawn, actor="dung", number=undoing(hand)))
            assert hand.refused_by == "plan_version_kept"

"""Steps of plans by raw SQL: order, approver and author, what was approved; no guard is idle."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest

from tests.db.races import plans
from tests.db.races.arena import LEVELS, OWNER, Arena, Hand
from tests.db.races.disarming import without
from tests.db.races.plans import LOTS_OUT, ORDER, RACES, WAIVERS, Drawn, add_lot, draw, step

Deed = Callable[[Hand, Drawn], object]


def refused_by(arena: Arena, work: Callable[[Hand], object]) -> str:
    """Which rule refuses a piece of work at its commit; nothing stays when none does."""
    with arena.hand() as hand:
        hand.do(work)
        if hand.error is None:
            hand.do(lambda hand: hand.all("SET CONSTRAINTS ALL IMMEDIATE"))
        return hand.refused_by


def legal_steps(arena: Arena) -> set[tuple[str, str]]:
    rows = arena.watcher.execute("SELECT from_status, to_status FROM land.plan_transition")
    return {(str(row[0]), str(row[1])) for row in rows.fetchall()}


STEPS = ("proposed", "task", "drafting", "consultation", "appraisal", "approved", "published",
         "superseded", "annulled")  # fmt: skip


def taking(drawn: Drawn, status: str) -> Callable[[Hand], object]:
    return lambda hand: step(hand, drawn, status, "chi", "2021-03-01")


def test_only_steps_of_the_table_are_taken(arena: Arena) -> None:
    legal = legal_steps(arena)
    for before in STEPS[:5]:
        drawn = draw(arena, before)
        for status in STEPS:
            rule = refused_by(arena, taking(drawn, status))
            allowed = status == before or (before, status) in legal
            assert rule == ("" if allowed else "plan_steps_in_order"), (before, status)


def test_after_approval_there_is_no_way_back_to_the_drawing_board(arena: Arena) -> None:
    legal = legal_steps(arena)
    drawn = plans.approved(arena)
    for status in STEPS:
        rule = refused_by(arena, taking(drawn, status))
        assert rule == ("" if status == "approved" or ("approved", status) in legal
                        else "plan_steps_in_order"), status  # fmt: skip


def test_a_version_does_not_enter_in_force_after_it_was_opened(arena: Arena) -> None:
    drawn = draw(arena, status=None)
    work = lambda hand: step(hand, drawn, "approved", "chi", "2021-02-01")  # noqa: E731
    assert refused_by(arena, work) == "plan_steps_in_order"


@pytest.mark.parametrize(
    "deed",
    [
        lambda hand, drawn: step(hand, drawn, "approved", "an", "2021-02-01"),
        lambda hand, drawn: step(hand, drawn, "annulled", "an", "2021-02-01"),
    ],
    ids=["approves", "annuls"],
)
def test_the_author_does_not(arena: Arena, quarry: Arena, deed: Deed) -> None:
    drawn = draw(arena)
    assert refused_by(arena, lambda hand: deed(hand, drawn)) == "plan_approver_not_author"
    with without(quarry, ORDER):
        other = draw(quarry)
        assert refused_by(quarry, lambda hand: deed(hand, other)) == ""


def test_who_brought_one_lot_or_took_one_away_is_an_author(arena: Arena) -> None:
    for deed in (add_lot, plans.take_lots):
        drawn = draw(arena)
        arena.write(lambda hand, deed=deed, drawn=drawn: deed(hand, drawn, "binh"))
        work = lambda hand, drawn=drawn: step(hand, drawn, "approved", "binh", "2021-02-01")  # noqa: E731
        assert refused_by(arena, work) == "plan_approver_not_author"


def test_the_author_does_not_take_the_approval_back(arena: Arena) -> None:
    drawn = plans.approved(arena)

    def back(actor: str) -> Callable[[Hand], object]:
        def work(hand: Hand) -> None:
            number = plans.change_by(hand, drawn.plot, actor)
            hand.all(
                "UPDATE land.plan_status SET closed_by = %(number)s WHERE closed_by IS NULL"
                " AND plan_version_id = %(version)s AND status = 'approved'",
                number=number,
                version=drawn.version,
            )

        return work

    assert refused_by(arena, back("an")) == "plan_approver_not_author"
    assert refused_by(arena, back("chi")) == ""


@pytest.mark.parametrize("login", ["gisapp_write", OWNER])
def test_lots_of_an_approved_version_stay(arena: Arena, login: str) -> None:
    drawn = plans.approved(arena)
    for deed in (add_lot, plans.take_lots):
        with arena.hand(login) as hand:
            hand.do(lambda hand, deed=deed: deed(hand, drawn, "dung"))
            assert hand.refused_by == "plan_version_kept"
    arena.write(lambda hand: step(hand, drawn, "superseded", "chi", "2022-01-01"))
    assert refused_by(arena, lambda hand: add_lot(hand, drawn, "dung")) == "plan_version_kept"


def test_without_its_guard_lots_of_an_approved_version_go(quarry: Arena) -> None:
    with without(quarry, LOTS_OUT):
        drawn = plans.approved(quarry)
        assert refused_by(quarry, lambda hand: plans.take_lots(hand, drawn, "dung")) == ""


def test_the_scope_of_an_approved_version_stays(arena: Arena, quarry: Arena) -> None:
    drawn = plans.approved(arena)

    def grown(hand: Hand, of: Drawn) -> None:
        step(hand, of, "published", "chi", "2021-03-01", grow=50)

    assert refused_by(arena, lambda hand: grown(hand, drawn)) == "plan_version_kept"
    with without(quarry, ORDER):
        other = plans.approved(quarry)
        assert refused_by(quarry, lambda hand: grown(hand, other)) == ""


def test_the_author_does_not_sign_for_faults(arena: Arena, quarry: Arena) -> None:
    drawn = draw(arena)
    assert (
        refused_by(arena, lambda hand: plans.waive(hand, drawn, "an")) == "plan_waiver_not_author"
    )
    assert refused_by(arena, lambda hand: plans.waive(hand, drawn, "chi")) == ""
    with without(quarry, WAIVERS):
        other = draw(quarry)
        assert refused_by(quarry, lambda hand: plans.waive(hand, other, "an")) == ""


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("race", RACES)
def test_the_promise_holds(arena: Arena, race: str, level: str) -> None:
    first, second, broken = RACES[race][0](arena)
    one, two = arena.race(first, second, level=level)
    assert not broken(), (one.refused_by, two.refused_by)
    assert (one.error or two.error) is not None


@pytest.mark.parametrize("race", RACES)
def test_without_its_guard_the_attack_succeeds(quarry: Arena, race: str) -> None:
    prepare, disarm = RACES[race]
    with without(quarry, disarm):
        first, second, broken = prepare(quarry)
        one, two = quarry.race(first, second)
        assert broken(), (one.error, two.error)


@pytest.mark.parametrize("table", ["plan_transition", "plan_deadline"])
def test_the_tables_of_the_pipeline_are_read_only(arena: Arena, table: str) -> None:
    for statement in (f"DELETE FROM land.{table}", f"UPDATE land.{table} SET ctid = ctid"):
        for login in ("gisapp_write", OWNER):
            with arena.hand(login) as hand, pytest.raises(psycopg.Error):
                hand.all(statement)


def test_a_deadline_row_is_plausible(arena: Arena) -> None:
    insert = (
        "INSERT INTO land.plan_deadline (step, valid_from, valid_to, least_days, most_days,"
        " waits_for_vi, waits_for_en, clause_vi, clause_en, source, verification) VALUES ('task',"
        " '2030-01-01', {until}, {least}, {most}, 'a', 'a', 'a', 'a', 'a', 'unverified')"
    )
    faults = {
        "deadline_forward": {"until": "'2029-01-01'", "least": "NULL", "most": "NULL"},
        "deadline_least_before_most": {"until": "NULL", "least": "9", "most": "8"},
    }
    for rule, values in faults.items():
        with arena.hand(OWNER) as hand:
            hand.do(lambda hand, values=values: hand.all(insert.format(**values)))
            assert hand.refused_by == rule
    with arena.hand(OWNER) as hand:
        twice = insert.format(until="NULL", least="NULL", most="9")
        hand.do(lambda hand: [hand.all(twice), hand.all(twice)])
        assert hand.refused_by == "deadline_version"

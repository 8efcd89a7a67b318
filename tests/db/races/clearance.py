"""Attacks on clearance: order of steps, payments, hand-overs, plots, by two sessions at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from tests.db.races.arena import (
    PLANE,
    REPEATABLE_READ,
    WRITE,
    Arena,
    Hand,
    close_rows,
    judged_early,
)
from tests.db.races.clearance_ground import (
    HOUSEHOLD,
    Case,
    Deed,
    Work,
    assign,
    hand_over,
    lay_case,
    lay_home,
    money,
    open_item,
    step,
)

__all__ = ["ATTACKS", "HOUSEHOLD", "Aimed", "Case", "lay_case", "money"]


def _two_items(arena: Arena) -> Deed:
    case = lay_case(arena)

    def work(name: str) -> Work:
        return lambda hand: open_item(
            hand, case.case, (case.spare,), hand.change(case.plot.document), name
        )

    return (
        work("2"),
        work("3"),
        lambda: arena.ask(
            "SELECT count(*) > 1 FROM land.clearance_item_parcel WHERE parcel_id = %(parcel)s"
            " AND closed_by IS NULL",
            parcel=case.spare,
        ),
    )


def _cleared_beside_its_case(arena: Arena, case: Case) -> bool:
    return bool(
        arena.ask(
            "SELECT EXISTS (SELECT FROM land.clearance_item_parcel AS held"
            " JOIN land.handover_parcel AS minutes USING (parcel_id)"
            " WHERE held.parcel_id = %(parcel)s AND held.closed_by IS NULL"
            " AND minutes.closed_by IS NULL AND NOT EXISTS (SELECT FROM land.clearance_step"
            " WHERE item_id = held.item_id AND kind = 'handed_over' AND closed_by IS NULL))",
            parcel=case.spare,
        )
    )


def _item_meets_handover(arena: Arena) -> Deed:
    case = lay_case(arena)
    return (
        lambda hand: open_item(
            hand, case.case, (case.spare,), hand.change(case.plot.document), "2"
        ),
        lambda hand: hand_over(hand, case, case.spare, hand.change(case.plot.document)),
        lambda: _cleared_beside_its_case(arena, case),
    )


def _handover_meets_parcel(arena: Arena) -> Deed:
    """A parcel joins an item that is there while somebody hands it over."""
    case = lay_case(arena)
    return (
        lambda hand: hand_over(hand, case, case.spare, hand.change(case.plot.document)),
        lambda hand: hand.all(
            "INSERT INTO land.clearance_item_parcel (item_id, parcel_id, valid_from, opened_by)"
            " VALUES (%(item)s, %(parcel)s, '2021-01-01', %(number)s)",
            item=case.item,
            parcel=case.spare,
            number=hand.change(case.plot.document),
        ),
        lambda: _cleared_beside_its_case(arena, case),
    )


def _handover_meets_item_early(arena: Arena) -> Deed:
    first, second, broken = _item_meets_handover(arena)
    return judged_early(first), judged_early(second), broken


def _handover_taken_back(arena: Arena) -> Deed:
    """The step is recorded on minutes that somebody is taking back."""
    case = lay_case(arena, "recovered")

    def recover(hand: Hand) -> None:
        number = hand.change(case.plot.document)
        step(hand, case.item, "recovered", number)
        step(hand, case.item, "handed_over", number)
        hand_over(hand, case, case.parcel, number)

    arena.write(recover)

    def withdraw(hand: Hand) -> None:
        number = hand.change(case.plot.document)
        close_rows(hand, "handover_parcel", number, "parcel_id = %(parcel)s", parcel=case.parcel)

    return (
        lambda hand: step(hand, case.item, "enforcement", hand.change(case.plot.document),
                          "2021-10-01"),
        withdraw,
        lambda: arena.ask(
            "SELECT count(*) = 0 FROM land.handover_parcel WHERE parcel_id = %(parcel)s"
            " AND closed_by IS NULL",
            parcel=case.parcel,
        ),
    )  # fmt: skip


def _paid(arena: Arena, case: Case) -> bool:
    return bool(
        arena.ask(
            "SELECT sum(amount.compensation) FILTER (WHERE kind = 'paid') > (SELECT"
            " granted.compensation FROM land.clearance_step AS plan"
            " JOIN household.amount AS granted USING (step_id)"
            " WHERE plan.item_id = %(item)s AND plan.kind = 'plan_approved'"
            " AND plan.closed_by IS NULL ORDER BY plan.valid_from DESC LIMIT 1)"
            " FROM land.clearance_step AS step JOIN household.amount AS amount USING (step_id)"
            " WHERE step.item_id = %(item)s AND step.closed_by IS NULL",
            item=case.item,
        )
    )


def _pay(case: Case, vnd: int, day: str = "2021-03-01") -> Work:
    return lambda hand: money(hand, case.item, "paid", vnd, hand.change(case.plot.document), day)


def _paid_twice(arena: Arena) -> Deed:
    case = lay_case(arena, "recovered")
    return _pay(case, 600_000), _pay(case, 500_000), lambda: _paid(arena, case)


def _paid_twice_early(arena: Arena) -> Deed:
    first, second, broken = _paid_twice(arena)
    return judged_early(first), judged_early(second), broken


def _paid_on_a_smaller_plan(arena: Arena) -> Deed:
    case = lay_case(arena, "recovered")
    smaller = lambda hand: money(  # noqa: E731 - a piece of work like the others
        hand, case.item, "plan_approved", 400_000, hand.change(case.plot.document), "2021-02-15"
    )
    return _pay(case, 1_000_000), smaller, lambda: _paid(arena, case)


def _recovered_twice(arena: Arena) -> Deed:
    case = lay_case(arena, "recovered")
    work = lambda hand: step(  # noqa: E731 - a piece of work like the others
        hand, case.item, "recovered", hand.change(case.plot.document)
    )
    return (
        work,
        work,
        lambda: arena.ask(
            "SELECT count(*) > 1 FROM land.clearance_step WHERE item_id = %(item)s"
            " AND kind = 'recovered'",
            item=case.item,
        ),
    )


def _cause_taken_back(arena: Arena) -> Deed:
    """A plan is posted while the draft it posts is taken back."""
    case = lay_case(arena, "plan_posted")

    def take_back(hand: Hand) -> None:
        number = hand.change(case.plot.document)
        close_rows(
            hand,
            "clearance_step",
            number,
            "item_id = %(item)s AND kind = 'plan_drafted'",
            item=case.item,
        )

    return (
        lambda hand: step(hand, case.item, "plan_posted", hand.change(case.plot.document)),
        take_back,
        lambda: arena.ask(
            "SELECT bool_or(kind = 'plan_posted') AND NOT bool_or(kind = 'plan_drafted')"
            " FROM land.clearance_step WHERE item_id = %(item)s AND closed_by IS NULL",
            item=case.item,
        ),
    )


def _effect_before_cause_taken_back(arena: Arena) -> Deed:
    first, second, broken = _cause_taken_back(arena)
    return second, first, broken


def _two_households_on_a_plot(arena: Arena) -> Deed:
    case = lay_case(arena)
    plot = lay_home(arena, case)
    other = arena.write(
        lambda hand: open_item(hand, case.case, (case.spare,), hand.change(case.plot.document), "2")
    )
    return (
        assign(case, plot),
        assign(case, plot, other, "2021-07-01"),
        lambda: arena.ask(
            "SELECT count(*) > 1 FROM land.plot_assignment WHERE resettlement_plot_id = %(plot)s",
            plot=plot,
        ),
    )


def _plot_given_up(arena: Arena) -> Deed:
    """A plot is promised while somebody takes the plot itself back."""
    case = lay_case(arena)
    plot = lay_home(arena, case)

    def give_up(hand: Hand) -> None:
        number = hand.change(case.plot.document)
        close_rows(
            hand,
            "resettlement_plot_version",
            number,
            "resettlement_plot_id = %(plot)s",
            plot=plot,
        )

    return (
        assign(case, plot),
        give_up,
        lambda: arena.ask(
            "SELECT EXISTS (SELECT FROM land.plot_assignment WHERE resettlement_plot_id = %(plot)s)"
            " AND NOT EXISTS (SELECT FROM land.resettlement_plot_version"
            " WHERE resettlement_plot_id = %(plot)s AND closed_by IS NULL)",
            plot=plot,
        ),
    )


def _plot_given_up_first(arena: Arena) -> Deed:
    first, second, broken = _plot_given_up(arena)
    return second, first, broken


def _draw(case: Case, plot: UUID, shape: str) -> Work:
    return lambda hand: hand.all(
        "INSERT INTO land.resettlement_plot_shape (resettlement_plot_id, srid, geom, valid_from,"
        " opened_by) VALUES (%(plot)s, %(plane)s, %(shape)s::geometry, '2021-01-01', %(number)s)",
        plot=plot,
        plane=PLANE,
        shape=shape,
        number=hand.change(case.plot.document),
    )


def _two_plots_on_one_ground(arena: Arena) -> Deed:
    case = lay_case(arena)
    one, two = lay_home(arena, case), lay_home(arena, case)
    return (
        _draw(case, one, case.plot.square(5, 5, 20, 20)),
        _draw(case, two, case.plot.square(5.1, 5, 20, 20)),
        lambda: arena.ask(
            "SELECT count(*) > 1 FROM land.resettlement_plot_shape"
            " WHERE resettlement_plot_id IN (%(one)s, %(two)s)",
            one=one,
            two=two,
        ),
    )


def _follow(case: Case, kind: str, day: str) -> Work:
    return lambda hand: hand.all(
        "INSERT INTO land.clearance_followup (case_id, step, area_m2, document_id, valid_from,"
        " opened_by) VALUES (%(case)s, %(kind)s, 100, %(document)s, %(day)s, %(number)s)",
        case=case.case,
        kind=kind,
        document=case.plot.document,
        day=day,
        number=hand.change(case.plot.document),
    )


def _filed_without_confirmation(arena: Arena) -> Deed:
    case = lay_case(arena)
    arena.write(_follow(case, "confirmed", "2022-01-01"))

    def take_back(hand: Hand) -> None:
        number = hand.change(case.plot.document)
        close_rows(hand, "clearance_followup", number, "case_id = %(case)s", case=case.case)

    return (
        _follow(case, "lease_filed", "2022-02-01"),
        take_back,
        lambda: arena.ask(
            "SELECT bool_or(step = 'lease_filed') AND NOT bool_or(step = 'confirmed')"
            " FROM land.clearance_followup WHERE case_id = %(case)s AND closed_by IS NULL",
            case=case.case,
        ),
    )


JUDGE = "DROP TRIGGER f_judge ON land.clearance_ledger"
UNTOUCHED = (
    "CREATE OR REPLACE FUNCTION land.touch_clearance_ledger(subjects uuid[]) RETURNS void"
    " LANGUAGE sql SECURITY DEFINER AS 'SELECT'"
)
UNLOCKED = (
    "DO $do$ BEGIN EXECUTE replace(pg_get_functiondef('land.touch_clearance_of_parcels'::regproc),"
    " 'ORDER BY id FOR NO KEY UPDATE', ''); END $do$"
)
# the judge still judges what one session sees, but nobody waits for the other at the ledger
ALONE = (
    UNTOUCHED
    + """;
DO $do$ BEGIN
    EXECUTE replace(replace(replace(pg_get_functiondef('land.judge_clearance'::regproc),
        'judge_clearance', 'judge_alone'), 'NEW.subject_id', 'NEW.item_id'),
        'NEW.subject', '''item''');
END $do$;
CREATE CONSTRAINT TRIGGER f_judge_alone AFTER INSERT OR UPDATE ON land.clearance_step
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION land.judge_alone()"""
)
ANY_LEVEL = (
    "CREATE OR REPLACE FUNCTION land.read_committed(rule text) RETURNS void"
    " LANGUAGE sql AS 'SELECT'"
)


@dataclass(frozen=True)
class Aimed:
    """An attack on clearance: who makes it, and the guards it is aimed at."""

    name: str
    prepare: Callable[[Arena], Deed]
    disarm: dict[str, str]
    login: str = WRITE
    level: str = "READ COMMITTED"


ATTACKS = [
    Aimed("two items of one parcel", _two_items,
          {"constraint": "ALTER TABLE land.clearance_item_parcel"
                         " DROP CONSTRAINT parcel_in_one_item"}),
    Aimed("an item on land being handed over", _item_meets_handover,
          {"trigger": JUDGE, "lock": UNLOCKED,
           "touch": "DROP TRIGGER c_touch_insert ON land.handover_parcel"}),
    Aimed("land handed over that joins an item", _handover_meets_parcel,
          {"trigger": JUDGE,
           "touch": "DROP TRIGGER c_touch_insert ON land.clearance_item_parcel"}),
    Aimed("land handed over, judged before the item commits", _handover_meets_item_early,
          {"trigger": JUDGE, "lock": UNLOCKED}),
    Aimed("land handed over on an old snapshot", _item_meets_handover, {"level": ANY_LEVEL},
          level=REPEATABLE_READ),
    Aimed("a hand-over taken back under its step", _handover_taken_back,
          {"trigger": JUDGE, "touch": "DROP TRIGGER c_touch_update ON land.handover_parcel"}),
    Aimed("paid twice, within the plan each time", _paid_twice,
          {"trigger": JUDGE, "touch": UNTOUCHED}, HOUSEHOLD),
    Aimed("paid twice, each judged before the other commits", _paid_twice_early,
          {"trigger": JUDGE, "lock": ALONE}, HOUSEHOLD),
    Aimed("paid on a plan that shrinks", _paid_on_a_smaller_plan, {"trigger": JUDGE}, HOUSEHOLD),
    Aimed("recovered twice", _recovered_twice,
          {"constraint": "ALTER TABLE land.clearance_step DROP CONSTRAINT step_happens_once"}),
    Aimed("a step whose cause is taken back", _cause_taken_back,
          {"trigger": JUDGE, "touch": "DROP TRIGGER c_touch_update ON land.clearance_step"}),
    Aimed("a cause taken back under its step", _effect_before_cause_taken_back,
          {"trigger": JUDGE, "touch": "DROP TRIGGER c_touch_insert ON land.clearance_step"}),
    Aimed("two households on one plot", _two_households_on_a_plot,
          {"constraint": "ALTER TABLE land.plot_assignment"
                         " DROP CONSTRAINT plot_for_one_household"}),
    Aimed("a plot promised while it is given up", _plot_given_up,
          {"trigger": JUDGE,
           "touch": "DROP TRIGGER c_touch_update ON land.resettlement_plot_version",
           "ledger": "DROP TRIGGER c_ledger ON land.resettlement_plot"}),
    Aimed("a plot given up while it is promised", _plot_given_up_first,
          {"trigger": JUDGE, "touch": "DROP TRIGGER c_touch_insert ON land.plot_assignment"}),
    Aimed("two plots on one ground", _two_plots_on_one_ground,
          {"trigger": "DROP TRIGGER d_plots_apart ON land.resettlement_plot_shape"}),
    Aimed("two plots on an old snapshot", _two_plots_on_one_ground, {
        "trigger": "DROP TRIGGER d_plots_apart ON land.resettlement_plot_shape"},
          level=REPEATABLE_READ),
    Aimed("a dossier filed on a confirmation taken back", _filed_without_confirmation,
          {"trigger": JUDGE, "touch": "DROP TRIGGER c_touch_update ON land.clearance_followup"}),
]  # fmt: skip

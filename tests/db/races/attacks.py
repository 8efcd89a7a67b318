"""Attacks by two sessions on what the register promises.

Each names the guards it is aimed at. The tests run it against the guarded database, where it must
fail at every isolation level, and against one without the guard, where it must succeed: so no
attack is harmless and no guard is idle.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.db.races import rights, tenure
from tests.db.races.arena import (
    PLANE,
    READ_COMMITTED,
    REPEATABLE_READ,
    Arena,
    Hand,
    Plot,
    add_parcel,
    close_rows,
    judged_early,
    set_boundary,
)

Work = Callable[[Hand], object]
Deed = tuple[Work, Work, Callable[[], bool]]


@dataclass(frozen=True)
class Attack:
    """A race: `prepare` returns two pieces of work and the question whether the promise broke.

    `disarm` is SQL, run by the owner, that takes away the guard; `level` where it then succeeds.
    """

    name: str
    prepare: Callable[[Arena], Deed]
    disarm: dict[str, str] = field(default_factory=dict)
    level: str = READ_COMMITTED


def cut(function: str, text: str, instead: str = "") -> str:
    """SQL that rewrites a function of the register with a piece of it taken out."""
    return f"""
    DO $do$
    DECLARE
        known text := pg_get_functiondef('land.{function}'::regproc);
    BEGIN
        IF strpos(known, $t${text}$t$) = 0 THEN
            RAISE 'nothing to take out of {function}';
        END IF;
        EXECUTE replace(known, $t${text}$t$, $t${instead}$t$);
    END $do$"""


ANY_LEVEL = (
    "CREATE OR REPLACE FUNCTION land.read_committed(rule text) RETURNS void"
    " LANGUAGE sql AS 'SELECT'"
)
NO_OVERLAP = "ALTER TABLE land.parcel_version DROP CONSTRAINT parcel_no_overlap"
SHARE = (
    "PERFORM FROM land.plane_revision WHERE srid IN (SELECT srid FROM new_rows)"
    " ORDER BY srid FOR SHARE;"
)
COUNT = (
    "UPDATE land.plane_revision SET revision = revision + 1"
    " WHERE srid IN (SELECT srid FROM new_rows);"
)
NO_SHARE = ";".join([cut("parcels_inside_boundary", SHARE), cut("parcels_meet_lots", SHARE)])


def _overlapping(arena: Arena, plot: Plot) -> bool:
    return bool(
        arena.ask(
            "SELECT EXISTS (SELECT FROM land.parcel_version AS a JOIN land.parcel_version AS b"
            " ON a.version_id < b.version_id AND a.srid = b.srid AND a.geom && b.geom"
            " AND a.closed_by IS NULL AND b.closed_by IS NULL AND a.valid && b.valid"
            " AND spatial.overlaps_for_real(a.geom, b.geom)"
            " WHERE a.geom && %(ground)s::geometry)",
            ground=plot.square(0, 0, 1000, 1000),
        )
    )


def _two_parcels(one: tuple[float, ...], other: tuple[float, ...]) -> Callable[[Arena], Deed]:
    def prepare(arena: Arena) -> Deed:
        plot = arena.plot()
        return (
            lambda hand: add_parcel(hand, plot, plot.square(*one)),
            lambda hand: add_parcel(hand, plot, plot.square(*other), since="2021-05-01"),
            lambda: _overlapping(arena, plot),
        )

    return prepare


def _two_zones(arena: Arena) -> Deed:
    plot, other = arena.plot(), arena.plot()

    def spread(hand: Hand) -> None:
        number = hand.change(plot.document)
        close_rows(hand, "zone_boundary", number, "zone_id = %(zone)s", zone=other.zone)
        set_boundary(hand, other, number, plot.square(0, 0, 1000, 1000))

    arena.write(spread)
    return (
        lambda hand: add_parcel(hand, plot, plot.square(1, 1)),
        lambda hand: add_parcel(hand, plot, plot.square(1.5, 1.5), zone=other.zone),
        lambda: _overlapping(arena, plot),
    )


def _edit_meets_insert(arena: Arena) -> Deed:
    """A parcel is enlarged over free ground while another is put there."""
    plot = arena.plot()
    parcel = arena.write(lambda hand: add_parcel(hand, plot, plot.square(0, 0)))

    def enlarge(hand: Hand) -> None:
        number = hand.change(plot.document)
        close_rows(hand, "parcel_version", number, "parcel_id = %(parcel)s", parcel=parcel)
        add_parcel(hand, plot, plot.square(0, 0, 200, 100), number=number, parcel=parcel)

    return (
        enlarge,
        lambda hand: add_parcel(hand, plot, plot.square(1, 0)),
        lambda: _overlapping(arena, plot),
    )


def _lost_update(arena: Arena) -> Deed:
    """Two editors close the same version and each records a successor."""
    plot = arena.plot()
    parcel = arena.write(lambda hand: add_parcel(hand, plot, plot.square(0, 0)))

    def replace(width: float) -> Work:
        def work(hand: Hand) -> None:
            number = hand.change(plot.document)
            close_rows(hand, "parcel_version", number, "parcel_id = %(parcel)s", parcel=parcel)
            shape = plot.square(width, width, 50, 50)
            add_parcel(hand, plot, shape, number=number, parcel=parcel)

        return work

    return (
        replace(1),
        replace(3),
        lambda: arena.ask(
            "SELECT count(*) > 1 FROM land.parcel_version"
            " WHERE parcel_id = %(parcel)s AND closed_by IS NULL",
            parcel=parcel,
        ),
    )


def _outside(arena: Arena, plot: Plot) -> bool:
    return bool(
        arena.ask(
            "SELECT EXISTS (SELECT FROM land.parcel_version AS held WHERE zone_id = %(zone)s"
            " AND closed_by IS NULL AND NOT EXISTS (SELECT FROM land.zone_boundary AS boundary"
            " WHERE boundary.zone_id = held.zone_id AND boundary.closed_by IS NULL"
            " AND boundary.valid && held.valid AND ST_Covers(boundary.ground, held.geom)))",
            zone=plot.zone,
        )
    )


def _shrink(plot: Plot) -> Work:
    def work(hand: Hand) -> None:
        number = hand.change(plot.document)
        close_rows(hand, "zone_boundary", number, "zone_id = %(zone)s", zone=plot.zone)
        set_boundary(hand, plot, number, plot.square(0, 0, 500, 1000))

    return work


def _give_up(plot: Plot) -> Work:
    def work(hand: Hand) -> None:
        number = hand.change(plot.document)
        close_rows(hand, "zone_boundary", number, "zone_id = %(zone)s", zone=plot.zone)

    return work


def _shrink_then_insert(arena: Arena) -> Deed:
    plot = arena.plot()
    return (
        _shrink(plot),
        lambda hand: add_parcel(hand, plot, plot.square(7, 0)),
        lambda: _outside(arena, plot),
    )


def _insert_then_shrink(arena: Arena) -> Deed:
    first, second, broken = _shrink_then_insert(arena)
    return second, first, broken


def _insert_then_shrink_early(arena: Arena) -> Deed:
    first, second, broken = _insert_then_shrink(arena)
    return first, judged_early(second), broken


def _insert_then_give_up(arena: Arena) -> Deed:
    plot = arena.plot()
    return (
        lambda hand: add_parcel(hand, plot, plot.square(0, 0)),
        _give_up(plot),
        lambda: _outside(arena, plot),
    )


def _new_plan(plot: Plot, shape: str, *, approve: bool = True) -> Callable[[Hand], int]:
    def work(hand: Hand) -> int:
        number = hand.change(plot.document)
        plan = hand.one(
            "INSERT INTO land.plan (code, zone_id, srid, level, scale_denominator, name_vi,"
            " opened_by) VALUES (%(code)s, %(zone)s, %(plane)s, 'subdivision', 2000, 'QH',"
            " %(number)s) RETURNING id",
            code=f"P{number}",
            zone=plot.zone,
            plane=PLANE,
            number=number,
        )
        version = hand.one(
            "INSERT INTO land.plan_version (plan_id, number, opened_by)"
            " VALUES (%(plan)s, 1, %(number)s) RETURNING id",
            plan=plan,
            number=number,
        )
        hand.all(
            "INSERT INTO land.plan_status (plan_version_id, plan_id, srid, level, status,"
            " decision_id, geom, valid_from, opened_by) VALUES (%(version)s, %(plan)s, %(plane)s,"
            " 'subdivision', %(status)s, %(document)s, ST_Multi(%(shape)s::geometry),"
            " '2021-01-01', %(number)s)",
            version=version,
            plan=plan,
            plane=PLANE,
            status="approved" if approve else "drafting",
            document=plot.document,
            shape=shape,
            number=number,
        )
        return number

    return work


def _two_plans(arena: Arena) -> Deed:
    plot = arena.plot()
    return (
        _new_plan(plot, plot.square(0, 0, 600, 1000)),
        _new_plan(plot, plot.square(4, 0, 600, 1000)),
        lambda: arena.ask(
            "SELECT count(*) > 1 FROM land.plan_status JOIN land.plan ON plan.id = plan_id"
            " WHERE zone_id = %(zone)s AND status = 'approved'",
            zone=plot.zone,
        ),
    )


def _incomplete(arena: Arena, plot: Plot) -> bool:
    return bool(
        arena.ask(
            "SELECT EXISTS (SELECT FROM land.parcel_version AS held JOIN land.plan_lot AS lot"
            " ON lot.srid = held.srid AND ST_Intersects(lot.geom, held.geom)"
            " AND ST_Area(ST_Intersection(lot.geom, held.geom)) > 1"
            " WHERE held.zone_id = %(zone)s AND NOT EXISTS (SELECT FROM land.conformance"
            " WHERE parcel_version_id = held.version_id AND lot_version_id = lot.version_id))",
            zone=plot.zone,
        )
    )


def _lots_and_parcels(arena: Arena) -> Deed:
    plot = arena.plot()
    number = arena.write(_new_plan(plot, plot.square(0, 0, 1000, 1000), approve=False))

    def lots(hand: Hand) -> None:
        hand.all(
            "INSERT INTO land.plan_lot (plan_version_id, plan_id, srid, level, symbol, category,"
            " leasable, geom, opened_by) SELECT plan_version.id, plan.id, srid, level, 'CN-01',"
            " 'CN', 'industrial', %(shape)s::geometry, %(number)s"
            " FROM land.plan JOIN land.plan_version ON plan_id = plan.id WHERE code = %(code)s",
            shape=plot.square(0, 0, 450, 450),
            number=hand.change(plot.document),
            code=f"P{number}",
        )

    return (
        lots,
        lambda hand: add_parcel(hand, plot, plot.square(4, 4)),
        lambda: _incomplete(arena, plot),
    )


def _parcels_and_lots(arena: Arena) -> Deed:
    first, second, broken = _lots_and_parcels(arena)
    return second, first, broken


ATTACKS = [
    Attack("nested", _two_parcels((0, 0, 300, 300), (1, 1)), {"constraint": NO_OVERLAP}),
    Attack("partial", _two_parcels((0, 0), (0.5, 0.5)), {"constraint": NO_OVERLAP}),
    Attack("same ground", _two_parcels((0, 0), (0, 0)), {"constraint": NO_OVERLAP}),
    Attack("one millimetre too much", _two_parcels((0, 0), (0.99998, 0)),
           {"constraint": NO_OVERLAP}),
    Attack("two zones of one plane", _two_zones, {"constraint": NO_OVERLAP}),
    Attack("edit meets insert", _edit_meets_insert, {"constraint": NO_OVERLAP}),
    Attack("lost update", _lost_update,
           {"constraint": "ALTER TABLE land.parcel_version DROP CONSTRAINT"
                          " parcel_version_one_row_a_day"}),
    Attack("boundary shrinks before the parcel comes", _shrink_then_insert,
           {"trigger": "DROP TRIGGER e_inside_boundary ON land.parcel_version",
            "lock": NO_SHARE}),
    Attack("boundary shrinks after the parcel came", _insert_then_shrink,
           {"trigger": "DROP TRIGGER f_keeps_parcels ON land.zone_boundary"}),
    Attack("boundary is judged before the parcel's commit", _insert_then_shrink_early,
           {"trigger": "DROP TRIGGER f_keeps_parcels ON land.zone_boundary",
            "lock": "DROP TRIGGER c_counts_plane ON land.zone_boundary"}),
    Attack("boundary shrinks on an old snapshot", _insert_then_shrink, {"level": ANY_LEVEL},
           REPEATABLE_READ),
    Attack("boundary given up", _insert_then_give_up,
           {"trigger": "DROP TRIGGER f_keeps_parcels ON land.zone_boundary"}),
    Attack("two plans in force", _two_plans,
           {"constraint": "ALTER TABLE land.plan_status DROP CONSTRAINT plan_one_in_force"}),
    Attack("lots before parcels", _lots_and_parcels,
           {"trigger": "DROP TRIGGER g_meets_lots ON land.parcel_version", "lock": NO_SHARE}),
    Attack("parcels before lots", _parcels_and_lots,
           {"trigger": "DROP TRIGGER g_meets_parcels ON land.plan_lot",
            "lock": cut("lots_meet_parcels", COUNT)}),
    Attack("lots on an old snapshot", _parcels_and_lots, {"level": ANY_LEVEL}, REPEATABLE_READ),
    *(Attack(name, prepare, disarm) for name, prepare, disarm in rights.ATTACKS),
    *(Attack(name, prepare, disarm) for name, prepare, disarm in tenure.ATTACKS),
]  # fmt: skip

"""Attacks on the steps of plans: two writers of one version, and one writer against one rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from tests.db.races.arena import PLANE, Arena, Hand, Plot

Shape = tuple[float, ...]

ORDER = "DROP TRIGGER e_steps_in_order ON land.plan_status"
LOTS_IN = "DROP TRIGGER c_approved_lots_stay_in ON land.plan_lot"
LOTS_OUT = "DROP TRIGGER c_approved_lots_stay_out ON land.plan_lot"
WAIVERS = "DROP TRIGGER e_not_by_author ON land.plan_waiver"
FAULTS = "DROP TRIGGER f_faults_signed ON land.plan_status"


@dataclass(frozen=True)
class Drawn:
    """A plan version on ground of its own, drawn by `an`, at some step since 2021."""

    plot: Plot
    plan: UUID
    version: UUID


def change_by(hand: Hand, plot: Plot, actor: str) -> int:
    """Open a change as somebody."""
    number: int = hand.one(
        "INSERT INTO land.change (kind, reason, actor, effective_on, document_id)"
        " VALUES ('act', 'race', %(actor)s, '2021-01-01', %(document)s) RETURNING number",
        actor=actor,
        document=plot.document,
    )
    return number


def step(
    hand: Hand,
    drawn: Drawn,
    status: str,
    actor: str,
    day: str,
    *,
    until: str | None = None,
    grow: float = 0,
) -> int:
    """Record a step from a day on; the step in hand ends there."""  # fmt: skip
    number = change_by(hand, drawn.plot, actor)
    ended = hand.all(
        "UPDATE land.plan_status SET closed_by = %(number)s WHERE closed_by IS NULL"
        " AND plan_version_id = %(version)s AND valid_to IS NULL RETURNING status, valid_from",
        number=number,
        version=drawn.version,
    )
    for before, since in ended:
        _row(hand, drawn, str(before), number, str(since), day, 0)
    _row(hand, drawn, status, number, day, until, grow)
    return number


def _row(
    hand: Hand, drawn: Drawn, status: str, number: int, since: str, until: str | None, grow: float
) -> None:
    hand.all(
        "INSERT INTO land.plan_status (plan_version_id, plan_id, srid, level, status, decision_id,"
        " geom, valid_from, valid_to, opened_by) VALUES (%(version)s, %(plan)s, %(plane)s,"
        " 'subdivision', %(status)s, %(document)s, ST_Multi(%(shape)s::geometry), %(since)s,"
        " %(until)s, %(number)s)",
        version=drawn.version,
        plan=drawn.plan,
        plane=PLANE,
        status=status,
        document=drawn.plot.document,
        shape=drawn.plot.square(0, 0, 900 + grow, 900),
        since=since,
        until=until,
        number=number,
    )


def add_lot(
    hand: Hand,
    drawn: Drawn,
    actor: str,
    *,
    number: int | None = None,
    shape: tuple[float, ...] = (0, 0),
) -> int:
    """Record a lot of the version, on its south-west corner unless a shape is given."""
    number = change_by(hand, drawn.plot, actor) if number is None else number
    hand.all(
        "INSERT INTO land.plan_lot (plan_version_id, plan_id, srid, level, symbol, category,"
        " leasable, geom, opened_by) VALUES (%(version)s, %(plan)s, %(plane)s, 'subdivision',"
        " 'CN-01', 'CN', 'industrial', %(shape)s::geometry, %(number)s)",
        version=drawn.version,
        plan=drawn.plan,
        plane=PLANE,
        shape=drawn.plot.square(*shape),
        number=number,
    )
    return number


def take_lots(hand: Hand, drawn: Drawn, actor: str, number: int | None = None) -> int:
    """End the lots of the version."""
    number = change_by(hand, drawn.plot, actor) if number is None else number
    hand.all(
        "UPDATE land.plan_lot SET closed_by = %(number)s WHERE plan_version_id = %(version)s"
        " AND closed_by IS NULL",
        number=number,
        version=drawn.version,
    )
    return number


def waive(
    hand: Hand,
    drawn: Drawn,
    actor: str,
    fault: str = "gap",
    area: float = 1,
    known: int | None = None,
    number: int | None = None,
) -> int:
    """Sign for a fault of the lots as they are now, or as they were at another change."""
    number = change_by(hand, drawn.plot, actor) if number is None else number
    hand.all(
        "INSERT INTO land.plan_waiver (plan_version_id, fault, area_m2, reason, lots_known,"
        " opened_by) VALUES (%(version)s, %(fault)s, %(area)s, 'x', coalesce(%(known)s::bigint,"
        " (SELECT max(greatest(opened_by, closed_by)) FROM land.plan_lot"
        " WHERE plan_version_id = %(version)s)), %(number)s)",
        version=drawn.version,
        fault=fault,
        area=area,
        known=known,
        number=number,
    )
    return number


WHOLE: Shape = (0, 0, 900, 900)
"""The ground of every version here: 900 m × 900 m."""


def draw(
    arena: Arena, status: str | None = "appraisal", lots: tuple[Shape, ...] = (WHOLE,)
) -> Drawn:
    """A version with a lot on all its ground, or with the lots given, drawn by `an`."""
    plot = arena.plot()

    def found(hand: Hand) -> Drawn:
        number = change_by(hand, plot, "an")
        plan = hand.one(
            "INSERT INTO land.plan (code, zone_id, srid, level, scale_denominator, name_vi,"
            " opened_by) VALUES (%(code)s, %(zone)s, %(plane)s, 'subdivision', 2000, 'QH',"
            " %(number)s) RETURNING id",
            code=f"S{number}",
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
        drawn = Drawn(plot, plan, version)
        if status is not None:
            _row(hand, drawn, status, number, "2021-01-01", None, 0)
        return drawn

    drawn: Drawn = arena.write(found)
    for shape in lots:
        arena.write(partial(add_lot, drawn=drawn, actor="an", shape=shape))
    return drawn


def approved(arena: Arena) -> Drawn:
    """A version drawn by `an` and approved by `chi`."""
    drawn = draw(arena)
    arena.write(lambda hand: step(hand, drawn, "approved", "chi", "2021-02-01"))
    return drawn


Work = Callable[[Hand], object]
Deed = tuple[Work, Work, Callable[[], bool]]


def two_entries(arena: Arena) -> Deed:
    """Two beginnings that lie apart in days: each is legal alone, one after the other is not."""
    drawn = draw(arena, status=None)

    def enter(status: str, since: str, until: str | None) -> Work:
        def work(hand: Hand) -> None:
            _row(hand, drawn, status, change_by(hand, drawn.plot, "an"), since, until, 0)

        return work

    return (
        enter("proposed", "2021-01-01", "2021-02-01"),
        enter("appraisal", "2021-05-01", None),
        lambda: arena.ask(
            "SELECT count(*) > 1 FROM land.plan_status WHERE plan_version_id = %(version)s",
            version=drawn.version,
        ),
    )


def lots_meet_approval(arena: Arena) -> Deed:
    """Lots come while the version is being approved, its judgement asked for early."""
    drawn = draw(arena)

    def approve(hand: Hand) -> None:
        step(hand, drawn, "approved", "chi", "2021-02-01")
        hand.all("SET CONSTRAINTS ALL IMMEDIATE")

    return (
        approve,
        lambda hand: add_lot(hand, drawn, "an"),
        lambda: arena.ask(
            "SELECT count(*) > 1 FROM land.plan_lot WHERE plan_version_id = %(version)s",
            version=drawn.version,
        ),
    )


def author_beside_approver(arena: Arena) -> Deed:
    """`chi` records a lot in one session and approves in another: whichever is first, one stays."""
    drawn = draw(arena)
    return (
        lambda hand: add_lot(hand, drawn, "chi"),
        lambda hand: step(hand, drawn, "approved", "chi", "2021-02-01"),
        lambda: arena.ask(
            "SELECT EXISTS (SELECT FROM land.plan_status WHERE plan_version_id = %(version)s"
            " AND status = 'approved') AND (SELECT count(*) > 1 FROM land.plan_lot"
            " WHERE plan_version_id = %(version)s)",
            version=drawn.version,
        ),
    )


RACES: dict[str, tuple[Callable[[Arena], Deed], str]] = {
    "two entries into the pipeline": (two_entries, ORDER),
    "lots meet the approval": (lots_meet_approval, LOTS_IN),
    "author in one session, approver in another": (author_beside_approver, f"{ORDER};{FAULTS}"),
}

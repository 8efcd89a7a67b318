"""Ground for attacks on clearance: a case with one item, steps, money, a plot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from tests.db.races.arena import (
    Arena,
    Hand,
    Plot,
    add_parcel,
)

Work = Callable[[Hand], object]
Deed = tuple[Work, Work, Callable[[], bool]]
HOUSEHOLD = "gisapp_household"
UP_TO = {
    "recovered": ["notice", "inventory", "plan_drafted", "plan_posted", "plan_approved"],
    "plan_posted": ["notice", "inventory", "plan_drafted"],
}
DAYS = {"notice": "2021-01-01", "recovered": "2021-09-01", "handed_over": "2022-01-01"}


@dataclass(frozen=True)
class Case:
    """A case with one item that holds one parcel, and another parcel beside it."""

    plot: Plot
    case: UUID
    item: UUID
    parcel: UUID
    spare: UUID


def step(hand: Hand, item: UUID, kind: str, number: int, day: str = "2021-02-01") -> UUID:
    """Record a step; money of a plan or a payment is recorded by `pay`."""
    found: UUID = hand.one(
        "INSERT INTO land.clearance_step (item_id, kind, document_id, valid_from, opened_by)"
        " SELECT %(item)s, %(kind)s, document_id, %(day)s, number FROM land.change"
        " WHERE number = %(number)s RETURNING step_id",
        item=item,
        kind=kind,
        day=DAYS.get(kind, day),
        number=number,
    )
    return found


def money(
    hand: Hand, item: UUID, kind: str, vnd: int, number: int, day: str = "2021-02-01"
) -> None:
    """Record a plan or a payment of so many dong of compensation."""
    taken = step(hand, item, kind, number, day)
    hand.all(
        "INSERT INTO household.amount (step_id, item_id, compensation, support, resettlement,"
        " valid_from, opened_by) VALUES (%(step)s, %(item)s, %(vnd)s, 0, 0, %(day)s, %(number)s)",
        step=taken,
        item=item,
        vnd=vnd,
        day=day,
        number=number,
    )


def open_item(hand: Hand, case: UUID, parcels: tuple[UUID, ...], number: int, name: str) -> UUID:
    """Record an item that holds parcels."""
    item: UUID = hand.one(
        "INSERT INTO land.clearance_item (case_id, number, opened_by)"
        " VALUES (%(case)s, %(name)s, %(number)s) RETURNING id",
        case=case,
        name=name,
        number=number,
    )
    hand.all(
        "INSERT INTO land.clearance_item_version (item_id, holder, land_class, valid_from,"
        " opened_by) VALUES (%(item)s, 'household', 'agricultural', '2021-01-01', %(number)s)",
        item=item,
        number=number,
    )
    for parcel in parcels:
        hand.all(
            "INSERT INTO land.clearance_item_parcel (item_id, parcel_id, valid_from, opened_by)"
            " VALUES (%(item)s, %(parcel)s, '2021-01-01', %(number)s)",
            item=item,
            parcel=parcel,
            number=number,
        )
    return item


def lay_case(arena: Arena, upto: str = "", vnd: int = 1_000_000) -> Case:
    """A case on ground of its own, its item led up to a step."""
    plot = arena.plot()

    def work(hand: Hand) -> Case:
        number = hand.change(plot.document)
        parcel, spare = (
            add_parcel(hand, plot, plot.square(column, 0), number=number) for column in (0, 1)
        )
        case = hand.one(
            "INSERT INTO land.clearance_case (code, zone_id, opened_by)"
            " VALUES (%(code)s, %(zone)s, %(number)s) RETURNING id",
            code=f"C{number}",
            zone=plot.zone,
            number=number,
        )
        item = open_item(hand, case, (parcel,), number, "1")
        for kind in UP_TO.get(upto, ()):
            if kind == "plan_approved":
                money(hand, item, kind, vnd, number)
            else:
                step(hand, item, kind, number)
        return Case(plot, case, item, parcel, spare)

    made: Case = arena.write(work, HOUSEHOLD)
    return made


def hand_over(hand: Hand, case: Case, parcel: UUID, number: int) -> None:
    """Record minutes that hand a parcel over on 1 January 2022."""
    minutes = hand.one(
        "INSERT INTO land.handover (zone_id, opened_by) VALUES (%(zone)s, %(number)s) RETURNING id",
        zone=case.plot.zone,
        number=number,
    )
    hand.all(
        "INSERT INTO land.handover_parcel (handover_id, parcel_id, valid_from, opened_by)"
        " VALUES (%(minutes)s, %(parcel)s, '2022-01-01', %(number)s)",
        minutes=minutes,
        parcel=parcel,
        number=number,
    )


def lay_home(arena: Arena, case: Case) -> UUID:
    """A resettlement area with one plot on the ground of a case's zone."""

    def work(hand: Hand) -> UUID:
        number = hand.change(case.plot.document)
        plot: UUID = hand.one(
            "WITH area AS (INSERT INTO land.resettlement_area (code, board_id, opened_by)"
            " SELECT %(code)s, board_id, %(number)s FROM land.zone_version"
            " WHERE zone_id = %(zone)s RETURNING id)"
            " INSERT INTO land.resettlement_plot (resettlement_area_id, number, opened_by)"
            " SELECT id, 'LK-1', %(number)s FROM area RETURNING id",
            code=f"T{number}",
            zone=case.plot.zone,
            number=number,
        )
        hand.all(
            "INSERT INTO land.resettlement_plot_version (resettlement_plot_id, status, valid_from,"
            " opened_by) VALUES (%(plot)s, 'planned', '2021-01-01', %(number)s)",
            plot=plot,
            number=number,
        )
        return plot

    made: UUID = arena.write(work)
    return made


def assign(case: Case, plot: UUID, item: UUID | None = None, day: str = "2021-06-01") -> Work:
    """Promise a plot to an item."""
    return lambda hand: hand.all(
        "INSERT INTO land.plot_assignment (resettlement_plot_id, item_id, document_id, valid_from,"
        " opened_by) VALUES (%(plot)s, %(item)s, %(document)s, %(day)s, %(number)s)",
        plot=plot,
        item=item or case.item,
        document=case.plot.document,
        day=day,
        number=hand.change(case.plot.document),
    )

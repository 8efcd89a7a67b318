"""Waivers by raw SQL: a park of two parcels over a lot and the edge between them, who drew it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.db.races.arena import Arena, Hand, Plot, add_parcel, close_rows

DRAWER, GIVER = "racer", "leader"
WAIVE = """
    INSERT INTO land.waiver (zone_id, kind, parcel_version_id, {side}, area_m2, reason, granted_by,
                             valid_from, valid_to, opened_by)
    VALUES (%(zone)s, %(kind)s, %(parcel)s, %(other)s, 1, 'r', %(by)s, %(since)s, %(until)s,
            %(number)s) RETURNING waiver_id"""
SIDES = {
    "overlap": "other_parcel_version_id",
    "outside": "boundary_version_id",
    "across_uses": "lot_version_id",
    "outside_plan": "plan_status_id",
}


@dataclass(frozen=True)
class Yard:
    """Two parcels of a plot, each by its version, and the plot's boundary."""

    plot: Plot
    parcels: tuple[UUID, UUID]
    versions: tuple[int, int]
    boundary: int


def lay_yard(arena: Arena) -> Yard:
    """Draw it; everything is the work of one person."""
    plot = arena.plot()

    def work(hand: Hand) -> Yard:
        one, two = (add_parcel(hand, plot, plot.square(n, 0)) for n in range(2))
        found = "SELECT version_id FROM land.parcel_version WHERE parcel_id = %(parcel)s"
        edge = "SELECT version_id FROM land.zone_boundary WHERE zone_id = %(zone)s"
        versions = hand.one(found, parcel=one), hand.one(found, parcel=two)
        return Yard(plot, (one, two), versions, hand.one(edge, zone=plot.zone))

    yard: Yard = arena.write(work)
    return yard


def change_by(hand: Hand, actor: str, document: UUID | None = None) -> int:
    """A change of somebody; without a document it is a setting-up."""
    number: int = hand.one(
        "INSERT INTO land.change (kind, reason, actor, effective_on, document_id) VALUES"
        " (%(kind)s, 'race', %(actor)s, '2020-01-01', %(document)s) RETURNING number",
        kind="act" if document else "setup",
        actor=actor,
        document=document,
    )
    return number


def waive(
    yard: Yard, *, by: str = GIVER, named: str | None = None, kind: str = "overlap", **facts: Any
) -> Callable[[Hand], UUID]:
    """Waive the edge between the two parcels under a change of somebody."""

    def work(hand: Hand) -> UUID:
        values: dict[str, Any] = {
            "zone": yard.plot.zone,
            "kind": kind,
            "parcel": yard.versions[0],
            "other": yard.versions[1] if kind == "overlap" else yard.boundary,
            "by": named or by,
            "since": "2022-01-01",
            "until": None,
            **facts,
        }
        side = facts.get("side", SIDES[kind])
        values.setdefault("number", change_by(hand, by))
        made: UUID = hand.one(WAIVE.format(side=side), **values)
        return made

    return work


def redraw(yard: Yard, *, actor: str = DRAWER) -> Callable[[Hand], None]:
    """Move the first parcel a little: another version of it."""

    def work(hand: Hand) -> None:
        number = change_by(hand, actor, yard.plot.document)
        mine = "parcel_id = %(parcel)s"
        close_rows(hand, "parcel_version", number, mine, parcel=yard.parcels[0])
        shape = yard.plot.square(0, 0, 99)
        add_parcel(hand, yard.plot, shape, number=number, parcel=yard.parcels[0])

    return work


def waive_some(session: Session) -> None:
    """Two waivers in a register that was filled by another: lots under the first parcels."""
    session.execute(
        text("""
        WITH opened AS (
            INSERT INTO land.change (kind, reason, actor, effective_on)
            VALUES ('setup', 'waive', 'racer', '2022-01-01') RETURNING number
        )
        INSERT INTO land.waiver (zone_id, kind, parcel_version_id, lot_version_id, area_m2, reason,
                                 granted_by, valid_from, opened_by)
        SELECT held.zone_id, 'across_uses', held.version_id, shared.lot_version_id, 1, 'r', 'racer',
               '2022-01-01', opened.number
        FROM land.conformance AS shared
        JOIN land.parcel_version AS held ON held.version_id = shared.parcel_version_id
        JOIN land.plan_lot AS lot ON lot.version_id = shared.lot_version_id, opened
        WHERE held.closed_by IS NULL AND lot.closed_by IS NULL
        ORDER BY shared.parcel_version_id LIMIT 2""")
    )


def waive_norms(session: Session) -> None:
    """Two plan versions let past a rule, one of them confirmed, with the people they plan for."""
    session.execute(
        text("""
        WITH opened AS (
            INSERT INTO land.change (kind, reason, actor, effective_on)
            VALUES ('setup', 'waive', 'racer', '2022-01-01') RETURNING number
        ), seen AS (
            INSERT INTO land.norm_confirmation (rule_id, seen_in, confirmed_by)
            SELECT id, 's', 'leader' FROM land.norm_rule WHERE threshold IS NOT NULL LIMIT 1
        ), people AS (
            INSERT INTO land.norm_people (plan_version_id, kind, people, source, recorded_by)
            SELECT id, 'workers', 9, 's', 'an' FROM land.plan_version LIMIT 1
        )
        INSERT INTO land.norm_waiver (plan_version_id, rule_id, lots_state, reason, signed_by,
                                      valid_from, opened_by)
        SELECT version.id, (SELECT min(id) FROM land.norm_rule), land.lots_state(version.id), 'r',
               'racer', '2022-01-01', opened.number
        FROM land.plan_version AS version, opened ORDER BY version.id LIMIT 2""")
    )

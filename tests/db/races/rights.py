"""Attacks on land rights, hand-overs and the other facts that hold a parcel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tests.db.races.arena import Arena, Hand, Plot, add_parcel, close_rows, judged_early

Work = Callable[[Hand], object]
Deed = tuple[Work, Work, Callable[[], bool]]


@dataclass(frozen=True)
class Tract:
    """A State lease of 20,000 m² over two parcels."""

    plot: Plot
    right: UUID
    party: UUID
    parcels: tuple[UUID, UUID]


def add_party(hand: Hand, number: int) -> UUID:
    """Register a party."""
    party: UUID = hand.one(
        "INSERT INTO land.party (kind, opened_by) VALUES ('company', %(number)s) RETURNING id",
        number=number,
    )
    return party


def add_right(
    hand: Hand,
    tract: Tract | None,
    plot: Plot,
    party: UUID,
    parcels: tuple[UUID, ...],
    *,
    kind: str = "sub_lease",
    area: int = 10_000,
    since: str = "2021-01-01",
    until: str | None = "2051-01-01",
    term: str | None = "2050-12-31",
    number: int | None = None,
    parent: UUID | None = None,
) -> UUID:
    """Grant a right under a change of its own, or under the one given."""
    number = hand.change(plot.document) if number is None else number
    facts: dict[str, Any] = {
        "kind": kind,
        "parent": parent or (tract.right if tract else None),
        "zone": plot.zone,
        "party": party,
        "area": area,
        "since": since,
        "until": until,
        "term": term,
        "number": number,
    }
    right: UUID = hand.one(
        "INSERT INTO land.land_right (kind, parent_id, zone_id, opened_by)"
        " VALUES (%(kind)s, %(parent)s, %(zone)s, %(number)s) RETURNING id",
        **facts,
    )
    hand.all(
        "INSERT INTO land.land_right_version (land_right_id, number, lessor_id, lessee_id,"
        " contract_area_m2, valid_from, valid_to, term_ends, opened_by) VALUES (%(right)s, 'HĐ',"
        " %(party)s, %(party)s, %(area)s, %(since)s, %(until)s, %(term)s, %(number)s)",
        right=right,
        **facts,
    )
    for parcel in parcels:
        hand.all(
            "INSERT INTO land.land_right_parcel (land_right_id, tier, parcel_id, valid_from,"
            " valid_to, opened_by) SELECT id, tier, %(parcel)s, %(since)s, %(until)s, %(number)s"
            " FROM land.land_right WHERE id = %(right)s",
            right=right,
            parcel=parcel,
            **facts,
        )
    return right


def lay_tract(arena: Arena) -> Tract:
    """Two parcels and the State lease that holds them."""
    plot = arena.plot()

    def work(hand: Hand) -> Tract:
        number = hand.change(plot.document)
        one, two = (
            add_parcel(hand, plot, plot.square(column, 0), number=number) for column in (0, 1)
        )
        party = add_party(hand, number)
        right = add_right(
            hand, None, plot, party, (one, two), kind="state_lease", area=20_000, number=number
        )
        return Tract(plot, right, party, (one, two))

    tract: Tract = arena.write(work)
    return tract


def _too_much(arena: Arena, tract: Tract) -> bool:
    return bool(
        arena.ask(
            "SELECT (SELECT sum(child.contract_area_m2) FROM land.land_right JOIN"
            " land.land_right_version AS child ON child.land_right_id = land_right.id"
            " WHERE parent_id = %(right)s AND child.closed_by IS NULL) > (SELECT contract_area_m2"
            " FROM land.land_right_version WHERE land_right_id = %(right)s AND closed_by IS NULL)",
            right=tract.right,
        )
    )


def _beyond_term(arena: Arena, tract: Tract) -> bool:
    return bool(
        arena.ask(
            "SELECT bool_or(child.valid_to > parent.valid_to) FROM land.land_right"
            " JOIN land.land_right_version AS child ON child.land_right_id = land_right.id"
            " AND child.closed_by IS NULL JOIN land.land_right_version AS parent"
            " ON parent.land_right_id = parent_id AND parent.closed_by IS NULL"
            " WHERE parent_id = %(right)s",
            right=tract.right,
        )
    )


def _beyond_land(arena: Arena, tract: Tract) -> bool:
    return bool(
        arena.ask(
            "SELECT EXISTS (SELECT FROM land.land_right JOIN land.land_right_parcel AS child"
            " ON child.land_right_id = land_right.id AND child.closed_by IS NULL"
            " WHERE parent_id = %(right)s AND NOT EXISTS (SELECT FROM land.land_right_parcel AS own"
            " WHERE own.land_right_id = parent_id AND own.parcel_id = child.parcel_id"
            " AND own.closed_by IS NULL))",
            right=tract.right,
        )
    )


def _only_together(arena: Arena) -> Deed:
    tract = lay_tract(arena)

    def lease(parcel: UUID) -> Work:
        return lambda hand: add_right(
            hand, tract, tract.plot, tract.party, (parcel,), area=12_000, since="2022-01-01"
        )

    return lease(tract.parcels[0]), lease(tract.parcels[1]), lambda: _too_much(arena, tract)


def _each_judged_early(arena: Arena) -> Deed:
    first, second, broken = _only_together(arena)
    return judged_early(first), judged_early(second), broken


def _amend(tract: Tract, *, area: int = 20_000, until: str = "2051-01-01") -> Work:
    def work(hand: Hand) -> None:
        number = hand.change(tract.plot.document)
        right = {"right": tract.right}
        close_rows(hand, "land_right_version", number, "land_right_id = %(right)s", **right)
        hand.all(
            "INSERT INTO land.land_right_version (land_right_id, number, lessor_id, lessee_id,"
            " contract_area_m2, valid_from, valid_to, term_ends, opened_by) VALUES (%(right)s,"
            " 'QĐ', %(party)s, %(party)s, %(area)s, '2021-01-01', %(until)s,"
            " %(until)s::date - 1, %(number)s)",
            party=tract.party,
            area=area,
            until=until,
            number=number,
            **right,
        )

    return work


def _lease_both(tract: Tract) -> Work:
    return lambda hand: add_right(
        hand, tract, tract.plot, tract.party, tract.parcels, area=20_000, since="2022-01-01"
    )


def _lease_meets_smaller_parent(arena: Arena) -> Deed:
    tract = lay_tract(arena)
    return _lease_both(tract), _amend(tract, area=15_000), lambda: _too_much(arena, tract)


def _smaller_parent_meets_lease(arena: Arena) -> Deed:
    first, second, broken = _lease_meets_smaller_parent(arena)
    return second, first, broken


def _lease_meets_shorter_parent(arena: Arena) -> Deed:
    tract = lay_tract(arena)
    return _lease_both(tract), _amend(tract, until="2030-01-01"), lambda: _beyond_term(arena, tract)


def _lease_meets_parcel_given_up(arena: Arena) -> Deed:
    tract = lay_tract(arena)

    def give_up(hand: Hand) -> None:
        number = hand.change(tract.plot.document)
        close_rows(
            hand,
            "land_right_parcel",
            number,
            "land_right_id = %(right)s AND parcel_id = %(parcel)s",
            right=tract.right,
            parcel=tract.parcels[1],
        )

    return _lease_both(tract), give_up, lambda: _beyond_land(arena, tract)


def _twice(table: str, key: str, insert: Callable[[Hand, Any, int], object]) -> Any:
    """Two sessions record a fact of which there is one a parcel and day."""

    def prepare(arena: Arena) -> Deed:
        tract = lay_tract(arena)

        def work(hand: Hand) -> None:
            insert(hand, tract, hand.change(tract.plot.document))

        return (
            work,
            work,
            lambda: bool(
                arena.ask(
                    f"SELECT count(*) > 1 FROM land.{table} WHERE closed_by IS NULL AND {key}",
                    parcel=tract.parcels[0],
                    zone=tract.plot.zone,
                )
            ),
        )

    return prepare


def _reserve(hand: Hand, tract: Tract, number: int) -> None:
    add_right(
        hand,
        None,
        tract.plot,
        tract.party,
        tract.parcels[:1],
        kind="reservation",
        number=number,
        since="2022-01-01",
    )


def _hand_over(hand: Hand, tract: Tract, number: int) -> None:
    handover = hand.one(
        "INSERT INTO land.handover (zone_id, opened_by) VALUES (%(zone)s, %(number)s) RETURNING id",
        zone=tract.plot.zone,
        number=number,
    )
    hand.all(
        "INSERT INTO land.handover_parcel (handover_id, parcel_id, valid_from, opened_by)"
        " VALUES (%(handover)s, %(parcel)s, '2022-01-01', %(number)s)",
        handover=handover,
        parcel=tract.parcels[0],
        number=number,
    )


JUDGE = "DROP TRIGGER f_judge ON land.land_right_ledger"
# the judge still judges what one session sees, but nobody waits for the other at the ledger
NO_LOCK = """
DO $do$ BEGIN
    EXECUTE replace(replace(pg_get_functiondef('land.judge_right_ledger'::regproc),
        'judge_right_ledger', 'judge_alone'), 'NEW.land_right_id',
        '(SELECT coalesce(parent_id, id) FROM land.land_right WHERE id = NEW.land_right_id)');
END $do$;
CREATE OR REPLACE FUNCTION land.touch_right_ledger() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER AS $$ BEGIN RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER f_judge_alone AFTER INSERT OR UPDATE ON land.land_right_version
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION land.judge_alone()"""

ATTACKS: list[tuple[str, Callable[[Arena], Deed], dict[str, str]]] = [
    ("sub-leases exceed the tract only together", _only_together,
     {"trigger": JUDGE,
      "ledger": "DROP TRIGGER c_ledger ON land.land_right",
      "touch": "DROP TRIGGER c_ledger_insert ON land.land_right_version;"
               " DROP TRIGGER c_ledger_insert ON land.land_right_parcel"}),
    ("each sub-lease is judged before the other commits", _each_judged_early,
     {"trigger": JUDGE, "lock": NO_LOCK}),
    ("the tract shrinks under a sub-lease", _lease_meets_smaller_parent, {"trigger": JUDGE}),
    ("a sub-lease on a tract that shrinks", _smaller_parent_meets_lease, {"trigger": JUDGE}),
    ("the tract's term shrinks under a sub-lease", _lease_meets_shorter_parent,
     {"trigger": f"{JUDGE}; DROP TRIGGER g_terms_keep_land ON land.land_right_version"}),
    ("the tract gives up a parcel that is let", _lease_meets_parcel_given_up,
     {"trigger": JUDGE, "touch": "DROP TRIGGER c_ledger_update ON land.land_right_parcel"}),
    ("two reservations of a parcel",
     _twice("land_right_parcel", "tier = 3 AND parcel_id = %(parcel)s", _reserve),
     {"constraint": "ALTER TABLE land.land_right_parcel DROP CONSTRAINT one_right_of_a_tier"}),
    ("two hand-overs of a parcel",
     _twice("handover_parcel", "parcel_id = %(parcel)s", _hand_over),
     {"constraint": "ALTER TABLE land.handover_parcel DROP CONSTRAINT parcel_handed_over_once"}),
]  # fmt: skip

"""Attacks on rights as they live: prolonged twice, handed on while they end, let while reserved."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from tests.db.races.arena import Arena, Hand, close_rows, judged_early
from tests.db.races.rights import Deed, Tract, Work, add_party, add_right, lay_tract

TERMS = (
    "INSERT INTO land.land_right_version (land_right_id, number, lessor_id, lessee_id,"
    " contract_area_m2, valid_from, valid_to, term_ends, opened_by) VALUES (%(right)s, 'HĐ',"
    " %(lessor)s, %(lessee)s, 10000, %(since)s, %(until)s, %(until)s::date - 1, %(number)s)"
)


def let(arena: Arena, tract: Tract, until: str = "2030-01-01") -> UUID:
    """A sub-lease of the first parcel, from 2022 on."""
    right: UUID = arena.write(
        lambda hand: add_right(
            hand, tract, tract.plot, tract.party, tract.parcels[:1], since="2022-01-01",
            until=until, term="2029-12-31",
        )
    )  # fmt: skip
    return right


def _terms(hand: Hand, tract: Tract, right: UUID, number: int, **facts: object) -> None:
    known = {"lessor": tract.party, "lessee": tract.party, "right": right, "number": number}
    hand.all(TERMS, **(known | facts))


def _closed(hand: Hand, tract: Tract, right: UUID) -> int:
    number = hand.change(tract.plot.document)
    close_rows(hand, "land_right_version", number, "land_right_id = %(right)s", right=right)
    return number


def _prolong(tract: Tract, right: UUID, until: str) -> Work:
    def work(hand: Hand) -> None:
        number = _closed(hand, tract, right)
        _terms(hand, tract, right, number, since="2022-01-01", until="2028-01-01")
        _terms(hand, tract, right, number, since="2028-01-01", until=until)

    return work


def _hand_on(tract: Tract, right: UUID) -> Work:
    def work(hand: Hand) -> None:
        number = _closed(hand, tract, right)
        other = add_party(hand, number)
        _terms(hand, tract, right, number, since="2022-01-01", until="2025-01-01")
        _terms(hand, tract, right, number, since="2025-01-01", until="2030-01-01", lessee=other)

    return work


def _stop(tract: Tract, right: UUID) -> Work:
    def work(hand: Hand) -> None:
        number = _closed(hand, tract, right)
        mine = "land_right_id = %(right)s AND parcel_id = %(parcel)s"
        ground = {"right": right, "parcel": tract.parcels[0]}
        close_rows(hand, "land_right_parcel", number, mine, **ground)
        _terms(hand, tract, right, number, since="2022-01-01", until="2025-01-01")
        _hold(hand, right, tract.parcels[0], number, until="2025-01-01")

    return work


def _hold(hand: Hand, right: UUID, parcel: UUID, number: int, *, until: str) -> None:
    hand.all(
        "INSERT INTO land.land_right_parcel (land_right_id, tier, parcel_id, valid_from, valid_to,"
        " opened_by) SELECT id, tier, %(parcel)s, '2022-01-01', %(until)s, %(number)s"
        " FROM land.land_right WHERE id = %(right)s",
        parcel=parcel, right=right, number=number, until=until,
    )  # fmt: skip


def _two_terms(arena: Arena, right: UUID) -> bool:
    return bool(
        arena.ask(
            "SELECT EXISTS (SELECT FROM land.land_right_version AS one JOIN"
            " land.land_right_version AS other ON other.land_right_id = one.land_right_id"
            " AND other.version_id > one.version_id AND other.valid && one.valid"
            " WHERE one.land_right_id = %(right)s AND one.closed_by IS NULL"
            " AND other.closed_by IS NULL)",
            right=right,
        )
    )


def _two_extensions(arena: Arena) -> Deed:
    tract = lay_tract(arena)
    right = let(arena, tract)
    return (
        _prolong(tract, right, "2035-01-01"),
        _prolong(tract, right, "2040-01-01"),
        lambda: _two_terms(arena, right),
    )


def _end_meets_transfer(arena: Arena) -> Deed:
    tract = lay_tract(arena)
    right = let(arena, tract)
    return _stop(tract, right), _hand_on(tract, right), lambda: _two_terms(arena, right)


def _transfer_meets_end(arena: Arena) -> Deed:
    first, second, broken = _end_meets_transfer(arena)
    return second, first, broken


def _let_and_reserved(arena: Arena) -> Deed:
    tract = lay_tract(arena)

    def reserve(hand: Hand) -> None:
        add_right(
            hand, None, tract.plot, tract.party, tract.parcels[:1], kind="reservation",
            since="2022-01-01", until="2023-01-01", term="2022-12-31",
        )  # fmt: skip

    def lease(hand: Hand) -> None:
        add_right(hand, tract, tract.plot, tract.party, tract.parcels[:1], since="2022-06-01")

    def both() -> bool:
        return bool(
            arena.ask(
                "SELECT count(DISTINCT tier) > 1 FROM land.land_right_parcel WHERE tier > 1"
                " AND closed_by IS NULL AND parcel_id = %(parcel)s AND valid @> date '2022-07-01'",
                parcel=tract.parcels[0],
            )
        )

    return lease, reserve, both


def _reserved_and_let(arena: Arena) -> Deed:
    first, second, broken = _let_and_reserved(arena)
    return second, first, broken


def _land_meets_end(arena: Arena) -> Deed:
    """More land for a sub-lease whose terms end at the same time."""
    tract = lay_tract(arena)
    right = let(arena, tract)

    def more(hand: Hand) -> None:
        number = hand.change(tract.plot.document)
        _hold(hand, right, tract.parcels[1], number, until="2030-01-01")

    return more, _stop(tract, right), lambda: _beyond_terms(arena, right)


def _end_meets_land(arena: Arena) -> Deed:
    first, second, broken = _land_meets_end(arena)
    return second, first, broken


def _reservation_ends_early_judged(arena: Arena) -> Deed:
    """More land for a reservation; its end is judged before that commits."""
    tract = lay_tract(arena)
    right: UUID = arena.write(
        lambda hand: add_right(
            hand, None, tract.plot, tract.party, tract.parcels[:1], kind="reservation",
            since="2022-01-01", until="2030-01-01", term="2029-12-31",
        )
    )  # fmt: skip

    def more(hand: Hand) -> None:
        number = hand.change(tract.plot.document)
        _hold(hand, right, tract.parcels[1], number, until="2030-01-01")

    return more, judged_early(_stop(tract, right)), lambda: _beyond_terms(arena, right)


def _beyond_terms(arena: Arena, right: UUID) -> bool:
    return bool(
        arena.ask(
            "SELECT EXISTS (SELECT FROM land.land_right_parcel AS held WHERE"
            " held.land_right_id = %(right)s AND held.closed_by IS NULL AND NOT coalesce((SELECT"
            " range_agg(terms.valid) FROM land.land_right_version AS terms WHERE"
            " terms.land_right_id = %(right)s AND terms.closed_by IS NULL) @> held.valid, false))",
            right=right,
        )
    )


ONE_ROW = (
    "ALTER TABLE land.land_right_version DROP CONSTRAINT land_right_version_one_row_a_day;"
    " CREATE OR REPLACE FUNCTION land.touch_right_ledger() RETURNS trigger LANGUAGE plpgsql"
    " SECURITY DEFINER AS $$ BEGIN RETURN NULL; END $$"
)
EITHER = {"constraint": "ALTER TABLE land.land_right_parcel DROP CONSTRAINT let_or_reserved"}
LAND = "DROP TRIGGER g_land_within_terms ON land.land_right_parcel"
KEPT = "DROP TRIGGER g_terms_keep_land ON land.land_right_version"
LOCK = """
DO $do$ BEGIN
    EXECUTE replace(pg_get_functiondef('land.right_lives'::regproc), 'FOR UPDATE', '');
END $do$"""

ATTACKS: list[tuple[str, Callable[[Arena], Deed], dict[str, str]]] = [
    ("two extensions at once", _two_extensions, {"constraint": ONE_ROW}),
    ("a transfer while the right ends", _end_meets_transfer, {"constraint": ONE_ROW}),
    ("an end while the right is handed on", _transfer_meets_end, {"constraint": ONE_ROW}),
    ("a reservation of land being let", _let_and_reserved, EITHER),
    ("a sub-lease of land being reserved", _reserved_and_let, EITHER),
    ("more land for a right that ends", _end_meets_land, {"trigger": LAND}),
    ("a right ends while it takes more land", _land_meets_end, {"trigger": KEPT}),
    ("a reservation's end is judged before more land commits", _reservation_ends_early_judged,
     {"lock": LOCK, "trigger": KEPT}),
]  # fmt: skip

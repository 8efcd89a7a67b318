"""Land rights under attack by one session: early judgement, rights upon rights, money."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.db.races.arena import OWNER, WRITE, Arena, Hand, add_parcel
from tests.db.races.rights import Tract, add_right, lay_tract


def judge(hand: Hand) -> None:
    hand.all("SET CONSTRAINTS land.f_judge IMMEDIATE")
    hand.all("SET CONSTRAINTS land.f_judge DEFERRED")


def refused(
    arena: Arena, work: Callable[[Hand, Tract], object], login: str = WRITE, disarm: str = ""
) -> str:
    tract = lay_tract(arena)
    with arena.hand(login) as hand:
        if disarm:
            hand.all(disarm)
        hand.do(lambda hand: work(hand, tract))
        if hand.error is None:
            hand.do(judge)
        return hand.refused_by


def lease(hand: Hand, tract: Tract, **facts: object) -> object:
    known: dict[str, object] = {"since": "2022-01-01"} | facts
    parcels = known.pop("parcels", (tract.parcels[0],))
    return add_right(hand, tract, tract.plot, tract.party, parcels, **known)


def _after_an_early_judgement(hand: Hand, tract: Tract) -> None:
    """A harmless sub-lease is judged; then the one that does not fit comes."""
    lease(hand, tract, area=100)
    judge(hand)
    add_right(
        hand, tract, tract.plot, tract.party, (tract.parcels[1],), area=30_000, since="2022-01-01"
    )


def _upon_a_sub_lease(hand: Hand, tract: Tract) -> None:
    number = hand.change(tract.plot.document)
    child = lease(hand, tract, number=number)
    lease(hand, tract, number=number, parent=child, area=500_000, parcels=())


def _upon_a_reservation(hand: Hand, tract: Tract) -> None:
    number = hand.change(tract.plot.document)
    kept = add_right(hand, None, tract.plot, tract.party, (), kind="reservation", number=number)
    lease(hand, tract, number=number, parent=kept)


FAULTS: dict[str, tuple[Callable[[Hand, Tract], object], str]] = {
    "too large": (lambda hand, tract: lease(hand, tract, area=20_001), "sub_lease_inside_parent"),
    "too long": (
        lambda hand, tract: lease(hand, tract, until="2051-01-02", term="2051-01-01"),
        "sub_lease_inside_parent",
    ),
    "term beyond the parent's": (
        lambda hand, tract: lease(hand, tract, term="2051-01-01"),
        "sub_lease_inside_parent",
    ),
    "no term under a parent with one": (
        lambda hand, tract: lease(hand, tract, term=None),
        "sub_lease_inside_parent",
    ),
    "before the parent": (
        lambda hand, tract: lease(hand, tract, since="2020-12-31"),
        "sub_lease_inside_parent",
    ),
    "on other land": (
        lambda hand, tract: add_right(
            hand,
            tract,
            tract.plot,
            tract.party,
            (add_parcel(hand, tract.plot, tract.plot.square(5, 5)),),
        ),
        "sub_lease_inside_parent",
    ),
    "after an early judgement": (_after_an_early_judgement, "sub_lease_inside_parent"),
    "upon a sub-lease": (_upon_a_sub_lease, "parent_is_of_the_state"),
    "upon a reservation": (_upon_a_reservation, "parent_is_of_the_state"),
    "without a parent": (
        lambda hand, tract: add_right(hand, None, tract.plot, tract.party, ()),
        "only_sub_leases_have_parents",
    ),
    "a State lease with a parent": (
        lambda hand, tract: lease(hand, tract, kind="state_lease", parcels=()),
        "only_sub_leases_have_parents",
    ),
    "in force beyond its own term": (
        lambda hand, tract: lease(hand, tract, until="2030-01-03", term="2030-01-01"),
        "right_within_its_term",
    ),
    "the same parcel twice": (
        lambda hand, tract: (lease(hand, tract), lease(hand, tract)),
        "one_right_of_a_tier",
    ),
}
DISARM = {
    "sub_lease_inside_parent": "DROP TRIGGER f_judge ON land.land_right_ledger;"
    " CREATE CONSTRAINT TRIGGER f_judge AFTER INSERT ON land.land_right_ledger"
    " DEFERRABLE FOR EACH ROW WHEN (false) EXECUTE FUNCTION land.refuse()",
    "parent_is_of_the_state": "ALTER TABLE land.land_right DROP CONSTRAINT parent_is_of_the_state",
    "only_sub_leases_have_parents": "ALTER TABLE land.land_right DROP CONSTRAINT"
    " only_sub_leases_have_parents",
    "right_within_its_term": "ALTER TABLE land.land_right_version DROP CONSTRAINT"
    " right_within_its_term",
    "one_right_of_a_tier": "ALTER TABLE land.land_right_parcel DROP CONSTRAINT one_right_of_a_tier",
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_right_is_refused(arena: Arena, name: str) -> None:
    work, rule = FAULTS[name]
    for login in (WRITE, OWNER):
        assert refused(arena, work, login) == rule
    assert refused(arena, work, OWNER, DISARM[rule]) == ""


def test_a_sub_lease_that_fits_is_granted(arena: Arena) -> None:
    assert refused(arena, lambda hand, tract: lease(hand, tract, area=20_000)) == ""


def test_area_counts_day_by_day(arena: Arena) -> None:
    """The whole tract may be let twice, one after the other, but not for a day at once."""

    def twice(hand: Hand, tract: Tract, end: str) -> None:
        lease(hand, tract, area=20_000, until=end, term="2024-12-31")
        lease(hand, tract, area=20_000, since="2025-01-01")

    assert refused(arena, lambda hand, tract: twice(hand, tract, "2025-01-01")) == ""

    def overlapping(hand: Hand, tract: Tract) -> None:
        lease(hand, tract, area=20_000, until="2025-01-02", term="2025-01-01")
        parcels = (tract.parcels[1],)
        add_right(hand, tract, tract.plot, tract.party, parcels, area=20_000, since="2025-01-01")

    assert refused(arena, overlapping) == "sub_lease_inside_parent"


AMOUNTS = {
    ("VND", "10.6", "NULL"): "vnd_is_whole",
    ("VND", "10", "0.5"): "vnd_is_whole",
    ("VND", "-1", "NULL"): "money_check",
    ("USD", "10.601", "NULL"): "money_check",
    ("USD", "1e18", "NULL"): "money_check",
    ("USD", "'NaN'", "NULL"): "money_check",
    ("USD", "'Infinity'", "NULL"): "money_check",
    ("đồng", "10", "NULL"): "project_capital_currency_check",
    ("VND", "999999999999999999", "10"): "",
    ("USD", "10.60", "0"): "",
}


def _invest(hand: Hand, tract: Tract, amounts: tuple[str, str, str]) -> None:
    currency, registered, implemented = amounts
    number = hand.change(tract.plot.document)
    project = hand.one(
        "INSERT INTO land.project (code, zone_id, opened_by) VALUES (%(code)s, %(zone)s,"
        " %(number)s) RETURNING id",
        code=f"DA{number}",
        zone=tract.plot.zone,
        number=number,
    )
    hand.all(
        "INSERT INTO land.project_capital (project_id, currency, registered, implemented,"
        " valid_from, opened_by) VALUES (%(project)s, %(currency)s,"
        f" {registered}, {implemented}, '2022-01-01', %(number)s)",
        project=project,
        currency=currency,
        number=number,
    )
    kept = hand.one("SELECT registered FROM land.project_capital WHERE opened_by = %(n)s", n=number)
    assert str(kept) == registered


@pytest.mark.parametrize("amounts", AMOUNTS, ids=" ".join)
def test_money_is_refused_never_rounded(arena: Arena, amounts: tuple[str, str, str]) -> None:
    def work(hand: Hand, tract: Tract) -> None:
        _invest(hand, tract, amounts)

    assert refused(arena, work) == AMOUNTS[amounts]


@pytest.mark.parametrize("area", ["10.001", "0", "-5", "1e12", "'NaN'"])
def test_an_area_is_refused_never_rounded(arena: Arena, area: str) -> None:
    def work(hand: Hand, tract: Tract) -> None:
        number = hand.change(tract.plot.document)
        parcel = hand.one(
            "INSERT INTO land.parcel (opened_by) VALUES (%(n)s) RETURNING id", n=number
        )
        hand.all(
            "INSERT INTO land.parcel_version (parcel_id, zone_id, srid, legal_area_m2, geom,"
            f" valid_from, opened_by) VALUES (%(parcel)s, %(zone)s, 5899, {area},"
            " %(shape)s::geometry, '2022-01-01', %(n)s)",
            parcel=parcel,
            zone=tract.plot.zone,
            shape=tract.plot.square(5, 5),
            n=number,
        )

    assert refused(arena, work) == "area_m2_check"


def test_without_their_domains_amounts_are_taken(arena: Arena) -> None:
    disarm = (
        "ALTER DOMAIN land.money DROP CONSTRAINT money_check;"
        " ALTER TABLE land.project_capital DROP CONSTRAINT vnd_is_whole"
    )
    for amounts in (("VND", "10.6", "NULL"), ("USD", "-1", "NULL")):

        def work(hand: Hand, tract: Tract, amounts: tuple[str, str, str] = amounts) -> None:
            _invest(hand, tract, amounts)

        assert refused(arena, work, OWNER, disarm) == ""

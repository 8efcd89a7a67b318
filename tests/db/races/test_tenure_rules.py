"""Who may be lessor, when reservations end, which land a right holds: raw SQL, one session."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.db.races.arena import OWNER, WRITE, Arena, Hand, close_rows
from tests.db.races.rights import Tract, add_right, lay_tract
from tests.db.races.tenure import TERMS, let

RIGHT = (
    "INSERT INTO land.land_right (kind, zone_id, opened_by) VALUES (%(kind)s, %(zone)s, %(n)s)"
    " RETURNING id"
)


def granted(
    hand: Hand, tract: Tract, lessor: str, day: str, kind: str = "state_lease", *days: str
) -> None:
    """A right without land, granted by a party of some kind; `days` are rows before it."""
    number = hand.change(tract.plot.document)
    giver = hand.one(
        "INSERT INTO land.party (kind, opened_by) VALUES (%(kind)s, %(n)s) RETURNING id",
        kind=lessor,
        n=number,
    )
    right = hand.one(RIGHT, kind=kind, zone=tract.plot.zone, n=number)
    for since, until in (*zip(days[::2], days[1::2], strict=True), (day, "2050-01-01")):
        hand.all(
            TERMS, right=right, lessor=giver, lessee=tract.party, since=since, until=until,
            number=number,
        )  # fmt: skip


def refused(
    arena: Arena,
    work: Callable[[Hand, Tract], object],
    login: str = WRITE,
    disarm: str = "",
    tract: Tract | None = None,
) -> str:
    ground = tract or lay_tract(arena)
    with arena.hand(login) as hand:
        if disarm:
            hand.all(disarm)
        hand.do(lambda hand: work(hand, ground))
        if hand.error is None:
            hand.do(lambda hand: hand.all("SET CONSTRAINTS ALL IMMEDIATE"))
        return hand.refused_by


POWER = "lessor_has_power"
GRANTS: dict[str, tuple[tuple[str, ...], str]] = {
    "a board, the last day": (("board", "2024-07-31"), ""),
    "a board, the first day without": (("board", "2024-08-01"), POWER),
    "a board, years later": (("board", "2026-01-01", "state_allocation"), POWER),
    "the province": (("authority", "2024-08-01"), ""),
    "a board reserves": (("board", "2026-01-01", "reservation"), ""),
    "nobody knows of any power": (("cooperative", "2026-01-01"), ""),
    "a row that lived no day": (
        ("board", "2025-01-01", "state_lease", "2024-07-31", "2024-07-31"),
        POWER,
    ),
    "a lease that goes on": (
        ("board", "2025-01-01", "state_lease", "2024-07-31", "2025-01-01"),
        "",
    ),
}


@pytest.mark.parametrize("name", GRANTS)
def test_boards_lost_their_power_on_a_day(arena: Arena, name: str) -> None:
    facts, rule = GRANTS[name]
    for login in (WRITE, OWNER):
        assert refused(arena, lambda hand, tract: granted(hand, tract, *facts), login) == rule
    if rule:
        gone = "DROP TRIGGER d_lessor_has_power ON land.land_right_version"
        assert refused(arena, lambda hand, tract: granted(hand, tract, *facts), OWNER, gone) == ""


def test_what_a_board_granted_before_the_rule_was_known_may_end(arena: Arena) -> None:
    """A grant of 2025 that stands in the register is ended, prolonged and undone all the same."""
    ground = lay_tract(arena)
    with arena.hand(OWNER) as hand:
        definition = hand.one(
            "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = 'd_lessor_has_power'"
        )
        hand.all("DROP TRIGGER d_lessor_has_power ON land.land_right_version")
        granted(hand, ground, "board", "2025-01-01")
        hand.all(definition)
        right, lessor = hand.all(
            "SELECT land_right_id, lessor_id FROM land.land_right_version"
            " ORDER BY version_id DESC LIMIT 1"
        )[0]
        number = hand.change(ground.plot.document)
        close_rows(hand, "land_right_version", number, "land_right_id = %(right)s", right=right)
        known = {"right": right, "lessor": lessor, "lessee": ground.party, "number": number}
        hand.all(TERMS, since="2025-01-01", until="2026-01-01", **known)
        hand.all(TERMS, since="2026-01-01", until="2060-01-01", **known)
        hand.all("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_reservation_has_an_end(arena: Arena) -> None:
    def forever(hand: Hand, tract: Tract) -> None:
        parcels = tract.parcels[:1]
        add_right(
            hand, None, tract.plot, tract.party, parcels, kind="reservation", until=None, term=None
        )

    assert refused(arena, forever) == "reservation_expires"
    gone = "DROP TRIGGER d_reservation_expires ON land.land_right_version"
    assert refused(arena, forever, OWNER, gone) == ""


def test_land_is_let_or_reserved(arena: Arena) -> None:
    def both(hand: Hand, tract: Tract, since: str) -> None:
        parcels = tract.parcels[:1]
        add_right(
            hand, None, tract.plot, tract.party, parcels, kind="reservation", since="2022-01-01",
            until="2023-01-01", term="2022-12-31",
        )  # fmt: skip
        add_right(hand, tract, tract.plot, tract.party, parcels, since=since)

    assert refused(arena, lambda hand, tract: both(hand, tract, "2022-12-31")) == "let_or_reserved"
    assert refused(arena, lambda hand, tract: both(hand, tract, "2023-01-01")) == ""


def test_an_ended_right_holds_no_land(arena: Arena) -> None:
    tract = lay_tract(arena)
    right = let(arena, tract)

    def shorten(hand: Hand, tract: Tract) -> None:
        number = hand.change(tract.plot.document)
        close_rows(hand, "land_right_version", number, "land_right_id = %(right)s", right=right)
        hand.all(
            TERMS, right=right, lessor=tract.party, lessee=tract.party, since="2022-01-01",
            until="2025-01-01", number=number,
        )  # fmt: skip

    rule = "land_within_the_right"
    assert refused(arena, shorten, tract=tract) == rule
    gone = "DROP TRIGGER g_terms_keep_land ON land.land_right_version"
    assert refused(arena, shorten, OWNER, gone, tract) == ""


def test_the_table_of_powers_is_read_only(arena: Arena) -> None:
    with arena.hand() as hand:
        hand.do(lambda hand: hand.all("DELETE FROM land.lessor_power"))
        assert hand.refused_by == "42501"
    with arena.hand(OWNER) as hand:
        hand.do(lambda hand: hand.all("UPDATE land.lessor_power SET valid_to = NULL"))
        assert hand.refused_by == "history_is_kept"


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ("'sub_lease', 'board', '2020-01-01', '2020-01-01', 'Đ', 'x', 'verified', 'x'",
         "lessor_power_forward_check"),
        ("'sub_lease', 'board', '2020-01-01', '2021-01-01', NULL, NULL, NULL, 'x'",
         "lessor_power_end_check"),
        ("'sub_lease', 'company', '2024-08-01', NULL, NULL, NULL, NULL, 'x'", "lessor_power_key"),
        ("'reservation', 'board', '2020-01-01', NULL, NULL, NULL, NULL, 'x'",
         "lessor_power_right_kind_check"),
    ],
    ids=["backwards", "an end without a clause", "twice", "no such power"],
)  # fmt: skip
def test_a_power_is_told_whole(arena: Arena, values: str, rule: str) -> None:
    with arena.hand(OWNER) as hand:
        hand.do(
            lambda hand: hand.all(
                "INSERT INTO land.lessor_power (right_kind, lessor_kind, valid_from, valid_to,"
                " end_clause, end_source, end_verification, clause, verification, source)"
                f" VALUES ({values}, 'unverified', 'x')"
            )
        )
        assert hand.refused_by == rule

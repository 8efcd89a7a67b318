"""Holdings keep their ground, changes carry plausible days and names: raw SQL, alone and racing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.db.races.arena import LEVELS, Arena, Hand, add_parcel, close_rows
from tests.db.races.clearance_ground import lay_case
from tests.db.races.rights import Tract, add_right, lay_tract

NO_SUCH_DAY = ["infinity", "-infinity", "9000-01-01", "1900-01-01"]
RULE = "held_ground_is_there"
TRIGGERS = {
    "g_holdings_keep_ground": "parcel_version",
    "g_right_on_ground": "land_right_parcel",
    "g_handover_on_ground": "handover_parcel",
    "g_project_on_ground": "project_parcel",
    "g_item_on_ground": "clearance_item_parcel",
}


def _gone(hand: Hand, tract: Tract, parcel: int = 0) -> None:
    """End what is known of a parcel, and leave what holds it where it is."""
    number = hand.change(tract.plot.document)
    close_rows(hand, "parcel_version", number, "parcel_id = %(id)s", id=tract.parcels[parcel])


def _ended(hand: Hand, tract: Tract, until: str = "2030-01-01") -> None:
    """End a parcel on a day, and leave the State lease that holds it until 2051."""
    number = hand.change(tract.plot.document)
    shape = hand.one(
        "SELECT ST_AsEWKT(geom) FROM land.parcel_version WHERE parcel_id = %(id)s",
        id=tract.parcels[0],
    )
    close_rows(hand, "parcel_version", number, "parcel_id = %(id)s", id=tract.parcels[0])
    add_parcel(hand, tract.plot, shape, number=number, until=until, parcel=tract.parcels[0])


def _reserve_free(hand: Hand, tract: Tract, parcel: object, until: str = "2051-01-01") -> None:
    add_right(
        hand, None, tract.plot, tract.party, (parcel,), kind="reservation", since="2021-01-01",  # type: ignore[arg-type]
        until=until, term=None,
    )  # fmt: skip


def _refused(arena: Arena, tract: Tract, *works: Callable[[Hand, Tract], object]) -> str:
    with arena.hand() as hand:
        for work in works:
            hand.do(lambda hand, work=work: work(hand, tract))  # type: ignore[misc]
        hand.do(hand.commit)
        return hand.refused_by


@pytest.mark.parametrize("work", [_gone, _ended])
def test_a_parcel_does_not_leave_what_holds_it(
    arena: Arena, work: Callable[[Hand, Tract], object]
) -> None:
    tract = lay_tract(arena)
    assert _refused(arena, tract, work) == RULE


def test_it_goes_when_what_holds_it_goes_in_the_same_change(arena: Arena) -> None:
    tract = lay_tract(arena)

    def let_go(hand: Hand, tract: Tract) -> None:
        number = hand.change(tract.plot.document)
        for table in ("parcel_version", "land_right_parcel"):
            close_rows(hand, table, number, "parcel_id = %(id)s", id=tract.parcels[0])

    assert _refused(arena, tract, let_go) == ""


def test_nothing_holds_ground_that_is_not_there(arena: Arena) -> None:
    tract = lay_tract(arena)

    def later(hand: Hand, tract: Tract) -> None:
        parcel = add_parcel(hand, tract.plot, tract.plot.square(5, 5), since="2022-01-01")
        _reserve_free(hand, tract, parcel)

    assert _refused(arena, tract, later) == RULE


def test_a_clearance_item_keeps_its_parcel_too(arena: Arena) -> None:
    case = lay_case(arena)
    with arena.hand() as hand:
        number = hand.change(case.plot.document)
        close_rows(hand, "parcel_version", number, "parcel_id = %(id)s", id=case.parcel)
        hand.do(hand.commit)
        assert hand.refused_by == RULE


def _race(arena: Arena, *, holder_first: bool, disarm: bool = False) -> tuple[list[str], int]:
    """One session reserves a free parcel while another takes it out of the register."""
    tract = lay_tract(arena)
    parcel = arena.write(lambda hand: add_parcel(hand, tract.plot, tract.plot.square(5, 5)))

    def hold(hand: Hand) -> None:
        _reserve_free(hand, tract, parcel)

    def take(hand: Hand) -> None:
        number = hand.change(tract.plot.document)
        close_rows(hand, "parcel_version", number, "parcel_id = %(id)s", id=parcel)

    first, second = (hold, take) if holder_first else (take, hold)
    done = arena.race(first, second)
    homeless = arena.ask(
        "SELECT count(*) FROM land.land_right_parcel AS held WHERE closed_by IS NULL"
        " AND parcel_id = %(id)s AND NOT EXISTS (SELECT FROM land.parcel_version AS ground"
        " WHERE ground.parcel_id = held.parcel_id AND ground.closed_by IS NULL)",
        id=parcel,
    )
    return [hand.refused_by for hand in done], homeless


@pytest.mark.parametrize("holder_first", [True, False])
def test_of_two_at_once_one_is_refused(arena: Arena, holder_first: bool) -> None:
    refused, homeless = _race(arena, holder_first=holder_first)
    assert homeless == 0
    assert sorted(refused) == ["", RULE]


def test_no_other_isolation_gets_around_it(arena: Arena) -> None:
    tract = lay_tract(arena)
    for level in LEVELS[1:]:
        with arena.hand(level=level) as hand:
            hand.do(lambda hand: _gone(hand, tract))
            hand.do(hand.commit)
            assert hand.refused_by in {RULE, "parcel_no_overlap"}
    assert arena.ask(
        "SELECT count(*) = 1 FROM land.parcel_version WHERE parcel_id = %(id)s"
        " AND closed_by IS NULL",
        id=tract.parcels[0],
    )


def test_every_holding_is_watched(arena: Arena) -> None:
    for trigger, table in TRIGGERS.items():
        assert arena.ask(
            "SELECT tgdeferrable AND tginitdeferred FROM pg_trigger WHERE tgname = %(name)s"
            " AND tgrelid = %(table)s::regclass",
            name=trigger,
            table=f"land.{table}",
        ), trigger


def _change(arena: Arena, day: str = "2024-01-01", actor: str = "an") -> str:
    plot = arena.plot()
    with arena.hand() as hand:
        hand.do(
            lambda hand: hand.all(
                "INSERT INTO land.change (kind, reason, actor, effective_on, document_id)"
                " VALUES ('act', 'x', %(actor)s, %(day)s, %(document)s)",
                actor=actor,
                day=day,
                document=plot.document,
            )
        )
        return hand.refused_by


@pytest.mark.parametrize("day", NO_SUCH_DAY)
def test_a_change_has_a_plausible_day(arena: Arena, day: str) -> None:
    assert _change(arena, day) in {"change_day_plausible", "change_effect_within_a_year"}


def test_a_change_takes_effect_within_a_year(arena: Arena) -> None:
    today = "(clock_timestamp() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date"
    near, far = (arena.ask(f"SELECT ({today} + {days})::text") for days in (366, 367))
    assert _change(arena, near) == ""
    assert _change(arena, far) == "change_effect_within_a_year"  # change_20_effect_near


@pytest.mark.parametrize(
    "actor", ["", " ", "Nguyễn Văn A", "an\n", "x" * 41, "1", "an; drop", "AN"]
)
def test_who_changes_is_an_account(arena: Arena, actor: str) -> None:
    assert _change(arena, actor=actor) in {"change_actor_is_an_account", "change_actor_check"}
    assert _change(arena, actor="an.b-1") == ""


def test_a_document_is_not_issued_tomorrow(arena: Arena) -> None:
    def register(day: str) -> str:
        with arena.hand() as hand:
            hand.do(
                lambda hand: hand.all(
                    "INSERT INTO land.document (number, issued_on, issuer, created_by) VALUES"
                    " ('9/QĐ', (clock_timestamp() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date"
                    " + %(ahead)s::integer, 'UBND', 'an')",
                    ahead=day,
                )
            )
            return hand.refused_by

    assert register("0") == ""
    assert register("1") == "document_issued_by_then"

"""Knowledge is counted in changes: what an instant knew never grows afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.db.races.arena import (
    LEVELS,
    OWNER,
    READ_COMMITTED,
    REPEATABLE_READ,
    WRITE,
    Arena,
    Hand,
)
from tests.db.races.attacks import cut
from tests.db.races.disarming import without

IS_SETTLED = (
    "CREATE OR REPLACE FUNCTION land.is_settled(change land.change, written_by xid)"
    " RETURNS boolean LANGUAGE sql STABLE AS 'SELECT true'"
)


def setup(hand: Hand) -> int:
    """A change that needs no document."""
    return hand.change(None, "setup")


def known_now(arena: Arena) -> int:
    known: int = arena.ask("SELECT coalesce(land.known_at(clock_timestamp()), 0)")
    return known


@pytest.fixture
def two(arena: Arena) -> Iterator[tuple[Hand, Hand]]:
    """Two sessions of the writing login."""
    with arena.hand() as one, arena.hand() as other:
        yield one, other


def test_a_change_under_way_holds_knowledge_back(arena: Arena, two: tuple[Hand, Hand]) -> None:
    slow, quick = two
    before = known_now(arena)
    early = setup(slow)
    late = setup(quick)
    quick.commit()
    instant = arena.ask("SELECT clock_timestamp()")
    assert early < late
    # the later one is committed, but the earlier number can still appear below it
    assert known_now(arena) == arena.ask("SELECT coalesce(land.settled_by_now(), 0)") == before
    assert arena.ask("SELECT coalesce(land.known_at(%(instant)s), 0)", instant=instant) == before
    slow.commit()
    assert known_now(arena) == arena.ask("SELECT coalesce(land.settled_by_now(), 0)") == late
    # what the instant knew is what it knows for ever: the earlier number came after it
    assert arena.ask("SELECT coalesce(land.known_at(%(instant)s), 0)", instant=instant) == before


def test_a_change_undone_holds_nothing_back(arena: Arena, two: tuple[Hand, Hand]) -> None:
    slow, quick = two
    setup(slow)
    late = setup(quick)
    quick.commit()
    slow.connection.rollback()
    assert known_now(arena) == late


def test_a_later_change_under_way_holds_nothing_back(arena: Arena, two: tuple[Hand, Hand]) -> None:
    quick, slow = two
    early = setup(quick)
    setup(slow)
    quick.commit()
    assert known_now(arena) == early


def test_many_changes_commit_in_any_order(arena: Arena) -> None:
    """Whatever commits when: every instant asked between commits keeps its answer."""
    before = known_now(arena)
    with ExitStack() as stack:
        hands = [stack.enter_context(arena.hand()) for _ in range(6)]
        numbers = [setup(hand) for hand in hands]
        answers = []
        for position in (3, 0, 5, 1, 4, 2):
            hands[position].commit()
            instant = arena.ask("SELECT clock_timestamp()")
            answers.append((instant, known_now(arena)))
        for instant, answer in answers:
            again = arena.ask("SELECT coalesce(land.known_at(%(instant)s), 0)", instant=instant)
            assert again == answer
    first, second, last = numbers[0], numbers[1], numbers[-1]
    assert [answer for _, answer in answers] == [before, first, first, second, second, last]


def test_without_the_note_of_what_is_under_way_knowledge_grows_afterwards(
    quarry: Arena,
) -> None:
    quarry.write(setup)
    with without(quarry, IS_SETTLED), quarry.hand() as slow, quarry.hand() as quick:
        setup(slow)
        setup(quick)
        quick.commit()
        instant = quarry.ask("SELECT clock_timestamp()")
        before = quarry.ask("SELECT land.known_at(%(instant)s)", instant=instant)
        slow.commit()
        after = quarry.ask("SELECT land.known_at(%(instant)s)", instant=instant)
        assert before > after


def test_knowledge_out_of_a_backup_is_settled(disarmed: Arena) -> None:
    """Numbers of transactions mean nothing in another cluster."""
    disarmed.write(setup)
    known = known_now(disarmed)
    disarmed.watcher.execute("SET session_replication_role = replica")
    disarmed.watcher.execute(
        "INSERT INTO land.change (number, kind, reason, actor, effective_on, committed_at,"
        " transaction, in_flight) VALUES (%s, 'setup', 'r', 'a', '2020-01-01', now(),"
        " '4000000000', '{4000000001}')",
        [known + 1],
    )
    assert known_now(disarmed) == known + 1


def test_settling_waits_for_what_is_under_way(arena: Arena, two: tuple[Hand, Hand]) -> None:
    slow, quick = two
    setup(slow)
    late = setup(quick)
    quick.commit()
    with arena.hand() as sealer:
        answers: list[int] = []
        sealer.start(lambda hand: answers.append(hand.one("SELECT land.settled_change()")))
        assert arena.settle(sealer), "it waits"
        # and nobody waits for it
        with arena.hand() as third:
            third.start(setup)
            assert not arena.settle(third)
            third.commit()
        assert answers == []
        slow.commit()
        sealer.join()
        assert answers == [late]


def test_settling_needs_a_fresh_snapshot(arena: Arena) -> None:
    for function in ("settled_change", "seal_changes"):
        with arena.hand(WRITE, REPEATABLE_READ) as hand:
            hand.do(lambda hand, name=function: hand.one(f"SELECT land.{name}()"))
            assert hand.refused_by == "knowledge_settled_read_committed"


@pytest.mark.parametrize("level", LEVELS)
def test_a_reader_of_one_snapshot_knows_what_it_sees(arena: Arena, level: str) -> None:
    with arena.hand() as writer, arena.hand("gisapp_read", level) as reader:
        reader.one("SELECT count(*) FROM land.change")
        number = setup(writer)
        writer.commit()
        known = reader.one("SELECT coalesce(land.known_at(clock_timestamp()), 0)")
        assert (known >= number) == (level == READ_COMMITTED)


@pytest.mark.parametrize("login", [WRITE, OWNER])
def test_a_change_writes_its_own_number_and_instant(arena: Arena, login: str) -> None:
    arena.write(setup)
    with arena.hand(login) as hand:
        number = hand.one(
            "INSERT INTO land.change (number, kind, reason, actor, effective_on, committed_at,"
            " transaction) VALUES (1, 'setup', 'r', 'a', '2020-01-01', '2001-01-01', '1')"
            " RETURNING number"
        )
        hand.commit()
    past = arena.ask(
        "SELECT committed_at < now() - interval '1 minute' FROM land.change"
        " WHERE number = %(number)s",
        number=number,
    )
    assert (number > 1, past) == (True, False)


@pytest.mark.parametrize("empty", ["reason", "actor"])
def test_a_change_has_a_reason_and_an_actor(arena: Arena, empty: str) -> None:
    facts = {"reason": "'r'", "actor": "'a'"} | {empty: "'  '"}
    with arena.hand() as hand:
        hand.do(
            lambda hand: hand.all(
                "INSERT INTO land.change (kind, reason, actor, effective_on) VALUES"
                f" ('setup', {facts['reason']}, {facts['actor']}, '2020-01-01')"
            )
        )
        assert hand.refused_by == f"change_{empty}_check"


@pytest.mark.parametrize("kind", ["act", "correction"])
def test_a_change_hangs_on_a_document(arena: Arena, kind: str) -> None:
    with arena.hand() as hand:
        hand.do(lambda hand: hand.change(None, kind))
        assert hand.refused_by == "change_hangs_on_a_document"


def dated_back(instant: str) -> str:
    return (
        "INSERT INTO land.change (kind, reason, actor, effective_on, dated_back_to) VALUES"
        f" ('setup', 'r', 'a', '2020-01-01', {instant}) RETURNING number"
    )


def mark_demo(hand: Hand) -> None:
    hand.all("UPDATE land.instance SET is_demo = true")


@pytest.mark.parametrize("login", [WRITE, OWNER])
def test_knowledge_is_not_dated_back(arena: Arena, login: str) -> None:
    with arena.hand(login) as hand:
        hand.do(lambda hand: hand.all(dated_back("'2021-01-01'")))
        assert hand.refused_by == "change_not_dated_back"


def test_a_register_does_not_become_a_demo(arena: Arena) -> None:
    arena.write(setup)
    for login, rule in ((WRITE, "42501"), (OWNER, "demo_marked_before_use")):
        with arena.hand(login) as hand:
            hand.do(mark_demo)
            assert hand.refused_by == rule


def test_a_demo_is_not_marked_while_a_change_is_under_way(disarmed: Arena) -> None:
    with disarmed.hand() as writer, disarmed.hand(OWNER) as owner:
        setup(writer)
        owner.start(mark_demo)
        assert disarmed.settle(owner)
        writer.commit()
        owner.join()
        assert owner.refused_by == "demo_marked_before_use"


def test_without_its_guard_a_register_becomes_a_demo(disarmed: Arena) -> None:
    disarmed.write(setup)
    with disarmed.hand(OWNER) as owner:
        owner.all("DROP TRIGGER b_marked_before_use ON land.instance")
        owner.do(mark_demo)
        owner.do(lambda hand: hand.all(dated_back("'2021-01-01'")))
        assert owner.refused_by == "change_dated_in_order"


def test_a_demo_dates_knowledge_back_in_order(disarmed: Arena) -> None:
    with disarmed.hand(OWNER) as owner:
        mark_demo(owner)
        owner.commit()
    disarmed.write(lambda hand: hand.all(dated_back("'2021-01-01'")))
    with disarmed.hand() as hand:
        first = hand.one(dated_back("'2022-01-01'"))
        hand.do(lambda hand: hand.all(dated_back("'2021-06-01'")))
        assert hand.refused_by == "change_dated_in_order", "before its own predecessor"
    for instant in ("'2020-01-01'", "now() + interval '1 day'"):
        with disarmed.hand() as hand:
            hand.do(lambda hand, instant=instant: hand.all(dated_back(instant)))
            assert hand.refused_by == "change_dated_in_order"
    assert disarmed.ask("SELECT land.known_at('2021-06-01')") < first
    # two at once: the second waits, and sees what the first one did
    one, two = disarmed.race(
        lambda hand: hand.all(dated_back("'2023-01-01'")),
        lambda hand: hand.all(dated_back("'2022-12-31'")),
    )
    assert one.committed and two.refused_by == "change_dated_in_order"


def test_without_its_lock_knowledge_is_dated_back_out_of_order(disarmed: Arena) -> None:
    with disarmed.hand(OWNER) as owner:
        mark_demo(owner)
        owner.all(cut("number_change", "PERFORM pg_advisory_xact_lock(4757, 2);"))
        owner.commit()
    _one, two = disarmed.race(
        lambda hand: hand.all(dated_back("'2023-01-01'")),
        lambda hand: hand.all(dated_back("'2022-12-31'")),
    )
    assert two.committed

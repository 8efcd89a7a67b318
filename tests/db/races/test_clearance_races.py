"""Clearance against two sessions at once, and every guard of it proven not to be idle."""

from __future__ import annotations

import pytest

from tests.db.races.arena import LEVELS, OWNER, READ_COMMITTED, Arena
from tests.db.races.clearance import ATTACKS, Aimed
from tests.db.races.disarming import without

REFUSALS = {"23P01", "23514", "40001", "25001", "40P01"}


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_the_promise_holds(arena: Arena, attack: Aimed, level: str) -> None:
    first, second, broken = attack.prepare(arena)
    one, two = arena.race(first, second, level=level, login=attack.login)
    assert not broken(), (one.refused_by, two.refused_by)
    for hand in (one, two):
        assert hand.error is None or hand.error.sqlstate in REFUSALS, hand.error
    if level == READ_COMMITTED:
        assert [one.committed, two.committed] == [True, False], (one.error, two.error)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_the_promise_holds_against_the_owner(arena: Arena, attack: Aimed) -> None:
    first, second, broken = attack.prepare(arena)
    one, two = arena.race(first, second, login=OWNER)
    assert not broken(), (one.refused_by, two.refused_by)


@pytest.mark.parametrize(
    ("attack", "guard"),
    [(attack, guard) for attack in ATTACKS for guard in attack.disarm],
    ids=lambda value: value.name if isinstance(value, Aimed) else str(value),
)
def test_without_its_guard_the_attack_succeeds(quarry: Arena, attack: Aimed, guard: str) -> None:
    with without(quarry, attack.disarm[guard]):
        first, second, broken = attack.prepare(quarry)
        one, two = quarry.race(first, second, level=attack.level, login=attack.login)
        assert broken(), (one.error, two.error)

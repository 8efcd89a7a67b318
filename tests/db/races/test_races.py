"""Every promise of the register against two sessions, and every guard proven not to be idle."""

from __future__ import annotations

import pytest

from tests.db.races.arena import LEVELS, OWNER, READ_COMMITTED, Arena
from tests.db.races.attacks import ATTACKS, Attack
from tests.db.races.disarming import without

REFUSALS = {"23P01", "23514", "40001", "25001", "40P01"}


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_the_promise_holds(arena: Arena, attack: Attack, level: str) -> None:
    first, second, broken = attack.prepare(arena)
    one, two = arena.race(first, second, level=level)
    assert not broken(), (one.refused_by, two.refused_by)
    for hand in (one, two):
        assert hand.error is None or hand.error.sqlstate in REFUSALS, hand.error
    if level == READ_COMMITTED and "lots" not in attack.name:
        assert [one.committed, two.committed] == [True, False], (one.error, two.error)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_the_promise_holds_against_the_owner(arena: Arena, attack: Attack) -> None:
    first, second, broken = attack.prepare(arena)
    one, two = arena.race(first, second, login=OWNER)
    assert not broken(), (one.refused_by, two.refused_by)


@pytest.mark.parametrize(
    ("attack", "guard"),
    [(attack, guard) for attack in ATTACKS for guard in attack.disarm],
    ids=lambda value: value.name if isinstance(value, Attack) else str(value),
)
def test_without_its_guard_the_attack_succeeds(quarry: Arena, attack: Attack, guard: str) -> None:
    with without(quarry, attack.disarm[guard]):
        first, second, broken = attack.prepare(quarry)
        one, two = quarry.race(first, second, level=attack.level)
        assert broken(), (one.error, two.error)

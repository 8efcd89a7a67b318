"""Clearance against two sessions at once, and every guard of it proven not to be idle."""

from __future__ import annotations

import pytest

from tests.db.races.arena import Arena
from tests.db.races.clearance import ATTACKS, Aimed
from tests.db.races.promises import (
    breaks_without,
    every_level,
    holds,
    holds_against_the_owner,
    name_of,
)

every_attack = pytest.mark.parametrize("attack", ATTACKS, ids=name_of)


@every_level
@every_attack
def test_the_promise_holds(arena: Arena, attack: Aimed, level: str) -> None:
    holds(arena, attack, level, login=attack.login)


@every_attack
def test_the_promise_holds_against_the_owner(arena: Arena, attack: Aimed) -> None:
    holds_against_the_owner(arena, attack)


@pytest.mark.parametrize(
    ("attack", "guard"),
    [(attack, guard) for attack in ATTACKS for guard in attack.disarm],
    ids=name_of,
)
def test_without_its_guard_the_attack_succeeds(quarry: Arena, attack: Aimed, guard: str) -> None:
    breaks_without(quarry, attack, guard, login=attack.login)

"""What every attack must show: it fails where the guard stands, and succeeds where it does not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

import pytest

from tests.db.races.arena import LEVELS, OWNER, READ_COMMITTED, WRITE, Arena, Hand
from tests.db.races.disarming import without

REFUSALS = {"23P01", "23514", "40001", "25001", "40P01"}
every_level = pytest.mark.parametrize("level", LEVELS)


class Attacking(Protocol):
    """An attack: two pieces of work, whether the promise broke, and the guards it is aimed at."""

    @property
    def name(self) -> str: ...
    @property
    def level(self) -> str: ...
    @property
    def disarm(self) -> Mapping[str, str]: ...
    @property
    def prepare(
        self,
    ) -> Callable[
        [Arena],
        tuple[Callable[[Hand], object], Callable[[Hand], object], Callable[[], bool]],
    ]: ...


def name_of(value: object) -> str:
    """What a test of an attack, or of one of its guards, is called."""
    return str(getattr(value, "name", value))


def holds(
    arena: Arena, attack: Attacking, level: str, *, login: str = WRITE, either: bool = False
) -> None:
    """The promise holds; read committed, the first one in stays (``either``: one of them)."""
    first, second, broken = attack.prepare(arena)
    one, two = arena.race(first, second, level=level, login=login)
    assert not broken(), (one.refused_by, two.refused_by)
    for hand in (one, two):
        assert hand.error is None or hand.error.sqlstate in REFUSALS, hand.error
    if level == READ_COMMITTED and not either:
        assert [one.committed, two.committed] == [True, False], (one.error, two.error)


def holds_against_the_owner(arena: Arena, attack: Attacking) -> None:
    """Nor does the owner of the tables break it."""
    first, second, broken = attack.prepare(arena)
    one, two = arena.race(first, second, login=OWNER)
    assert not broken(), (one.refused_by, two.refused_by)


def breaks_without(quarry: Arena, attack: Attacking, guard: str, *, login: str = WRITE) -> None:
    """Without the guard the attack succeeds: it is not harmless, and the guard is not idle."""
    with without(quarry, attack.disarm[guard]):
        first, second, broken = attack.prepare(quarry)
        one, two = quarry.race(first, second, level=attack.level, login=login)
        assert broken(), (one.error, two.error)

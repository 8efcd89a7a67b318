"""How long an answer takes, and how much of it the database itself spends on what it is asked."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import event
from sqlalchemy.engine import Engine


@dataclass
class Asked:
    """What was asked of the database while something was answered: statements, and their ms."""

    statements: int = 0
    ms: float = 0.0
    begun: float = 0.0

    def before(self, *_context: object) -> None:
        """A statement leaves for the database."""
        self.begun = time.perf_counter()

    def after(self, *_context: object) -> None:
        """The database has answered."""
        self.ms += (time.perf_counter() - self.begun) * 1000
        self.statements += 1


@contextmanager
def asking() -> Iterator[Asked]:
    """Listen to every statement of this process."""
    asked = Asked()
    event.listen(Engine, "before_cursor_execute", asked.before)
    event.listen(Engine, "after_cursor_execute", asked.after)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", asked.before)
        event.remove(Engine, "after_cursor_execute", asked.after)


@dataclass(frozen=True)
class Taken:
    """The fastest of some answers, in ms, with the database's part of it."""

    ms: float
    database_ms: float
    statements: int

    def told(self, goal_ms: float) -> str:
        """The figure beside its goal and the database's own time."""
        return (
            f"{self.ms:.0f} ms (goal {goal_ms:.0f}), {self.database_ms:.0f} of them the database's"
            f" in {self.statements} statements"
        )


def fastest(work: Callable[[], object], tries: int) -> Taken:
    """Do a piece of work some times; return the fastest."""
    taken = []
    for _ in range(tries):
        with asking() as asked:
            started = time.perf_counter()
            work()
            ms = (time.perf_counter() - started) * 1000
        taken.append(Taken(ms, asked.ms, asked.statements))
    return min(taken, key=lambda each: each.ms)

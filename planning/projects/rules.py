"""Lateness of a project, on plain values."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

OVER: Final = ("terminated", "land_recovered")
"""Steps after which a project is not late any more."""


@dataclass(frozen=True, slots=True)
class Milestone:
    """A step of the schedule, its planned day, and the day it was reached."""

    step: str
    planned_on: date
    actual_on: date | None


def most_late(milestones: Iterable[Milestone], as_of: date) -> tuple[str, int] | None:
    """Return the step furthest behind its plan at the end of a day and by how many days, else None.

    Provisional: a step is behind when its planned day has passed and it was not reached by then.
    The legal test of Land Law 2024 art. 81.8 (12 months without use from on-site hand-over, 24
    months behind schedule, extensions and force majeure aside) needs hand-over and suspension days
    and will take its place.
    """
    behind = [
        ((as_of - each.planned_on).days, each.step)
        for each in milestones
        if each.planned_on < as_of and (each.actual_on is None or each.actual_on > as_of)
    ]
    if not behind:
        return None
    days, step = max(behind)
    return step, days

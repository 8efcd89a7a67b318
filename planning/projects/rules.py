"""A step of a project's schedule, as a plain value; when it is late says `land.days_behind`."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Milestone:
    """A step of the schedule, its planned day, and the day it was reached."""

    step: str
    planned_on: date
    actual_on: date | None

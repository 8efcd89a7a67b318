"""Homes ready against homes needed, day by day, and the first day there are too few.

The counting is pure; `curves` reads what it counts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from planning.clocks import Moment, moment_parameters
from planning.statements import statement


@dataclass(frozen=True, slots=True)
class Tally:
    """Plots that become ready and plots that are needed on a day; None: nobody said when."""

    day: date | None
    ready: int
    needed: int


@dataclass(frozen=True, slots=True)
class Point:
    """The end of a day: plots ready by then, plots needed by then."""

    day: date
    ready: int
    needed: int

    @property
    def short(self) -> int:
        """How many homes are missing; never negative."""
        return max(0, self.needed - self.ready)


@dataclass(frozen=True, slots=True)
class Curve:
    """Supply and demand of a resettlement area over time.

    `undated_ready`: plots nobody gave a day; `undated_needed`: needs without a planned hand-over.
    """

    points: tuple[Point, ...]
    undated_ready: int = 0
    undated_needed: int = 0

    @property
    def first_shortage(self) -> Point | None:
        """The first day on which more homes are needed than are ready."""
        return next((point for point in self.points if point.short), None)

    @property
    def worst(self) -> Point | None:
        """The day on which most homes are missing."""
        lacking = [point for point in self.points if point.short]
        return max(lacking, key=lambda point: point.short, default=None)

    @property
    def enough_again(self) -> date | None:
        """The day from which there are enough to the end, None when there never are."""
        lacking = [place for place, point in enumerate(self.points) if point.short]
        if not lacking or lacking[-1] + 1 == len(self.points):
            return None
        return self.points[lacking[-1] + 1].day

    def on(self, day: date) -> Point:
        """The end of any day."""
        last = [point for point in self.points if point.day <= day]
        return Point(day, last[-1].ready, last[-1].needed) if last else Point(day, 0, 0)


def curve(tallies: Iterable[Tally]) -> Curve:
    """Add up what comes and what is needed, day by day."""
    every = list(tallies)
    days = sorted({each.day for each in every if each.day is not None})
    points, ready, needed = [], 0, 0
    for day in days:
        ready += sum(each.ready for each in every if each.day == day)
        needed += sum(each.needed for each in every if each.day == day)
        points.append(Point(day, ready, needed))
    undated = [each for each in every if each.day is None]
    return Curve(
        tuple(points), sum(each.ready for each in undated), sum(each.needed for each in undated)
    )


def curves(session: Session, at: Moment, areas: Sequence[UUID]) -> dict[UUID, Curve]:
    """Return the curve of each area as it is known at a moment; days to come are as planned."""
    asked = {"areas": list(areas), **moment_parameters(at)}
    found: dict[UUID, list[Tally]] = {area: [] for area in areas}
    rows: Any = session.execute(statement("resettlement/curve"), asked)
    for row in rows:
        found[row.area_id].append(Tally(row.day, int(row.ready), int(row.needed)))
    return {area: curve(tallies) for area, tallies in found.items()}

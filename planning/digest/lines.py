"""A line of the digest: what presses, how much, where, and by when. Plain values only."""

from dataclasses import dataclass
from datetime import date
from typing import Final

RULES: Final = ("clocks", "notices", "plots", "plan_steps", "rights", "imports")
"""What a digest can tell of, in the order in which it does."""
SEVERITIES: Final = ("high", "medium", "low")
SOON_DAYS: Final = 14


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that presses.

    `what` says which sentence tells it; `subject` is a code or number people know, never a
    person's name; `count` how many it stands for; `zone`, `parent` and `board` where it belongs,
    so that everybody is told only of their own ground.
    """

    rule: str
    severity: str
    what: str
    subject: str
    zone: str
    parent: str | None
    board: str
    day: date | None
    count: int = 1
    detail: str = ""

    @property
    def code(self) -> str:
        """Its zone, as the scope of a reader asks for it."""
        return self.zone

    @property
    def parent_code(self) -> str | None:
        """The zone around it."""
        return self.parent

    @property
    def board_code(self) -> str:
        """The board that manages it."""
        return self.board


def order(line: Line) -> tuple[int, date, int, str]:
    """Sorting key: the most severe first, then by day, rule and subject."""
    return (
        SEVERITIES.index(line.severity),
        line.day or date.max,
        RULES.index(line.rule),
        line.subject,
    )


def by_days(left: int) -> str:
    """How severe something is that runs out in so many days; 0 or less: it has."""
    if left <= 0:
        return "high"
    return "medium" if left <= SOON_DAYS else "low"

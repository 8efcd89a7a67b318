"""Before a plan takes a step: what the register would refuse, and which figures would move."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import text
from sqlalchemy.orm import Session

from planning.clocks import Moment
from planning.indicators.queries import Land, land

COUNTED = (
    "leasable_area",
    "leasable_area_incl_service",
    "leased_area",
    "occupancy_rate_d35",
    "occupancy_rate_d82",
    "available_area",
)
"""What a plan decides: leasable land, what is let of it, and the ratios of both."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A figure of the zone at the end of the day before and of the day; m² or percent."""

    code: str
    name_vi: str
    name_en: str
    unit: str
    before: Decimal | None
    after: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        """After less before; None where either is not defined."""
        if self.before is None or self.after is None:
            return None
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Expected:
    """What would follow: the day, the figures of the zone, and the plans counted after it."""

    day: date
    figures: tuple[Moved, ...]
    plans_before: tuple[tuple[str, int], ...]
    plans_after: tuple[tuple[str, int], ...]


class _Rehearsed(Exception):
    """Leaves the savepoint so that nothing of the rehearsal is kept."""


def rehearse_step(
    session: Session, zone: str, day: date, work: Callable[[Session], object]
) -> Expected:
    """Do a step as it would be done, let the register judge it, count, and undo it.

    Raises what the step itself raises, and what the database refuses at a commit.
    """
    expected: Expected | None = None
    try:
        with session.begin_nested():
            work(session)
            session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
            expected = compare(session, zone, day)
            raise _Rehearsed
    except _Rehearsed:
        pass
    assert expected is not None  # noqa: S101 - set before the savepoint is left
    return expected


def compare(session: Session, zone: str, day: date) -> Expected:
    """Count a zone, with all inside it, on the day before and on the day, as known now."""
    before = land(session, Moment(day - timedelta(days=1)), zone=zone, flows=False)
    after = land(session, Moment(day), zone=zone, flows=False)
    return Expected(day, moved(before, after), _plans(before), _plans(after))


def moved(before: Land, after: Land) -> tuple[Moved, ...]:
    """Put the figures of two moments side by side."""
    one, other = before.figures(), after.figures()
    return tuple(
        Moved(
            code,
            other[code].answer.definition.name_vi,
            other[code].answer.definition.name_en,
            other[code].answer.definition.unit,
            one[code].answer.value if code in one else None,
            other[code].answer.value,
        )
        for code in COUNTED
        if code in other
    )


def _plans(of: Land) -> tuple[tuple[str, int], ...]:
    return tuple((plan.plan, plan.version) for plan in of.plans)

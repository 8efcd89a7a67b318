"""A project drawn: its schedule as bars planned over actual, its money beside the ground.

Plain SVG, coordinates worked out here; it prints, scales and needs no script.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from gisapp.present import formats

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from decimal import Decimal

    from planning.projects.register import Observed, Spent
    from planning.projects.rules import Milestone

LEFT: Final = 118.0
RIGHT: Final = 806.0
ROW: Final = 34
TOP: Final = 14
_TICKS: Final = 8


@dataclass(frozen=True)
class Tick:
    """A place on an axis with its words."""

    at: float
    label: str


@dataclass(frozen=True)
class Bar:
    """A step of the schedule: x from and to of its plan and of what happened, y of its row."""

    step: str
    planned_on: date
    actual_on: date | None
    late_days: int
    y: float
    plan: tuple[float, float]
    done: tuple[float, float] | None
    late: tuple[float, float] | None


@dataclass(frozen=True)
class Schedule:
    """The schedule as bars; `today` is the day shown."""

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    today: float | None
    height: int


def schedule(steps: Sequence[Milestone], starts: date, day: date) -> Schedule | None:
    """Lay the schedule out: a step runs from the one before it to its own day.

    What is late is drawn in two parts: to the planned day, and beyond it.
    """
    if not steps:
        return None
    first = min([starts, *(step.planned_on for step in steps)])
    known = [step.actual_on for step in steps if step.actual_on and step.actual_on <= day]
    last = max([*(step.planned_on for step in steps), *known, min(day, _furthest(steps))])
    x, ticks = _axis(first, last)
    bars, planned_from, done_from = [], first, first
    for place, step in enumerate(steps):
        reached = step.actual_on if step.actual_on and step.actual_on <= day else None
        until = reached or (day if step.planned_on < day else None)
        done = late = None
        if until is not None:
            begun = min(done_from, until)
            done = (x(begun), x(until)) if reached else None
            if until > step.planned_on:
                late = (x(max(step.planned_on, begun)), x(until))
                done = (x(begun), late[0]) if reached and begun < step.planned_on else None
        bars.append(
            Bar(
                step.step, step.planned_on, reached,
                (until - step.planned_on).days if until and until > step.planned_on else 0,
                TOP + place * ROW, (x(planned_from), x(step.planned_on)), done, late,
            )
        )  # fmt: skip
        planned_from = step.planned_on
        done_from = reached or done_from
    here = x(day) if first <= day <= last else None
    return Schedule(tuple(bars), ticks, here, TOP + len(steps) * ROW)


def _furthest(steps: Sequence[Milestone]) -> date:
    """How far an axis may run beyond the plan: twice its length."""
    days = [step.planned_on for step in steps]
    return max(days) + max(max(days) - min(days), timedelta(365))


def _axis(first: date, last: date) -> tuple[Callable[[date], float], tuple[Tick, ...]]:
    length = max((last - first).days, 1)

    def x(day: date) -> float:
        share = min(max((day - first).days / length, 0), 1)
        return round(LEFT + (RIGHT - LEFT) * share, 1)

    months = max(round(length / 30.4 / _TICKS), 1)
    step = next((each for each in (1, 3, 6, 12, 24, 60, 120) if each >= months), 240)
    ticks, at = [], _month_after(first, step)
    while at <= last:
        ticks.append(Tick(x(at), f"{at.month:02d}/{at.year}" if step < 12 else str(at.year)))
        at = _months_on(at, step)
    return x, tuple(ticks)


def _month_after(day: date, step: int) -> date:
    """The first day of the next month whose number the step divides."""
    months = day.year * 12 + day.month - 1
    months = (months // step + 1) * step
    return date(months // 12, months % 12 + 1, 1)


def _months_on(day: date, months: int) -> date:
    total = day.year * 12 + day.month - 1 + months
    return date(total // 12, total % 12 + 1, 1)


@dataclass(frozen=True)
class Line:
    """A line of the chart: its style, its points, the last value in words."""

    style: str
    points: str
    dots: tuple[tuple[float, float], ...]
    last: str


@dataclass(frozen=True)
class Chart:
    """Money of one currency beside progress on the ground, in per cent."""

    currency: str
    lines: tuple[Line, ...]
    days: tuple[Tick, ...]
    shares: tuple[Tick, ...]
    today: float | None


_CHART_TOP: Final = 16.0
_CHART_FOOT: Final = 216.0


def chart(
    currency: str,
    capital: Decimal | None,
    spent: Iterable[Spent],
    seen: Sequence[Observed],
    day: date,
) -> Chart | None:
    """Draw money spent (share of registered capital, else of all that is planned) and progress.

    Nothing when there is neither; each is drawn at the end of its period or on its day.
    """
    mine = [each for each in spent if each.currency == currency]
    whole = capital or sum((each.planned or 0 for each in mine), start=0)
    money: dict[str, list[tuple[date, float]]] = {"plan": [], "actual": []}
    sums = {"plan": 0.0, "actual": 0.0}
    for each in sorted(mine, key=lambda each: each.period_to):
        for name, amount in (("plan", each.planned), ("actual", each.actual)):
            if amount is not None and whole:
                sums[name] += float(amount) / float(whole) * 100
                money[name].append((each.period_to, sums[name]))
    ground = {
        "planned": [(e.day, float(e.planned_pct)) for e in seen if e.planned_pct is not None],
        "seen": [(e.day, float(e.actual_pct)) for e in seen],
    }
    series = {
        "money-plan": money["plan"],
        "money-actual": money["actual"],
        "ground-plan": ground["planned"],
        "ground-actual": ground["seen"],
    }
    places = [place for points in series.values() for place in points]
    if not money["plan"] and not money["actual"] and len(ground["seen"]) < 2:
        return None
    begun = [each.period_from for each in mine]
    first = min([*(at for at, _share in places), *begun])
    last = max(at for at, _share in places)
    top = max(100.0, *(share for _at, share in places))
    x, days = _axis(first, last)

    def y(share: float) -> float:
        return round(_CHART_FOOT - (_CHART_FOOT - _CHART_TOP) * share / top, 1)

    drawn = []
    for style, points in series.items():
        if not points:
            continue
        from_nothing = [(min(begun, default=first), 0.0)] if style.startswith("money") else []
        corners = " ".join(f"{x(at)},{y(share)}" for at, share in [*from_nothing, *points])
        dots = tuple((x(at), y(share)) for at, share in points)
        drawn.append(Line(style, corners, dots, formats.percent(points[-1][1] / 100, 1)))
    shares = tuple(Tick(y(share), f"{share} %") for share in range(0, int(top) + 1, 25))
    here = x(day) if first <= day <= last else None
    return Chart(currency, tuple(drawn), days, shares, here)

"""Spark lines: how a figure went, as a line small enough to stand beside it. Plain SVG."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

WIDTH, HEIGHT, MARGIN = 96, 26, 3


@dataclass(frozen=True)
class Spark:
    """A line over equal steps of time; `label` says it in words for those who do not see it."""

    label: str
    points: str
    last_x: str
    last_y: str


def spark(values: Sequence[Decimal | None], label: str) -> Spark | None:
    """Draw values, oldest first; unknown ones are left out. None for fewer than two known."""
    known = [(place, float(value)) for place, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return None
    low, high = min(value for _, value in known), max(value for _, value in known)
    step = (WIDTH - 2 * MARGIN) / (len(values) - 1)
    room = HEIGHT - 2 * MARGIN

    def place_of(place: int, value: float) -> tuple[str, str]:
        part = (value - low) / (high - low) if high > low else 0.5
        return f"{MARGIN + place * step:.1f}", f"{MARGIN + room * (1 - part):.1f}"

    drawn = [place_of(place, value) for place, value in known]
    return Spark(label, " ".join(f"{x},{y}" for x, y in drawn), *drawn[-1])

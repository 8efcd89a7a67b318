"""The land pipeline as it is drawn: one band a zone, widths to scale, two honest tracks.

The ground track goes from natural area over cleared and allocated to in use; the planning track
says how much is leasable and how much of that is leased. They overlap by area and are never
subtracted from each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from gisapp.present.formats import Number


@dataclass(frozen=True)
class Segment:
    """A stretch of a track: its state (a colour of the map), its word, its area in m².

    ``start_m2`` is where it begins: 0 for what is nested in the stretch before.
    """

    state: str
    label: str
    area_m2: Number
    start_m2: Number = 0


@dataclass(frozen=True)
class Track:
    """One line of a band; segments are drawn from the left, each on top of the one before.

    So "cleared 300 ha" over "natural 500 ha" covers its first 300 ha: nested, not added up.
    """

    label: str
    segments: Sequence[Segment]


@dataclass(frozen=True)
class Band:
    """A zone's pipeline; ``longest_m2`` is the natural area of the largest zone on the page."""

    code: str
    name: str
    url: str
    natural_m2: Number | None
    longest_m2: Number
    tracks: Sequence[Track]
    inner: bool = False

    def width(self, area_m2: Number) -> str:
        """The width of an area in thousandths of the drawing, as text for SVG."""
        longest = Decimal(str(self.longest_m2))
        return "0" if longest <= 0 else f"{Decimal(str(area_m2)) / longest * 1000:.2f}"

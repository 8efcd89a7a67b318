"""From where on something is a finding, and how grave it is: dated data, read for a day."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits in force on a day: metres, m², percent of the parcel, mm on the drawing."""

    drawing_width_mm: float
    real_overlap_m2: float
    gap_area_m2: float
    gap_width_m: float
    gap_grave_m2: float
    outside_grave_m2: float
    share_grave_pct: float
    share_notable_pct: float
    let_grave_m2: float

    def drawn_m(self, scale: int) -> float:
        """How wide a drawn line is on the ground at a plan's scale, in metres."""
        return self.drawing_width_mm * scale / 1000


@cache
def _rows() -> tuple[dict[str, Any], ...]:
    text = files("planning").joinpath("data", "finding_limits.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)["limit"])


def limits_on(day: date) -> Limits:
    """Return the limits of a day; of rows with one code the last that has begun counts."""
    found: dict[str, float] = {}
    for row in sorted(_rows(), key=lambda row: row["from"]):
        if row["from"] <= day and ("to" not in row or row["to"] > day):
            found[row["code"]] = float(row["value"])
    return Limits(**found)

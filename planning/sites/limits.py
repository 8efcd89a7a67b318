"""What counts as a site, an access and a road: dated data, read for a day, replaced for a look."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final

REPLACEABLE: Final[Mapping[str, tuple[float, float]]] = {
    "lot_min_m2": (1.0, 10_000_000.0),
    "frontage_m": (0.1, 1_000.0),
    "contact_m": (0.1, 1_000.0),
    "snap_m": (0.001, 1.0),
}
"""Limits a reader may replace for one look, each from the least to the most that makes sense."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits in force on a day: m², metres, percent of a parcel, codes."""

    lot_min_m2: float
    frontage_m: float
    contact_m: float
    snap_m: float
    piece_min_m2: float
    kept_share_pct: float
    road_categories: tuple[str, ...]
    road_uses: tuple[str, ...]

    def replaced(self, asked: Mapping[str, float]) -> "Limits":
        """These limits with some replaced by a reader for one look."""
        known: dict[str, Any] = {name: float(value) for name, value in asked.items()}
        return replace(self, **known)


@cache
def _rows() -> tuple[dict[str, Any], ...]:
    text = files("planning").joinpath("data", "site_limits.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)["limit"])


def limits_on(day: date) -> Limits:
    """Return the limits of a day; of rows with one code the last that has begun counts."""
    found: dict[str, Any] = {}
    for row in sorted(_rows(), key=lambda row: row["from"]):
        if row["from"] <= day and ("to" not in row or row["to"] > day):
            value = row["value"]
            found[row["code"]] = tuple(value) if isinstance(value, list) else float(value)
    return Limits(**found)

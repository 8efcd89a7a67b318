"""Small zones on a grid for the tests of sites: cells of 10 m, parcels and lots made of cells.

And what hold-outs free worked out again from nothing but geometry, the slow and plain way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import count
from typing import Any
from uuid import UUID

import shapely

from planning.sites.ground import Ground, Lot, Parcel, lay
from planning.sites.limits import Limits, limits_on

CELL_M = 10.0
CLEARED = date(2022, 1, 1)
LIMITS = replace(limits_on(date(2025, 1, 1)), lot_min_m2=300.0)


def cells(*places: tuple[int, int]) -> Any:
    """The ground of some cells (column, row)."""
    return shapely.union_all(
        [shapely.box(x * CELL_M, y * CELL_M, (x + 1) * CELL_M, (y + 1) * CELL_M) for x, y in places]
    )


def rows(*drawn: str) -> dict[str, Any]:
    """Grounds by letter from a drawing, its first line in the north: one letter a cell."""
    found: dict[str, list[tuple[int, int]]] = {}
    for y, line in enumerate(reversed(drawn)):
        for x, letter in enumerate(line):
            if letter != ".":
                found.setdefault(letter, []).append((x, y))
    return {letter: cells(*places) for letter, places in sorted(found.items())}


def parcel(number: int, shape: Any, **facts: Any) -> Parcel:
    """A parcel by its number."""
    return Parcel(
        UUID(int=number), number, "KCN-1", "06652", "1", str(number), facts.pop("land_use", None),
        float(shape.area), shape, **facts,
    )  # fmt: skip


def lot(number: int, shape: Any, category: str = "CN", leasable: str = "industrial") -> Lot:
    """A lot without legal area."""
    area = float(shape.area)
    return Lot(number, f"{category}-{number}", category, leasable, None, area, shape)


def road(number: int, shape: Any) -> Lot:
    """A lot that is road."""
    return lot(number, shape, "GT", "none")


def shares(parcels: Sequence[Parcel], lots: Sequence[Lot]) -> list[tuple[int, int, float]]:
    """What parcels share with lots, as the register keeps it."""
    return [
        (one.version_id, other.version_id, float(one.shape.intersection(other.shape).area))
        for one in parcels
        for other in lots
        if one.shape.intersection(other.shape).area > 0
    ]


def drawn(
    parcels: Sequence[str], lots: Sequence[str], states: dict[str, dict[str, Any]],
    limits: Limits = LIMITS,
) -> tuple[Ground, dict[str, int]]:  # fmt: skip
    """Ground from two drawings; lots: R road, S service, else industrial. Cleared unless said."""
    numbers = count(1)
    places: dict[str, int] = {}
    held = []
    for letter, shape in rows(*parcels).items():
        places[letter] = len(held)
        facts = {"cleared_on": CLEARED, **states.get(letter, {})}
        held.append(parcel(next(numbers), shape, **facts))
    planned = []
    for letter, shape in rows(*lots).items():
        if letter == "R":
            planned.append(road(next(numbers), shape))
        elif letter == "S":
            planned.append(lot(next(numbers), shape, "DV", "service"))
        else:
            planned.append(lot(next(numbers), shape))
    return lay(held, planned, shares(held, planned), limits), places


def plainly(
    parcels: Sequence[Parcel], lots: Sequence[Lot], limits: Limits, one: int
) -> tuple[float, float]:
    """What clearing parcel `one` frees, m² and m, by drawing everything before and after."""
    before = [each.cleared_on is not None for each in parcels]
    after = [done or at == one for at, done in enumerate(before)]
    gained = _land(parcels, lots, limits, after) - _land(parcels, lots, limits, before)
    return gained, _road(parcels, lots, before, after)


def _ground(
    parcels: Sequence[Parcel], lots: Sequence[Lot], there: Sequence[bool], which: Any
) -> Any:
    """Ground of some parcels on some lots; where they only touch is no ground."""
    ground = shapely.union_all([p.shape for p, ok in zip(parcels, there, strict=True) if ok])
    shared = shapely.intersection(ground, shapely.union_all([t.shape for t in lots if which(t)]))
    parts = shapely.get_parts(shared)
    return shapely.union_all(parts[shapely.get_type_id(parts) == 3])


def _land(
    parcels: Sequence[Parcel], lots: Sequence[Lot], limits: Limits, there: Sequence[bool]
) -> float:
    free = [ok and not (p.leased or p.in_use) for p, ok in zip(parcels, there, strict=True)]
    land = _ground(parcels, lots, free, lambda each: each.leasable != "none")
    ways = _ground(parcels, lots, there, lambda each: each.category == "GT")
    total = 0.0
    for site in shapely.get_parts(land):
        if shapely.get_type_id(site) != 3 or site.area < limits.lot_min_m2 - 1e-6:
            continue
        if site.boundary.intersection(ways).length >= limits.frontage_m:
            total += site.area
    return total


def _road(
    parcels: Sequence[Parcel], lots: Sequence[Lot], before: Sequence[bool], after: Sequence[bool]
) -> float:
    def stretches(there: Sequence[bool]) -> list[Any]:
        ground = _ground(parcels, lots, there, lambda each: each.category == "GT")
        return [part for part in shapely.get_parts(ground) if shapely.get_type_id(part) == 3]

    def metres(part: Any) -> float:
        return sum(
            float(part.intersection(each.shape).area) / _wide(each.shape)
            for each in lots
            if each.category == "GT"
        )

    old, total = stretches(before), 0.0
    for part in stretches(after):
        inside = [metres(each) for each in old if each.intersection(part).area > 0]
        total += metres(part) - max(inside, default=0.0)
    return total


def _wide(shape: Any) -> float:
    """Width of the rectangle of the same area and perimeter."""
    half, area = shape.length / 2, shape.area
    inside = half * half - 4 * area
    return float((half - inside**0.5) / 2) if inside > 0 else float(area**0.5)

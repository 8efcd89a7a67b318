"""Plans of two levels on the same ground: where the lower one makes something else of it.

Areas are m² on the plane both share. The question is asked on the ground of the lower plan alone.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import fsum
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from planning.plans.difference import (
    IN_NO_LOT,
    OUT_OF_PLAN,
    Cell,
    Cover,
    Lot,
    Overlay,
    Use,
    overlay,
)
from planning.vocabulary import lot_categories

SAME, WITHIN, DIFFERS, OPEN, BEYOND = "same", "within", "differs", "open", "beyond"
VERDICTS: Final = (DIFFERS, BEYOND, OPEN, WITHIN, SAME)
"""Gravest first. `same`: one category on both levels; `within`: what such a zone holds; `differs`;
`open`: in no lot on one of the levels; `beyond`: outside the higher plan.
"""


@cache
def _admits() -> dict[str, frozenset[str]]:
    text = files("planning").joinpath("data", "level_agreement.toml").read_text(encoding="utf-8")
    return {group: frozenset(held) for group, held in tomllib.loads(text)["admits"].items()}


def verdict(cell: Cell) -> str:
    """What a cell of higher × lower plan means."""
    higher, lower = cell.before, cell.after
    if higher == OUT_OF_PLAN:
        return BEYOND
    if IN_NO_LOT in (higher, lower):
        return OPEN
    if higher.category == lower.category:
        return SAME
    categories = lot_categories()
    one, other = categories.get(higher.category), categories.get(lower.category)
    if one is None or other is None:
        return DIFFERS
    return WITHIN if other.group in _admits().get(one.group, frozenset()) else DIFFERS


@dataclass(frozen=True, slots=True)
class LevelCell:
    """Ground of one category above and one below, with what that means and the lots below."""

    higher: Use
    lower: Use
    verdict: str
    area_m2: float
    lots: tuple[tuple[str, float], ...]


def compare_levels(higher: Cover, lower: Cover) -> tuple[list[LevelCell], Overlay]:
    """Lay a lower plan over a higher one, on the ground of the lower one; gravest cells first."""
    ground = _ground(lower)
    laid = overlay(_cut(higher, ground), Cover(lower.lots, ground))
    areas: dict[Cell, list[float]] = {}
    lots: dict[Cell, dict[str, list[float]]] = {}
    for piece in laid.pieces:
        cell = laid.cell(piece)
        if cell.after == OUT_OF_PLAN:
            continue
        areas.setdefault(cell, []).append(piece.area_m2)
        if piece.after >= 0:
            symbol = laid.after.lots[piece.after].symbol
            lots.setdefault(cell, {}).setdefault(symbol, []).append(piece.area_m2)
    found = [
        LevelCell(cell.before, cell.after, verdict(cell), fsum(area), _largest(lots.get(cell, {})))
        for cell, area in areas.items()
    ]
    return sorted(found, key=lambda each: (VERDICTS.index(each.verdict), -each.area_m2)), laid


def _largest(lots: dict[str, list[float]]) -> tuple[tuple[str, float], ...]:
    return tuple(
        sorted(((symbol, fsum(areas)) for symbol, areas in lots.items()), key=lambda pair: -pair[1])
    )


def _ground(cover: Cover) -> BaseGeometry:
    lots = shapely.union_all([lot.shape for lot in cover.lots])
    return lots if cover.boundary is None else shapely.union(cover.boundary, lots)


def _cut(cover: Cover, ground: BaseGeometry) -> Cover:
    """The part of a plan that lies on some ground."""
    kept = []
    for lot in cover.lots:
        shape = shapely.intersection(lot.shape, ground)
        if shapely.area(shape) > 0:
            kept.append(_with_shape(lot, shape))
    boundary = None if cover.boundary is None else shapely.intersection(cover.boundary, ground)
    return Cover(tuple(kept), boundary)


def _with_shape(lot: Lot, shape: BaseGeometry) -> Lot:
    facts = {name: getattr(lot, name) for name in Lot.__slots__}
    return Lot(**{**facts, "shape": shape, "area_m2": float(shapely.area(shape))})


def by_verdict(cells: Iterable[LevelCell]) -> dict[str, float]:
    """The ground of each verdict, m²; all of them, 0 where there is none."""
    sums: dict[str, list[float]] = {name: [] for name in VERDICTS}
    for cell in cells:
        sums[cell.verdict].append(cell.area_m2)
    return {name: fsum(areas) for name, areas in sums.items()}


def covered_m2(
    ground: Iterable[BaseGeometry], scopes: Iterable[BaseGeometry]
) -> tuple[float, float]:
    """The area of some ground and how much of it plans cover, m²; every square metre once."""
    whole, planned = shapely.union_all(list(ground)), shapely.union_all(list(scopes))
    return float(shapely.area(whole)), float(shapely.area(shapely.intersection(whole, planned)))

"""Land balance of a plan version: its lots by use, closed to the plan's boundary by rows of their
own for ground that two lots claim, that none claims, and that lies outside.

Σ lots − overlap − outside + gap = ground of the plan, to the floating point's last digits: every
term is measured on the same shapes. Areas are planar m² of the plan's VN-2000 plane.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import numpy as np
import shapely
from shapely import Polygon
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from layers.coverage import SLIVER_AREA_M2, filling, sliver_tolerance_m2
from layers.geometry import place
from planning.clocks import Moment, known, today
from planning.plans.model import PlanLot, PlanStatedArea, PlanStatus

ROUNDING_M2: Final = Decimal(50)
"""A decision prints hectares with two decimals: each row may be off by 0.005 ha."""
PLACES_AT_MOST: Final = 50


@dataclass(frozen=True, slots=True)
class Use:
    """One category: how many lots, m² by drawing and by paper, and what the decision states."""

    category: str
    lots: int
    area_m2: float
    legal_m2: Decimal
    without_legal: int
    stated_m2: Decimal | None
    label: str | None

    @property
    def difference_m2(self) -> float | None:
        """Drawn less stated."""
        return None if self.stated_m2 is None else self.area_m2 - float(self.stated_m2)


@dataclass(frozen=True, slots=True)
class Flawed:
    """A place where lots overlap, leave a gap or reach outside: m², (E, N), and whose."""

    fault: str
    area_m2: float
    east: float
    north: float
    symbols: tuple[str, ...]


@dataclass(frozen=True)
class Balance:
    """A plan version's ground by use, with what keeps the sum from being the whole."""

    ground_m2: float
    uses: tuple[Use, ...]
    overlap_m2: float
    outside_m2: float
    gap_m2: float
    stated_total_m2: Decimal | None
    places: tuple[Flawed, ...]
    lots: int

    @property
    def lots_m2(self) -> float:
        """All lots as drawn, ground claimed twice counted twice."""
        return sum(use.area_m2 for use in self.uses)

    @property
    def closes_m2(self) -> float:
        """What the rows add up to, less the plan's ground: nothing but rounding of the machine."""
        rows = self.lots_m2 - self.overlap_m2 - self.outside_m2 + self.gap_m2
        return rows - self.ground_m2

    @property
    def stated_m2(self) -> Decimal | None:
        """What the decision's rows add up to."""
        found = [use.stated_m2 for use in self.uses if use.stated_m2 is not None]
        return sum(found, Decimal(0)) if found else None

    @property
    def stated_misses_m2(self) -> Decimal:
        """By how much the decision's own rows miss its own total, past rounding; else nought."""
        if self.stated_m2 is None or self.stated_total_m2 is None:
            return Decimal(0)
        rows = sum(use.stated_m2 is not None for use in self.uses) + 1
        missed = self.stated_m2 - self.stated_total_m2
        return missed if abs(missed) > ROUNDING_M2 * rows else Decimal(0)

    def faults(self) -> dict[str, float]:
        """Return what keeps a draft from approval: m² by fault, slivers of drawing left out."""
        found: dict[str, float] = defaultdict(float)
        for flaw in self.places:
            found[flaw.fault] += flaw.area_m2
        if self.stated_misses_m2:
            found["sum"] = float(abs(self.stated_misses_m2))
        return dict(found)


def balance(session: Session, plan_version_id: UUID, at: Moment | None = None) -> Balance:
    """Return the land balance of a version, as known at a moment (now when none is given)."""
    moment = at or Moment(today())  # lots have no days of their own
    lots = session.execute(
        select(
            PlanLot.symbol,
            PlanLot.category,
            PlanLot.legal_area_m2,
            func.ST_AsBinary(PlanLot.geom),
        )
        .where(PlanLot.plan_version_id == plan_version_id, known(PlanLot, moment))
        .order_by(PlanLot.symbol, PlanLot.version_id)
    ).all()
    wkb = session.scalar(
        select(func.ST_AsBinary(PlanStatus.geom))
        .where(PlanStatus.plan_version_id == plan_version_id, known(PlanStatus, moment))
        .order_by(PlanStatus.valid_from.desc(), PlanStatus.version_id.desc())
        .limit(1)
    )
    stated = session.execute(
        select(PlanStatedArea.category, PlanStatedArea.label, PlanStatedArea.area_m2)
        .where(PlanStatedArea.plan_version_id == plan_version_id, known(PlanStatedArea, moment))
        .order_by(PlanStatedArea.position)
    ).all()
    shapes = np.asarray(shapely.from_wkb([bytes(row[3]) for row in lots]), dtype=object)
    ground = shapely.Polygon() if wkb is None else shapely.from_wkb(bytes(wkb))
    total = next((row.area_m2 for row in stated if row.category is None), None)
    return _measured(
        ground,
        shapes,
        [row[0] for row in lots],
        _uses(lots, shapely.area(shapes), [row for row in stated if row.category is not None]),
        total,
    )


def _uses(lots: Any, areas: Any, stated: Any) -> tuple[Use, ...]:
    drawn: dict[str, float] = defaultdict(float)
    legal: dict[str, Decimal] = defaultdict(Decimal)
    count: dict[str, int] = defaultdict(int)
    missing: dict[str, int] = defaultdict(int)
    for (_symbol, category, legal_m2, _wkb), area in zip(lots, areas, strict=True):
        drawn[category] += float(area)
        count[category] += 1
        missing[category] += legal_m2 is None
        legal[category] += Decimal(str(round(float(area), 1))) if legal_m2 is None else legal_m2
    said: Mapping[str, Decimal] = _summed(stated)
    labels = {row.category: row.label for row in stated}
    return tuple(
        Use(
            category,
            count[category],
            drawn[category],
            legal[category],
            missing[category],
            said.get(category),
            labels.get(category),
        )
        for category in sorted({*drawn, *said}, key=lambda code: (-drawn.get(code, 0.0), code))
    )


def _summed(stated: Any) -> dict[str, Decimal]:
    found: dict[str, Decimal] = defaultdict(Decimal)
    for row in stated:
        found[row.category] += row.area_m2
    return dict(found)


def _measured(
    ground: BaseGeometry,
    shapes: Any,
    symbols: list[str],
    uses: tuple[Use, ...],
    stated_total: Decimal | None,
) -> Balance:
    filled = filling(shapes, ground)
    tree = shapely.STRtree(shapes)
    places = [
        *_places("overlap", filled.overlaps, tree, shapes, symbols),
        *_places("outside", filled.beyond, tree, shapes, symbols),
        *_places("gap", filled.gaps, tree, shapes, symbols),
    ]
    return Balance(
        ground_m2=float(shapely.area(ground)),
        uses=uses,
        overlap_m2=filled.overlap_m2,
        outside_m2=filled.beyond_m2,
        gap_m2=filled.gap_m2,
        stated_total_m2=stated_total,
        places=tuple(places),
        lots=len(shapes),
    )


def _places(
    fault: str, pieces: Sequence[Polygon], tree: shapely.STRtree, shapes: Any, symbols: list[str]
) -> list[Flawed]:
    """Pieces of ground past a sliver, largest first, with the lots on them or, of gaps, around."""
    found: list[Flawed] = []
    for each in pieces:
        if each.area <= sliver_tolerance_m2(each.length):
            continue
        spot = place(each)
        near = tree.query(each, "intersects") if len(found) < PLACES_AT_MOST else np.empty(0, int)
        if fault != "gap":
            near = near[shapely.area(shapely.intersection(shapes[near], each)) > SLIVER_AREA_M2]
        names = tuple(sorted({symbols[n] for n in near}))[:5]
        found.append(Flawed(fault, float(each.area), spot.x, spot.y, names))
    return found

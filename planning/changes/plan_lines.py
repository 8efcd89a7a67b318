"""Lots of the plans in force, as an edit needs them: their sides, and the ground they share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planning.changes.errors import PlanMissing
from planning.clocks import valid_on
from planning.parcels.holding import Held
from planning.plans.model import Plan, PlanLot, PlanStatus
from planning.vocabulary import IN_FORCE_STATUSES

PAPER_M = 0.0002
"""What a drawn line is worth on paper: 0.2 mm."""


@dataclass(frozen=True, slots=True)
class Lot:
    """A lot of a plan in force; `tolerance_m` follows from the plan's scale."""

    plan: str
    level: str
    symbol: str
    category: str
    leasable: str
    tolerance_m: float
    shape: Any


def lots_near(
    session: Session,
    day: date,
    srid: int,
    envelope: tuple[float, float, float, float],
    *,
    level: str = "subdivision",
    plan_version: UUID | None = None,
) -> list[Lot]:
    """Return the lots of plans in force on a day, or of one plan version, that meet an envelope."""
    asked = (
        select(
            Plan.code,
            PlanLot.level,
            PlanLot.symbol,
            PlanLot.category,
            PlanLot.leasable,
            Plan.scale_denominator,
            func.ST_AsBinary(PlanLot.geom),
        )
        .join(Plan, Plan.id == PlanLot.plan_id)
        .where(
            PlanLot.srid == srid,
            PlanLot.closed_by.is_(None),
            PlanLot.geom.op("&&")(func.ST_MakeEnvelope(*envelope, srid)),
        )
    )
    if plan_version is not None:
        asked = asked.where(PlanLot.plan_version_id == plan_version)
    else:
        asked = asked.join(PlanStatus, PlanStatus.plan_version_id == PlanLot.plan_version_id).where(
            PlanLot.level == level,
            PlanStatus.closed_by.is_(None),
            PlanStatus.status.in_(IN_FORCE_STATUSES),
            valid_on(PlanStatus, day),
        )
    rows = session.execute(asked.order_by(PlanLot.version_id)).all()
    return [
        Lot(plan, level, symbol, category, leasable, scale * PAPER_M, shapely.from_wkb(bytes(wkb)))
        for plan, level, symbol, category, leasable, scale, wkb in rows
    ]


def lot_lines(
    session: Session, day: date, target: Held, said: Mapping[str, Any]
) -> tuple[BaseGeometry, float]:
    """The sides of the lots on a parcel, and the width under which a piece is the drawing's slip.

    Raises:
        PlanMissing: no lot lies on the parcel.
    """
    version = said.get("plan_version")
    lots = lots_near(
        session,
        day,
        target.srid,
        target.shape.bounds,
        level=said.get("level") or "subdivision",
        plan_version=UUID(str(version)) if version else None,
    )
    if not lots:
        raise PlanMissing(parcel=str(target.parcel_id))
    sides = shapely.boundary(np.array([lot.shape for lot in lots], dtype=object))
    return shapely.union_all(sides), max(lot.tolerance_m for lot in lots)


def shared_with_lots(session: Session, day: date, parcels: Sequence[Held]) -> list[dict[str, Any]]:
    """For each parcel its m² in each lot of the plans in force, outside all, and in conflict.

    In conflict is ground in lots of another category than the parcel's main one, and ground
    outside every lot, as far as it exceeds what the drawing's tolerance can do.
    """
    if not parcels:
        return []
    bounds = shapely.total_bounds(np.array([each.shape for each in parcels], dtype=object))
    envelope = tuple(float(each) for each in bounds)
    lots = lots_near(session, day, parcels[0].srid, envelope)  # type: ignore[arg-type]
    tree = shapely.STRtree([lot.shape for lot in lots])
    return [_shares(each, [lots[n] for n in tree.query(each.shape)]) for each in parcels]


def _shares(parcel: Held, lots: Sequence[Lot]) -> dict[str, Any]:
    lines: list[dict[str, Any]] = []
    by_category: dict[str, float] = {}
    slack: dict[str, float] = {}
    for lot in lots:
        shared = shapely.intersection(parcel.shape, lot.shape)
        if shared.area <= 1e-4:
            continue
        lines.append(
            {
                "plan": lot.plan,
                "level": lot.level,
                "symbol": lot.symbol,
                "category": lot.category,
                "leasable": lot.leasable,
                "area_m2": float(shared.area),
            }
        )
        by_category[lot.category] = by_category.get(lot.category, 0.0) + float(shared.area)
        strip = lot.tolerance_m * float(shared.length) / 2
        slack[lot.category] = slack.get(lot.category, 0.0) + strip
    outside = max(0.0, parcel.area_m2 - sum(by_category.values()))
    main = max(by_category, key=lambda name: by_category[name], default=None)
    conflict = sum(m2 for name, m2 in by_category.items() if name != main and m2 > slack[name])
    if main is not None and outside > slack[main]:
        conflict += outside
    lines.sort(key=lambda line: -float(line["area_m2"]))
    return {
        "parcel": str(parcel.parcel_id),
        "name": parcel.name,
        "lots": lines,
        "outside_m2": outside,
        "conflict_m2": conflict,
    }

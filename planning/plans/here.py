"""Which plans are in force on a spot on a day, of every level at once."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from planning.clocks import Moment, moment_parameters
from planning.statements import statement
from planning.vocabulary import PLAN_LEVELS

SLIVER_M2 = 0.0001
"""Shared ground no larger than this is a common side."""


@dataclass(frozen=True, slots=True)
class LotHere:
    """A lot on the spot; `shared_m2` is None for a point."""

    lot_id: UUID
    symbol: str
    category: str
    leasable: str
    legal_area_m2: Decimal | None
    density_pct: Decimal | None
    storeys_max: int | None
    floor_area_ratio: Decimal | None
    shared_m2: float | None


@dataclass(frozen=True)
class PlanHere:
    """A plan version in force on the spot, its decision, and its lots there."""

    level: str
    plan: str
    name_vi: str
    name_en: str | None
    scale_denominator: int
    zone: str
    number: int
    plan_version_id: UUID
    status: str
    valid_from: date
    valid_to: date | None
    decision_number: str | None
    decision_issued_on: date | None
    decision_issuer: str | None
    plan_shared_m2: float | None
    asked_m2: float | None
    lots: list[LotHere] = field(default_factory=list)

    @property
    def without_lot_m2(self) -> float | None:
        """Ground of the spot that is in the plan but in none of its lots."""
        if self.plan_shared_m2 is None:
            return None
        return max(0.0, self.plan_shared_m2 - sum(lot.shared_m2 or 0.0 for lot in self.lots))


def plans_here(
    session: Session, at: Moment, shape: BaseGeometry, srid: int
) -> dict[str, list[PlanHere]]:
    """Return the plans in force on a point or polygon by level; every level is answered for.

    `shape` is (E, N) in metres of plane `srid`, or (longitude, latitude) when `srid` is 4326:
    then plans of every plane are asked.
    """
    values = {**moment_parameters(at), "shape": shapely.to_wkb(shape, hex=True), "srid": srid}
    found: dict[str, list[PlanHere]] = {level: [] for level in PLAN_LEVELS}
    known: dict[UUID, PlanHere] = {}
    names = set(LotHere.__slots__)
    plan_names = set(PlanHere.__dataclass_fields__) - {"lots"}
    for row in session.execute(statement("plans_here"), values).mappings():
        here = known.get(row["plan_version_id"])
        if here is None:
            here = PlanHere(**{name: row[name] for name in plan_names})
            known[here.plan_version_id] = here
            found[here.level].append(here)
        shared = row["shared_m2"]
        if row["lot_id"] is not None and (shared is None or shared > SLIVER_M2):
            here.lots.append(LotHere(**{name: row[name] for name in names}))
    return found

"""Figures of a zone under one plan version and under the other, by the indicators' own machinery.

Nothing is estimated: both columns are what the register answers, on the same day and knowledge,
when it counts the lots of that version. So the figures of the eve of an approval and of its day
differ by exactly what is shown here, unless something else happened on that day.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from planning.clocks import Moment, in_force
from planning.indicators.queries import Figure, Supposition, base_quantities, land
from planning.plans.difference import Cell
from planning.plans.difference_sides import VersionFacts
from planning.plans.model import PlanStatus
from planning.vocabulary import IN_FORCE_STATUSES

LEVEL_COUNTED: Final = "subdivision"
"""Figures count the lots of subdivision plans; a version of another level moves none of them."""
FIGURES: Final = (
    "leasable_area",
    "leasable_area_incl_service",
    "leased_area",
    "leased_area_incl_service",
    "occupancy_rate_d82",
    "occupancy_rate_d35",
    "available_area",
)


@dataclass(frozen=True, slots=True)
class Shift:
    """One indicator under the version before and under the version after."""

    before: Figure
    after: Figure


def shifted_figures(
    session: Session, at: Moment, before: VersionFacts, after: VersionFacts
) -> tuple[Shift, ...]:
    """Return the figures of the zone under each version; none for other levels of plan."""
    if LEVEL_COUNTED not in (before.level, after.level):
        return ()
    ruling = _in_force(session, at, {before.plan_id, after.plan_id})
    under = [
        _figures(session, at, after.zone, _supposing(ruling, version.plan_version_id))
        for version in (before, after)
    ]
    return tuple(Shift(under[0][code], under[1][code]) for code in FIGURES if code in under[0])


def _in_force(session: Session, at: Moment, plans: set[UUID]) -> set[UUID]:
    return set(
        session.scalars(
            select(PlanStatus.plan_version_id).where(
                PlanStatus.plan_id.in_(plans),
                PlanStatus.status.in_(IN_FORCE_STATUSES),
                in_force(PlanStatus, at),
            )
        )
    )


def _supposing(ruling: set[UUID], version: UUID) -> Supposition:
    """The version alone of its plans, whatever is in force."""
    without = tuple(sorted(ruling - {version}))
    return Supposition(without, () if version in ruling else (version,))


def _figures(session: Session, at: Moment, zone: str, plans: Supposition) -> Mapping[str, Figure]:
    count = partial(base_quantities, plans=plans)
    return land(session, at, zone=zone, flows=False, count=count).figures(FIGURES)


@dataclass(frozen=True, slots=True)
class LeasableGround:
    """What the matrix says of ground that can be let, measured m²."""

    lost_m2: float
    gained_m2: float
    turned_m2: float

    @property
    def net_m2(self) -> float:
        """What is gained less what is lost."""
        return self.gained_m2 - self.lost_m2


def leasable_ground(matrix: Mapping[Cell, float]) -> LeasableGround:
    """Add up the ground that leaves leasing, enters it, and stays but of another class."""
    stays = {
        cell: area
        for cell, area in matrix.items()
        if cell.before.leasable != "none" and cell.after.leasable != "none"
    }
    return LeasableGround(
        lost_m2=sum(area for cell, area in matrix.items() if cell.leaves_leasing),
        gained_m2=sum(area for cell, area in matrix.items() if cell.enters_leasing),
        turned_m2=sum(
            area for cell, area in stays.items() if cell.before.leasable != cell.after.leasable
        ),
    )

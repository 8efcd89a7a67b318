"""Questions across levels: lower plans against those above them, and how much is planned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final
from uuid import UUID

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from planning.clocks import Moment, moment_parameters
from planning.plans.difference import SPECK_M2
from planning.plans.difference_sides import Side, VersionFacts, side
from planning.plans.levels import LevelCell, by_verdict, compare_levels, covered_m2
from planning.statements import statement
from planning.vocabulary import IN_FORCE_STATUSES

LEVELS: Final = ("general", "subdivision", "detailed")
NEXT_TO: Final = tuple(pairwise(LEVELS))
"""Each level with the one below it."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The ground of a version in force."""

    plan_version_id: UUID
    srid: int
    level: str
    ground: BaseGeometry


@dataclass(frozen=True, slots=True)
class LevelPair:
    """A lower plan on the ground of a higher one; areas m²."""

    higher: VersionFacts
    lower: VersionFacts
    cells: tuple[LevelCell, ...]

    @property
    def sums(self) -> dict[str, float]:
        """Ground by verdict."""
        return by_verdict(self.cells)

    @property
    def ground_m2(self) -> float:
        """The ground of the lower plan."""
        return sum(cell.area_m2 for cell in self.cells)


def scopes(session: Session, at: Moment) -> list[Scope]:
    """Return the ground of every version in force at the moment."""
    values = {**moment_parameters(at), "in_force": list(IN_FORCE_STATUSES)}
    rows = session.execute(statement("levels/scopes"), values)
    return [
        Scope(row.plan_version_id, row.srid, row.level, shapely.from_wkb(bytes(row.ground)))
        for row in rows
    ]


def level_pairs(
    session: Session, at: Moment, zone_ids: Sequence[UUID], *, version_id: UUID | None = None
) -> list[LevelPair]:
    """Compare every plan in force of these zones with those in force of the level above it.

    `version_id`: that version alone, a draft too, on its own ground.
    """
    ruling, seen = scopes(session, at), set(zone_ids)
    sides: dict[UUID, Side] = {}

    def read(version: UUID) -> Side:
        if version not in sides:
            sides[version] = side(session, at, version)
        return sides[version]

    below = ruling if version_id is None else _scope_of(read(version_id))
    pairs = []
    for high, low in _meeting(ruling, below):
        higher, lower = read(high), read(low)
        if lower.facts.zone_id in seen:
            cells, _laid = compare_levels(higher.cover, lower.cover)
            pairs.append(LevelPair(higher.facts, lower.facts, tuple(cells)))
    return sorted(pairs, key=lambda pair: (pair.lower.level, pair.lower.code, pair.higher.code))


def _scope_of(one: Side) -> list[Scope]:
    facts, ground = one.facts, one.cover.boundary
    if ground is None:
        ground = shapely.union_all([lot.shape for lot in one.cover.lots])
    return [Scope(facts.plan_version_id, facts.srid, facts.level, ground)]


def _meeting(above: Sequence[Scope], below: Sequence[Scope]) -> list[tuple[UUID, UUID]]:
    """Versions of neighbouring levels that share ground, the higher one first."""
    return [
        (high.plan_version_id, low.plan_version_id)
        for high in above
        for low in below
        if (high.level, low.level) in NEXT_TO
        and high.srid == low.srid
        and shapely.area(shapely.intersection(high.ground, low.ground)) > SPECK_M2
    ]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of some ground plans in force cover, m², every square metre once.

    `natural_m2` is measured inside the boundaries; `planned_m2` by level. Ratios have it as their
    denominator and are undefined without a boundary.
    """

    natural_m2: float
    planned_m2: Mapping[str, float]

    def ratio(self, level: str) -> float | None:
        """Part of the ground that a plan of this level covers, 0 to 1."""
        return self.planned_m2[level] / self.natural_m2 if self.natural_m2 else None


def coverage(
    session: Session, at: Moment, zone_ids: Sequence[UUID]
) -> tuple[Coverage, dict[UUID, Coverage]]:
    """Return the plan coverage of zones together and of each; nested ground counts once."""
    values = {**moment_parameters(at), "zones": list(zone_ids)}
    rows = session.execute(statement("levels/boundaries"), values).all()
    grounds = [(row.zone_id, row.srid, shapely.from_wkb(bytes(row.ground))) for row in rows]
    found = scopes(session, at)
    each = {zone_id: _coverage([(srid, ground)], found) for zone_id, srid, ground in grounds}
    whole = _coverage([(srid, ground) for _zone, srid, ground in grounds], found)
    return whole, each


def _coverage(grounds: Sequence[tuple[int, BaseGeometry]], found: Sequence[Scope]) -> Coverage:
    """Plane by plane: shapes of different planes do not meet."""
    natural, planned = 0.0, dict.fromkeys(LEVELS, 0.0)
    for srid in {srid for srid, _ground in grounds}:
        here = [ground for plane, ground in grounds if plane == srid]
        for level in LEVELS:
            drawn = [each.ground for each in found if (each.srid, each.level) == (srid, level)]
            whole, covered = covered_m2(here, drawn)
            planned[level] += covered
        natural += whole
    return Coverage(natural, planned)

"""Questions: which parcels hold others up, and where a site of a size can be, at a moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from planning.clearance.of_parcels import ParcelItem, items_of_parcels
from planning.clocks import Moment
from planning.sites.errors import LimitRefused, SizeRefused
from planning.sites.finder import Found, Wanted, find
from planning.sites.ground import Ground
from planning.sites.holdouts import Freed, freed
from planning.sites.limits import REPLACEABLE, Limits, limits_on
from planning.sites.reading import ground_of

MOST_M2: Final = 500_000_000.0
"""50,000 ha: larger than any economic zone's land to be let."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where to look: a zone with those inside it, and what to call it."""

    zone_ids: tuple[UUID, ...]
    name: str


@dataclass(frozen=True, slots=True)
class HoldOuts:
    """What every uncleared parcel frees, by which limits, and the items that hold them."""

    ground: Ground
    limits: Limits
    freed: tuple[Freed, ...]
    items: Mapping[UUID, ParcelItem]
    kept: int


@dataclass(frozen=True, slots=True)
class Sites:
    """The sites found, what the next best lack, and the items of the parcels lacking."""

    ground: Ground
    limits: Limits
    wanted: Wanted
    found: Found
    items: Mapping[UUID, ParcelItem]


def hold_outs(
    session: Session, at: Moment, where: Place, asked: Mapping[str, float] | None = None
) -> HoldOuts:
    """Return what clearing each parcel that waits frees, alone; `asked` replaces limits.

    3,000 such parcels take about a second.

    Raises:
        NoParcelsYet, BeforeFirstRecord, NoPlanInForce, LimitRefused
    """
    limits = limits_for(at.as_of, asked or {})
    ground = ground_of(session, at, where.zone_ids, where.name, limits)
    found = tuple(freed(ground, limits))
    parcels = [ground.parcels[each.parcel].parcel_id for each in found]
    kept = sum(each.kept and each.cleared_on is None for each in ground.parcels)
    items = items_of_parcels(session, at, where.zone_ids, parcels)
    return HoldOuts(ground, limits, found, items, kept)


def sites(
    session: Session,
    at: Moment,
    where: Place,
    wanted: Wanted,
    *,
    asked: Mapping[str, float] | None = None,
    most: int = 10,
) -> Sites:
    """Return the sites of a size by a day, and the next best with what they lack.

    `at.known` is what is known; the day looked at is `wanted.by`. A day ahead of what is known
    counts hand-overs planned and rights that end until then: a forecast.

    Raises:
        SizeRefused, LimitRefused, NoParcelsYet, BeforeFirstRecord, NoPlanInForce
    """
    if not 0 < wanted.least_m2 <= MOST_M2:
        raise SizeRefused(most_ha=MOST_M2 / 10_000)
    by = Moment(wanted.by, at.known)
    limits = limits_for(wanted.by, asked or {})
    ground = ground_of(session, by, where.zone_ids, where.name, limits)
    found = find(ground, wanted, most)
    lacking = {lack.parcel for site in found.nearly for lack in site.lacks}
    lacking |= {site.road for site in (*found.sites, *found.nearly) if site.road is not None}
    parcels: Sequence[UUID] = [ground.parcels[each].parcel_id for each in sorted(lacking)]
    items = items_of_parcels(session, by, where.zone_ids, parcels)
    return Sites(ground, limits, wanted, found, items)


def limits_for(day: date, asked: Mapping[str, float]) -> Limits:
    """The limits of a day, some replaced. Raises LimitRefused."""
    for name, value in asked.items():
        if name not in REPLACEABLE:
            raise LimitRefused(limit=name, least=0.0, most=0.0)
        least, most = REPLACEABLE[name]
        if not least <= value <= most:
            raise LimitRefused(limit=name, least=least, most=most)
    return limits_on(day).replaced(asked)

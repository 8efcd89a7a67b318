"""Questions to the living conformance: the findings of zones, or of one parcel, at a moment."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from planning.clocks import Moment
from planning.conformance import reading
from planning.conformance.finding import SEVERITIES, Finding, Parcel
from planning.conformance.limits import limits_on
from planning.conformance.reading import Place
from planning.conformance.rules import (
    across_uses,
    fit_together,
    gaps,
    let_on_unlettable,
    outside,
    outside_plan,
    overlapping,
    with_waivers,
)

_NEAR_M = 1.0
"""Around one parcel: enough for everything that touches it."""


def findings(session: Session, at: Moment, zone_ids: tuple[UUID, ...]) -> list[Finding]:
    """Return what does not fit in some zones at a moment, the gravest first, numbered from 1.

    Shares of parcels with lots are the stored ones; ground is worked out exactly, in each plane.
    A zone of 10,000 parcels answers in about a second.
    """
    if not zone_ids:
        return []
    return _found(session, at, Place(zone_ids))


def findings_of_parcel(
    session: Session, at: Moment, zone_id: UUID, parcel_id: UUID
) -> list[Finding]:
    """Return what does not fit about one parcel at a moment, gaps beside it excepted."""
    lies = reading.box_of(session, at, parcel_id)
    if lies is None:
        return []
    srid, (west, south, east, north) = lies
    box = west - _NEAR_M, south - _NEAR_M, east + _NEAR_M, north + _NEAR_M
    found = _found(session, at, Place((zone_id,), parcel_id, srid, box))
    mine = (each for each in found if parcel_id in parcels_of(each))
    return [each.numbered(number) for number, each in enumerate(mine, 1)]


def parcels_of(finding: Finding) -> set[UUID]:
    """The parcels a finding names."""
    others = {finding.other.parcel_id} if isinstance(finding.other, Parcel) else set()
    return {finding.parcel.parcel_id} | others


def find(session: Session, at: Moment, zone_ids: tuple[UUID, ...], key: str) -> Finding | None:
    """Return the finding of that name, None when it is not (or no longer) there."""
    return next((each for each in findings(session, at, zone_ids) if each.key == key), None)


def _found(session: Session, at: Moment, where: Place) -> list[Finding]:
    limits = limits_on(at.as_of)
    zones = frozenset(where.zone_ids)
    parcels = reading.parcels(session, at, where)
    edges = reading.boundaries(session, at, where)
    rights = reading.rights(session, at, where)
    shares = reading.shares(session, at, where)
    scopes = reading.scopes(session, at, where)
    mine = {each.version_id: each for each in parcels if each.zone_id in zones}
    found: list[Finding] = []
    for srid in sorted({each.srid for each in parcels}):
        here = [each for each in parcels if each.srid == srid]
        around = [each for each in edges if each.srid == srid]
        fits = fit_together(here)
        found += overlapping(here, zones, limits, fits=fits)
        if where.parcel_id is None:
            found += gaps(here, around, zones, limits, fits=fits)
        found += outside(here, around, zones, limits)
        planned = [each for each in scopes if each.srid == srid]
        found += outside_plan(here, planned, rights, zones, limits)
    found += across_uses(mine, shares, limits)
    found += let_on_unlettable(mine, shares, rights, limits)
    waived = with_waivers(found, reading.waivers(session, at, where), at.as_of)
    return [each.numbered(number) for number, each in enumerate(_gravest_first(waived), 1)]


def _gravest_first(found: Sequence[Finding]) -> list[Finding]:
    """Open before waived, high before low, large before small; then by name, always the same."""
    return sorted(
        found,
        key=lambda each: (
            not each.is_open,
            SEVERITIES.index(each.severity),
            -round(each.area_m2, 3),
            each.key,
        ),
    )

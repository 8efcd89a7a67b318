"""Parcels against the plans in force: across two uses, let where nothing is to be let, outside.

A side of a parcel and a side of a lot are one line while they are nearer than what a drawn line
is wide on the ground: 0.2 mm at the plan's scale. A part counts when it is larger than a strip of
that width along itself could be: width × perimeter / 2.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

import numpy as np
import shapely

from layers.geometry import polygonal
from planning.conformance.finding import Finding, Held, Lot, Parcel, Scope, Share
from planning.conformance.limits import Limits
from planning.conformance.rules.ground import shapes_of

NOT_TO_LET = "none"
"""The class of lots that are let to nobody: green land, roads, utilities."""


def across_uses(
    parcels: Mapping[int, Parcel], shares: Sequence[Share], limits: Limits
) -> Iterator[Finding]:
    """Parts of a parcel in lots of another category than the one most of it lies in, a level."""
    minor: list[tuple[Parcel, Lot, bool]] = []
    ordered = sorted(shares, key=lambda each: (each.parcel_version_id, each.lot.level))
    for (version, _), found in groupby(
        ordered, key=lambda each: (each.parcel_version_id, each.lot.level)
    ):
        rows = list(found)
        main, classes = _main_use(rows)
        minor += [
            (parcels[version], row.lot, row.lot.leasable not in classes)
            for row in rows
            if row.lot.category != main and _may_count(row, limits)
        ]
    for (parcel, lot, differs), ground in zip(minor, _common(minor), strict=True):
        if not _counts(ground, lot.scale, limits):
            continue
        share = float(ground.area) / parcel.area_m2
        grave = 100 * share >= limits.share_grave_pct and differs
        notable = 100 * share >= limits.share_notable_pct
        severity = "high" if grave else "medium" if notable else "low"
        yield Finding("across_uses", severity, parcel, lot, float(ground.area), share, ground)


def _main_use(rows: Sequence[Share]) -> tuple[str, set[str]]:
    """The category most of a parcel lies in, and whether it is let: the classes of its lots."""
    sums: dict[str, float] = {}
    for row in rows:
        sums[row.lot.category] = sums.get(row.lot.category, 0.0) + row.area_m2
    main = max(sorted(sums), key=lambda name: sums[name])
    return main, {row.lot.leasable for row in rows if row.lot.category == main}


def _may_count(row: Share, limits: Limits) -> bool:
    """Whether a part of that area could be more than a strip; a disc has the shortest edge."""
    width = limits.drawn_m(row.lot.scale)
    return row.area_m2 > np.pi * width * width


def _common(pairs: Sequence[tuple[Parcel, Lot, Any]]) -> Any:
    if not pairs:
        return ()
    lots = np.empty(len(pairs), dtype=object)
    lots[:] = [pair[1].shape for pair in pairs]
    return polygonal(shapely.intersection(shapes_of([pair[0] for pair in pairs]), lots))


def _counts(ground: Any, scale: int, limits: Limits) -> bool:
    return bool(ground.area > limits.drawn_m(scale) * ground.length / 2)


def let_on_unlettable(
    parcels: Mapping[int, Parcel], shares: Sequence[Share], rights: Iterable[Held], limits: Limits
) -> Iterator[Finding]:
    """Ground let or reserved to an investor in lots that are not to be let.

    What the State leases to the developer is the whole park, roads and green included: no finding.
    A general plan says too little of single lots to judge by.
    """
    held: dict[UUID, list[Held]] = {}
    for right in rights:
        held.setdefault(right.parcel_id, []).append(right)
    pairs = [
        (parcels[share.parcel_version_id], share.lot, right)
        for share in shares
        if share.lot.leasable == NOT_TO_LET
        and share.lot.level != "general"
        and _may_count(share, limits)
        for right in held.get(parcels[share.parcel_version_id].parcel_id, ())
    ]
    for (parcel, lot, right), ground in zip(pairs, _common(pairs), strict=True):
        if not _counts(ground, lot.scale, limits):
            continue
        area, share_of = float(ground.area), float(ground.area) / parcel.area_m2
        grave = area >= limits.let_grave_m2 or 100 * share_of >= limits.share_notable_pct
        if right.kind == "sub_lease":
            severity = "high" if grave else "medium"
        else:
            severity = "medium" if grave else "low"
        yield Finding("lease_on_green", severity, parcel, lot, area, share_of, ground, right)


def outside_plan(
    parcels: Sequence[Parcel],
    scopes: Sequence[Scope],
    rights: Iterable[Held],
    zones: Collection[UUID],
    limits: Limits,
) -> Iterator[Finding]:
    """Parcels that lie partly, or wholly, where no plan of a level is in force.

    Wholly outside counts only where the parcel's own zone has a plan of that level: it forgot the
    parcel. A detailed plan is made for a part of a zone, so outside it is nothing forgotten.
    """  # fmt: skip
    let = {right.parcel_id for right in rights if right.kind == "sub_lease"}
    mine = [each for each in parcels if each.zone_id in zones]
    shapes = shapes_of(mine)
    for level in sorted({scope.level for scope in scopes}):
        here = [scope for scope in scopes if scope.level == level]
        whole = shapely.union_all([scope.shape for scope in here])
        width = limits.drawn_m(max(scope.scale for scope in here))
        wide = shapely.buffer(whole, width / 2, join_style="mitre")
        shapely.prepare(wide)
        planned = {scope.zone_id for scope in here}
        over = np.flatnonzero(~shapely.covers(wide, shapes))
        rest = polygonal(shapely.difference(shapes[over], whole))
        for parcel, ground in zip((mine[n] for n in over), rest, strict=True):
            if not _counts(ground, max(scope.scale for scope in here), limits):
                continue
            touched = parcel.area_m2 - float(ground.area)
            wholly = touched <= width * parcel.shape.length / 2
            if wholly and (level == "detailed" or parcel.zone_id not in planned):
                continue
            other = _nearest(parcel, here)
            share = float(ground.area) / parcel.area_m2
            notable = 100 * share >= limits.share_notable_pct
            if parcel.parcel_id in let:
                severity = "high" if notable else "medium"
            else:
                severity = "medium" if notable and not wholly else "low"
            yield Finding(
                "outside_plan", severity, parcel, other, float(ground.area), share, ground
            )


def _nearest(parcel: Parcel, scopes: Sequence[Scope]) -> Scope:
    """The plan that covers most of a parcel, else the one nearest to it."""
    if len(scopes) == 1:
        return scopes[0]
    covered = [
        (float(shapely.intersection(parcel.shape, scope.shape).area), scope) for scope in scopes
    ]
    area, best = max(covered, key=lambda each: (each[0], -each[1].version_id))
    if area > 0.0:
        return best
    return min(
        scopes, key=lambda each: (shapely.distance(parcel.shape, each.shape), each.version_id)
    )

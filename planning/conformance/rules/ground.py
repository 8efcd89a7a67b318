"""Parcels against each other and against the boundary: overlap, gap, outside.

Shapes are (E, N) in metres of one plane; whoever calls brings parcels of one plane at a time.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final
from uuid import UUID

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.coverage.slivers import shared_ground, sliver_tolerance_m2
from layers.geometry import place, polygonal, polygons_of
from planning.conformance.finding import Boundary, Finding, Parcel
from planning.conformance.limits import Limits

_TOUCH_M: Final = 0.0015
"""Sides of shapes on the 1 mm grid that are nearer than this are one side."""

Shapes = NDArray[np.object_]


def shapes_of(parcels: Sequence[Parcel]) -> Shapes:
    """The shapes of parcels as an array."""
    found: Shapes = np.empty(len(parcels), dtype=object)
    found[:] = [each.shape for each in parcels]
    return found


def fit_together(parcels: Sequence[Parcel]) -> bool:
    """Whether the parcels share every corner with their neighbours, and no ground: the usual case,
    in which most of the work below is spared.
    """
    return bool(shapely.coverage_is_valid(shapes_of(parcels)))


def overlapping(
    parcels: Sequence[Parcel], zones: Collection[UUID], limits: Limits, *, fits: bool
) -> Iterator[Finding]:
    """Pairs whose interiors meet, one of them in the zones asked about.

    What the register's own constraint refuses cannot be here; this is the ground below it that two
    parcels still both count. Were the constraint ever gone, it is told as grave.
    """
    if fits or len(parcels) < 2:
        return
    first, second, shared = shared_ground(shapes_of(parcels))
    areas, lengths = shapely.area(shared), shapely.length(shared)
    for i, j, ground, area, length in zip(first, second, shared, areas, lengths, strict=True):
        if area <= limits.real_overlap_m2:
            continue
        pair = sorted((parcels[i], parcels[j]), key=lambda each: each.parcel_id)
        if not any(each.zone_id in zones for each in pair):
            continue
        one, other = pair
        smaller = min(one.area_m2, other.area_m2)
        grave = area > sliver_tolerance_m2(length)
        yield Finding(
            "overlap", "high" if grave else "low", one, other, float(area), float(area) / smaller,
            ground,
        )  # fmt: skip


def gaps(
    parcels: Sequence[Parcel],
    boundaries: Sequence[Boundary],
    zones: Collection[UUID],
    limits: Limits,
    *,
    fits: bool,
) -> Iterator[Finding]:
    """Unparcelled slivers between parcels, or between parcels and the boundary.

    Larger ground is honestly unparcelled. A sliver along a boundary that is thinner than the
    boundary is certain is no finding: nobody knows it to be there.
    """  # fmt: skip
    shapes = shapes_of(parcels)
    tree = shapely.STRtree(shapes)
    for boundary in boundaries:
        if boundary.zone_id not in zones:
            continue
        inner = [each for each in boundaries if each.parent_id == boundary.zone_id]
        near = np.sort(tree.query(boundary.shape, predicate="intersects"))
        if not near.size:
            continue
        taken = _united(shapes[near], fits=fits)
        for each in inner:
            taken = shapely.union(taken, each.shape)
        free = shapely.difference(boundary.shape, taken)
        for sliver in [] if free.is_empty else polygons_of(free):
            if _is_slip(sliver, limits) and not _within_certainty(sliver, [boundary, *inner]):
                yield from _gap(sliver, parcels, tree, boundary, limits)


def _united(shapes: Shapes, *, fits: bool) -> Any:
    """The ground of all; the quick way where neighbours share every corner."""
    return shapely.coverage_union_all(shapes) if fits else shapely.union_all(shapes)


def _is_slip(sliver: Any, limits: Limits) -> bool:
    area, perimeter = sliver.area, sliver.length
    if area <= limits.real_overlap_m2:
        return False
    return bool(area <= limits.gap_area_m2 or 2 * area / perimeter <= limits.gap_width_m)


def _within_certainty(sliver: Any, boundaries: Sequence[Boundary]) -> bool:
    for each in boundaries:
        edge = shapely.boundary(each.shape)
        if shapely.dwithin(sliver, edge, _TOUCH_M):
            near = shapely.intersection(edge, shapely.box(*sliver.bounds).buffer(each.tolerance_m))
            if shapely.covered_by(sliver, shapely.buffer(near, each.tolerance_m)):
                return True
    return False


def _gap(
    sliver: Any, parcels: Sequence[Parcel], tree: Any, boundary: Boundary, limits: Limits
) -> Iterator[Finding]:
    around = shapely.buffer(sliver, _TOUCH_M)
    touching = []
    for n in tree.query(around, predicate="intersects"):
        side = shapely.intersection(shapely.boundary(parcels[n].shape), around)
        touching.append((-round(float(side.length), 3), parcels[n].parcel_id, parcels[n]))
    nearest = [each for _, _, each in sorted(touching, key=lambda each: each[:2])[:2]]
    if not nearest:
        return
    one, *rest = sorted(nearest, key=lambda each: each.parcel_id)
    middle = place(sliver)
    yield Finding(
        "gap", "medium" if sliver.area >= limits.gap_grave_m2 else "low", one,
        rest[0] if rest else boundary, float(sliver.area), 0.0, sliver,
        place=(round(middle.x * 1000), round(middle.y * 1000)),
    )  # fmt: skip


def outside(
    parcels: Sequence[Parcel],
    boundaries: Sequence[Boundary],
    zones: Collection[UUID],
    limits: Limits,
) -> Iterator[Finding]:
    """Parcels over the boundary of their zone, or of a zone around it, beyond its certainty.

    Their own zone's boundary is kept by the register; a zone inside may have been drawn over the
    edge of the one around it.
    """  # fmt: skip
    by_zone = {each.zone_id: each for each in boundaries}
    mine = [each for each in parcels if each.zone_id in zones]
    for boundary in boundaries:
        held = [each for each in mine if _is_inside(each.zone_id, boundary, by_zone)]
        if not held:
            continue
        shapely.prepare(boundary.ground)
        over = np.flatnonzero(~shapely.covers(boundary.ground, shapes_of(held)))
        for n in over:
            ground = polygonal(shapely.difference(held[n].shape, boundary.shape))
            area = float(ground.area)
            grave = area >= limits.outside_grave_m2
            yield Finding(
                "outside", "high" if grave else "medium", held[n], boundary, area,
                min(1.0, area / held[n].area_m2), ground,
            )  # fmt: skip


def _is_inside(zone_id: UUID, boundary: Boundary, by_zone: dict[UUID, Boundary]) -> bool:
    """Whether a zone is the boundary's own or lies, however deep, in it."""
    seen: UUID | None = zone_id
    while seen is not None:
        if seen == boundary.zone_id:
            return True
        seen = by_zone[seen].parent_id if seen in by_zone else None
    return False

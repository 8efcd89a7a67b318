"""Moving, inserting and taking away shared corners: everybody who has one follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import Polygon

from layers.coverage.edit import Edit, told_apart
from layers.coverage.noding import node_coverage
from layers.coverage.slivers import overlaps
from layers.errors import (
    CornerIsJunction,
    CornerNotFound,
    CoverageUnstable,
    ReshapeCrossesItself,
    ReshapeOverNeighbour,
    SideNotFound,
)
from layers.geometry import GRID_M, Polygons, flaw

Corner = tuple[float, float]
Rings = list[list[Corner]]
_LEAST_M2 = 0.01


@dataclass(frozen=True)
class MoveCorner:
    """Move the corner at ``corner`` (E, N) to ``to``."""

    corner: Corner
    to: Corner


@dataclass(frozen=True)
class InsertCorner:
    """Put a corner at ``at`` into the side between two corners."""

    side: tuple[Corner, Corner]
    at: Corner


@dataclass(frozen=True)
class RemoveCorner:
    """Take the corner at ``corner`` away: the sides before and behind it become one."""

    corner: Corner


CornerEdit = MoveCorner | InsertCorner | RemoveCorner


def reshape(targets: Polygons, neighbours: Polygons, edits: Sequence[CornerEdit]) -> Edit:
    """Apply corner edits to the targets and to every neighbour that shares the corners.

    Coordinates are (E, N) in metres, taken to the 1 mm grid. ``neighbours`` must hold all that
    touches the targets, the followers, and the new places.

    Raises:
        CornerNotFound, SideNotFound: no target has it.
        CornerIsJunction: a corner in which sides of several parcels meet cannot be taken away.
        ReshapeCrossesItself: a parcel would cross itself or vanish.
        ReshapeOverNeighbour: ground of another parcel would be covered.
        CoverageUnstable: sides lie too close together to be noded on the grid.
    """
    before = np.concatenate([targets, neighbours])
    shapes = [_rings(polygon) for polygon in before]
    moved: set[int] = set()
    for edit in edits:
        hit = _apply(edit, shapes)
        if not any(position < len(targets) for position in hit):
            raise _not_found(edit)
        moved |= hit
    after = before.copy()
    for position in sorted(moved):
        after[position] = _rebuilt(shapes[position])
    _refuse_overlaps(after, moved)
    standing = np.array([position not in moved for position in range(len(before))])
    noded = node_coverage(after, standing=standing, reach_m=1.5 * GRID_M)
    if not noded.is_complete:
        spot = noded.refusals[0].place or after[min(moved)].centroid
        raise CoverageUnstable(x=spot.x, y=spot.y)
    return told_apart(before, noded.polygons, moved)


def on_grid_corner(corner: Sequence[float]) -> Corner:
    """The grid point at a corner, as a correctly rounded decimal."""
    east, north = np.rint(np.asarray(corner[:2], dtype=np.float64) * 1000) / 1000
    return float(east), float(north)


def _rings(polygon: Polygon) -> Rings:
    rings = [polygon.exterior, *polygon.interiors]
    return [[(x, y) for x, y in shapely.get_coordinates(ring)[:-1]] for ring in rings]


def _apply(edit: CornerEdit, shapes: list[Rings]) -> set[int]:
    if isinstance(edit, InsertCorner):
        a, b = edit.side
        return _inserted(shapes, on_grid_corner(a), on_grid_corner(b), on_grid_corner(edit.at))
    corner = on_grid_corner(edit.corner)
    holders = {
        position for position, rings in enumerate(shapes) if any(corner in ring for ring in rings)
    }
    if isinstance(edit, RemoveCorner):
        _require_no_junction(corner, [shapes[position] for position in holders])
    to = None if isinstance(edit, RemoveCorner) else on_grid_corner(edit.to)
    for position in holders:
        for ring in shapes[position]:
            ring[:] = [new for old in ring if (new := to if old == corner else old) is not None]
    return holders


def _inserted(shapes: list[Rings], a: Corner, b: Corner, at: Corner) -> set[int]:
    hit = set()
    for position, rings in enumerate(shapes):
        for ring in rings:
            for place, start in enumerate(ring):
                if {start, ring[(place + 1) % len(ring)]} == {a, b}:
                    ring.insert(place + 1, at)
                    hit.add(position)
                    break
    return hit


def _require_no_junction(corner: Corner, holders: list[Rings]) -> None:
    ends = set()
    for rings in holders:
        for ring in rings:
            for place, each in enumerate(ring):
                if each == corner:
                    ends |= {ring[place - 1], ring[(place + 1) % len(ring)]}
    if len(ends) > 2:
        raise CornerIsJunction(x=corner[0], y=corner[1])


def _rebuilt(rings: Rings) -> Polygon:
    first = rings[0][0] if rings[0] else (0.0, 0.0)
    if any(len(ring) < 3 for ring in rings):
        raise ReshapeCrossesItself(x=first[0], y=first[1])
    polygon = Polygon(rings[0], rings[1:])
    wrong = flaw(polygon)
    if wrong is not None or polygon.area < _LEAST_M2:
        spot = (wrong.x, wrong.y) if wrong and wrong.x is not None else first
        raise ReshapeCrossesItself(x=spot[0], y=spot[1])
    rebuilt: Polygon = shapely.orient_polygons(polygon, exterior_cw=False)
    return rebuilt


def _refuse_overlaps(after: Polygons, moved: set[int]) -> None:
    for found in overlaps(after):
        if found.i in moved or found.j in moved:
            raise ReshapeOverNeighbour(area_m2=found.area_m2, x=found.place.x, y=found.place.y)


def _not_found(edit: CornerEdit) -> CornerNotFound | SideNotFound:
    if isinstance(edit, InsertCorner):
        (e0, n0), (e1, n1) = edit.side
        return SideNotFound(x=(e0 + e1) / 2, y=(n0 + n1) / 2)
    return CornerNotFound(x=edit.corner[0], y=edit.corner[1])

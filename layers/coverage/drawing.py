"""A new parcel on free ground, and slivers and gaps of a block closed."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon

from layers.coverage.edit import Edit, told_apart
from layers.coverage.editing import Piece
from layers.coverage.faces import NOBODY, join, node_once, owners
from layers.coverage.slivers import shared_ground, sliver_tolerance_m2
from layers.errors import CoverageUnstable, OutlineCovered, OutlineFallsApart, OutlineInvalid
from layers.geometry import GRID_M, Polygons, flaw, on_grid, right_handed

FILL_M: Final = 0.05
"""A gap of less mean width between a drawn outline and a neighbour is meant to be none."""
LEAST_M2: Final = 0.5
WIDEST_GAP_M: Final = 0.10
"""Wider gaps are ground, not carelessness: nobody closes them by a tool."""


def outline(corners: Any) -> Polygon:
    """The polygon of corners (E, N), on the grid.

    Raises:
        OutlineInvalid: fewer than three corners, or it crosses or touches itself; says where.
    """
    xy = np.asarray(corners, dtype=np.float64)
    if xy.ndim != 2 or len(xy) < 3 or not np.isfinite(xy).all():
        raise OutlineInvalid(reason="too-few-points", x=None, y=None)
    polygon = Polygon(np.rint(xy[:, :2] * 1000) / 1000)
    wrong = flaw(polygon)
    if wrong is not None:
        raise OutlineInvalid(reason=wrong.reason, x=wrong.x, y=wrong.y)
    drawn: Polygon = right_handed(polygon)
    return drawn


def draw(drawn: Polygon, neighbours: Polygons, *, fill_m: float = FILL_M) -> Edit:
    """Take free ground inside an outline as a new parcel, up to the neighbours' sides.

    Ground of neighbours inside the outline stays theirs; gaps of less than ``fill_m`` mean width
    that are left between are taken too. Positions in the answer count ``neighbours``.

    Raises:
        OutlineCovered: no free ground is inside.
        OutlineFallsApart: neighbours divide the free ground into several pieces.
        CoverageUnstable: sides lie too close together to be noded on the grid.
    """
    sound = on_grid(np.array([drawn], dtype=object))[0]
    # what runs over neighbours' ground would only leave corners in sides it does not change
    course = shapely.difference(sound.boundary, shapely.union_all(neighbours))
    faces = node_once([*shapely.boundary(neighbours), course])
    owner = owners(faces, neighbours) if len(neighbours) else np.full(len(faces), NOBODY)
    inside = shapely.contains_properly(sound, shapely.point_on_surface(faces))
    free = owner == NOBODY
    mine = free & (inside | (_width_m(faces) <= fill_m))
    parts = [part for part in join(faces[mine]) if part.area >= LEAST_M2] if mine.any() else []
    parts = [part for part in parts if shapely.intersects(part, sound)]
    real = [part for part in parts if shapely.intersection(part, sound).area >= LEAST_M2]
    if not real:
        raise OutlineCovered(area_m2=drawn.area)
    if len(real) > 1:
        raise OutlineFallsApart(parts=len(real))
    after = _regathered(faces, owner, neighbours)
    edit = told_apart(neighbours, after, set())
    return Edit(added=(Piece(real[0], (), taken=True),), noded=edit.noded)


def clean(block: Polygons, neighbours: Polygons, tolerance_m: float) -> Edit:
    """Close slivers and gaps of up to ``tolerance_m`` mean width in a block, and report.

    An overlap goes to the smaller parcel, a gap to the one with the longest common border in the
    block. Parcels outside the block only gain corners. The report counts ``gaps_before``,
    ``gaps_after``, ``overlaps_before``, ``overlaps_after`` and their m².

    Raises:
        CoverageUnstable: a parcel would fall apart, or sides lie too close together.
    """
    tolerance_m = min(max(tolerance_m, GRID_M), WIDEST_GAP_M)
    before = np.concatenate([block, neighbours])
    standing = np.arange(len(before)) >= len(block)
    faces = node_once(shapely.boundary(before))
    owner = owners(faces, before, standing)
    thin = (owner == NOBODY) & (_width_m(faces) <= tolerance_m)
    report = {"gaps_before": float(thin.sum()), "gap_before_m2": _sum(faces[thin])}
    report |= _overlaps(before, "before")
    for face in np.flatnonzero(thin):
        borders = shapely.length(
            shapely.intersection(shapely.boundary(block), faces[face].boundary)
        )
        if borders.max() > 0:
            owner[face] = int(np.argmax(borders))
    after = _regathered(faces, owner, before)
    left = node_once(shapely.boundary(after))
    open_ = owners(left, after) == NOBODY
    still = open_ & (_width_m(left) <= tolerance_m)
    report |= {"gaps_after": float(still.sum()), "gap_after_m2": _sum(left[still])}
    report |= _overlaps(after, "after")
    moved = np.abs(shapely.area(after) - shapely.area(before)) > 1e-6
    edit = told_apart(before, after, set(np.flatnonzero(moved).tolist()))
    return Edit(reshaped=edit.reshaped, noded=edit.noded, report=report)


def _regathered(faces: Polygons, owner: NDArray[np.int64], old: Polygons) -> Polygons:
    """Each polygon anew from its faces; the very same object where its corners are the same."""
    after = old.copy()
    for position in range(len(old)):
        mine = faces[owner == position]
        parts = join(mine) if len(mine) else []
        if len(parts) != 1:
            spot = old[position].centroid
            raise CoverageUnstable(x=spot.x, y=spot.y)
        after[position] = parts[0]
    return after


def _width_m(faces: Polygons) -> NDArray[np.float64]:
    return np.asarray(2 * shapely.area(faces) / shapely.length(faces))


def _sum(shapes: Polygons) -> float:
    return float(shapely.area(shapes).sum()) if len(shapes) else 0.0


def _overlaps(polygons: Polygons, when: str) -> dict[str, float]:
    _, _, shared = shared_ground(polygons)
    real = shapely.area(shared) > 1e-6
    worst = shapely.area(shared) > sliver_tolerance_m2(shapely.length(shared))
    return {
        f"overlaps_{when}": float(real.sum()),
        f"overlap_{when}_m2": _sum(shared[real]),
        f"overlaps_past_tolerance_{when}": float(worst.sum()),
    }

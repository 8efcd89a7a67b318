"""Making one parcel of several, and dividing along lines that were drawn for something else."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from layers.coverage.edit import Edit
from layers.coverage.editing import Piece, operate
from layers.coverage.faces import join
from layers.errors import (
    CutterEndsInside,
    CutterInvalid,
    CutterMisses,
    CutterTouches,
    NotNeighbours,
)
from layers.geometry import GRID_M, Polygons, require_finite


def merge(targets: Polygons) -> Edit:
    """Make one polygon of edge-matched ones; every corner stays, so neighbours do not change.

    Raises:
        NotNeighbours: fewer than two, or they do not hang together along sides.
    """
    parts = join(targets) if len(targets) > 1 else []
    if len(parts) != 1:
        raise NotNeighbours(parts=len(parts))
    everyone = tuple(range(len(targets)))
    return Edit(removed=everyone, added=(Piece(parts[0], everyone, taken=False),))


def split_by_lines(
    targets: Polygons, neighbours: Polygons, lines: BaseGeometry, *, thin_m: float = 0.0
) -> Edit:
    """Divide targets along lines drawn elsewhere (plan lots); thinner pieces join the next one.

    Raises:
        CutterMisses: the lines divide nothing, or only strips thinner than ``thin_m``.
        CoverageUnstable: sides lie too close together to be noded on the grid.
    """
    require_finite(lines)
    ground = shapely.coverage_union_all(targets)
    edit = Edit.of(operate(targets, neighbours, shapely.intersection(lines, ground)), len(targets))
    if not thin_m:
        return edit
    added: list[Piece] = []
    for position in edit.removed:
        pieces = [piece.polygon for piece in edit.added if piece.parents == (position,)]
        kept = absorbed(pieces, thin_m)
        if len(kept) < 2:
            raise CutterMisses()
        added += [Piece(polygon, (position,), taken=False) for polygon in kept]
    return Edit(edit.removed, tuple(added), edit.reshaped, edit.noded)


def absorbed(pieces: list[Polygon], thin_m: float) -> list[Polygon]:
    """Join pieces of less than ``thin_m`` mean width to the piece they share most border with."""
    kept = sorted(pieces, key=lambda piece: -mean_width_m(piece))
    while len(kept) > 1 and mean_width_m(kept[-1]) < thin_m:
        thin = kept.pop()
        borders = shapely.length(
            shapely.intersection(shapely.boundary(kept), shapely.boundary(thin))
        )
        host = int(np.argmax(borders))
        joined = join(np.array([kept[host], thin], dtype=object))
        if len(joined) != 1:  # it touches in a corner only: it stays a piece of its own
            return [*kept, thin]
        kept[host] = joined[0]
    return kept


def mean_width_m(polygon: Polygon) -> float:
    """Area over half the perimeter: the width of a strip."""
    return float(2 * polygon.area / polygon.length)


def why_it_misses(targets: Polygons, line: LineString) -> CutterMisses | CutterInvalid:
    """Say how a line that divides nothing fails: beside, along the sides, or ending inside."""
    if line.is_empty or line.length <= GRID_M:
        return CutterInvalid(reason="too-short")
    ground = shapely.union_all(targets)
    for end in (line.coords[0], line.coords[-1]):
        if shapely.contains_properly(ground, shapely.Point(end[:2])):
            return CutterEndsInside(x=end[0], y=end[1])
    if shapely.intersects(ground, line):
        return CutterTouches()
    return CutterMisses()

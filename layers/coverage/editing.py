"""Dividing parcels inside a coverage without tearing it: split by a line, cut out a corridor.

All linework (targets, neighbours, cutter) is noded once; each face then falls to the polygon
whose ground it is. The answer is what was removed, what was added, and which neighbours changed
only by gaining corners.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import shapely
from shapely.geometry import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from layers.coverage.faces import Positions, join, node_once, owners, sides_of
from layers.errors import CoverageUnstable, CutterInvalid, CutterMisses
from layers.geometry import GRID_M, Polygons, require_finite, right_handed, same_corners

_MITRE_LIMIT: Final = 2.0


@dataclass(frozen=True)
class Piece:
    """A polygon that came into being, the targets it was made of, and whether the cutter took it.

    ``parents`` are positions among the targets; ``taken`` is True inside a corridor.
    """

    polygon: Polygon
    parents: tuple[int, ...]
    taken: bool


@dataclass(frozen=True)
class GainedCorners:
    """A polygon that only received corners of others on its sides; ``index`` is its position."""

    index: int
    polygon: Polygon


@dataclass(frozen=True)
class Operation:
    """What an edit does to the coverage; polygons that are not named stay as they are.

    ``removed`` are positions of divided targets, ``added`` their pieces. ``changed`` are
    neighbours, and ``changed_targets`` targets that were not divided, with added corners only.
    """

    removed: tuple[int, ...]
    added: tuple[Piece, ...]
    changed: tuple[GainedCorners, ...]
    changed_targets: tuple[GainedCorners, ...] = ()


def neighbours_of(polygons: Polygons, targets: Positions, grid_m: float = GRID_M) -> Positions:
    """Return the positions of all polygons that an edit of ``targets`` may give corners to.

    They touch a target, at a side or a corner, or lie within two grid steps of one.
    """
    _, near = shapely.STRtree(polygons).query(
        polygons[targets], predicate="dwithin", distance=2 * grid_m
    )
    return np.setdiff1d(near, targets)


def split_by_line(
    targets: Polygons,
    neighbours: Polygons,
    line: LineString,
    *,
    grid_m: float = GRID_M,
    snap_m: float = 0.0,
) -> Operation:
    """Divide each target that the line crosses from side to side; the rest stays whole.

    Corners of the line within ``snap_m`` of a target's corner are drawn onto it first.
    ``neighbours`` must hold every polygon of ``neighbours_of``.

    Raises:
        CutterInvalid: the line has no length or is not finite.
        CutterMisses: no target is divided.
        CoverageUnstable: sides lie too close together to be noded on the grid.
    """
    require_finite(line)
    if line.is_empty or line.length <= grid_m:
        raise CutterInvalid(reason="too-short")
    if snap_m > 0:
        corners: Any = shapely.multipoints(shapely.get_coordinates(targets))
        return operate(targets, neighbours, shapely.snap(line, corners, snap_m), grid_m=grid_m)
    return operate(targets, neighbours, line, grid_m=grid_m)


def corridor(
    targets: Polygons,
    neighbours: Polygons,
    centreline: LineString,
    width_m: float,
    *,
    grid_m: float = GRID_M,
    merge: bool = True,
    ends: Literal["flat", "round"] = "flat",
) -> Operation:
    """Cut a strip of ``width_m`` along a centreline (a road, a canal) out of the targets.

    With ``merge`` the strip becomes one piece with all its parents (one for each part that
    hangs together); without, one piece of strip a target. Bends are mitred.

    Raises:
        CutterInvalid: the centreline has no length or the corridor no width.
        CutterMisses: no target is touched by the strip.
        CoverageUnstable: sides lie too close together to be noded on the grid.
    """
    require_finite(centreline)
    if centreline.is_empty or centreline.length <= grid_m:
        raise CutterInvalid(reason="too-short")
    if not np.isfinite(width_m) or width_m < 2 * grid_m:
        raise CutterInvalid(reason="no-width")
    strip = shapely.buffer(
        centreline,
        width_m / 2,
        cap_style=ends,
        join_style="mitre",
        mitre_limit=_MITRE_LIMIT,
    )
    return operate(targets, neighbours, strip, grid_m=grid_m, merge=merge)


def operate(
    targets: Polygons,
    neighbours: Polygons,
    cutter: BaseGeometry,
    *,
    grid_m: float = GRID_M,
    merge: bool = False,
) -> Operation:
    """Divide ``targets`` by a line, or by the outline of an area, noding everything once.

    ``targets`` and ``neighbours`` belong to one valid coverage on the grid. Faces inside an
    area are ``taken``; with ``merge`` they are joined across targets.

    Raises:
        CutterMisses: no target is divided or taken.
        CoverageUnstable: sides lie too close together to be noded on the grid.
    """
    area = cutter if isinstance(cutter, Polygon | MultiPolygon) else None
    ground = shapely.coverage_union_all(targets)
    cut = shapely.intersection(cutter if area is None else area.boundary, ground)
    everyone = np.concatenate([targets, neighbours])
    faces = node_once([*shapely.boundary(everyone), cut], grid_m)
    owner = owners(faces, everyone)
    taken = np.zeros(len(faces), dtype=bool)
    if area is not None:
        shapely.prepare(area)
        taken = shapely.contains_properly(area, shapely.point_on_surface(faces))
        taken &= owner < len(targets)

    removed, added, whole = [], [], []
    for position, target in enumerate(targets):
        mine = np.flatnonzero(owner == position)
        if len(mine) == 1 and not taken[mine[0]]:
            whole += _gained(position, target, faces[mine])
            continue
        removed.append(position)
        for face in mine:
            if not (merge and taken[face]):
                piece = right_handed(faces[face])
                added.append(Piece(piece, (position,), bool(taken[face])))
    if not removed:
        raise CutterMisses()
    if merge and taken.any():
        added += _merged(faces, owner, np.flatnonzero(taken & (owner >= 0)))
    changed = []
    for position, neighbour in enumerate(neighbours):
        mine = np.flatnonzero(owner == position + len(targets))
        changed += _gained(position, neighbour, faces[mine])
    _require_far_sides(neighbours, changed, ground, grid_m)
    return Operation(tuple(removed), tuple(added), tuple(changed), tuple(whole))


def _merged(faces: Polygons, owner: Positions, taken: Positions) -> list[Piece]:
    parts = np.asarray(join(faces[taken]), dtype=object)
    inside = shapely.point_on_surface(faces[taken])
    part, face = shapely.STRtree(inside).query(parts, predicate="contains")
    return [
        Piece(polygon, tuple(np.unique(owner[taken[face[part == at]]]).tolist()), True)
        for at, polygon in enumerate(parts)
    ]


def _gained(position: int, old: Polygon, faces: Any) -> list[GainedCorners]:
    parts = join(faces) if len(faces) else []
    if len(parts) != 1:
        raise CoverageUnstable(x=old.centroid.x, y=old.centroid.y)
    same = same_corners(np.array([parts[0]]), np.array([old]))[0]
    return [] if same else [GainedCorners(position, parts[0])]


def _require_far_sides(
    neighbours: Polygons, changed: list[GainedCorners], ground: BaseGeometry, grid_m: float
) -> None:
    """A neighbour may change along the targets only: its other neighbours are not here."""
    for gained in changed:
        sides = sides_of(neighbours[[gained.index]])
        far = sides[shapely.distance(sides, ground) > 2 * grid_m]
        kept = shapely.covered_by(far, gained.polygon.boundary)
        if not kept.all():
            spot = far[~kept][0].centroid
            raise CoverageUnstable(x=spot.x, y=spot.y)

"""Noding a coverage once, before it is stored: from careless drawing to shared boundaries.

1. Coordinates go to the grid. 2. Corners are inserted into the sides they lie on.
3. Pairs that still share more than a sliver are refused, both of them. 4. What remains crooked
(crossing sides, slivers of overlap and gap) is noded together on the grid, face by face, and each
sliver is given to one owner. Steps 2 and 4 repeat until nothing changes, so a second run on the
result changes nothing.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.coverage.insertion import insert_missing_corners
from layers.coverage.refacing import GAP_WIDTH_M, reface
from layers.coverage.report import NodedCoverage, Outcome, Refusal, RefusalReason
from layers.coverage.slivers import Overlap, overlaps
from layers.coverage.welding import weld_near_corners
from layers.errors import GeometryNotPolygon
from layers.geometry import (
    GRID_M,
    Polygons,
    flaws,
    on_grid,
    place,
    right_handed,
    same_corners,
    vertex_count,
)

Mask = NDArray[np.bool_]

_ROUNDS: Final = 12
_COARSEST_SOURCE_M: Final = 0.01


def node_coverage(
    polygons: Polygons,
    grid_m: float = GRID_M,
    *,
    reach_m: float | None = None,
    standing: Mask | None = None,
) -> NodedCoverage:
    """Make neighbours share every corner and no ground; one polygon stays one polygon.

    ``polygons`` is an array of shapely polygons (holes allowed) in the metres of one plane.
    ``reach_m`` says how far beside a side a corner still counts as lying on it; by default one
    and a half steps of the precision the file was written with, which is all that rounding can
    do: 1.5 mm for a file in millimetres, 15 mm for a file in centimetres.

    ``standing`` marks polygons that are in the register already, among themselves a coverage on
    the grid: they gain corners, but no corner of theirs moves, they lose no sliver and gain none,
    and in an overlap only the other side is refused. The precision is read from the others.

    Polygons that overlap by more than a sliver are refused in pairs with the shared m² and the
    place; invalid ones with the reason and the place. Gaps wider than a sliver stay gaps.

    Raises:
        GeometryNotPolygon: something else than a polygon is in the array.
    """
    kinds = shapely.get_type_id(polygons)
    if (kinds != 3).any():
        raise GeometryNotPolygon(kind=getattr(polygons[kinds != 3][0], "geom_type", "None"))
    if standing is None:
        standing = np.zeros(len(polygons), dtype=bool)
    if reach_m is None:
        reach_m = 1.5 * source_precision_m(polygons[~standing], grid_m)
    work = _Work(polygons, grid_m, reach_m, standing)
    work.refuse_invalid()
    work.match_corners()
    work.refuse_overlaps()
    if not work.comes_to_rest():
        work.refuse_restless()
    return work.result()


def source_precision_m(polygons: Polygons, grid_m: float = GRID_M) -> float:
    """Tell whether coordinates were written in centimetres (0.01) or finer (``grid_m``)."""
    xy = shapely.get_coordinates(polygons)
    steps = xy / _COARSEST_SOURCE_M
    with np.errstate(invalid="ignore"):
        coarse = bool((np.abs(steps - np.rint(steps)) * _COARSEST_SOURCE_M < 1e-6).all())
    return max(grid_m, _COARSEST_SOURCE_M) if coarse else grid_m


class _Work:
    """The state of one run: polygons as they become, and what has been found about each."""

    def __init__(self, source: Polygons, grid_m: float, reach_m: float, standing: Mask) -> None:
        count = len(source)
        self.standing = standing
        self.source = source
        self.grid_m = grid_m
        self.reach_m = reach_m
        self.now: Polygons = np.full(count, None, dtype=object)
        self.alive: Mask = np.ones(count, dtype=bool)
        self.rounded: Polygons = self.now
        self.gained: Mask = np.zeros(count, dtype=bool)
        self.reshaped: Mask = np.zeros(count, dtype=bool)
        self.refusals: list[Refusal] = []
        self.overlaps: list[Overlap] = []

    def refuse_invalid(self) -> None:
        """Leave out what is invalid or does not survive the grid, and round the rest."""
        for index, found in flaws(self.source).items():
            where = None
            if found.x is not None and found.y is not None:
                where = shapely.points(found.x, found.y)
            self._refuse(index, RefusalReason.INVALID, where, found.reason)
        sound = np.flatnonzero(self.alive)
        self.now[sound] = on_grid(self.source[sound], self.grid_m)
        whole = (shapely.get_type_id(self.now) == 3) & ~shapely.is_empty(self.now)
        for gone in np.flatnonzero(self.alive & ~whole):
            self._refuse(int(gone), RefusalReason.COLLAPSES, place(self.source[gone]))
        self.rounded = self.now.copy()

    def match_corners(self) -> Mask:
        """Weld and insert corners until no side lacks one; return which polygons changed."""
        gained = np.zeros(len(self.now), dtype=bool)
        index = np.flatnonzero(self.alive)
        some, standing = self.now[index], self.standing[index]
        for _ in range(_ROUNDS):
            welded = weld_near_corners(some, standing, self.reach_m, self.grid_m)
            given = insert_missing_corners(some, standing, self.reach_m, self.grid_m)
            if not welded.size and not given.size:
                break
            gained[index[welded]] = gained[index[given]] = True
        self.now[index] = some
        self.gained |= gained
        return gained

    def refuse_overlaps(self) -> None:
        """Leave out both polygons of every pair that shares more than a sliver."""
        self.overlaps = overlaps(self.now)
        for found in self.overlaps:
            for mine, other in ((found.i, found.j), (found.j, found.i)):
                if self.standing[mine]:
                    continue
                self._refuse(
                    mine,
                    RefusalReason.OVERLAP,
                    found.place,
                    partner=other,
                    area_m2=found.area_m2,
                )

    def comes_to_rest(self) -> bool:
        """Node what is still crooked with all that touches it; True when nothing is left."""
        for _ in range(_ROUNDS):
            crooked = self._flagged(GAP_WIDTH_M)
            if not crooked.size:
                return True
            cluster = self._around(crooked)
            new = reface(self.now[cluster], self.standing[cluster], self.grid_m)
            changed = np.zeros(len(self.now), dtype=bool)
            for index, polygon in zip(cluster, new, strict=True):
                if polygon is None:
                    self._refuse(int(index), RefusalReason.COLLAPSES, place(self.source[index]))
                    changed[index] = True
                elif polygon is not self.now[index]:
                    self.now[index] = polygon
                    self.reshaped[index] = changed[index] = True
            changed |= self.match_corners()
            if not changed.any():
                break
        return False

    def refuse_restless(self) -> None:
        """Leave out what does not fit even so: the accepted rest is a valid coverage."""
        while (crooked := self._flagged(0.0)).size:
            crooked = crooked[~self.standing[crooked]]
            if not crooked.size:
                return  # the standing ones do not fit each other: not this file's doing
            edges = shapely.coverage_invalid_edges(self.now[self.alive])
            where = dict(zip(np.flatnonzero(self.alive), edges, strict=True))
            for index in crooked:
                self._refuse(int(index), RefusalReason.UNSTABLE, place(where[index]))

    def result(self) -> NodedCoverage:
        """Compare the polygons with how they came."""
        same = same_corners(self.now, self.source)
        same_rounded = same_corners(self.now, self.rounded)
        self.now[same] = self.source[same]
        turned = self.alive & ~same
        self.now[turned] = right_handed(self.now[turned])
        outcomes = tuple(
            self._outcome(index, bool(same[index]), bool(same_rounded[index]))
            for index in range(len(self.now))
        )
        before = shapely.area(self.source)
        after = np.where(self.alive, shapely.area(self.now), np.nan)
        added = np.where(self.alive, vertex_count(self.now) - vertex_count(self.source), 0)
        return NodedCoverage(
            polygons=self.now,
            outcomes=outcomes,
            vertices_added=added.astype(np.int64),
            area_before_m2=before,
            area_after_m2=after,
            refusals=tuple(
                sorted(self.refusals, key=lambda found: (found.index, found.partner or 0))
            ),
            overlaps=tuple(self.overlaps),
            reach_m=self.reach_m,
        )

    def _outcome(self, index: int, same: bool, same_rounded: bool) -> Outcome:
        if not self.alive[index]:
            return Outcome.REFUSED
        if same:
            return Outcome.UNCHANGED
        if same_rounded:
            return Outcome.ROUNDED
        return Outcome.RESHAPED if self.reshaped[index] else Outcome.NODED

    def _refuse(
        self,
        index: int,
        reason: RefusalReason,
        where: shapely.Point | None,
        detail: str | None = None,
        *,
        partner: int | None = None,
        area_m2: float | None = None,
    ) -> None:
        self.refusals.append(Refusal(index, reason, where, partner, area_m2, detail))
        self.alive[index] = False
        self.now[index] = None

    def _flagged(self, gap_width_m: float) -> NDArray[np.int64]:
        index = np.flatnonzero(self.alive)
        edges = shapely.coverage_invalid_edges(self.now[index], gap_width=gap_width_m)
        return index[~shapely.is_empty(edges)]

    def _around(self, crooked: NDArray[np.int64]) -> NDArray[np.int64]:
        index = np.flatnonzero(self.alive)
        _, near = shapely.STRtree(self.now[index]).query(
            self.now[crooked], predicate="dwithin", distance=2 * self.grid_m
        )
        return np.unique(index[near])

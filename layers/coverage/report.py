"""What noding did to each polygon of a file: nothing, corners added, reshaped, or refused."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from shapely.geometry import Point

from layers.coverage.slivers import Overlap
from layers.geometry import Polygons


class Outcome(StrEnum):
    """What became of one polygon."""

    UNCHANGED = "unchanged"
    """Every coordinate is as it came."""
    ROUNDED = "rounded"
    """Coordinates moved to the grid, nothing else."""
    NODED = "noded"
    """Its corners were matched with those of its neighbours: added, or moved within the reach."""
    RESHAPED = "reshaped"
    """A sliver was given to a neighbour or taken from one."""
    REFUSED = "refused"
    """It has no place in the coverage; see the refusals."""


class RefusalReason(StrEnum):
    """Why a polygon has no place in the coverage."""

    OVERLAP = "parcels-overlap"
    INVALID = "geometry-invalid"
    COLLAPSES = "geometry-collapses"
    """Nothing is left of it on the grid, or a neck narrower than the grid parts it."""
    UNSTABLE = "coverage-unstable"
    """Sides so close to others that noding does not come to rest."""


@dataclass(frozen=True)
class Refusal:
    """One reason to refuse the polygon at position ``index``; a polygon may have several.

    ``partner`` and ``area_m2`` are the other polygon of an overlap and the shared ground.
    ``detail`` is the validity reason of an invalid polygon. ``place`` is where to look.
    """

    index: int
    reason: RefusalReason
    place: Point | None
    partner: int | None = None
    area_m2: float | None = None
    detail: str | None = None


@dataclass(frozen=True)
class NodedCoverage:
    """A coverage in which neighbours share every corner and no ground, position by position.

    ``polygons`` holds None where the polygon was refused. Areas are planar m²; ``vertices_added``
    may be negative where a sliver was cut away.
    """

    polygons: Polygons
    outcomes: tuple[Outcome, ...]
    vertices_added: NDArray[np.int64]
    area_before_m2: NDArray[np.float64]
    area_after_m2: NDArray[np.float64]
    refusals: tuple[Refusal, ...]
    overlaps: tuple[Overlap, ...]
    reach_m: float
    """How far from a side a corner was still taken to lie on it."""

    @property
    def accepted(self) -> NDArray[np.int64]:
        """Positions of the polygons that form the coverage."""
        return np.flatnonzero(np.array([p is not None for p in self.polygons], dtype=bool))

    @property
    def is_complete(self) -> bool:
        """Whether every polygon found its place."""
        return not self.refusals

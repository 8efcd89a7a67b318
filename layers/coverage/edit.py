"""What an edit does to a neighbourhood, said in one way for every kind of edit."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from shapely.geometry import Polygon

from layers.coverage.editing import GainedCorners, Operation, Piece
from layers.geometry import Polygons, same_corners


@dataclass(frozen=True)
class Edit:
    """An edit of a neighbourhood: positions count the targets first, then their neighbours.

    ``removed`` cease, ``added`` come into being, ``reshaped`` keep their identity with another
    shape, ``noded`` only gained corners of others on their sides. What is not named stays.
    """

    removed: tuple[int, ...] = ()
    added: tuple[Piece, ...] = ()
    reshaped: tuple[GainedCorners, ...] = ()
    noded: tuple[GainedCorners, ...] = ()
    report: dict[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, done: Operation, targets: int) -> Edit:
        """The same as an operation says, with neighbours counted behind the targets."""
        noded = [*done.changed_targets]
        noded += [GainedCorners(each.index + targets, each.polygon) for each in done.changed]
        return cls(done.removed, done.added, (), tuple(noded))


def told_apart(before: Polygons, after: Polygons, meant: set[int]) -> Edit:
    """Compare a neighbourhood before and after: what was ``meant`` is reshaped, the rest noded."""
    same = same_corners(before, after)
    reshaped: list[GainedCorners] = []
    noded: list[GainedCorners] = []
    for position in np.flatnonzero(~same).tolist():
        polygon = after[position]
        assert isinstance(polygon, Polygon)  # noqa: S101 - callers refuse what is missing
        gained = GainedCorners(position, polygon)
        (reshaped if position in meant else noded).append(gained)
    return Edit(reshaped=tuple(reshaped), noded=tuple(noded))

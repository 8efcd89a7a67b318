"""The ground as an open change sees it: the register on a day, and what the change did so far."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import shapely
from shapely import Polygon
from sqlalchemy.orm import Session

from planning.changes.effect import CONSERVING, Effect
from planning.changes.errors import LandNotConserved, ParcelRetired, TooManyParcels, TwoPlanes
from planning.changes.retired import what_became
from planning.errors import NotFound
from planning.parcels.holding import Held, held_in, held_of, largest_numbers, versions_of

Envelope = tuple[float, float, float, float]
MOST = 5_000
"""Parcels one operation may look at."""
_MARGIN_M = 1.0


class Workspace:
    """Parcels of one plane on a day, with the steps of a change laid over the register."""

    def __init__(self, session: Session, day: date) -> None:
        self.session = session
        self.day = day
        self.base: dict[UUID, Held] = {}
        self.now: dict[UUID, Held] = {}
        self.gone: set[UUID] = set()
        self.edges: list[tuple[UUID, UUID, str]] = []
        self.numbers: dict[Any, int] = {}
        self.step = 1
        self._promised: list[tuple[UUID, Polygon]] = []

    # --- looking ---------------------------------------------------------------------------

    def near(self, envelope: Envelope, srid: int, most: int = MOST) -> list[Held]:
        """Every parcel that meets an envelope, as this change has it.

        Raises:
            TooManyParcels: more than can be edited at once.
        """
        west, south, east, north = envelope
        wide = (west - _MARGIN_M, south - _MARGIN_M, east + _MARGIN_M, north + _MARGIN_M)
        found = {
            each.parcel_id: each
            for each in held_in(self.session, srid, self.day, wide, most + 1)
            if each.parcel_id not in self.base
        }
        ground = shapely.box(*wide)
        for each in self.now.values():
            if each.srid == srid and shapely.intersects(each.shape, ground):
                found[each.parcel_id] = each
        if len(found) > most:
            raise TooManyParcels(most=most)
        return sorted(found.values(), key=lambda each: each.parcel_id)

    def held(self, ids: Sequence[UUID]) -> list[Held]:
        """Parcels by id, in the order asked, once each.

        Raises:
            ParcelRetired: not in force that day, or retired by this change.
            TwoPlanes: they lie in different planes.
        """
        wanted = list(dict.fromkeys(ids))
        missing = [each for each in wanted if each not in self.now and each not in self.gone]
        read = held_of(self.session, missing, self.day) if missing else {}
        found = []
        for each in wanted:
            held = self.now.get(each) or read.get(each)
            if held is None or each in self.gone:
                name, became = what_became(self.session, each)
                raise ParcelRetired(
                    parcel=str(each),
                    name=self.base[each].name if each in self.base else name,
                    day=self.day,
                    successors=[str(child) for child in self.children(each) or became],
                )
            found.append(held)
        if len({each.srid for each in found}) > 1:
            raise TwoPlanes()
        if not found:
            raise NotFound(kind="parcel", key="")
        return found

    def around(self, targets: Sequence[Held], *more: Any) -> list[Held]:
        """Every other parcel near the targets, near their neighbours' corners, and near shapes."""
        shapes = [each.shape for each in targets] + [each for each in more if each is not None]
        envelope = _bounds(shapes)
        mine = {each.parcel_id for each in targets}
        return [each for each in self.near(envelope, targets[0].srid) if each.parcel_id not in mine]

    def children(self, parcel: UUID) -> list[UUID]:
        """What became of a parcel in this change."""
        return [child for parent, child, _ in self.edges if parent == parcel]

    def ancestors(self, parcel: UUID) -> list[UUID]:
        """The parcels of the register a parcel came from; itself when it stands there."""
        parents = [parent for parent, child, _ in self.edges if child == parcel]
        if not parents:
            return [parcel]
        found = [ancestor for parent in parents for ancestor in self.ancestors(parent)]
        return list(dict.fromkeys(found))

    # --- naming ----------------------------------------------------------------------------

    def promise(self, pieces: Iterable[tuple[UUID, Polygon]]) -> None:
        """Give the next operation's parcels these ids, to whichever covers most of each shape."""
        self._promised = list(pieces)

    def names_for(self, shapes: Sequence[Polygon]) -> list[UUID]:
        """Ids for new parcels: the promised ones where the ground is the same."""
        left = list(self._promised)
        names = []
        for shape in shapes:
            shared = [float(shapely.intersection(shape, each).area) for _, each in left]
            if shared and max(shared) > 0.5 * shape.area:
                names.append(left.pop(int(np.argmax(shared)))[0])
            else:
                names.append(uuid4())
        self._promised = []
        return names

    def next_number(self, like: Held) -> str | None:
        """The number after the largest of a parcel's sheet."""
        if like.sheet_no is None:
            return None
        key = (like.commune_code, like.sheet_no)
        if key not in self.numbers:
            self.numbers |= largest_numbers(self.session, {key})
        self.numbers[key] += 1
        return str(self.numbers[key])

    # --- doing -----------------------------------------------------------------------------

    def apply(self, effect: Effect) -> None:
        """Lay an effect over the ground.

        Raises:
            LandNotConserved: pieces do not cover what they were made of.
        """
        if effect.kind in CONSERVING:
            _require_conserved(effect)
        for each in effect.before:
            if each.version > 0:
                self.base.setdefault(each.parcel_id, each)
        for each in effect.removed:
            self.now.pop(each.parcel_id, None)
            self.gone.add(each.parcel_id)
        for each in effect.after:
            self.now[each.parcel_id] = each
        for born in effect.added:
            self.gone.discard(born.held.parcel_id)
            self.edges += [(parent, born.held.parcel_id, effect.kind) for parent, _ in born.parents]
        self.step += 1

    def stepped(self, before: Held, **changes: Any) -> Held:
        """A parcel with changes, as of this step."""
        return replace(before, version=-self.step, **changes)

    # --- outcome ---------------------------------------------------------------------------

    @property
    def born(self) -> list[Held]:
        """Parcels that were not in the register before."""
        return [each for key, each in self.now.items() if key not in self.base]

    @property
    def retired(self) -> list[Held]:
        """Parcels of the register that cease."""
        return [held for key, held in self.base.items() if key in self.gone]

    @property
    def amended(self) -> list[tuple[Held, Held]]:
        """Parcels that stay, before and after."""
        return [
            (held, self.now[key])
            for key, held in self.base.items()
            if key in self.now and self.now[key].version < 0
        ]

    def lineage(self) -> dict[tuple[UUID, UUID], tuple[str, float]]:
        """(parent, child) of the register to the kind and the m² they share."""
        kinds = {child: kind for _, child, kind in self.edges}
        lines: dict[tuple[UUID, UUID], tuple[str, float]] = {}
        retired = {held.parcel_id: held for held in self.retired}
        for child in self.born:
            for parent in self.ancestors(child.parcel_id):
                if parent not in retired:
                    continue
                shared = shapely.intersection(retired[parent].shape, child.shape)
                if shared.area > 0.01 + 0.0005 * shared.length:
                    lines[parent, child.parcel_id] = (kinds[child.parcel_id], float(shared.area))
        return lines

    def superseded(self) -> Mapping[int, Held]:
        """Versions of the register this change stands on."""
        return versions_of(self.session, [held.version for held in self.base.values()])


def _bounds(shapes: Sequence[Any]) -> Envelope:
    west, south, east, north = shapely.total_bounds(np.asarray(shapes, dtype=object))
    return float(west), float(south), float(east), float(north)


def _require_conserved(effect: Effect) -> None:
    before = shapely.union_all([each.shape for each in effect.before])
    after = shapely.union_all([each.shape for each in effect.after])
    apart = float(shapely.symmetric_difference(before, after).area)
    counted = abs(sum(a.area_m2 for a in effect.after) - sum(b.area_m2 for b in effect.before))
    allowed = effect.tolerance_m2
    if max(apart, counted) > allowed:
        raise LandNotConserved(difference_m2=max(apart, counted), tolerance_m2=allowed)

"""Partial recovery: a parcel is cut, one part is recovered, the rest leaves the case; one change.

The cut is an operation of the editing tools, so neighbours, rights and lineage follow as always.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from shapely import Point
from sqlalchemy.orm import Session

from planning.changes.operations import perform
from planning.changes.workspace import Workspace
from planning.changes.writing import lock, write
from planning.clearance.cases import NewStep, held_parcels, release_parcels, take_steps
from planning.errors import Conflict, NotFound, RuleViolated


class PartUnclear(RuleViolated):
    """The cut does not say which of its pieces is recovered. Context: ``pieces``."""

    code = "part-unclear"


@dataclass(frozen=True, slots=True)
class Part:
    """What a partial recovery made: the part recovered and what stays with the land user."""

    recovered: UUID
    kept: tuple[UUID, ...]
    area_m2: float


def recover_part(
    session: Session,
    change: int,
    *,
    item_id: UUID,
    parcel_id: UUID,
    cut: Mapping[str, Any],
    day: date,
    document_id: UUID,
    inside: tuple[float, float] | None = None,
    agreed_early: bool = False,
) -> Part:
    """Cut a parcel of an item on a day, recover one piece, release the others, in this change.

    `cut` is what the split tool takes (method line, area or parts). The piece is the one cut off
    by area, or the one that holds `inside`, (E, N) in the parcel's plane.

    Raises:
        NotFound: the item does not hold the parcel on that day.
        PartUnclear: several pieces and none is meant.
        Conflict: somebody changed the parcel meanwhile.
    """
    if parcel_id not in held_parcels(session, [item_id], day)[item_id]:
        raise NotFound(kind="parcel", key=str(parcel_id))
    ground = Workspace(session, day)
    effect = perform(ground, "split", {**cut, "parcel": str(parcel_id)})
    meant = [born for born in effect.added if born.taken]
    if inside is not None:
        meant = [born for born in effect.added if born.held.shape.covers(Point(inside))]
    if len(meant) != 1:
        raise PartUnclear(pieces=len(effect.added))
    if not lock(session, ground):
        raise Conflict(table="parcel_version")
    write(session, change, "act", ground)
    part = meant[0].held
    kept = [b.held.parcel_id for b in effect.added if b.held.parcel_id != part.parcel_id]
    release_parcels(session, change, item_id=item_id, parcels=kept, day=day)
    step = NewStep(item_id, "recovered", day, document_id, agreed_early=agreed_early)
    take_steps(session, change, [step])
    return Part(part.parcel_id, tuple(kept), part.area_m2)

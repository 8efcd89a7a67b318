"""Doing the operations of an open change again on the ground as it is, and who came between."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import shapely
from shapely import Polygon
from sqlalchemy import select
from sqlalchemy.orm import Session

from planning.changes.drafts.model import Draft, DraftOperation
from planning.changes.effect import Effect, feature
from planning.changes.errors import ChangeConflicts, VersionMissing, VersionStale
from planning.changes.operations import perform
from planning.changes.workspace import Workspace
from planning.parcels.holding import Held, held_of, versions_of
from planning.parcels.model import ParcelVersion
from planning.records.queries import changes


def steps_of(session: Session, draft_id: UUID) -> list[DraftOperation]:
    """Return every operation of an open change, taken back ones too, in order."""
    return list(
        session.scalars(
            select(DraftOperation)
            .where(DraftOperation.draft_id == draft_id)
            .order_by(DraftOperation.step)
        )
    )


def replay(session: Session, draft: Draft, steps: Sequence[DraftOperation]) -> Workspace:
    """Do the operations that stand again, with the same ids for the same pieces.

    Raises:
        ChangeConflicts: parcels they were made on were changed meanwhile; nothing is done.
    """
    standing = [each for each in steps if not each.taken_back]
    require_unchanged(session, draft, steps)
    ground = Workspace(session, draft.effective_on)
    for each in standing:
        do(ground, each)
    ground.step = max((each.step for each in steps), default=0) + 1
    return ground


def require_unchanged(session: Session, draft: Draft, steps: Sequence[DraftOperation]) -> None:
    """Let a change pass only on parcels as it found them.

    Raises:
        ChangeConflicts: naming those that others changed.
    """
    found = conflicts(session, draft, [each for each in steps if not each.taken_back])
    if found:
        raise ChangeConflicts(conflicts=found, names=[each["name"] for each in found])


def do(ground: Workspace, step: DraftOperation) -> Effect:
    """Do one stored operation again."""
    ground.step = step.step
    ground.promise(
        (UUID(each["id"]), _polygon(each["feature"])) for each in step.effect.get("added", ())
    )
    return perform(ground, step.operation, step.parameters)


def _polygon(said: Mapping[str, Any]) -> Polygon:
    shape = shapely.geometry.shape(said["geometry"])
    assert isinstance(shape, Polygon)  # noqa: S101 - effects hold nothing else
    return shape


def base_of(effect: Effect) -> dict[str, int]:
    """Versions of the register an operation really changes."""
    return {str(each.parcel_id): each.version for each in effect.meant if each.version > 0}


def conflicts(
    session: Session, draft: Draft, steps: Iterable[DraftOperation]
) -> list[dict[str, Any]]:
    """Say parcel by parcel what others saved meanwhile: mine, theirs, and what both began with.

    A version that only gained corners from a neighbour is no conflict.
    """
    base: dict[UUID, int] = {}
    mine: dict[UUID, dict[str, Any] | None] = {}
    for step in steps:
        for parcel, version in step.base.items():
            base.setdefault(UUID(parcel), version)
        for each in (*step.effect.get("reshaped", ()), *step.effect.get("attributes", ())):
            mine[UUID(each["id"])] = each["feature"]
        mine |= {UUID(each["id"]): None for each in step.effect.get("removed", ())}
    if not base:
        return []
    now = held_of(session, base, draft.effective_on)
    stood = versions_of(session, base.values())
    found = []
    for each_id, version in base.items():
        was, is_ = stood[version], now.get(each_id)
        if is_ is not None and (is_.version == version or is_.same_but_for_corners(was)):
            continue
        found.append(
            {
                "parcel": str(each_id),
                "name": was.name,
                "mine": mine.get(each_id),
                "base": feature(was),
                "theirs": theirs(session, was, is_),
            }
        )
    return found


def theirs(session: Session, was: Held, is_: Held | None) -> dict[str, Any]:
    """What somebody else made of a parcel, in which change and on which document."""
    column = ParcelVersion.closed_by if is_ is None else ParcelVersion.opened_by
    version = was.version if is_ is None else is_.version
    number = session.scalar(select(column).where(ParcelVersion.version_id == version))
    summary = changes(session, [number]).get(number) if number is not None else None
    return {
        "version": None if is_ is None else is_.version,
        "feature": None if is_ is None else feature(is_),
        "change": number,
        "actor": summary.actor if summary else None,
        "document": summary.document_number if summary else None,
        "effective_on": str(summary.effective_on) if summary else None,
    }


def named_in(parameters: Mapping[str, Any]) -> list[UUID]:
    """The parcels an operation names."""
    said = [*(parameters.get("parcels") or ()), *(parameters.get("numbers") or ())]
    if parameters.get("parcel"):
        said.append(parameters["parcel"])
    return [UUID(str(each)) for each in said]


def require_versions(
    ground: Workspace, parameters: Mapping[str, Any], versions: Mapping[UUID, int]
) -> None:
    """Let an operation pass only on the parcels as they are now.

    Raises:
        VersionMissing: a named parcel has no version in the request.
        VersionStale: with the version that stands now.
        ParcelRetired: the parcel is not there any more.
    """
    for parcel in named_in(parameters):
        if parcel not in versions:
            raise VersionMissing(parcel=str(parcel))
        (held,) = ground.held([parcel])
        if held.version == versions[parcel]:
            continue
        known = versions_of(ground.session, [versions[parcel]]).get(versions[parcel])
        if known is not None and known.parcel_id == parcel and held.same_but_for_corners(known):
            continue
        raise VersionStale(
            parcel=str(parcel),
            name=held.name,
            version=held.version,
            given=versions[parcel],
            mine=None if known is None else feature(known),
            theirs=theirs(ground.session, held, held) if held.version > 0 else feature(held),
        )

"""Writing what a change did to the ground into the register, under one change number."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from planning.changes.memberships import rewrite
from planning.changes.workspace import Workspace
from planning.parcels.holding import (
    Held,
    close_versions,
    lock_versions,
    note_lineage,
    note_older_numbers,
    open_identities,
    open_versions,
    require_latest,
)


@dataclass(frozen=True)
class Written:
    """What a change did to the register: parcels opened and closed, m² before and after."""

    opened: tuple[UUID, ...]
    closed: tuple[UUID, ...]
    area_before_m2: float
    area_after_m2: float


def lock(session: Session, ground: Workspace) -> bool:
    """Lock the versions a change stands on; False when somebody superseded one meanwhile."""
    return lock_versions(session, [held.version for held in ground.base.values()])


def write(session: Session, change: int, kind: str, ground: Workspace) -> Written:
    """Close what the change supersedes and open what it makes, all in the caller's transaction.

    An act on day D leaves [a, D) as it was and opens [D, b); a correction replaces [a, b). Pieces
    of a parcel are new parcels with lineage; rights, hand-overs and projects pass on to them.

    Raises:
        LaterVersionsExist: an act on a day after which something of these parcels changed.
        Conflict: a version was superseded meanwhile.
    """
    act, day = kind == "act", ground.day
    amended, retired, born = ground.amended, ground.retired, ground.born
    if act:
        require_latest(session, ground.base.values(), day)
    lines = ground.lineage()
    since = _since(ground, lines, act=act)
    rows: list[Held] = []
    for before, after in amended:
        if act:
            rows.append(replace(before, valid_to=day))
        start = day if act else before.valid_from
        rows.append(replace(after, valid_from=start, valid_to=before.valid_to))
    for held in retired:
        if act or (held.valid_from is not None and held.valid_from < since[held.parcel_id]):
            rows.append(replace(held, valid_to=since[held.parcel_id]))
    for held in born:
        starts = [since[parent] for parent, child in lines if child == held.parcel_id]
        ends = [ground.base[parent].valid_to for parent, child in lines if child == held.parcel_id]
        until = [end for end in ends if end is not None]
        rows.append(
            replace(held, valid_from=max(starts, default=day), valid_to=min(until, default=None))
        )
    close_versions(session, change, [*(before for before, _ in amended), *retired])
    open_identities(session, change, [held.parcel_id for held in born])
    open_versions(session, change, rows)
    note_lineage(session, change, lines)
    note_older_numbers(session, change, [b for b, a in amended if _renamed(b, a)])
    rewrite(session, change, since, lines, keep_past=act)
    before_m2 = sum(held.area_m2 for held in retired) + sum(b.area_m2 for b, _ in amended)
    after_m2 = sum(held.area_m2 for held in born) + sum(a.area_m2 for _, a in amended)
    return Written(
        tuple([*(held.parcel_id for held in born), *(a.parcel_id for _, a in amended)]),
        tuple([*(held.parcel_id for held in retired), *(b.parcel_id for b, _ in amended)]),
        before_m2,
        after_m2,
    )


def _since(
    ground: Workspace, lines: Mapping[tuple[UUID, UUID], tuple[str, float]], *, act: bool
) -> dict[UUID, date]:
    """From which day on each retired parcel's children stand in its place.

    A correction replaces the whole period; where parcels of several beginnings become one, from
    the latest of them.
    """
    if act:
        return {held.parcel_id: ground.day for held in ground.retired}
    began = {held.parcel_id: held.valid_from or ground.day for held in ground.retired}
    for _ in range(len(began)):
        for parent, child in lines:
            together = [began[other] for other, same in lines if same == child]
            began[parent] = max([began[parent], *together])
    return began


def _renamed(before: Held, after: Held) -> bool:
    names = ("commune_code", "sheet_no", "parcel_no")
    return any(getattr(before, name) != getattr(after, name) for name in names)

"""What a change does altogether, as if it were one operation: from the register to the result."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from planning.changes.drafts.model import Draft
from planning.changes.drafts.replay import replay, steps_of
from planning.changes.effect import Born, Effect, Pair, as_json
from planning.changes.errors import ChangeEmpty
from planning.changes.preview import Rehearsal, consequences, rehearse
from planning.changes.workspace import Workspace
from planning.parcels.holding import ATTRIBUTES


def foreseen(session: Session, draft: Draft) -> tuple[dict[str, Any], Rehearsal]:
    """Return what an open change would do when it is committed, and the figures it would move.

    It is written and undone inside the session's transaction, so that the register judges it.

    Raises:
        ChangeEmpty: nothing is in it.
        ChangeConflicts: others changed its parcels meanwhile.
        LaterVersionsExist, and what the register refuses.
    """
    steps = steps_of(session, draft.id)
    if all(each.taken_back for each in steps):
        raise ChangeEmpty()
    ground = replay(session, draft, steps)
    effect = altogether(ground)
    rehearsal = rehearse(session, draft, ground, effect, with_figures=True)
    return {**as_json(effect), **consequences(session, ground, effect)}, rehearsal


def altogether(ground: Workspace) -> Effect:
    """Return the net effect of every step; what came and went in between is not told.

    Areas in m² of the plane; parents are parcels of the register.
    """
    parents: dict[UUID, tuple[tuple[UUID, float], ...]] = {}
    for (parent, child), (_, m2) in ground.lineage().items():
        parents[child] = (*parents.get(child, ()), (parent, m2))
    pairs = [Pair(before, after) for before, after in ground.amended]
    return Effect(
        kind="change",
        removed=tuple(ground.retired),
        added=tuple(Born(each, parents.get(each.parcel_id, ())) for each in ground.born),
        reshaped=tuple(each for each in pairs if _moved(each)),
        noded=tuple(each for each in pairs if not _moved(each) and not _renamed(each)),
        renamed=tuple(each for each in pairs if not _moved(each) and _renamed(each)),
    )


def _renamed(pair: Pair) -> bool:
    return any(getattr(pair.before, name) != getattr(pair.after, name) for name in ATTRIBUTES)


def _moved(pair: Pair) -> bool:
    """Whether its ground is another one; corners gained on its sides do not count."""
    told = {name: getattr(pair.before, name) for name in ATTRIBUTES}
    return not replace(pair.after, **told).same_but_for_corners(pair.before)

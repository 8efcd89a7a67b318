"""Opening a change, adding operations, taking them back, committing, discarding."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from planning import days
from planning.changes.drafts.model import Draft, DraftOperation
from planning.changes.drafts.replay import (
    base_of,
    replay,
    require_unchanged,
    require_versions,
    steps_of,
)
from planning.changes.effect import Effect, as_json
from planning.changes.errors import (
    ChangeConflicts,
    ChangeEmpty,
    ChangeNotOpen,
    NothingToTakeBack,
)
from planning.changes.operations import perform
from planning.changes.preview import Rehearsal, consequences, rehearse
from planning.changes.workspace import Workspace
from planning.changes.writing import Written, lock, write
from planning.errors import NotFound
from planning.records.commands import open_change
from planning.records.queries import document

_ATTEMPTS = 3


@dataclass(frozen=True)
class Step:
    """An operation worked out: what it does, what follows from it, and where it touches."""

    number: int | None
    effect: dict[str, Any]
    rehearsal: Rehearsal
    zones: frozenset[UUID]


def open_draft(
    session: Session,
    *,
    kind: str,
    document_id: UUID,
    reason: str,
    effective_on: date,
    actor: str,
    document_page: int | None = None,
) -> UUID:
    """Open a change on a document, perhaps on a page of it.

    Raises:
        NotFound: no such document.
        EffectTooFarAhead: a day more than a year from now.
    """
    document(session, document_id)
    days.takes_effect(effective_on)
    draft = Draft(
        kind=kind,
        document_id=document_id,
        document_page=document_page,
        reason=reason,
        effective_on=effective_on,
        actor=actor,
    )
    session.add(draft)
    session.flush()
    return draft.id


def own_draft(session: Session, draft_id: UUID, actor: str, *, to_change: bool = False) -> Draft:
    """Return an actor's own change; with `to_change` it is locked and must be open.

    Raises:
        NotFound: there is none, or it is another's: before it is committed nobody else sees it.
        ChangeNotOpen: it was committed or discarded.
    """
    asked = select(Draft).where(Draft.id == draft_id, Draft.actor == actor)
    draft = session.scalar(asked.with_for_update() if to_change else asked)
    if draft is None:
        raise NotFound(kind="change", key=str(draft_id))
    if to_change and draft.status != "open":
        raise ChangeNotOpen(status=draft.status)
    return draft


def work_out(
    session: Session,
    draft: Draft,
    operation: str,
    parameters: Mapping[str, Any],
    versions: Mapping[UUID, int],
    *,
    with_figures: bool = False,
) -> Step:
    """Work an operation out on the change's ground and rehearse it in the register; keep nothing.

    Raises:
        VersionMissing, VersionStale, ParcelRetired, ChangeConflicts, and what the operation or the
        register refuses.
    """
    return _worked_out(session, draft, operation, parameters, versions, with_figures)[0]


def add(
    session: Session,
    draft: Draft,
    operation: str,
    parameters: Mapping[str, Any],
    versions: Mapping[UUID, int],
) -> Step:
    """Add an operation to an open change. Raises as `work_out`."""
    step, effect = _worked_out(session, draft, operation, parameters, versions, False)
    session.execute(
        delete(DraftOperation).where(
            DraftOperation.draft_id == draft.id, DraftOperation.taken_back.is_(True)
        )
    )
    session.add(
        DraftOperation(
            draft_id=draft.id,
            step=step.number,
            operation=operation,
            parameters=dict(parameters),
            base=base_of(effect),
            effect=step.effect,
        )
    )
    session.flush()
    return step


def _worked_out(
    session: Session,
    draft: Draft,
    operation: str,
    parameters: Mapping[str, Any],
    versions: Mapping[UUID, int],
    with_figures: bool,
) -> tuple[Step, Effect]:
    ground = replay(session, draft, steps_of(session, draft.id))
    require_versions(ground, parameters, versions)
    number = ground.step
    effect = perform(ground, operation, parameters)
    rehearsal = rehearse(session, draft, ground, effect, with_figures=with_figures)
    told = {**as_json(effect), **consequences(session, ground, effect)}
    zones = frozenset(each.zone_id for each in (*effect.before, *effect.after))
    return Step(number, told, rehearsal, zones), effect


def take_back(session: Session, draft: Draft) -> None:
    """Take the last operation of an open change back. Raises NothingToTakeBack."""
    standing = [each for each in steps_of(session, draft.id) if not each.taken_back]
    if not standing:
        raise NothingToTakeBack()
    standing[-1].taken_back = True
    session.flush()


def bring_back(session: Session, draft: Draft) -> None:
    """Bring the operation taken back last into the change again.

    Raises:
        NothingToTakeBack: none was, or others were added since.
        What the operation refuses on the ground as it is now.
    """
    steps = steps_of(session, draft.id)
    gone = [each for each in steps if each.taken_back]
    if not gone:
        raise NothingToTakeBack()
    gone[0].taken_back = False
    replay(session, draft, steps)
    session.flush()


def commit(session: Session, draft: Draft) -> dict[str, Any]:
    """Do every operation again on the ground as it is and write the result under one change.

    Raises:
        ChangeEmpty: nothing is in it.
        ChangeConflicts: parcels were changed meanwhile, with mine, theirs and base.
        LaterVersionsExist, and what the register refuses.
    """
    steps = steps_of(session, draft.id)
    if all(each.taken_back for each in steps):
        raise ChangeEmpty()
    ground = _locked(session, draft)
    number = open_change(
        session,
        kind=draft.kind,
        reason=draft.reason,
        actor=draft.actor,
        effective_on=draft.effective_on,
        document_id=draft.document_id,
        document_page=draft.document_page,
    )
    written = write(session, number, draft.kind, ground)
    draft.status, draft.change_number = "committed", number
    draft.finished_at = datetime.now(UTC)
    draft.outcome = _outcome(written)
    session.flush()
    return {"id": str(draft.id), "status": draft.status, "number": number, **draft.outcome}


def _locked(session: Session, draft: Draft) -> Workspace:
    """The change's ground, its versions locked; done again when somebody was quicker."""
    for _ in range(_ATTEMPTS):
        ground = replay(session, draft, steps_of(session, draft.id))
        if lock(session, ground):
            # what was saved between looking and locking is seen now, and nothing more can come
            require_unchanged(session, draft, steps_of(session, draft.id))
            return ground
    raise ChangeConflicts(conflicts=[], names=[])


def _outcome(written: Written) -> dict[str, Any]:
    said = asdict(written)
    return {
        "parcels": {
            "opened": [str(each) for each in said.pop("opened")],
            "closed": [str(each) for each in said.pop("closed")],
        },
        **said,
    }


def discard(session: Session, draft: Draft) -> None:
    """Give an open change up; it stays readable for its actor."""
    draft.status = "discarded"
    draft.finished_at = datetime.now(UTC)
    session.flush()

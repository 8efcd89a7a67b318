"""Undoing a committed change as one act, and undoing the undo."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planning.changes.errors import AlreadyUndone, ChangeBuiltUpon
from planning.errors import NotFound
from planning.records.commands import open_change
from planning.records.model import Change

_LOCK = 4760
"""Key of the advisory lock under which one change is undone at a time."""


@dataclass(frozen=True, slots=True)
class Undone:
    """The correction that took a change back: rows closed and rows opened again."""

    id: UUID
    number: int
    undoes: int
    closed: int
    opened: int


def undone_by(session: Session, number: int) -> int | None:
    """Return the number of the change that took a change back and itself stands, else None."""
    last = session.scalar(select(func.max(Change.number)).where(Change.undoes == number))
    return None if last is None or undone_by(session, last) is not None else int(last)


def undo(
    session: Session, number: int, *, actor: str, reason: str, document_id: UUID | None = None
) -> Undone:
    """Take a change back: a correction closes what it recorded and records again what it closed.

    The former rows come back with their own valid periods, bit for bit. Undoing an undo does the
    change again. The correction hangs on the change's own document unless another is given.

    Raises:
        NotFound: no such change.
        AlreadyUndone: another change took it back.
        ChangeBuiltUpon: naming later changes that build on it.
    """
    change = session.execute(
        select(Change.document_id, Change.effective_on).where(Change.number == number)
    ).one_or_none()
    if change is None:
        raise NotFound(kind="change", key=str(number))
    # whoever undoes the same change at the same time waits here and then finds it undone
    session.execute(select(func.pg_advisory_xact_lock(_LOCK, number % 2**31)))
    by = undone_by(session, number)
    if by is not None:
        raise AlreadyUndone(by=by)
    later = session.scalar(select(func.land.changes_built_upon(number)))
    if later:
        raise ChangeBuiltUpon(changes=list(later))
    made = open_change(
        session,
        kind="correction",
        reason=reason,
        actor=actor,
        effective_on=change.effective_on,
        document_id=document_id or change.document_id,
        undoes=number,
    )
    counted = func.land.reverse_change(number, made).table_valued("closed", "opened")
    row = session.execute(select(counted.c.closed, counted.c.opened)).one()
    identity = session.scalar(select(Change.id).where(Change.number == made))
    if identity is None:
        raise NotFound(kind="change", key=str(made))
    return Undone(identity, made, number, int(row.closed), int(row.opened))

"""Terms of law as dated rows: confirmed by name, and what is refused when one is entered.

Whoever enters a row does not confirm it; until somebody did, every screen says "chưa kiểm chứng".
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.dialects.postgresql import insert as insert_or_keep
from sqlalchemy.orm import Session

from layers.orm import Base
from planning.errors import Conflict, NotFound, NotPermitted, RuleViolated
from planning.records.commands import note_event


class TermMoved(Conflict):
    """Somebody entered another row of the same first day meanwhile."""

    code = "term-moved"


class TermRefused(RuleViolated):
    """A field of a term does not hold what it must. Context: ``field``."""

    code = "term-refused"


class TermConfirmedBySelf(NotPermitted):
    """Who entered a term does not confirm it, and no row confirms itself."""

    code = "term-confirmed-by-self"


class TermConfirmedAlready(Conflict):
    """Somebody confirmed the term before."""

    code = "term-confirmed-already"


def refuse_unless(fields: Mapping[str, bool]) -> None:
    """Refuse the first field that does not hold what it must. Raises TermRefused."""
    for field, holds in fields.items():
        if not holds:
            raise TermRefused(field=field)


def confirm(
    session: Session,
    rows: type[Base],
    confirmations: type[Base],
    row_id: int,
    *,
    seen_in: str,
    actor: str,
    action: str,
) -> None:
    """Say by name that a row was compared with the text, and where; never one's own entry.

    Raises:
        NotFound, TermConfirmedAlready. What the database refuses besides.
    """
    if session.get(rows, row_id) is None:
        raise NotFound(kind=rows.__tablename__, key=str(row_id))
    if not confirmed(session, confirmations, row_id, seen_in=seen_in, actor=actor):
        raise TermConfirmedAlready()
    note_event(session, actor=actor, action=action, subject=str(row_id))


def confirmed(
    session: Session, confirmations: type[Base], row_id: int, *, seen_in: str, actor: str
) -> bool:
    """Record a confirmation, whose key is that of its row; False when there was one before."""
    (key,) = inspect(confirmations).primary_key
    values: dict[str, Any] = {key.name: row_id, "seen_in": seen_in, "confirmed_by": actor}
    made = session.scalar(
        insert_or_keep(confirmations)
        .values(values)
        .on_conflict_do_nothing(index_elements=[key.name])
        .returning(key)
    )
    return made is not None

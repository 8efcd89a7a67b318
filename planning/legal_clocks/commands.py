"""Writing verbs of legal clocks: suspend, resume, extend, draft and issue a reminder."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from planning import days
from planning.clocks import Moment, end, record
from planning.legal_clocks.errors import NothingToRemind
from planning.legal_clocks.model import (
    ProjectExtension,
    ProjectSuspension,
    ReminderDraft,
    ReminderLetter,
)
from planning.legal_clocks.queries import clocks
from planning.legal_clocks.rules import ticking


def suspend(
    session: Session,
    change: int,
    *,
    project_id: UUID,
    cause: str,
    reason: str,
    since: date,
    document_id: UUID,
    until: date | None = None,
) -> UUID:
    """Stop a project's clocks on days `[since, until)`; return the suspension's id.

    `cause`: force_majeure (Land Law 2024 art. 81.9), authority or court. Without `until` the
    clocks stand until `resume`. The database refuses days before any land was handed over, and
    days of another suspension.
    """
    made = uuid4()
    row = {
        "suspension_id": made,
        "project_id": project_id,
        "cause": cause,
        "reason": reason.strip(),
        "document_id": document_id,
        "valid_from": since,
        "valid_to": until,
    }
    record(session, ProjectSuspension, change, [row])
    return made


def resume(session: Session, change: int, *, suspension_id: UUID, day: date) -> None:
    """Let the clocks run again from a day on. Raises NotFound, EventAhead."""
    days.happened("resumption", day)
    mine = ProjectSuspension.suspension_id == suspension_id
    end(session, ProjectSuspension, change, mine, day)


def extend(
    session: Session, change: int, *, project_id: UUID, months: int, day: date, document_id: UUID
) -> UUID:
    """Extend a project's terms by the decision of a day; return the extension's id.

    Once in a project's life and no longer than the law of that day allows (24 months by Land Law
    2024 art. 81.8): the database refuses the rest.
    """
    made = uuid4()
    row = {
        "extension_id": made,
        "project_id": project_id,
        "months": months,
        "document_id": document_id,
        "valid_from": day,
    }
    record(session, ProjectExtension, change, [row])
    return made


def draft_reminder(
    session: Session,
    at: Moment,
    *,
    project_id: UUID,
    clock: str,
    actor: str,
    facts: Mapping[str, Any] | None = None,
) -> UUID:
    """Keep a draft of a reminder with the facts of the moment; return its id.

    Raises NothingToRemind when that clock does not run towards a breach.
    """
    found = [each for each in clocks(session, at, project_id=project_id) if each.clock == clock]
    if not found or found[0].breach_on is None or not ticking(found[0].state):
        raise NothingToRemind(project=str(project_id), clock=clock)
    known = at.known
    if known is None:
        known = int(session.scalar(select(func.land.settled_by_now())) or 0)
    made = uuid4()
    session.execute(
        insert(ReminderDraft).values(
            id=made,
            project_id=project_id,
            clock=clock,
            as_of=at.as_of,
            known=known,
            breach_on=found[0].breach_on,
            facts=dict(facts or {}),
            drafted_by=actor,
        )
    )
    return made


def issue_reminder(
    session: Session, change: int, *, draft_id: UUID, day: date, document_id: UUID
) -> None:
    """Record that a drafted reminder was issued on a day, as a document. Raises EventAhead."""
    days.happened("letter", day)
    row = {"draft_id": draft_id, "document_id": document_id, "valid_from": day}
    record(session, ReminderLetter, change, [row])

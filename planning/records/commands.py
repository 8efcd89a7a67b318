"""Writing verbs of the records context: register a document, open a change, note an event, seal."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from planning import days
from planning.errors import DocumentMissing
from planning.records.model import AuditEvent, Change, Citation, Document


def register_document(
    session: Session,
    *,
    number: str,
    issued_on: date,
    issuer: str,
    actor: str,
    kind: str = "decision",
    title: str = "",
    file_sha256: str | None = None,
    file_name: str | None = None,
    media_type: str | None = None,
    file_size: int | None = None,
) -> UUID:
    """Return the document of that number, day and issuer, registering it when it is new.

    A file is named by its content; a document registered before keeps the file it has.
    Raises DocumentAhead for one issued later than today.
    """
    days.issued(number, issued_on)
    session.execute(
        upsert(Document)
        .values(
            number=number.strip(),
            issued_on=issued_on,
            issuer=issuer.strip(),
            kind=kind,
            title=title,
            created_by=actor,
            file_sha256=file_sha256,
            file_name=file_name,
            media_type=media_type,
            file_size=file_size,
        )
        .on_conflict_do_nothing(constraint="document_key")
    )
    return session.execute(
        select(Document.id).where(
            Document.number == number.strip(),
            Document.issued_on == issued_on,
            Document.issuer == issuer.strip(),
        )
    ).scalar_one()


def open_change(
    session: Session,
    *,
    kind: str,
    reason: str,
    actor: str,
    effective_on: date,
    document_id: UUID | None = None,
    dated_back_to: datetime | None = None,
    undoes: int | None = None,
    document_page: int | None = None,
) -> int:
    """Open a change in this transaction and return its number; every row written must carry it.

    kind `act` (law moves on `effective_on`), `correction` (what was believed was wrong) or `setup`
    (boards, zones, plans:
    no document needed). `dated_back_to` is refused by the database unless it is marked demo;
    `undoes` is the number of the change that this one takes back; `document_page` where in its
    document it stands.

    Raises DocumentMissing when an act or correction has no document, EffectTooFarAhead for a day
    more than a year from now.
    """
    days.takes_effect(effective_on)
    if kind != "setup" and document_id is None:
        raise DocumentMissing()
    number = session.execute(
        insert(Change)
        .values(
            kind=kind,
            reason=reason,
            actor=actor,
            effective_on=effective_on,
            document_id=document_id,
            dated_back_to=dated_back_to,
            undoes=undoes,
        )
        .returning(Change.number)
    ).scalar_one()
    if document_page is not None:
        session.execute(insert(Citation).values(page=document_page, opened_by=number))
    return number


def note_event(
    session: Session,
    *,
    actor: str,
    action: str,
    subject: str = "",
    detail: Mapping[str, object] | None = None,
) -> None:
    """Note an event in the audit trail; never personal data in `detail`."""
    session.execute(
        insert(AuditEvent).values(
            actor=actor, action=action, subject=subject, detail=dict(detail or {})
        )
    )


def seal_changes(session: Session) -> int:
    """Seal every settled change into the hash chain; return how many were new."""
    return int(session.scalar(select(func.land.seal_changes())) or 0)

"""Questions to the records: documents, changes, the instance, broken seals."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planning.errors import NotFound
from planning.records.model import Change, Document, Instance


@dataclass(frozen=True, slots=True)
class ChangeSummary:
    """A change as people read it: what, why, who, on which document, and when the register learned
    it.
    """

    number: int
    kind: str
    reason: str
    actor: str
    effective_on: date
    committed_at: datetime | None
    document_number: str | None
    document_issued_on: date | None
    document_issuer: str | None


@dataclass(frozen=True, slots=True)
class BrokenSeal:
    """A sealed change whose rows (`content`) or link (`chain`) no longer answer to its seal."""

    change: int
    fault: str


def is_demo(session: Session) -> bool:
    """True on a database marked demo."""
    return bool(session.scalar(select(Instance.is_demo)))


def data_notice(session: Session) -> str | None:
    """Return what readers of this database must be told about its data, None when nothing."""
    return session.scalar(select(Instance.data_notice))


def changes(session: Session, numbers: list[int]) -> dict[int, ChangeSummary]:
    """Return the changes of those numbers by number."""
    rows = session.execute(
        select(
            Change.number,
            Change.kind,
            Change.reason,
            Change.actor,
            Change.effective_on,
            Change.committed_at,
            Document.number.label("document_number"),
            Document.issued_on.label("document_issued_on"),
            Document.issuer.label("document_issuer"),
        )
        .outerjoin(Document, Document.id == Change.document_id)
        .where(Change.number.in_(numbers))
    )
    return {row.number: ChangeSummary(**row._mapping) for row in rows}


def document(session: Session, document_id: UUID) -> Document:
    """Return a document. Raises NotFound."""
    found = session.get(Document, document_id)
    if found is None:
        raise NotFound(kind="document", key=str(document_id))
    return found


def broken_seals(session: Session) -> list[BrokenSeal]:
    """Recompute every seal and return those that do not hold; an empty list means the register is
    as it was sealed.
    """
    rows = session.execute(select(func.land.broken_seals().table_valued("change_number", "fault")))
    return [BrokenSeal(row.change_number, row.fault) for row in rows]

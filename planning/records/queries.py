"""Questions to the records: documents, changes, the instance, broken seals."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from planning.errors import NotFound
from planning.records.model import Change, Citation, Document, Instance


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
    document_id: UUID | None = None
    document_has_file: bool = False
    undoes: int | None = None
    document_page: int | None = None


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
            Change.document_id,
            Document.file_sha256.is_not(None).label("document_has_file"),
            Change.undoes,
            Citation.page.label("document_page"),
        )
        .outerjoin(Document, Document.id == Change.document_id)
        .outerjoin(Citation, Citation.opened_by == Change.number)
        .where(Change.number.in_(numbers))
    )
    return {row.number: ChangeSummary(**row._mapping) for row in rows}


def document(session: Session, document_id: UUID) -> Document:
    """Return a document. Raises NotFound."""
    found = session.get(Document, document_id)
    if found is None:
        raise NotFound(kind="document", key=str(document_id))
    return found


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document as lists show it."""

    id: UUID
    kind: str
    number: str
    issued_on: date
    issuer: str
    title: str
    has_file: bool


def document_row(session: Session, document_id: UUID) -> DocumentRow:
    """Return a document as lists show it. Raises NotFound."""
    return _row(document(session, document_id))


def documents(session: Session, asked: str = "", limit: int = 100) -> list[DocumentRow]:
    """Return documents whose number, issuer or title holds a text, latest first."""
    found = select(Document).order_by(Document.issued_on.desc(), Document.number).limit(limit)
    if asked:
        places = (Document.number, Document.issuer, Document.title)
        found = found.where(or_(*(place.icontains(asked, autoescape=True) for place in places)))
    return [_row(each) for each in session.scalars(found)]


def _row(found: Document) -> DocumentRow:
    return DocumentRow(
        found.id,
        found.kind,
        found.number,
        found.issued_on,
        found.issuer,
        found.title,
        found.file_sha256 is not None,
    )


def broken_seals(session: Session) -> list[BrokenSeal]:
    """Recompute every seal and return those that do not hold; an empty list means the register is
    as it was sealed.
    """
    rows = session.execute(select(func.land.broken_seals().table_valued("change_number", "fault")))
    return [BrokenSeal(row.change_number, row.fault) for row in rows]

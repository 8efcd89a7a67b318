"""Mapped classes of the records context: documents, changes, the instance, events."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Integer, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from layers.orm import Base


class Instance(Base):
    """The one row that says what this database is; only a demo accepts knowledge dated back."""

    __tablename__ = "instance"

    only_row: Mapped[bool] = mapped_column(primary_key=True)
    is_demo: Mapped[bool]
    data_notice: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]


class Document(Base):
    """A decision, minutes, contract or certificate on which changes hang; its file is addressed by
    content.
    """

    __tablename__ = "document"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("gen_random_uuid()"))
    kind: Mapped[str] = mapped_column(Text)
    number: Mapped[str] = mapped_column(Text)
    issued_on: Mapped[date]
    issuer: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    file_sha256: Mapped[str | None] = mapped_column(Text)
    file_name: Mapped[str | None] = mapped_column(Text)
    media_type: Mapped[str | None] = mapped_column(Text)
    file_size: Mapped[int | None] = mapped_column(BigInteger)
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))


class Change(Base):
    """A numbered unit of knowledge: kind act, correction or setup, with its document, reason, actor
    and day.
    """

    __tablename__ = "change"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, server_default=text("0"))
    id: Mapped[UUID] = mapped_column(server_default=text("gen_random_uuid()"))
    kind: Mapped[str] = mapped_column(Text)
    document_id: Mapped[UUID | None] = mapped_column(ForeignKey("land.document.id"))
    reason: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(Text)
    effective_on: Mapped[date]
    undoes: Mapped[int | None] = mapped_column(BigInteger)
    dated_back_to: Mapped[datetime | None]
    committed_at: Mapped[datetime | None]


class Citation(Base):
    """The page of its document on which a change stands; most changes name none."""

    __tablename__ = "citation"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    page: Mapped[int] = mapped_column(Integer)
    opened_by: Mapped[int] = mapped_column(BigInteger, ForeignKey("land.change.number"))


class AuditEvent(Base):
    """What somebody did that is not a change of the register: an export, an upload, a reading."""

    __tablename__ = "audit_event"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))
    actor: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    detail: Mapped[dict[str, object]] = mapped_column(JSONB)

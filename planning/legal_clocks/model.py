"""Mapped classes of legal clocks: thresholds, suspensions, the extension, reminders."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, ForeignKey, Integer, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from layers.orm import Base
from planning.clocks import Clocked
from planning.projects.model import Project
from planning.records.model import Document

NEW_UUID = text("gen_random_uuid()")


class ClockThreshold(Base):
    """A term of the law (months), or a working lead time (days): a row as somebody entered it.

    `founding` rows came with the register and count as they are; others once they are confirmed.
    """

    __tablename__ = "clock_threshold"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    code: Mapped[str] = mapped_column(Text)
    months: Mapped[int | None] = mapped_column(SmallInteger)
    days: Mapped[int | None] = mapped_column(SmallInteger)
    counts_from: Mapped[str | None] = mapped_column(Text)
    project_kinds: Mapped[list[str]] = mapped_column(
        ARRAY(Text), server_default=text("'{fdi,ddi}'")
    )
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    clause: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    verification: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    founding: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    recorded_by: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))


class ThresholdConfirmation(Base):
    """Somebody else than who entered a threshold compared it with the text, by name."""

    __tablename__ = "clock_threshold_confirmation"

    threshold_id: Mapped[int] = mapped_column(ForeignKey(ClockThreshold.id), primary_key=True)
    seen_in: Mapped[str] = mapped_column(Text)
    confirmed_by: Mapped[str] = mapped_column(Text)
    confirmed_at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))


class ProjectSuspension(Clocked, Base):
    """A project's clocks stand still on days `[valid_from, valid_to)`, by a paper."""

    __tablename__ = "project_suspension"

    suspension_id: Mapped[UUID] = mapped_column(server_default=NEW_UUID)
    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id))
    cause: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    document_id: Mapped[UUID] = mapped_column(ForeignKey(Document.id))


class ProjectExtension(Clocked, Base):
    """The one extension of a project's terms, in months; `valid_from` is the decision's day."""

    __tablename__ = "project_extension"

    extension_id: Mapped[UUID] = mapped_column(server_default=NEW_UUID)
    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id))
    months: Mapped[int] = mapped_column(SmallInteger)
    document_id: Mapped[UUID] = mapped_column(ForeignKey(Document.id))


class ReminderDraft(Base):
    """A reminder as it was drafted, with the facts of its moment; insert only."""

    __tablename__ = "reminder_draft"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=NEW_UUID)
    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id))
    clock: Mapped[str] = mapped_column(Text)
    as_of: Mapped[date]
    known: Mapped[int] = mapped_column(BigInteger)
    breach_on: Mapped[date]
    facts: Mapped[dict[str, object]] = mapped_column(JSONB)
    drafted_by: Mapped[str] = mapped_column(Text)
    drafted_at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))


class ReminderLetter(Clocked, Base):
    """A draft that was issued: `valid_from` is the day of the letter, `document_id` the letter."""

    __tablename__ = "reminder_letter"

    draft_id: Mapped[UUID] = mapped_column(ForeignKey(ReminderDraft.id))
    document_id: Mapped[UUID] = mapped_column(ForeignKey(Document.id))

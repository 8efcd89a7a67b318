"""Mapped classes of open changes and their operations; they stand outside the register."""

import datetime as dt
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Integer, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from layers.orm import Base


class Draft(Base):
    """An open change with its document, reason, day and actor, until committed or discarded."""

    __tablename__ = "draft"
    __table_args__ = ({"schema": "app"},)

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("gen_random_uuid()"))
    kind: Mapped[str] = mapped_column(Text)
    document_id: Mapped[UUID] = mapped_column(ForeignKey("land.document.id"))
    document_page: Mapped[int | None] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(Text)
    effective_on: Mapped[dt.date]
    actor: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text, server_default=text("'open'"))
    change_number: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("land.change.number"), unique=True
    )
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    created_at: Mapped[dt.datetime] = mapped_column(server_default=text("clock_timestamp()"))
    finished_at: Mapped[dt.datetime | None]


class DraftOperation(Base):
    """A step of an open change: what was asked, on which versions, and what it does."""

    __tablename__ = "draft_operation"
    __table_args__ = ({"schema": "app"},)

    draft_id: Mapped[UUID] = mapped_column(ForeignKey("app.draft.id"), primary_key=True)
    step: Mapped[int] = mapped_column(Integer, primary_key=True)
    operation: Mapped[str] = mapped_column(Text)
    parameters: Mapped[dict[str, Any]] = mapped_column(JSONB)
    base: Mapped[dict[str, int]] = mapped_column(JSONB, server_default=text("'{}'"))
    effect: Mapped[dict[str, Any]] = mapped_column(JSONB)
    taken_back: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[dt.datetime] = mapped_column(server_default=text("clock_timestamp()"))

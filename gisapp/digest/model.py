"""The digest's own tables: rules, choices of readers, what a week said, letters on their way."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Integer, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gisapp.jobs.model import AppBase


class DigestRule(AppBase):
    """A rule and whether it is told of in letters; `lead_days`: how far ahead it looks."""

    __tablename__ = "digest_rule"
    __table_args__ = ({"schema": "app"},)

    code: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    enabled: Mapped[bool]
    lead_days: Mapped[int | None] = mapped_column(SmallInteger)
    changed_by: Mapped[str]
    changed_at: Mapped[dt.datetime]


class DigestChoice(AppBase):
    """What a reader chose: no letters at all, or none of some rules."""

    __tablename__ = "digest_choice"
    __table_args__ = ({"schema": "app"},)

    user_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    wanted: Mapped[bool]
    muted: Mapped[list[str]] = mapped_column(ARRAY(Text))
    changed_at: Mapped[dt.datetime] = mapped_column(server_default=text("clock_timestamp()"))


class DigestRun(AppBase):
    """What the digest of a week said, by which rules, from the facts of which moment."""

    __tablename__ = "digest_run"
    __table_args__ = ({"schema": "app"},)

    week: Mapped[str] = mapped_column(primary_key=True)
    as_of: Mapped[dt.date]
    known: Mapped[int] = mapped_column(BigInteger)
    rules: Mapped[list[str]] = mapped_column(ARRAY(Text))
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    made_by: Mapped[str]
    made_at: Mapped[dt.datetime] = mapped_column(server_default=text("clock_timestamp()"))


class DigestMessage(AppBase):
    """The letter of a week to a reader: spooled, sent, or given up."""

    __tablename__ = "digest_message"
    __table_args__ = ({"schema": "app"},)

    week: Mapped[str] = mapped_column(ForeignKey("app.digest_run.week"), primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    message_id: Mapped[str]
    lines: Mapped[int] = mapped_column(Integer)
    status: Mapped[str] = mapped_column(server_default=text("'spooled'"))
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    next_try_at: Mapped[dt.datetime] = mapped_column(server_default=text("clock_timestamp()"))
    fault: Mapped[str | None]
    made_at: Mapped[dt.datetime] = mapped_column(server_default=text("clock_timestamp()"))
    sent_at: Mapped[dt.datetime | None]

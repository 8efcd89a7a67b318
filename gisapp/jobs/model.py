"""The tables of schema ``app`` as mapped classes: import jobs, their rows, repeated requests."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, Final

from sqlalchemy import BigInteger, DateTime, Float, ForeignKey, Integer, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from planning.changes.imports import Request

RUNNING: Final = ("uploaded", "checking", "approved", "writing")
"""Steps at which a worker has something to do."""


class AppBase(DeclarativeBase):
    """Mapped classes of schema ``app``; the tables are made by migration 0004."""

    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads the class attribute
        dt.datetime: DateTime(timezone=True),
        str: Text(),
        dict[str, Any]: JSONB(),
    }


class ImportJob(AppBase):
    """A file on its way into the register: what was asked, how far it is, what came of it."""

    __tablename__ = "import_job"
    __table_args__ = ({"schema": "app"},)

    id: Mapped[uuid.UUID] = mapped_column(
        primary_key=True, server_default=text("gen_random_uuid()")
    )
    layer: Mapped[str]
    zone_code: Mapped[str]
    status: Mapped[str]
    file_name: Mapped[str]
    file_sha256: Mapped[str]
    file_size: Mapped[int] = mapped_column(BigInteger)
    options: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    step: Mapped[str] = mapped_column(server_default=text("''"))
    done: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    total: Mapped[int | None] = mapped_column(BigInteger)
    report: Mapped[dict[str, Any] | None]
    change_number: Mapped[int | None] = mapped_column(BigInteger)
    attempts: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    actor: Mapped[str]
    created_at: Mapped[dt.datetime] = mapped_column(server_default=text("clock_timestamp()"))
    started_at: Mapped[dt.datetime | None]
    finished_at: Mapped[dt.datetime | None]

    @property
    def request(self) -> Request:
        """What was asked."""
        return Request.from_json(self.options["request"])

    @property
    def is_running(self) -> bool:
        """Whether a worker is at it, or will be."""
        return self.status in RUNNING


class ImportRow(AppBase):
    """What became of one row of the file in the last run."""

    __tablename__ = "import_row"
    __table_args__ = ({"schema": "app"},)

    job_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app.import_job.id"), primary_key=True)
    row_no: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    part: Mapped[int] = mapped_column(Integer, primary_key=True, server_default=text("0"))
    outcome: Mapped[str]
    label: Mapped[str] = mapped_column(server_default=text("''"))
    area_before_m2: Mapped[float | None] = mapped_column(Float)
    area_m2: Mapped[float | None] = mapped_column(Float)
    bbox: Mapped[list[float] | None] = mapped_column(ARRAY(Float))
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'"))


class IdempotencyKey(AppBase):
    """A request that may be sent twice: the key, what was asked, what was answered."""

    __tablename__ = "idempotency_key"
    __table_args__ = ({"schema": "app"},)

    actor: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    outcome: Mapped[dict[str, Any]]
    created_at: Mapped[dt.datetime] = mapped_column(server_default=text("clock_timestamp()"))

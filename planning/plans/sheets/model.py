"""Mapped classes of sheets: the file, what is said of it, how it is placed, what is made of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Double, ForeignKey, Integer, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from layers.orm import Base, geometry_column
from planning.clocks import Identity, Recorded

NEW_UUID = text("gen_random_uuid()")
NOW = text("clock_timestamp()")


class Sheet(Identity, Base):
    """A scanned sheet (or an elevation model) as its file is; sizes in pixels, files by content."""

    __tablename__ = "sheet"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=NEW_UUID)
    zone_id: Mapped[UUID]
    srid: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(Text)
    file_sha256: Mapped[str] = mapped_column(Text)
    file_name: Mapped[str] = mapped_column(Text)
    file_size: Mapped[int] = mapped_column(BigInteger)
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB(none_as_null=True))
    page: Mapped[int] = mapped_column(Integer)
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)


class SheetVersion(Recorded, Base):
    """What a sheet is called, its scale, and the plan version or document it belongs to."""

    __tablename__ = "sheet_version"

    version_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    sheet_id: Mapped[UUID] = mapped_column(ForeignKey("land.sheet.id"))
    title: Mapped[str] = mapped_column(Text)
    scale_denominator: Mapped[int] = mapped_column(Integer)
    plan_version_id: Mapped[UUID | None]
    document_id: Mapped[UUID | None]


class SheetReference(Recorded, Base):
    """How a sheet is placed: control points and transformation; misses in metres and in mm."""

    __tablename__ = "sheet_reference"

    version_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    sheet_id: Mapped[UUID] = mapped_column(ForeignKey("land.sheet.id"))
    origin: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    points: Mapped[list[dict[str, float]]] = mapped_column(JSONB(none_as_null=True))
    placement: Mapped[dict[str, Any]] = mapped_column(JSONB(none_as_null=True))
    rms_m: Mapped[float | None] = mapped_column(Double)
    rms_mm: Mapped[float | None] = mapped_column(Double)
    alone_rms_m: Mapped[float | None] = mapped_column(Double)


class SheetJob(Base):
    """Work on a sheet: queued, under way or over; `done` of `total` in the step's own unit."""

    __tablename__ = "sheet_job"
    __table_args__ = ({"schema": "app"},)

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=NEW_UUID)
    sheet_id: Mapped[UUID] = mapped_column(ForeignKey("land.sheet.id"))
    task: Mapped[str] = mapped_column(Text)
    reference_id: Mapped[int | None] = mapped_column(BigInteger)
    status: Mapped[str] = mapped_column(Text, server_default=text("'waiting'"))
    step: Mapped[str] = mapped_column(Text, server_default=text("''"))
    done: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    total: Mapped[int | None] = mapped_column(BigInteger)
    error: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    attempts: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    actor: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class SheetRaster(Base):
    """A raster made of a sheet: its picture in image space, or itself on the grid of its plane."""

    __tablename__ = "sheet_raster"
    __table_args__ = ({"schema": "app"},)

    sheet_id: Mapped[UUID] = mapped_column(ForeignKey("land.sheet.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    reference_id: Mapped[int | None] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(BigInteger)
    srid: Mapped[int | None] = mapped_column(Integer)
    laid: Mapped[dict[str, int] | None] = mapped_column(JSONB(none_as_null=True))
    outline: Mapped[Any] = geometry_column("POLYGON", nullable=True)
    made_at: Mapped[datetime] = mapped_column(server_default=NOW)

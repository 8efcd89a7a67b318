"""Mapped classes of what projects were permitted, what they spend and what was seen of them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from geoalchemy2 import Geometry
from sqlalchemy import (
    BigInteger,
    Boolean,
    DateTime,
    ForeignKey,
    Integer,
    Numeric,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from layers.orm import Base
from planning.clocks import Clocked, Identity, Recorded
from planning.parcels.model import Parcel
from planning.projects.model import Project
from planning.records.model import Document


class Currency(Base):
    """A currency of ISO 4217."""

    __tablename__ = "currency"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    decimals: Mapped[int] = mapped_column(SmallInteger, server_default=text("2"))


class ExchangeRate(Clocked, Base):
    """What a unit of a currency is worth in đồng, from the day it is quoted for until the next."""

    __tablename__ = "exchange_rate"

    currency: Mapped[str] = mapped_column(ForeignKey(Currency.code))
    dong_per_unit: Mapped[Decimal] = mapped_column(Numeric)
    document_id: Mapped[UUID] = mapped_column(ForeignKey(Document.id))


class ProjectCertificate(Clocked, Base):
    """A policy approval or registration certificate (amendment 0), or its n-th amendment."""

    __tablename__ = "project_certificate"

    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id))
    certificate: Mapped[str] = mapped_column(Text)
    amendment: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    document_id: Mapped[UUID] = mapped_column(ForeignKey(Document.id))
    changes: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    summary: Mapped[str | None] = mapped_column(Text)


class ProjectTerm(Clocked, Base):
    """From which day a project may act and on which it ends."""

    __tablename__ = "project_term"

    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id))
    starts_on: Mapped[date]
    ends_on: Mapped[date]


class ProjectDisbursement(Clocked, Base):
    """Money planned and spent in a period (both days in it), in one currency."""

    __tablename__ = "project_disbursement"

    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id))
    currency: Mapped[str] = mapped_column(ForeignKey(Currency.code))
    period_from: Mapped[date]
    period_to: Mapped[date]
    planned: Mapped[Decimal | None] = mapped_column(Numeric)
    actual: Mapped[Decimal | None] = mapped_column(Numeric)


class ProjectWorkers(Clocked, Base):
    """Workers as counted: valid from the day of the count until the next one."""

    __tablename__ = "project_workers"

    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id))
    total: Mapped[int] = mapped_column(Integer)
    foreigners: Mapped[int] = mapped_column(Integer, server_default=text("0"))


class Inspection(Identity, Base):
    """A visit to a project or a parcel."""

    __tablename__ = "inspection"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("gen_random_uuid()"))
    project_id: Mapped[UUID | None] = mapped_column(ForeignKey(Project.id))
    parcel_id: Mapped[UUID | None] = mapped_column(ForeignKey(Parcel.id))


class InspectionVersion(Clocked, Base):
    """What was noted on the visit; `personal` when it names or shows people."""

    __tablename__ = "inspection_version"

    inspection_id: Mapped[UUID] = mapped_column(ForeignKey(Inspection.id))
    body: Mapped[str] = mapped_column(Text)
    personal: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    document_id: Mapped[UUID | None] = mapped_column(ForeignKey(Document.id))


class Photo(Recorded, Base):
    """A photo of a visit: re-encoded file and thumbnail by content, time and place it was taken."""

    __tablename__ = "photo"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("gen_random_uuid()"))
    inspection_id: Mapped[UUID] = mapped_column(ForeignKey(Inspection.id))
    sha256: Mapped[str] = mapped_column(Text)
    thumbnail_sha256: Mapped[str] = mapped_column(Text)
    original_sha256: Mapped[str] = mapped_column(Text)
    file_size: Mapped[int] = mapped_column(BigInteger)
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)
    caption: Mapped[str | None] = mapped_column(Text)
    taken_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    place_wgs84: Mapped[Any] = mapped_column(
        Geometry("POINT", srid=4326, spatial_index=False, from_text="ST_GeomFromEWKT"),
        nullable=True,
    )

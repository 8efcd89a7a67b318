"""Mapped classes of projects: facts, capital, land, milestones, observed progress."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, Numeric, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from layers.orm import Base, geometry_column
from planning.clocks import Clocked, Identity
from planning.parcels.model import Parcel
from planning.tenure.model import Party
from planning.zones.model import Zone


class Project(Identity, Base):
    """An investment project of a zone by its code."""

    __tablename__ = "project"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("gen_random_uuid()"))
    code: Mapped[str] = mapped_column(Text)
    zone_id: Mapped[UUID] = mapped_column(ForeignKey(Zone.id))


class ProjectVersion(Clocked, Base):
    """What a project is called, who invests, its step and drawing (E, N of plane `srid`)."""

    __tablename__ = "project_version"

    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id))
    name_vi: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str | None] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    investor_id: Mapped[UUID | None] = mapped_column(ForeignKey(Party.id))
    certificate_no: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    srid: Mapped[int] = mapped_column(Integer)
    geom: Mapped[Any] = geometry_column("GEOMETRY", nullable=True)


class ProjectCapital(Clocked, Base):
    """Registered and implemented capital in one currency; VND are whole."""

    __tablename__ = "project_capital"

    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id))
    currency: Mapped[str] = mapped_column(Text)
    registered: Mapped[Decimal] = mapped_column(Numeric)
    implemented: Mapped[Decimal | None] = mapped_column(Numeric)


class ProjectParcel(Clocked, Base):
    """A parcel a project stands on, on given days."""

    __tablename__ = "project_parcel"

    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id))
    parcel_id: Mapped[UUID] = mapped_column(ForeignKey(Parcel.id))


class ProjectMilestone(Clocked, Base):
    """A step of a project's schedule: planned and, once reached, actual day."""

    __tablename__ = "project_milestone"

    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id))
    step: Mapped[str] = mapped_column(Text)
    planned_on: Mapped[date]
    actual_on: Mapped[date | None]


class ProjectProgress(Clocked, Base):
    """Progress as observed, in per cent: valid from the day of observation until the next one."""

    __tablename__ = "project_progress"

    project_id: Mapped[UUID] = mapped_column(ForeignKey(Project.id))
    planned_pct: Mapped[Decimal | None] = mapped_column(Numeric)
    actual_pct: Mapped[Decimal] = mapped_column(Numeric)
    note: Mapped[str | None] = mapped_column(Text)

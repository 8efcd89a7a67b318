"""Mapped classes of resettlement areas and plots."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Computed, ForeignKey, Integer, Numeric, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from layers.orm import Base, geometry_column
from planning.clearance.model import ClearanceItem
from planning.clocks import Clocked, Identity
from planning.records.model import Document
from planning.zones.model import Board, Zone

NEW_UUID = text("gen_random_uuid()")


class ResettlementArea(Identity, Base):
    """A resettlement area by its code; it serves a board, and perhaps one zone."""

    __tablename__ = "resettlement_area"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=NEW_UUID)
    code: Mapped[str] = mapped_column(Text)
    board_id: Mapped[UUID] = mapped_column(ForeignKey(Board.id))
    zone_id: Mapped[UUID | None] = mapped_column(ForeignKey(Zone.id))


class ResettlementAreaVersion(Clocked, Base):
    """Name, step, decision and ground (E, N of plane `srid`) of an area, by period.

    `ready_on` is the day it is, or is planned to be, ready for households.
    """

    __tablename__ = "resettlement_area_version"

    resettlement_area_id: Mapped[UUID] = mapped_column(ForeignKey(ResettlementArea.id))
    name_vi: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    plots_planned: Mapped[int | None] = mapped_column(Integer)
    decision_id: Mapped[UUID | None] = mapped_column(ForeignKey(Document.id))
    ready_on: Mapped[date | None]
    srid: Mapped[int] = mapped_column(Integer)
    geom: Mapped[Any] = geometry_column("MULTIPOLYGON")
    area_m2: Mapped[float] = mapped_column(Computed("st_area(geom)", persisted=True))


class ResettlementPlot(Identity, Base):
    """A plot of a resettlement area by its number."""

    __tablename__ = "resettlement_plot"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=NEW_UUID)
    resettlement_area_id: Mapped[UUID] = mapped_column(ForeignKey(ResettlementArea.id))
    number: Mapped[str] = mapped_column(Text)


class ResettlementPlotVersion(Clocked, Base):
    """Legal area (m²) and step of a plot, by period."""

    __tablename__ = "resettlement_plot_version"

    resettlement_plot_id: Mapped[UUID] = mapped_column(ForeignKey(ResettlementPlot.id))
    legal_area_m2: Mapped[Decimal | None] = mapped_column(Numeric)
    ready_on: Mapped[date | None]
    status: Mapped[str] = mapped_column(Text)


class ResettlementPlotShape(Clocked, Base):
    """The ground of a plot, (E, N) of plane `srid`; plots of a plane never overlap."""

    __tablename__ = "resettlement_plot_shape"

    resettlement_plot_id: Mapped[UUID] = mapped_column(ForeignKey(ResettlementPlot.id))
    srid: Mapped[int] = mapped_column(Integer)
    geom: Mapped[Any] = geometry_column("POLYGON")
    area_m2: Mapped[float] = mapped_column(Computed("st_area(geom)", persisted=True))


class PlotAssignment(Clocked, Base):
    """A plot promised to the household of an item, from the day of the decision on."""

    __tablename__ = "plot_assignment"

    resettlement_plot_id: Mapped[UUID] = mapped_column(ForeignKey(ResettlementPlot.id))
    item_id: Mapped[UUID] = mapped_column(ForeignKey(ClearanceItem.id))
    document_id: Mapped[UUID] = mapped_column(ForeignKey(Document.id))


class ResettlementProgress(Clocked, Base):
    """How far an area's infrastructure is, in percent, as reported for the day `valid_from`."""

    __tablename__ = "resettlement_progress"

    resettlement_area_id: Mapped[UUID] = mapped_column(ForeignKey(ResettlementArea.id))
    percent: Mapped[Decimal] = mapped_column(Numeric)
    note: Mapped[str | None] = mapped_column(Text)
    document_id: Mapped[UUID] = mapped_column(ForeignKey(Document.id))

"""Mapped classes of recorded figures: what a figure is about, and what was printed of it."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ARRAY, ForeignKey, Integer, Numeric, SmallInteger, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from layers.orm import Base
from planning.clocks import Clocked, Identity
from planning.records.model import Document
from planning.zones.model import Board, Zone


class RecordedFigure(Identity, Base):
    """What a printed figure is about: whose land, what it counts, for which period."""

    __tablename__ = "recorded_figure"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("gen_random_uuid()"))
    board_id: Mapped[UUID] = mapped_column(ForeignKey(Board.id))
    zone_id: Mapped[UUID | None] = mapped_column(ForeignKey(Zone.id))
    scope: Mapped[str] = mapped_column(Text)
    indicator: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    period_from: Mapped[date | None]
    period_to: Mapped[date]


class RecordedFigureVersion(Clocked, Base):
    """What a document prints of a figure, from the day of the document on."""

    __tablename__ = "recorded_figure_version"

    figure_id: Mapped[UUID] = mapped_column(ForeignKey(RecordedFigure.id))
    kind: Mapped[str] = mapped_column(Text)
    name_vi: Mapped[str] = mapped_column(Text)
    value: Mapped[Decimal] = mapped_column(Numeric)
    value_to: Mapped[Decimal | None] = mapped_column(Numeric)
    qualifier: Mapped[str] = mapped_column(Text)
    unit: Mapped[str] = mapped_column(Text)
    dimension: Mapped[str] = mapped_column(Text)
    printed: Mapped[str] = mapped_column(Text)
    target: Mapped[Decimal | None] = mapped_column(Numeric)
    target_printed: Mapped[str | None] = mapped_column(Text)
    compared: Mapped[Decimal | None] = mapped_column(Numeric)
    printed_completion: Mapped[Decimal | None] = mapped_column(Numeric)
    printed_growth: Mapped[Decimal | None] = mapped_column(Numeric)
    document_id: Mapped[UUID] = mapped_column(ForeignKey(Document.id))
    page: Mapped[int | None] = mapped_column(Integer)
    explanation: Mapped[str | None] = mapped_column(Text)


class FigureUnit(Base):
    """A unit figures are printed in; `factor` is how much of the base unit one is."""

    __tablename__ = "figure_unit"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    dimension: Mapped[str] = mapped_column(Text)
    factor: Mapped[Decimal] = mapped_column(Numeric)
    currency: Mapped[str | None] = mapped_column(Text)
    name_vi: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)


class FigureIdentity(Base):
    """What adds up in every report."""

    __tablename__ = "figure_identity"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    left_side: Mapped[list[str]] = mapped_column(ARRAY(Text))
    right_side: Mapped[list[str]] = mapped_column(ARRAY(Text))
    name_vi: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)


class FigureCounterpart(Base):
    """Which definition of the register counts what an indicator of reports counts."""

    __tablename__ = "figure_counterpart"

    indicator: Mapped[str] = mapped_column(Text, primary_key=True)
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    definition: Mapped[str] = mapped_column(Text)
    dimension: Mapped[str] = mapped_column(Text)

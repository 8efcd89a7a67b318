"""Mapped classes of indicator definitions: rules of counting kept as dated, versioned rows."""

from datetime import date, datetime

from sqlalchemy import ARRAY, BigInteger, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from layers.orm import Base


class Indicator(Base):
    """An indicator keeps its code for ever; `position` is its place on screens and in reports."""

    __tablename__ = "indicator"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    position: Mapped[int]


class IndicatorDefinition(Base):
    """What an indicator means from a day on: formula, basis, scope, clause and source."""

    __tablename__ = "indicator_definition"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    code: Mapped[str] = mapped_column(Text, ForeignKey("land.indicator.code"))
    version: Mapped[int]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    kind: Mapped[str] = mapped_column(Text)
    unit: Mapped[str] = mapped_column(Text)
    scope: Mapped[str] = mapped_column(Text)
    area_basis: Mapped[str | None] = mapped_column(Text)
    terms: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    numerator: Mapped[str | None] = mapped_column(Text)
    denominator: Mapped[str | None] = mapped_column(Text)
    name_vi: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    clause_vi: Mapped[str] = mapped_column(Text)
    clause_en: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    verification: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime]

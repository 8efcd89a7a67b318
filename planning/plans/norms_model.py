"""Mapped classes of the rulebook: norms, their dated rules, confirmations, headcounts, waivers."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, ForeignKey, Integer, Numeric, Text
from sqlalchemy.orm import Mapped, mapped_column

from layers.orm import Base
from planning.clocks import Clocked


class Norm(Base):
    """A norm keeps its code for ever; `position` is its place in the rulebook."""

    __tablename__ = "norm"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    position: Mapped[int] = mapped_column(Integer)


class NormRule(Base):
    """What a norm asks from a day on; insert-only. See `planning.plans.norms.Rule` for units."""

    __tablename__ = "norm_rule"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    code: Mapped[str] = mapped_column(Text, ForeignKey("land.norm.code"))
    version: Mapped[int]
    regulation: Mapped[str] = mapped_column(Text)
    clause: Mapped[str] = mapped_column(Text)
    quote_vi: Mapped[str] = mapped_column(Text)
    quote_en: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    reaches_by: Mapped[str] = mapped_column(Text)
    zone_kinds: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    plan_levels: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    measure: Mapped[str] = mapped_column(Text)
    categories: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    people: Mapped[str | None] = mapped_column(Text)
    above_storeys: Mapped[int | None]
    comparison: Mapped[str] = mapped_column(Text)
    threshold: Mapped[Decimal | None] = mapped_column(Numeric)
    name_vi: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime]


class NormConfirmation(Base):
    """A named user compared a rule with the text and says where."""

    __tablename__ = "norm_confirmation"

    rule_id: Mapped[int] = mapped_column(ForeignKey("land.norm_rule.id"), primary_key=True)
    seen_in: Mapped[str] = mapped_column(Text)
    confirmed_by: Mapped[str] = mapped_column(Text)
    confirmed_at: Mapped[datetime]


class NormPeople(Base):
    """How many workers or residents a version plans for, as its papers say; the newest counts."""

    __tablename__ = "norm_people"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    plan_version_id: Mapped[UUID] = mapped_column(ForeignKey("land.plan_version.id"))
    kind: Mapped[str] = mapped_column(Text)
    people: Mapped[int]
    source: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime]


class NormWaiver(Clocked, Base):
    """A leader signs that a version may fail a rule; `valid` are the days it holds, and it lapses
    when the lots are no longer those of `lots_state`.
    """

    __tablename__ = "norm_waiver"

    waiver_id: Mapped[UUID]
    plan_version_id: Mapped[UUID] = mapped_column(ForeignKey("land.plan_version.id"))
    rule_id: Mapped[int] = mapped_column(ForeignKey("land.norm_rule.id"))
    lots_state: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    signed_by: Mapped[str] = mapped_column(Text)
    document_id: Mapped[UUID | None] = mapped_column(ForeignKey("land.document.id"))
    withdrawn_by: Mapped[str | None] = mapped_column(Text)
    withdrawal_reason: Mapped[str | None] = mapped_column(Text)

"""Mapped classes of plans, plan versions, their status by period, and lots."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Computed, ForeignKey, Integer, Numeric, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from layers.orm import Base, geometry_column
from planning.clocks import Clocked, Identity, Recorded

NEW_UUID = text("gen_random_uuid()")


class Plan(Identity, Base):
    """A plan of a zone at one level; a zone may have several subdivision plans side by side."""

    __tablename__ = "plan"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=NEW_UUID)
    code: Mapped[str] = mapped_column(Text)
    zone_id: Mapped[UUID]
    srid: Mapped[int] = mapped_column(Integer)
    level: Mapped[str] = mapped_column(Text)
    scale_denominator: Mapped[int] = mapped_column(Integer)
    name_vi: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str | None] = mapped_column(Text)


class PlanVersion(Identity, Base):
    """A numbered version of a plan; a local adjustment is a complete new version with a parent."""

    __tablename__ = "plan_version"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=NEW_UUID)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("land.plan.id"))
    number: Mapped[int] = mapped_column(Integer)
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("land.plan_version.id"))


class PlanStatus(Clocked, Base):
    """What a version is, on which ground and days; for approved versions `valid` is the period in
    force.
    """

    __tablename__ = "plan_status"

    plan_version_id: Mapped[UUID]
    plan_id: Mapped[UUID]
    srid: Mapped[int] = mapped_column(Integer)
    level: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    decision_id: Mapped[UUID | None] = mapped_column(ForeignKey("land.document.id"))
    geom: Mapped[Any] = geometry_column("MULTIPOLYGON")
    area_m2: Mapped[float] = mapped_column(Computed("st_area(geom)", persisted=True))


class PlanLot(Recorded, Base):
    """A lot of a plan version: the plan's own symbol, the normalised category, whether it can be
    let, legal area.
    """

    __tablename__ = "plan_lot"

    version_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    lot_id: Mapped[UUID] = mapped_column(server_default=NEW_UUID)
    plan_version_id: Mapped[UUID]
    plan_id: Mapped[UUID]
    srid: Mapped[int] = mapped_column(Integer)
    level: Mapped[str] = mapped_column(Text)
    symbol: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(Text)
    leasable: Mapped[str] = mapped_column(Text)
    legal_area_m2: Mapped[Decimal | None] = mapped_column(Numeric)
    density_pct: Mapped[Decimal | None] = mapped_column(Numeric)
    storeys_max: Mapped[int | None] = mapped_column(Integer)
    floor_area_ratio: Mapped[Decimal | None] = mapped_column(Numeric)
    geom: Mapped[Any] = geometry_column("POLYGON")
    area_m2: Mapped[float] = mapped_column(Computed("st_area(geom)", persisted=True))


class PlanWait(Clocked, Base):
    """Who a version waits for, from which day on."""

    __tablename__ = "plan_wait"

    plan_version_id: Mapped[UUID]
    waits_for: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)


class PlanAdjustment(Recorded, Base):
    """What kind of adjustment a version is; a local one names the ground whose lots it replaces."""

    __tablename__ = "plan_adjustment"

    version_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    plan_version_id: Mapped[UUID]
    plan_id: Mapped[UUID]
    srid: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(Text)
    geom: Mapped[Any] = geometry_column("MULTIPOLYGON", nullable=True)


class PlanStatedArea(Recorded, Base):
    """A row of the land balance as the decision prints it; without a category it is the total."""

    __tablename__ = "plan_stated_area"

    version_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    plan_version_id: Mapped[UUID]
    position: Mapped[int] = mapped_column(Integer)
    label: Mapped[str] = mapped_column(Text)
    category: Mapped[str | None] = mapped_column(Text)
    area_m2: Mapped[Decimal] = mapped_column(Numeric)


class PlanWaiver(Recorded, Base):
    """Somebody's signature for a fault of a draft, good as long as its lots stay as they were."""

    __tablename__ = "plan_waiver"

    version_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    plan_version_id: Mapped[UUID]
    fault: Mapped[str] = mapped_column(Text)
    area_m2: Mapped[float]
    reason: Mapped[str] = mapped_column(Text)
    lots_known: Mapped[int] = mapped_column(BigInteger)


class PlanTransition(Base):
    """Which step may follow which; an empty `from_status` is entering the register."""

    __tablename__ = "plan_transition"

    from_status: Mapped[str] = mapped_column(Text, primary_key=True)
    to_status: Mapped[str] = mapped_column(Text, primary_key=True)


class PlanDeadline(Base):
    """How long a step may take and who acts in it by default, chosen by the day it began."""

    __tablename__ = "plan_deadline"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    step: Mapped[str] = mapped_column(Text)
    level: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    least_days: Mapped[int | None] = mapped_column(Integer)
    most_days: Mapped[int | None] = mapped_column(Integer)
    waits_for_vi: Mapped[str] = mapped_column(Text)
    waits_for_en: Mapped[str] = mapped_column(Text)
    clause_vi: Mapped[str] = mapped_column(Text)
    clause_en: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    verification: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[str] = mapped_column(Text, server_default=text("current_user"))
    recorded_at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))


class DeadlineConfirmation(Base):
    """Somebody else than who entered a deadline compared it with the text, by name."""

    __tablename__ = "plan_deadline_confirmation"

    deadline_id: Mapped[int] = mapped_column(ForeignKey(PlanDeadline.id), primary_key=True)
    seen_in: Mapped[str] = mapped_column(Text)
    confirmed_by: Mapped[str] = mapped_column(Text)
    confirmed_at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))

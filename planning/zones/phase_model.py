"""Mapped classes of a zone's phases: their ground and their state, each by document and day."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Computed, ForeignKey, Integer, Numeric, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from layers.orm import Base, geometry_column
from planning.clocks import Clocked, Identity
from planning.records.model import Document
from planning.zones.model import NEW_UUID, Zone


class ZonePhase(Identity, Base):
    """A phase of a zone, known by its number in the zone for ever."""

    __tablename__ = "zone_phase"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=NEW_UUID)
    zone_id: Mapped[UUID] = mapped_column(ForeignKey(Zone.id))
    srid: Mapped[int] = mapped_column(Integer)
    number: Mapped[str] = mapped_column(Text)


class ZonePhaseVersion(Clocked, Base):
    """What a decision says of a phase: name, hectares, ground (E, N) in the zone's plane."""

    __tablename__ = "zone_phase_version"

    phase_id: Mapped[UUID] = mapped_column(ForeignKey(ZonePhase.id))
    zone_id: Mapped[UUID]
    srid: Mapped[int] = mapped_column(Integer)
    name_vi: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str | None] = mapped_column(Text)
    legal_area_m2: Mapped[Decimal | None] = mapped_column(Numeric)
    decision_id: Mapped[UUID] = mapped_column(ForeignKey(Document.id))
    geom: Mapped[Any | None] = geometry_column("MULTIPOLYGON", nullable=True)
    area_m2: Mapped[float | None] = mapped_column(Computed("st_area(geom)", persisted=True))


class ZonePhaseState(Clocked, Base):
    """What goes on in a phase from a day on, by the document that says so."""

    __tablename__ = "zone_phase_state"

    phase_id: Mapped[UUID] = mapped_column(ForeignKey(ZonePhase.id))
    state: Mapped[str] = mapped_column(Text)
    document_id: Mapped[UUID] = mapped_column(ForeignKey(Document.id))


class ZonePhaseLimit(Base):
    """From what size on zones of some kinds are to be phased, on the days the rule is in force."""

    __tablename__ = "zone_phase_limit"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    zone_kinds: Mapped[list[str]] = mapped_column(ARRAY(Text))
    area_m2: Mapped[Decimal] = mapped_column(Numeric)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    clause: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    verification: Mapped[str] = mapped_column(Text)

"""Mapped classes of parties, land rights, their terms by period, and the parcels they hold."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Computed, ForeignKey, Numeric, SmallInteger, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from layers.orm import Base
from planning.clocks import Clocked, Identity
from planning.parcels.model import Parcel
from planning.records.model import Document
from planning.zones.model import Zone

NEW_UUID = text("gen_random_uuid()")


class Party(Identity, Base):
    """Somebody who grants or holds land; companies are known by their tax code."""

    __tablename__ = "party"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=NEW_UUID)
    kind: Mapped[str] = mapped_column(Text)
    tax_code: Mapped[str | None] = mapped_column(Text)


class PartyVersion(Clocked, Base):
    """What a party is called, by period."""

    __tablename__ = "party_version"

    party_id: Mapped[UUID] = mapped_column(ForeignKey(Party.id))
    name_vi: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str | None] = mapped_column(Text)


class LandRight(Identity, Base):
    """A right to land. Tier 1: the State to a developer; 2: sub-lease, child of a tier 1 right; 3:
    reservation.
    """

    __tablename__ = "land_right"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=NEW_UUID)
    kind: Mapped[str] = mapped_column(Text)
    tier: Mapped[int] = mapped_column(SmallInteger, Computed("by kind", persisted=True))
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("land.land_right.id"))
    zone_id: Mapped[UUID] = mapped_column(ForeignKey(Zone.id))


class LandRightVersion(Clocked, Base):
    """Terms of a right by period: parties, contract area (m²), term, payment, document.

    `investor_licensed`: Decree 35/2022 art. 2.22, the lessee holds an investment policy approval or
    registration certificate.
    """

    __tablename__ = "land_right_version"

    land_right_id: Mapped[UUID] = mapped_column(ForeignKey(LandRight.id))
    number: Mapped[str] = mapped_column(Text)
    lessor_id: Mapped[UUID] = mapped_column(ForeignKey(Party.id))
    lessee_id: Mapped[UUID] = mapped_column(ForeignKey(Party.id))
    contract_area_m2: Mapped[Decimal] = mapped_column(Numeric)
    payment_mode: Mapped[str | None] = mapped_column(Text)
    term_ends: Mapped[date | None]
    investor_licensed: Mapped[bool] = mapped_column(server_default=text("true"))
    purpose: Mapped[str | None] = mapped_column(Text)
    document_id: Mapped[UUID | None] = mapped_column(ForeignKey(Document.id))


class LandRightParcel(Clocked, Base):
    """A parcel a right holds on given days; one right of a tier per parcel and day."""

    __tablename__ = "land_right_parcel"

    land_right_id: Mapped[UUID]
    tier: Mapped[int] = mapped_column(SmallInteger)
    parcel_id: Mapped[UUID] = mapped_column(ForeignKey(Parcel.id))

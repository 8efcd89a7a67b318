"""Mapped classes of hand-overs: the minutes by which land is handed over, and the parcels."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy import ForeignKey, Numeric, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from layers.orm import Base
from planning.clocks import Clocked, Identity
from planning.parcels.model import Parcel
from planning.records.model import Document
from planning.zones.model import Zone


class Handover(Identity, Base):
    """A hand-over of cleared land in a zone."""

    __tablename__ = "handover"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("gen_random_uuid()"))
    zone_id: Mapped[UUID] = mapped_column(ForeignKey(Zone.id))


class HandoverVersion(Clocked, Base):
    """The minutes: their number and the area they state (m²); `valid_from` is their day."""

    __tablename__ = "handover_version"

    handover_id: Mapped[UUID] = mapped_column(ForeignKey(Handover.id))
    number: Mapped[str] = mapped_column(Text)
    stated_area_m2: Mapped[Decimal | None] = mapped_column(Numeric)
    document_id: Mapped[UUID | None] = mapped_column(ForeignKey(Document.id))


class HandoverParcel(Clocked, Base):
    """A parcel that is cleared from `valid_from` on, because the minutes hand it over."""

    __tablename__ = "handover_parcel"

    handover_id: Mapped[UUID] = mapped_column(ForeignKey(Handover.id))
    parcel_id: Mapped[UUID] = mapped_column(ForeignKey(Parcel.id))

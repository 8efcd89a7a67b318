"""Mapped classes: stored shared areas, which the database alone writes, and waivers."""

from uuid import UUID

from sqlalchemy import BigInteger, Float, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from layers.orm import Base
from planning.clocks import Clocked


class Conformance(Base):
    """m² that a parcel version shares with a plan lot, whatever the dates."""

    __tablename__ = "conformance"

    parcel_version_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("land.parcel_version.version_id"), primary_key=True
    )
    lot_version_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("land.plan_lot.version_id"), primary_key=True
    )
    plan_version_id: Mapped[UUID]
    leasable: Mapped[str] = mapped_column(Text)
    area_m2: Mapped[float] = mapped_column(Float)


class Waiver(Clocked, Base):
    """A finding that a leader lets stand. Its days are when it holds; `valid_to` is exclusive."""

    __tablename__ = "waiver"

    waiver_id: Mapped[UUID]
    zone_id: Mapped[UUID] = mapped_column(ForeignKey("land.zone.id"))
    kind: Mapped[str] = mapped_column(Text)
    parcel_version_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("land.parcel_version.version_id")
    )
    other_parcel_version_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("land.parcel_version.version_id")
    )
    lot_version_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("land.plan_lot.version_id")
    )
    boundary_version_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("land.zone_boundary.version_id")
    )
    plan_status_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("land.plan_status.version_id")
    )
    right_version_id: Mapped[int | None] = mapped_column(BigInteger)
    place_e_mm: Mapped[int | None] = mapped_column(BigInteger)
    place_n_mm: Mapped[int | None] = mapped_column(BigInteger)
    area_m2: Mapped[float] = mapped_column(Float)
    reason: Mapped[str] = mapped_column(Text)
    granted_by: Mapped[str] = mapped_column(Text)
    document_id: Mapped[UUID | None] = mapped_column(ForeignKey("land.document.id"))
    withdrawn_by: Mapped[str | None] = mapped_column(Text)
    withdrawal_reason: Mapped[str | None] = mapped_column(Text)

"""Mapped class of stored shared areas; rows are written by the database alone."""

from uuid import UUID

from sqlalchemy import BigInteger, Float, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from layers.orm import Base


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

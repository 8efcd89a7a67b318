"""Mapped classes of parcels, their versions, aliases and lineage."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Computed, Float, ForeignKey, Integer, Numeric, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from layers.orm import Base, geometry_column
from planning.clocks import Clocked, Identity


class Parcel(Identity, Base):
    """A parcel's identity; sheet and parcel numbers are labels that real files repeat."""

    __tablename__ = "parcel"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("gen_random_uuid()"))


class ParcelVersion(Clocked, Base):
    """A parcel as it lay in a period: polygon (E, N) on the 1 mm grid of its plane, measured area
    in m².
    """

    __tablename__ = "parcel_version"

    parcel_id: Mapped[UUID] = mapped_column(ForeignKey("land.parcel.id"))
    zone_id: Mapped[UUID]
    srid: Mapped[int] = mapped_column(Integer)
    commune_code: Mapped[str | None] = mapped_column(Text)
    sheet_no: Mapped[str | None] = mapped_column(Text)
    parcel_no: Mapped[str | None] = mapped_column(Text)
    official_id: Mapped[str | None] = mapped_column(Text)
    land_use_code: Mapped[str | None] = mapped_column(Text)
    legal_area_m2: Mapped[Decimal | None] = mapped_column(Numeric)
    noded: Mapped[bool] = mapped_column(server_default=text("false"))
    geom: Mapped[Any] = geometry_column("POLYGON")
    area_m2: Mapped[float] = mapped_column(Computed("st_area(geom)", persisted=True))


class ParcelAlias(Identity, Base):
    """An older number under which a parcel was known."""

    __tablename__ = "parcel_alias"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    parcel_id: Mapped[UUID] = mapped_column(ForeignKey("land.parcel.id"))
    commune_code: Mapped[str | None] = mapped_column(Text)
    sheet_no: Mapped[str | None] = mapped_column(Text)
    parcel_no: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text, server_default="")


class ParcelLineage(Identity, Base):
    """Which parcel came from which, and the ground they share (m²)."""

    __tablename__ = "parcel_lineage"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    parent_id: Mapped[UUID] = mapped_column(ForeignKey("land.parcel.id"))
    child_id: Mapped[UUID] = mapped_column(ForeignKey("land.parcel.id"))
    kind: Mapped[str] = mapped_column(Text)
    area_m2: Mapped[float] = mapped_column(Float)

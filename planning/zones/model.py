"""Mapped classes of boards, zones, boundaries and administrative units."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Computed, ForeignKey, Integer, Numeric, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from layers.orm import Base, geometry_column
from planning.clocks import Clocked, Identity

NEW_UUID = text("gen_random_uuid()")


class Board(Identity, Base):
    """A management board (Ban Quản lý), known by its code for ever."""

    __tablename__ = "board"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=NEW_UUID)
    code: Mapped[str] = mapped_column(Text)


class BoardVersion(Clocked, Base):
    """What a board is called and where it sits, by period."""

    __tablename__ = "board_version"

    board_id: Mapped[UUID] = mapped_column(ForeignKey("land.board.id"))
    name_vi: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str | None] = mapped_column(Text)
    province_name: Mapped[str] = mapped_column(Text)


class AdminUnit(Identity, Base):
    """A province or commune by its code."""

    __tablename__ = "admin_unit"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=NEW_UUID)
    level: Mapped[str] = mapped_column(Text)
    code: Mapped[str] = mapped_column(Text)


class AdminUnitVersion(Clocked, Base):
    """Name and territory of an administrative unit, by period; geometry (E, N) in its own VN-2000
    plane.
    """

    __tablename__ = "admin_unit_version"

    admin_unit_id: Mapped[UUID] = mapped_column(ForeignKey("land.admin_unit.id"))
    name_vi: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str | None] = mapped_column(Text)
    parent_code: Mapped[str | None] = mapped_column(Text)
    srid: Mapped[int] = mapped_column(Integer)
    geom: Mapped[Any] = geometry_column("MULTIPOLYGON")
    area_m2: Mapped[float] = mapped_column(Computed("st_area(geom)", persisted=True))


class Zone(Identity, Base):
    """An economic zone or industrial park; its plane is the legal CRS of everything in it."""

    __tablename__ = "zone"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=NEW_UUID)
    code: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    srid: Mapped[int] = mapped_column(Integer)
    parent_id: Mapped[UUID | None]


class ZoneVersion(Clocked, Base):
    """A zone's name and the board that manages it, by period."""

    __tablename__ = "zone_version"

    zone_id: Mapped[UUID] = mapped_column(ForeignKey("land.zone.id"))
    board_id: Mapped[UUID] = mapped_column(ForeignKey("land.board.id"))
    name_vi: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str | None] = mapped_column(Text)


class ZoneBoundary(Clocked, Base):
    """A boundary version: legal area from the decision, measured area in the plane, and how certain
    it is.
    """

    __tablename__ = "zone_boundary"

    zone_id: Mapped[UUID]
    srid: Mapped[int] = mapped_column(Integer)
    certainty: Mapped[str] = mapped_column(Text)
    legal_area_m2: Mapped[Decimal | None] = mapped_column(Numeric)
    geom: Mapped[Any] = geometry_column("MULTIPOLYGON")
    area_m2: Mapped[float] = mapped_column(Computed("st_area(geom)", persisted=True))
    tolerance_m: Mapped[float] = mapped_column(Computed("by certainty", persisted=True))


class ZoneMark(Identity, Base):
    """A marked area inside a zone, such as land not to be cleared."""

    __tablename__ = "zone_mark"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=NEW_UUID)


class ZoneMarkVersion(Clocked, Base):
    """Extent and kind of a marked area, by period."""

    __tablename__ = "zone_mark_version"

    zone_mark_id: Mapped[UUID] = mapped_column(ForeignKey("land.zone_mark.id"))
    zone_id: Mapped[UUID]
    srid: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(Text)
    legal_area_m2: Mapped[Decimal | None] = mapped_column(Numeric)
    geom: Mapped[Any] = geometry_column("MULTIPOLYGON")
    area_m2: Mapped[float] = mapped_column(Computed("st_area(geom)", persisted=True))

"""Mapped classes of clearance: hand-overs, cases with their items and steps, yearly targets."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, ForeignKey, Integer, Numeric, SmallInteger, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from layers.orm import Base
from planning.clocks import Clocked, Identity
from planning.households.model import Household
from planning.parcels.model import Parcel
from planning.records.model import Document
from planning.zones.model import Board, Zone

NEW_UUID = text("gen_random_uuid()")


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


class ClearanceCase(Identity, Base):
    """The clearance of a project's land in a zone, by its code."""

    __tablename__ = "clearance_case"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=NEW_UUID)
    code: Mapped[str] = mapped_column(Text)
    zone_id: Mapped[UUID] = mapped_column(ForeignKey(Zone.id))


class ClearanceCaseVersion(Clocked, Base):
    """What a case is called, by period."""

    __tablename__ = "clearance_case_version"

    case_id: Mapped[UUID] = mapped_column(ForeignKey(ClearanceCase.id))
    name_vi: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str | None] = mapped_column(Text)


class ClearanceFollowup(Clocked, Base):
    """What the board did with a cleared tract: confirmed, lease filed, State lease (m²)."""

    __tablename__ = "clearance_followup"

    case_id: Mapped[UUID] = mapped_column(ForeignKey(ClearanceCase.id))
    step: Mapped[str] = mapped_column(Text)
    area_m2: Mapped[Decimal] = mapped_column(Numeric)
    document_id: Mapped[UUID] = mapped_column(ForeignKey(Document.id))


class ClearanceItem(Identity, Base):
    """One land user's part of a case, by its number in the case."""

    __tablename__ = "clearance_item"

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=NEW_UUID)
    case_id: Mapped[UUID] = mapped_column(ForeignKey(ClearanceCase.id))
    number: Mapped[str] = mapped_column(Text)


class ClearanceItemVersion(Clocked, Base):
    """Kind of land user and of land, resettlement needed, and the day a hand-over is planned."""

    __tablename__ = "clearance_item_version"

    item_id: Mapped[UUID] = mapped_column(ForeignKey(ClearanceItem.id))
    holder: Mapped[str] = mapped_column(Text)
    household_id: Mapped[UUID | None] = mapped_column(ForeignKey(Household.id))
    land_class: Mapped[str] = mapped_column(Text)
    plots_needed: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    resettlement_area_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("land.resettlement_area.id")
    )
    handover_planned_on: Mapped[date | None]


class ClearanceItemParcel(Clocked, Base):
    """A parcel an item holds on days; split and merge rewrite these rows."""

    __tablename__ = "clearance_item_parcel"

    item_id: Mapped[UUID] = mapped_column(ForeignKey(ClearanceItem.id))
    parcel_id: Mapped[UUID] = mapped_column(ForeignKey(Parcel.id))


class ClearanceStep(Clocked, Base):
    """Something that happened to an item on the day `valid_from`, by the minutes of a document."""

    __tablename__ = "clearance_step"

    step_id: Mapped[UUID] = mapped_column(server_default=NEW_UUID)
    item_id: Mapped[UUID] = mapped_column(ForeignKey(ClearanceItem.id))
    kind: Mapped[str] = mapped_column(Text)
    document_id: Mapped[UUID] = mapped_column(ForeignKey(Document.id))
    agreed_early: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))


class ClearanceFlag(Clocked, Base):
    """A complaint or a suspension of an item, from a day to a day."""

    __tablename__ = "clearance_flag"

    item_id: Mapped[UUID] = mapped_column(ForeignKey(ClearanceItem.id))
    kind: Mapped[str] = mapped_column(Text)
    document_id: Mapped[UUID] = mapped_column(ForeignKey(Document.id))


class ClearanceTarget(Clocked, Base):
    """Hectares a zone, or a board as a whole, is to clear in a year (m²), by decision."""

    __tablename__ = "clearance_target"

    board_id: Mapped[UUID] = mapped_column(ForeignKey(Board.id))
    zone_id: Mapped[UUID | None] = mapped_column(ForeignKey(Zone.id))
    year: Mapped[int] = mapped_column(SmallInteger)
    area_m2: Mapped[Decimal] = mapped_column(Numeric)
    document_id: Mapped[UUID] = mapped_column(ForeignKey(Document.id))


class ClearanceTerm(Base):
    """A term of the law as a dated row; only verified ones bind the database.

    `bound`: at_least so long after `from_step`, within, or valid_for so long.
    """

    __tablename__ = "clearance_term"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    code: Mapped[str] = mapped_column(Text)
    bound: Mapped[str] = mapped_column(Text)
    from_step: Mapped[str] = mapped_column(Text)
    until_step: Mapped[str] = mapped_column(Text)
    land_class: Mapped[str | None] = mapped_column(Text)
    days: Mapped[int | None] = mapped_column(SmallInteger)
    months: Mapped[int | None] = mapped_column(SmallInteger)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    clause: Mapped[str] = mapped_column(Text)
    verification: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    recorded_by: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))


class TermConfirmation(Base):
    """Somebody else than who entered a term compared it with the text, by name."""

    __tablename__ = "clearance_term_confirmation"

    term_id: Mapped[int] = mapped_column(ForeignKey(ClearanceTerm.id), primary_key=True)
    seen_in: Mapped[str] = mapped_column(Text)
    confirmed_by: Mapped[str] = mapped_column(Text)
    confirmed_at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))


class ReportingScheme(Base):
    """How reporting periods close: on a day of the month (15→14), or with the month (None)."""

    __tablename__ = "reporting_scheme"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    last_day: Mapped[int | None] = mapped_column(SmallInteger)
    name_vi: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    verification: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
